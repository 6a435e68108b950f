// The keys that work on every page; needs scripting.
import type { Page } from "@playwright/test";
import { closeDialog } from "./dialogs.ts";
import { EN, expect, LANGUAGES, pushImage, test, visit } from "./support.ts";

const search = (page: Page) => page.getByRole("banner").getByRole("searchbox");

test("a slash leads to the search, which finds projects and repositories", async ({ page, site, admin, berth }) => {
  const project = await admin.createProject("private", "sought");
  await pushImage(berth.url, `${project}/image`, "latest", site.administrator);
  await site.enter(page.context(), await admin.createMember(project, "guest"));
  await visit(page, "/projects");
  await page.keyboard.press("/");
  await expect(search(page)).toBeFocused();
  await page.keyboard.type(project);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${site.origin}/search?find=${project}`);
  await expect(search(page)).toHaveValue(project);
  await page.getByRole("main").getByRole("link", { name: `${project}/image` }).click();
  await expect(page).toHaveURL(`${site.origin}/projects/${project}/repositories/image`);
});

test("a new page has the focus, and a filter leaves it where it is", async ({ page, site, admin }) => {
  const project = await admin.createProject("private", "focused");
  await site.enter(page.context(), site.administrator);
  await visit(page, "/projects");
  const field = page.getByRole("main").getByRole("searchbox");
  await field.fill(project);
  await expect(page).toHaveURL(`${site.origin}/projects?q=${project}`);
  await expect(field).toBeFocused();
  await page.getByRole("main").getByRole("link", { name: project, exact: true }).press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: project })).toBeVisible();
  await expect(page.getByRole("main")).toBeFocused();
});

for (const texts of LANGUAGES) {
  test.describe(texts.locale, () => {
    test.use({ locale: texts.locale });

    test("the palette goes to a project by a part of its name", async ({ page, site, admin }) => {
      const project = await admin.createProject("private", "palette");
      await site.enter(page.context(), await admin.createMember(project, "guest"));
      await visit(page, "/");
      await page.keyboard.press("Control+k");
      const field = page.getByRole("combobox", { name: texts("palette.label") });
      await expect(field).toBeFocused();
      await page.keyboard.type(project.slice(2));
      await expect(page.getByRole("option").first()).toContainText(project);
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(`${site.origin}/projects/${project}`);
      await expect(page.getByRole("heading", { level: 1, name: project })).toBeVisible();
    });
  });
}

test("the palette is gone through with arrows and left with escape", async ({ page, site, admin }) => {
  await site.enter(page.context(), await admin.createUser());
  await visit(page, "/projects");
  await page.keyboard.press("Control+k");
  const options = page.getByRole("option");
  await expect(options.nth(0)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowDown");
  await expect(options.nth(1)).toHaveAttribute("aria-selected", "true");
  await closeDialog(page);
  await expect(page).toHaveURL(/\/projects$/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("nothing-has-this-name");
  await expect(page.getByText(EN("palette.empty"))).toBeVisible();
});

test("a question mark lists the keys", async ({ page }) => {
  await visit(page, "/projects");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: EN("shortcut.title") })).toBeVisible();
  await closeDialog(page);
});

test("two letters lead to a page, and stay letters in a field", async ({ page, site, admin }) => {
  await site.enter(page.context(), await admin.createUser());
  await visit(page, "/account");
  for (const [letter, path] of [
    ["p", "/projects"],
    ["h", "/"],
    ["a", "/account"],
  ]) {
    await page.keyboard.press("g");
    await page.keyboard.press(letter ?? "");
    await expect(page).toHaveURL(`${site.origin}${path}`);
  }
  await search(page).focus();
  await page.keyboard.type("g?p/");
  await expect(search(page)).toHaveValue("g?p/");
  await expect(page).toHaveURL(`${site.origin}/account`);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
