// The order, the filter and the page of a list are in the address; every test also with scripting off.
import type { Page } from "@playwright/test";
import { EN, expect, rowOf, test } from "./support.ts";

const names = (page: Page) => page.getByRole("main").getByRole("rowheader").or(page.getByRole("main").getByRole("row").getByRole("link"));

async function order(page: Page, ...expected: string[]): Promise<void> {
  await expect.poll(async () => (await names(page).allTextContents()).filter((name) => expected.includes(name))).toEqual(expected);
}

test("an order stays when the page is loaded again, and the back button takes it back", async ({ page, site, admin }) => {
  const owner = await admin.createUser();
  const [one, two] = [await admin.createProject("private", "list-a"), await admin.createProject("public", "list-b")];
  await admin.addMember(one, owner, "guest");
  await admin.addMember(two, owner, "guest");
  await site.enter(page.context(), owner);
  await page.goto("/projects?filter=mine");
  await order(page, one, two);
  const head = page.getByRole("columnheader", { name: EN("projects.name") });
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  await head.getByRole("link").click();
  await expect(page).toHaveURL(/[?&]sort=-name/);
  await order(page, two, one);
  await page.reload();
  await order(page, two, one);
  await expect(head).toHaveAttribute("aria-sort", "descending");
  await page.goBack();
  await expect(page).not.toHaveURL(/sort=/);
  await order(page, one, two);
});

test("a group and a part of a name narrow the list", async ({ page, site, admin }) => {
  const owner = await admin.createUser();
  const [hidden, shown] = [await admin.createProject("private", "narrow"), await admin.createProject("public", "narrow")];
  await admin.addMember(hidden, owner, "guest");
  await admin.addMember(shown, owner, "guest");
  await site.enter(page.context(), owner);
  await page.goto("/projects");
  const groups = page.getByRole("navigation", { name: EN("form.filter") });
  const group = groups.getByRole("link", { name: EN("projects.public"), exact: true });
  await group.click();
  await expect(page).toHaveURL(/[?&]filter=public/);
  await expect(rowOf(page, hidden)).toHaveCount(0);
  const search = page.getByRole("searchbox", { name: EN("projects.search"), exact: true });
  await search.fill(shown);
  await search.press("Enter");
  await expect(page).toHaveURL(new RegExp(`[?&]q=${shown}`));
  await expect(page).toHaveURL(/[?&]filter=public/);
  await expect(rowOf(page, shown)).toBeVisible();
  await page.reload();
  await expect(search).toHaveValue(shown);
  await expect(groups.locator("[aria-current]")).toHaveText(EN("projects.public"));
  await search.fill("nothing-has-this-name");
  await search.press("Enter");
  await expect(page.getByRole("heading", { name: EN("state.no_match_title") })).toBeVisible();
  await page.getByRole("link", { name: EN("state.show_all") }).click();
  await expect(page).toHaveURL(`${site.origin}/projects`);
});
