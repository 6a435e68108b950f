// What the language and the theme do while a page is open; needs scripting.
import type { Page } from "@playwright/test";
import { awake, CHINESE, choose, ENGLISH, expect, test } from "./support.ts";

const remembered = (page: Page, name: string) =>
  page.waitForResponse((response) => response.url().endsWith(`/ui-fn/preference/${name}`) && response.ok());

test("the language changes in place", async ({ page }) => {
  await page.goto("/projects");
  await awake(page);
  await page.evaluate(() => document.body.setAttribute("data-same-document", ""));
  const answer = remembered(page, "update_locale");
  await choose(page, ENGLISH.language, "简体中文");
  await expect(page.getByRole("heading", { level: 1, name: CHINESE.projects })).toBeVisible();
  await expect(page).toHaveTitle("项目 · Berth");
  await expect(page.locator("body")).toHaveAttribute("data-same-document", "");
  await answer;
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: CHINESE.projects })).toBeVisible();
});

test("a reload paints the chosen theme from the first frame", async ({ page }) => {
  await page.goto("/projects");
  await awake(page);
  const answer = remembered(page, "update_theme");
  await choose(page, ENGLISH.theme, ENGLISH.dark);
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
  await awake(page);
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
  await page.goto("/projects");
  const button = page.getByRole("button", { name: ENGLISH.language, exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "简体中文" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "简体中文" })).toBeHidden();
  await expect(button).toBeFocused();
});
