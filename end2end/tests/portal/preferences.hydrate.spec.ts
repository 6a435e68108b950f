// What the language and the theme do while a page is open; needs scripting.
import type { Page } from "@playwright/test";
import { choose, EN, expect, test, visit, ZH } from "./support.ts";

const remembered = (page: Page, name: string) =>
  page.waitForResponse((response) => response.url().endsWith(`/ui-fn/preference/${name}`) && response.ok());

test("another language loads the page anew, where the visitor was", async ({ page }) => {
  await visit(page, "/projects?filter=public");
  await page.evaluate(() => document.documentElement.setAttribute("data-same-document", ""));
  await choose(page, EN("shell.language"), "简体中文");
  await expect(page.getByRole("heading", { level: 1, name: ZH("projects.title") })).toBeVisible();
  await expect(page).toHaveTitle(ZH("brand.page_title", { page: ZH("projects.title") }));
  await expect(page).toHaveURL(/\/projects\?filter=public$/);
  await expect(page.locator("html")).not.toHaveAttribute("data-same-document");
});

test("a reload paints the chosen theme from the first frame", async ({ page }) => {
  await visit(page, "/projects");
  const answer = remembered(page, "update_theme");
  await choose(page, EN("shell.theme"), EN("shell.theme_dark"));
  await answer;
  const background = () => getComputedStyle(document.body).backgroundColor;
  const dark = await page.evaluate(background);
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = () => {
      if (document.body) {
        seen.push(getComputedStyle(document.body).backgroundColor);
      }
      if (seen.length < 30) {
        requestAnimationFrame(look);
      }
    };
    requestAnimationFrame(look);
  });
  await page.reload();
  await page.waitForFunction(() => (window as unknown as { seen: string[] }).seen.length >= 30);
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(new Set(seen)).toEqual(new Set([dark]));
});

test("the theme of the system is followed until one is chosen", async ({ page }) => {
  const background = () => getComputedStyle(document.body).backgroundColor;
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/projects");
  const light = await page.evaluate(background);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await page.evaluate(background)).not.toBe(light);
});

test("a menu closes with escape and gives the focus back", async ({ page }) => {
  await visit(page, "/projects");
  const button = page.getByRole("button", { name: EN("shell.language"), exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "简体中文" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "简体中文" })).toBeHidden();
  await expect(button).toBeFocused();
});
