// Where only administrators make projects, nobody else is offered to; every test also with scripting off.
import { EN, expect, LANGUAGES, test } from "./support.ts";

test.use({ settings: { BERTH_PROJECTS__CREATION: "admins" } });

for (const texts of LANGUAGES) {
  test.describe(texts.locale, () => {
    test.use({ locale: texts.locale });

    test("people are told to ask an administrator for a project", async ({ page, site, admin }) => {
      await site.enter(page.context(), await admin.createUser());
      await page.goto("/");
      await expect(page.getByText(texts("home.step_project_ask"))).toBeVisible();
      await page.goto("/projects");
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByRole("main").getByRole("link", { name: texts("projects.new") })).toHaveCount(0);
    });
  });
}

test("an administrator makes projects", async ({ page, site }) => {
  await site.enter(page.context(), site.administrator);
  await page.goto("/projects");
  await expect(page.getByRole("main").getByRole("link", { name: EN("projects.new") }).first()).toBeVisible();
});
