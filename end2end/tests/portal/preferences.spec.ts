// The language and the theme; every test also with scripting off.
import { CHINESE, choose, ENGLISH, expect, test } from "./support.ts";

test("the language follows the browser until one is chosen", async ({ browser, site }) => {
  for (const texts of [ENGLISH, CHINESE]) {
    const context = await browser.newContext({ baseURL: site.origin, locale: texts.locale });
    const page = await context.newPage();
    await page.goto("/projects");
    await expect(page.locator("html")).toHaveAttribute("lang", texts.locale);
    await expect(page.getByRole("heading", { level: 1, name: texts.projects })).toBeVisible();
    await context.close();
  }
});

test("a chosen language stays on every page", async ({ page }) => {
  await page.goto("/projects");
  await choose(page, ENGLISH.language, "简体中文");
  await expect(page.getByRole("heading", { level: 1, name: CHINESE.projects })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await page.goto("/sign-in");
  await expect(page).toHaveTitle("登录 · Berth");
  await choose(page, CHINESE.language, "English");
  await expect(page.getByRole("heading", { level: 1, name: ENGLISH.signIn })).toBeVisible();
});

test("a chosen theme stays on every page", async ({ page }) => {
  await page.goto("/projects");
  await choose(page, ENGLISH.theme, ENGLISH.dark);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.goto("/sign-in");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await choose(page, ENGLISH.theme, ENGLISH.light);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
});
