// An administrator brings somebody in, who may first look and then push; needs scripting.
import { PASSWORD, unique } from "../../support/api.ts";
import { Crane } from "../../support/crane.ts";
import { image, writeLayout } from "../../support/image.ts";
import { temporary } from "../../support/paths.ts";
import { awake, expect, LANGUAGES, listen, rowOf, test, visit } from "./support.ts";

for (const texts of LANGUAGES) {
  test.describe(texts.locale, () => {
    test.use({ locale: texts.locale, refusing: "member/create" });

    test("a guest sees and may not push until they are a developer", async ({ page, browser, site, admin, berth }) => {
      const name = unique("bob");
      const project = await admin.createProject("private");
      await site.signIn(page, site.administrator, texts);

      await test.step("the administrator makes an account", async () => {
        await visit(page, "/administration/users");
        await page.getByRole("button", { name: texts("users.create") }).click();
        const dialog = page.getByRole("dialog", { name: texts("users.create") });
        await dialog.getByLabel(texts("register.username")).fill(name);
        await dialog.getByLabel(texts("register.email")).fill(`${name}@example.com`);
        await dialog.getByLabel(texts("register.realname")).fill("Bob of the Harbour");
        await dialog.getByLabel(texts("register.password"), { exact: true }).fill(PASSWORD);
        await dialog.getByRole("button", { name: texts("users.create_submit") }).click();
        await expect(page.getByText(texts("users.created_note"))).toBeVisible();
        await expect(rowOf(page, name)).toContainText("Bob of the Harbour");
      });

      await test.step("and adds them as a guest", async () => {
        await visit(page, `/projects/${project}`);
        await page.getByRole("link", { name: texts("shell.members") }).click();
        await page.getByRole("link", { name: texts("members.add") }).click();
        const dialog = page.getByRole("dialog", { name: texts("members.add_title") });
        const field = dialog.getByLabel(texts("members.username"));
        await field.fill(name.slice(0, -1));
        await expect(page.locator(`datalist option[value="${name}"]`)).toHaveCount(1);
        await dialog.getByRole("button", { name: texts("members.submit") }).click();
        await expect(dialog.getByRole("alert")).toHaveText(texts("members.unknown"));
        await field.fill(name);
        await dialog.getByRole("radio", { name: new RegExp(`^${texts("role.guest")}`) }).check();
        await dialog.getByRole("button", { name: texts("members.submit") }).click();
        await expect(page.getByText(texts("members.added_toast", { name }))).toBeVisible();
        await expect(rowOf(page, name)).toBeVisible();
      });

      const context = await browser.newContext({ baseURL: site.origin, locale: texts.locale });
      const messages = listen(context);
      const guest = await context.newPage();
      const crane = await new Crane().login(berth.host, { name, password: PASSWORD });
      const reference = `${berth.host}/${project}/app:1.0`;
      const layout = temporary("layout");
      writeLayout(layout, "1.0", [image(unique("members"))]);

      await test.step("the guest sees the project, and the client is denied a push", async () => {
        await site.signIn(guest, { name, password: PASSWORD }, texts);
        await guest.getByRole("main").getByRole("link", { name: project }).click();
        await expect(guest.getByRole("heading", { level: 1, name: project })).toBeVisible();
        await awake(guest);
        await expect(guest.getByText(/^docker push /)).toHaveCount(0);
        expect(await crane.refused("push", layout, reference)).toMatch(/denied/i);
      });

      await test.step("the guest becomes a developer, whose push appears in the page that is open", async () => {
        await page.getByLabel(texts("members.role_of", { name })).selectOption({ label: texts("role.developer") });
        await expect(page.getByText(texts("members.changed_toast", { name }))).toBeVisible();
        await crane.run("push", layout, reference);
        await expect(guest.getByRole("main").getByRole("link", { name: "app", exact: true })).toBeVisible();
        await guest.reload();
        await guest.getByRole("main").locator("summary").first().click();
        await expect(guest.getByText(`docker push ${site.registry}/${project}/REPOSITORY:TAG`, { exact: true }).first()).toBeVisible();
      });

      await test.step("and each of it is in the log", async () => {
        await page.getByRole("link", { name: texts("shell.activity") }).click();
        await expect(rowOf(page, texts("activity.push_artifact")).first()).toContainText(name);
        for (const what of ["activity.create_member", "activity.update_member"] as const) {
          await expect(rowOf(page, texts(what)).first()).toContainText("admin");
        }
      });
      expect(messages).toEqual([]);
      await context.close();
    });
  });
}
