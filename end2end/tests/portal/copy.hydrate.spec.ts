// Taking a command along, in a secure context and at a plain-HTTP name, where there is no clipboard interface.
import { EN, expect, furnish, pasted, test, visit } from "./support.ts";

for (const host of ["localhost", "berth.test"]) {
  test.describe(host, () => {
    test.use({ host });

    test("a command is copied as it is shown", async ({ page, site, admin, berth }) => {
      const { project, pilot } = await furnish(admin, berth.url, site.administrator);
      await site.enter(page.context(), await admin.createMember(project, "guest"));
      await visit(page, `/projects/${project}/repositories/${pilot}`);
      expect(await page.evaluate(() => window.isSecureContext)).toBe(host === "localhost");

      const text = `docker pull ${site.registry}/${project}/${pilot}:latest`;
      await page.getByRole("button", { name: EN("copy.label", { text }), exact: true }).first().click();
      await expect(page.getByRole("button", { name: EN("copy.done") })).toBeVisible();
      expect(await pasted(page)).toBe(text);
    });
  });
}
