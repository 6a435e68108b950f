// Taking a command along, in a secure context and at a plain-HTTP name, where there is no clipboard interface.
import { awake, ENGLISH, expect, furnish, test } from "./support.ts";

for (const host of ["localhost", "berth.test"]) {
  test.describe(host, () => {
    test.use({ host });

    test("a command is copied as it is shown", async ({ page, site, admin, berth }) => {
      const { project } = await furnish(admin, berth.url, site.administrator);
      await site.signIn(page, site.administrator);
      await page.goto(`/projects/${project}/services/pilot`);
      await awake(page);
      expect(await page.evaluate(() => window.isSecureContext)).toBe(host === "localhost");

      const command = `docker pull ${new URL(site.origin).host}/${project}/services/pilot:latest`;
      await page.getByRole("button", { name: `${ENGLISH.copy}: ${command}` }).click();
      await expect(page.getByRole("button", { name: ENGLISH.copied })).toBeVisible();

      // what was copied comes back by pasting, as a person would
      await page.goto("/sign-in?as=paste");
      await page.goto("/projects");
      await page.evaluate(() => {
        const field = document.createElement("textarea");
        field.setAttribute("aria-label", "paste here");
        document.body.append(field);
      });
      await page.getByLabel("paste here").focus();
      await page.keyboard.press("Control+V");
      await expect(page.getByLabel("paste here")).toHaveValue(command);
    });
  });
}
