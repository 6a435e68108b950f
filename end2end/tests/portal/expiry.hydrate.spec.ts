// A session that ends in the middle of a form; needs scripting.
import type { Page } from "@playwright/test";
import { unique } from "../../support/api.ts";
import { EN, expect, expectAccessible, expectFits, furnish, LANGUAGES, markDocument, test, type Texts, visit } from "./support.ts";

test.use({ refusing: "project/create repository/update" });

const dialog = (page: Page, texts: Texts) => page.getByRole("dialog", { name: texts("sign_in.again_title") });

async function signInAgain(page: Page, texts: Texts, password: string): Promise<void> {
  await dialog(page, texts).getByLabel(texts("sign_in.password")).fill(password);
  await dialog(page, texts).getByRole("button", { name: texts("sign_in.submit") }).click();
}

for (const texts of LANGUAGES) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${texts.locale}, ${colorScheme}`, () => {
      test.use({ locale: texts.locale, colorScheme });

      test("a form that is sent too late waits for signing in again", async ({ page, context, site, admin }) => {
        const name = unique("late");
        const owner = await admin.createUser();
        await site.enter(context, owner);
        await visit(page, "/projects?new=1");
        const stays = await markDocument(page);
        const field = page.getByLabel(texts("projects.name_label"), { exact: true });
        await field.fill(name);
        await page.getByRole("radio", { name: texts("projects.public") }).check();
        await context.clearCookies({ name: "sid" });
        await page.getByRole("button", { name: texts("projects.create") }).click();

        await expect(dialog(page, texts)).toBeVisible();
        await expect(dialog(page, texts)).toContainText(texts("sign_in.again_text", { name: owner.name }));
        await expectAccessible(page, "the dialog");
        await expectFits(page, "the dialog");
        await signInAgain(page, texts, "Not-the-password-1");
        await expect(dialog(page, texts).getByRole("alert")).toHaveText(texts("sign_in.wrong"));
        await signInAgain(page, texts, owner.password);
        await expect(dialog(page, texts)).toHaveCount(0);

        await expect(field).toHaveValue(name);
        await expect(page.getByRole("radio", { name: texts("projects.public") })).toBeChecked();
        await stays();
        await page.getByRole("button", { name: texts("projects.create") }).click();
        await expect(page).toHaveURL(`${site.origin}/projects/${name}`);
      });
    });
  }
}

test("a description that is sent after signing out elsewhere is not lost", async ({ page, context, site, admin, berth }) => {
  const { project, pilot } = await furnish(admin, berth.url, site.administrator);
  const owner = await admin.createMember(project, "maintainer");
  await site.enter(context, owner);
  await visit(page, `/projects/${project}/repositories/${pilot}`);
  await page.getByRole("button", { name: EN("repository.edit") }).click();
  const field = page.getByLabel(EN("repository.description"), { exact: true });
  await field.fill("What was typed before the session ended.");
  const [cookie] = await context.cookies();
  await site.endSession(cookie?.value ?? "");
  await page.getByRole("button", { name: EN("repository.save") }).click();
  await expect(dialog(page, EN)).toBeVisible();
  await signInAgain(page, EN, owner.password);
  await expect(dialog(page, EN)).toHaveCount(0);
  await expect(field).toHaveValue("What was typed before the session ended.");
  await page.getByRole("button", { name: EN("repository.save") }).click();
  await expect(page.getByRole("main")).toContainText("What was typed before the session ended.");
});
