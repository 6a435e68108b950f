// An open page follows what happens elsewhere; needs scripting.
import { awake, expect, furnish, pushImage, test } from "./support.ts";

test("a pushed tag appears in an open page", async ({ page, site, admin, berth }) => {
  const { project } = await furnish(admin, berth.url, site.administrator);
  await site.signIn(page, site.administrator);
  await page.goto(`/projects/${project}/services/pilot`);
  await awake(page);
  await page.evaluate(() => document.body.setAttribute("data-same-document", ""));
  await pushImage(berth.url, `${project}/services/pilot`, "2.0.0", site.administrator);
  await expect(page.getByRole("row").filter({ hasText: "2.0.0" })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator("body")).toHaveAttribute("data-same-document", "");
});
