// Where somebody is signed in, and signing out there; also with scripting off.
import { EN, expect, test } from "./support.ts";

test("another session is seen and ended", async ({ page, browser, site, admin }) => {
  const ann = await admin.createUser("ann");
  const elsewhere = await browser.newContext({ baseURL: site.origin });
  await site.enter(elsewhere, ann);
  await site.enter(page.context(), ann);
  await page.goto("/account");
  const rows = page.getByRole("table", { name: EN("access.sessions_caption") }).getByRole("row");
  await expect(rows).toHaveCount(3);
  await expect(rows.filter({ hasText: EN("access.this_browser") })).toHaveCount(1);
  await rows.getByRole("button", { name: EN("access.end_session") }).click();
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: EN("access.this_browser") })).toHaveCount(1);

  const other = await elsewhere.newPage();
  await other.goto("/account");
  await expect(other.getByRole("heading", { level: 1 })).not.toHaveText(EN("account.title"));
  await elsewhere.close();
});

test("every other session is ended at once", async ({ page, site, admin }) => {
  const ann = await admin.createUser("ann");
  await site.openSession(ann);
  await site.openSession(ann);
  await site.enter(page.context(), ann);
  await page.goto("/account");
  const rows = page.getByRole("table", { name: EN("access.sessions_caption") }).getByRole("row");
  await expect(rows).toHaveCount(4);
  await page.getByRole("button", { name: EN("access.end_others") }).click();
  await expect(rows).toHaveCount(2);
  await expect(page.getByRole("button", { name: EN("access.end_others") })).toHaveCount(0);
});
