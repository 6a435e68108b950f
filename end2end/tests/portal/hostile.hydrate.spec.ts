// Texts that would be something else if a page took them for markup, where scripting shows them.
import { closeDialog } from "./dialogs.ts";
import { ALL, expectHarmless } from "./hostile.ts";
import { EN, expect, furnish, test, visit } from "./support.ts";

test("a tag against the rule does not become one", async ({ page, site, admin, berth }) => {
  const { project, pilot, image } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  await visit(page, `/projects/${project}/repositories/${pilot}@${image}`);
  for (const text of ALL) {
    await page.getByRole("button", { name: EN("artifact.add_tag"), exact: true }).click();
    const field = page.getByRole("dialog").getByLabel(EN("artifact.tag"), { exact: true });
    await field.fill(text);
    await field.press("Enter");
    await expect(field).toHaveValue(text);
    await field.blur();
    await expect(page.getByRole("dialog").getByRole("alert")).toHaveText(EN("validation.tag_grammar"));
    await expectHarmless(page);
    await closeDialog(page);
  }
});

test.describe("where a new member is unknown", () => {
  test.use({ refusing: "member/create" });

  test("what is typed into the palette and the fields of a new member is text", async ({ page, site }) => {
    await site.enter(page.context(), site.administrator);
    await visit(page, "/projects/library/members?add=1");
    for (const text of ALL) {
      const field = page.getByLabel(EN("members.username"), { exact: true });
      await field.fill(text);
      await field.press("Enter");
      await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
      await expect(field).toHaveValue(text);
      await expectHarmless(page);
    }
    await closeDialog(page);
    await page.keyboard.press("Control+k");
    for (const text of ALL) {
      await page.getByRole("combobox", { name: EN("palette.label") }).fill(text);
      await expect(page.getByText(EN("palette.empty"))).toBeVisible();
      await expectHarmless(page);
    }
  });
});
