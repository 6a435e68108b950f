// The language and the theme; every test also with scripting off.
import { choose, EN, expect, LANGUAGES, test, ZH } from "./support.ts";

test("the language follows the browser until one is chosen", async ({ browser, site }) => {
  for (const texts of LANGUAGES) {
    const context = await browser.newContext({ baseURL: site.origin, locale: texts.locale });
    const page = await context.newPage();
    await page.goto("/projects");
    await expect(page.locator("html")).toHaveAttribute("lang", texts.locale);
    await expect(page.getByRole("heading", { level: 1, name: texts("projects.title") })).toBeVisible();
    await context.close();
  }
});

test("a chosen language stays on every page", async ({ page }) => {
  await page.goto("/projects");
  await choose(page, EN("shell.language"), "简体中文");
  await expect(page.getByRole("heading", { level: 1, name: ZH("projects.title") })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await page.goto("/sign-in");
  await expect(page).toHaveTitle(ZH("brand.page_title", { page: ZH("sign_in.title") }));
  await choose(page, ZH("shell.language"), "English");
  await expect(page.getByRole("heading", { level: 1, name: EN("sign_in.title") })).toBeVisible();
});

test("a chosen theme stays on every page", async ({ page }) => {
  await page.goto("/projects");
  await choose(page, EN("shell.theme"), EN("shell.theme_dark"));
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.goto("/sign-in");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await choose(page, EN("shell.theme"), EN("shell.theme_light"));
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});

test("the theme stands in the first answer, so that nothing flashes", async ({ page }) => {
  await page.goto("/projects");
  await choose(page, EN("shell.theme"), EN("shell.theme_dark"));
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect
    .poll(async () => (await (await page.request.get("/projects")).text()).slice(0, 300))
    .toMatch(/<html[^>]* data-theme="dark"/);
});

test("what was chosen belongs to the account and comes along to another browser", async ({ browser, page, site, admin }) => {
  const user = await admin.createUser();
  await site.enter(page.context(), user);
  await page.goto("/projects");
  await choose(page, EN("shell.language"), "简体中文");
  await expect(page.getByRole("heading", { level: 1, name: ZH("projects.title") })).toBeVisible();

  const elsewhere = await browser.newContext({ baseURL: site.origin, locale: "en-US" });
  await site.enter(elsewhere, user);
  const other = await elsewhere.newPage();
  await other.goto("/projects");
  await expect(other.getByRole("heading", { level: 1, name: ZH("projects.title") })).toBeVisible();
  await elsewhere.close();
});
