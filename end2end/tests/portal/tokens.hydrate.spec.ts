// Access tokens: made, taken along while they are shown, used by a real request, and revoked.
import { Api } from "../../support/api.ts";
import { EN, expect, pasted, test, visit } from "./support.ts";

test("a token is made, copied once, used and revoked", async ({ page, site, admin, berth }) => {
  const ann = await admin.createUser("ann");
  await site.enter(page.context(), ann);
  await visit(page, "/account");
  await page.getByRole("button", { name: EN("access.create") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(EN("access.name")).fill("laptop");
  await dialog.getByLabel(EN("access.life")).selectOption("30");
  await dialog.getByRole("button", { name: EN("access.create_submit") }).click();

  await expect(dialog.getByText(EN("access.shown_once"))).toBeVisible();
  await expect(dialog.getByText(`docker login ${site.registry} -u ${ann.name}`)).toBeVisible();
  const secret = await dialog.getByText(/^berth_pat_[0-9A-Za-z]{49}$/).innerText();
  await dialog.getByRole("button", { name: EN("copy.label", { text: secret }), exact: true }).click();
  expect(await pasted(page)).toBe(secret);
  await dialog.getByRole("button", { name: EN("access.done") }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const row = page.getByRole("row").filter({ hasText: "laptop" });
  await expect(row).toContainText(EN("access.never_used"));
  expect(await page.content()).not.toContain(secret);
  const program = new Api(berth.url, { name: ann.name, password: secret });
  expect((await program.get<{ username: string }>("/users/current")).username).toBe(ann.name);
  await page.reload();
  await expect(row).not.toContainText(EN("access.never_used"));

  await row.getByRole("button", { name: EN("access.revoke_label", { name: "laptop" }) }).click();
  await dialog.getByRole("button", { name: EN("access.revoke_submit") }).click();
  await expect(page.getByText(EN("access.no_tokens"))).toBeVisible();
  await program.expect(401, "GET", "/users/current");
});

test.describe("a name that is taken", () => {
  test.use({ refusing: "access/create_token" });

  test("is refused beside what was typed", async ({ page, site, admin }) => {
    await site.enter(page.context(), await admin.createUser("bob"));
    await visit(page, "/account");
    const dialog = page.getByRole("dialog");
    for (const round of [1, 2]) {
      await page.getByRole("button", { name: EN("access.create") }).click();
      await dialog.getByLabel(EN("access.name")).fill("laptop");
      await dialog.getByRole("button", { name: EN("access.create_submit") }).click();
      if (round === 1) {
        await dialog.getByRole("button", { name: EN("access.done") }).click();
        await expect(page.getByRole("dialog")).toHaveCount(0);
      }
    }
    await expect(dialog.getByText(EN("access.name_taken"))).toBeVisible();
    await expect(dialog.getByLabel(EN("access.name"))).toHaveValue("laptop");
  });
});
