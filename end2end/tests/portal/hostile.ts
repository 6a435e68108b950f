// Texts that would be something else if a page took them for markup.
import type { Page } from "@playwright/test";
import { expect } from "../../support/fixtures.ts";

export const IMAGE = `"><img src=x onerror=alert(1)>`;
export const SCRIPT = "${{7*7}}</script><script>alert(2)</script>";
const ENTITIES = "&lt;b&gt; {{7*7}} 'a' `b` \\u003cb\\u003e";
/** The same for names of people, which must not contain some characters. Source: `types::validate::realname`. */
export const NAME = "'><img src=x onerror=alert(3)></title><script>alert(4)</script>";
export const ALL = [IMAGE, SCRIPT, ENTITIES];
/** The same for what fits into 30 bytes. */
export const SHORT = [IMAGE, "</p></script><script>alert(5)", "${{7*7}} &lt;b&gt; 'a' `b`"];

/** Fails when any text became markup. What runs would speak in the console or open a dialog, which fails by itself. */
export async function expectHarmless(page: Page): Promise<void> {
  await expect(page.locator("img")).toHaveCount(0);
  await expect(page.locator("[onerror]")).toHaveCount(0);
}
