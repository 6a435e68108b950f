// What a list does while somebody types; needs scripting.
import { EN, expect, markDocument, rowOf, test, visit } from "./support.ts";

test("a list follows what is typed, in the address too, and keeps the focus", async ({ page, site, admin }) => {
  const [one, two] = [await admin.createProject("private", "typed-one"), await admin.createProject("private", "typed-two")];
  await site.enter(page.context(), site.administrator);
  await visit(page, "/projects?filter=mine");
  const stays = await markDocument(page);
  const search = page.getByRole("searchbox", { name: EN("projects.search"), exact: true });
  await search.pressSequentially(one);
  await expect(page).toHaveURL(new RegExp(`[?&]q=${one}`));
  await expect(rowOf(page, one)).toBeVisible();
  await expect(rowOf(page, two)).toHaveCount(0);
  await expect(search).toBeFocused();
  await expect(search).toHaveValue(one);
  await stays();
});
