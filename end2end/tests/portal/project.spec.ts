// Making a project, deciding who sees it, and ending it; every test also with scripting off.
import { unique } from "../../support/api.ts";
import { EN, expect, LANGUAGES, pushImage, rowOf, test } from "./support.ts";

for (const texts of LANGUAGES) {
  test.describe(texts.locale, () => {
    test.use({ locale: texts.locale });

    test("anybody with an account makes a project and lands in it", async ({ page, site, admin }) => {
      const name = unique("made");
      await site.enter(page.context(), await admin.createUser());
      await page.goto("/projects");
      await page.getByRole("main").getByRole("link", { name: texts("projects.new") }).first().click();
      await page.getByLabel(texts("projects.name_label"), { exact: true }).fill(name);
      await page.getByRole("radio", { name: texts("projects.public") }).check();
      await page.getByRole("button", { name: texts("projects.create") }).click();
      await expect(page).toHaveURL(`${site.origin}/projects/${name}`);
      await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
      const made = await admin.get<{ metadata: { public: string } }>(`/projects/${name}`);
      expect(made.metadata.public).toBe("true");
    });
  });
}

test.describe("of two projects with one name", () => {
  test.use({ refusing: "project/create" });

  test("a name that is in use is refused and stays in the form", async ({ page, site, admin }) => {
    const there = await admin.createProject("private");
    await site.enter(page.context(), await admin.createUser());
    await page.goto("/projects?new=1");
    await page.getByLabel(EN("projects.name_label"), { exact: true }).fill(there);
    await page.getByRole("button", { name: EN("projects.create") }).click();
    await expect(page.getByRole("alert")).toHaveText(EN("state.conflict_text"));
    await expect(page).toHaveURL(/\/projects\?new=1/);
  });
});

test("a name against the rule does not leave the form", async ({ page, site, admin }) => {
  await site.enter(page.context(), await admin.createUser());
  await page.goto("/projects?new=1");
  await page.getByLabel(EN("projects.name_label"), { exact: true }).fill("Capital-Letters");
  await page.getByRole("button", { name: EN("projects.create") }).click();
  await expect(page.getByLabel(EN("projects.name_label"), { exact: true })).toHaveValue("Capital-Letters");
  await expect(page).toHaveURL(/\/projects\?new=1$/);
});

test("a project becomes public and is then there for visitors", async ({ page, browser, site, admin }) => {
  const project = await admin.createProject("private");
  await site.enter(page.context(), await admin.createMember(project, "projectAdmin"));
  await page.goto(`/projects/${project}/settings`);
  await page.getByRole("radio", { name: EN("projects.public") }).check();
  await page.getByRole("button", { name: EN("settings.save") }).click();
  await expect.poll(async () => (await admin.get<{ metadata: { public: string } }>(`/projects/${project}`)).metadata.public).toBe("true");
  const visitors = await browser.newContext({ baseURL: site.origin });
  const visitor = await visitors.newPage();
  await visitor.goto(`/projects/${project}`);
  await expect(visitor.getByRole("heading", { level: 1, name: project })).toBeVisible();
  await visitors.close();
});

test("a project is deleted once its name is typed", async ({ page, site, admin }) => {
  const project = await admin.createProject("private");
  await site.enter(page.context(), await admin.createMember(project, "projectAdmin"));
  await page.goto(`/projects/${project}/settings`);
  await page.getByRole("main").getByRole("link", { name: EN("settings.delete") }).click();
  const name = page.getByLabel(EN("settings.confirm", { name: project }));
  await name.fill("another");
  const send = page.getByRole("button", { name: EN("settings.delete") });
  await send.click();
  await expect(name).toBeVisible();
  await name.fill(project);
  await send.click();
  await expect(page).toHaveURL(`${site.origin}/projects`);
  expect((await admin.request("HEAD", `/projects?project_name=${project}`)).status).toBe(404);
});

test("a project that holds images is not deleted, and leads to them", async ({ page, site, admin, berth }) => {
  const project = await admin.createProject("private");
  await pushImage(berth.url, `${project}/image`, "latest", site.administrator);
  await site.enter(page.context(), await admin.createMember(project, "projectAdmin"));
  await page.goto(`/projects/${project}/settings`);
  await expect(page.getByText(EN("settings.delete_first", { count: 1, number: 1 }))).toBeVisible();
  await page.getByRole("link", { name: EN("settings.to_repositories") }).click();
  await expect(rowOf(page, "image")).toBeVisible();
});
