// Going on before a page is awake.
import { expect, test, visit } from "./support.ts";

test("a page that is left while it wakes says nothing", async ({ page, site }) => {
  for (let round = 0; round < 10; round += 1) {
    await page.goto("/sign-in", { waitUntil: "commit" });
    await page.goto("/projects", { waitUntil: "domcontentloaded" });
  }
  await visit(page, `${site.origin}/projects`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
