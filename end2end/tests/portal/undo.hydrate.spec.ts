// Taking back what was done; needs scripting.
import { EN, expect, furnish, LANGUAGES, rowOf, test, visit } from "./support.ts";

for (const texts of LANGUAGES) {
  test.describe(texts.locale, () => {
    test.use({ locale: texts.locale });

    test("a tag that was removed comes back to the same artifact", async ({ page, site, admin, berth }) => {
      const { project, pilot, image } = await furnish(admin, berth.url, site.administrator);
      await site.enter(page.context(), await admin.createMember(project, "maintainer"));
      await visit(page, `/projects/${project}/repositories/${pilot}`);
      const tags = async () => {
        const path = `/projects/${project}/repositories/${encodeURIComponent(pilot)}/artifacts/${image}/tags`;
        return (await admin.get<{ name: string }[] | null>(path))?.map((tag) => tag.name) ?? [];
      };
      await page.getByRole("button", { name: texts("artifact.remove_tag", { tag: "latest" }) }).click();
      await expect(rowOf(page, "latest")).toHaveCount(0);
      expect(await tags()).toEqual([]);
      const note = page.getByRole("status").filter({ hasText: texts("artifact.tag_removed", { tag: "latest" }) });
      await note.getByRole("button", { name: texts("form.undo") }).click();
      await expect(rowOf(page, "latest")).toBeVisible();
      expect(await tags()).toEqual(["latest"]);
    });

    test("a member who was removed comes back with the same role", async ({ page, site, admin }) => {
      const project = await admin.createProject("private");
      const member = await admin.createMember(project, "maintainer");
      await site.enter(page.context(), site.administrator);
      await visit(page, `/projects/${project}/members`);
      const role = page.getByLabel(texts("members.role_of", { name: member.name }));
      await expect(role.locator("option:checked")).toHaveText(texts("role.maintainer"));
      await page.getByRole("button", { name: texts("members.remove_label", { name: member.name }) }).click();
      await expect(rowOf(page, member.name)).toHaveCount(0);
      const note = page.getByRole("status").filter({ hasText: texts("members.removed_toast", { name: member.name }) });
      await note.getByRole("button", { name: texts("form.undo") }).click();
      await expect(rowOf(page, member.name)).toBeVisible();
      await expect(role.locator("option:checked")).toHaveText(texts("role.maintainer"));
      await expect(note).toHaveCount(0);
    });
  });
}

test("a role that was changed is changed back", async ({ page, site, admin }) => {
  const project = await admin.createProject("private");
  const member = await admin.createMember(project, "guest");
  await site.enter(page.context(), site.administrator);
  await visit(page, `/projects/${project}/members`);
  const role = page.getByLabel(EN("members.role_of", { name: member.name }));
  await role.selectOption({ label: EN("role.developer") });
  const note = page.getByRole("status").filter({ hasText: EN("members.changed_toast", { name: member.name }) });
  await expect(note).toBeVisible();
  const stored = async () => {
    const [found] = await admin.get<{ role_name: string }[]>(`/projects/${project}/members?entityname=${member.name}`);
    return found?.role_name;
  };
  await expect.poll(stored).toBe("developer");
  await note.getByRole("button", { name: EN("form.undo") }).click();
  await expect.poll(stored).toBe("guest");
  await expect(role.locator("option:checked")).toHaveText(EN("role.guest"));
});

test("an administrator's rights that were given are taken back", async ({ page, site, admin }) => {
  const user = await admin.createUser("promoted");
  await site.enter(page.context(), site.administrator);
  await visit(page, `/administration/users?q=${user.name}`);
  await page.getByRole("button", { name: EN("users.make_admin", { name: user.name }) }).click();
  await expect(rowOf(page, user.name)).toContainText(EN("users.administrator"));
  await page.getByRole("button", { name: EN("form.undo") }).click();
  await expect(page.getByRole("button", { name: EN("users.make_admin", { name: user.name }) })).toBeVisible();
});
