// Read-only mode, switched in the portal; every test also with scripting off.
import { expect, LANGUAGES, test } from "./support.ts";

for (const texts of LANGUAGES) {
  test.describe(texts.locale, () => {
    test.use({ locale: texts.locale });

    test("an administrator stops all changes, everybody reads so, and allows them again", async ({ page, site, admin }) => {
      await site.enter(page.context(), site.administrator);
      await page.goto("/administration/health");
      await page.getByRole("button", { name: texts("health.read_only_start") }).click();
      await expect(page.getByText(texts("health.read_only_on"))).toBeVisible();
      const refused = await admin.request("POST", "/projects", { project_name: "refused" });
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("read only mode")]);
      await page.goto("/projects");
      await expect(page.getByRole("note")).toHaveText(texts("state.read_only_text"));

      await page.goto("/administration/health");
      await page.getByRole("button", { name: texts("health.read_only_end") }).click();
      await expect(page.getByText(texts("health.read_only_off"))).toBeVisible();
      await admin.createProject("private");
      await page.goto("/projects");
      await expect(page.getByRole("note")).toHaveCount(0);
    });
  });
}
