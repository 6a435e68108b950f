// Signing in and out; every test also with scripting off.
import { accountButton, choose, EN, expect, fillIn, test, ZH } from "./support.ts";

test("the right password leads to the start and shows who is signed in", async ({ page, site }) => {
  await site.signIn(page, site.administrator);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(accountButton(page, site.administrator)).toBeVisible();
  await expect(page).toHaveTitle(EN.pattern("brand.page_title"));
});

test("a wrong password is refused without saying what was wrong", async ({ page, admin }) => {
  const user = await admin.createUser();
  await page.goto("/sign-in");
  await fillIn(page, { ...user, password: "Not-the-password-1" });
  await expect(page.getByRole("alert")).toHaveText(EN("sign_in.wrong"));
  await expect(page).toHaveURL(/\/sign-in/);
});

test("an account that does not exist gets the same answer", async ({ page }) => {
  await page.goto("/sign-in");
  await fillIn(page, { name: "nobody-of-this-name", password: "Not-the-password-1" });
  await expect(page.getByRole("alert")).toHaveText(EN("sign_in.wrong"));
});

test("after a refusal the right password still works", async ({ page, site, admin }) => {
  const user = await admin.createUser();
  await page.goto("/sign-in");
  await fillIn(page, { ...user, password: "Not-the-password-1" });
  await expect(page.getByRole("alert")).toBeVisible();
  await fillIn(page, user);
  await expect(page).toHaveURL(`${site.origin}/`);
});

test("too many wrong passwords say how long to wait", async ({ page, admin }) => {
  const user = await admin.createUser("hasty");
  const alert = page.getByRole("alert");
  const limited = alert
    .filter({ hasText: EN.pattern("sign_in.limited") })
    .or(alert.filter({ hasText: EN("sign_in.limited", { count: 1 }) }));
  await page.goto("/sign-in");
  for (let attempt = 0; attempt < 12 && !(await limited.isVisible()); attempt += 1) {
    const answered = page.waitForResponse((response) => response.url().endsWith("/ui-fn/session/create"));
    await fillIn(page, { ...user, password: `Not-the-password-${attempt}` });
    await answered;
    await expect(page.getByRole("alert")).toBeVisible();
  }
  await expect(limited).toBeVisible();
});

test("signing in goes on to the page that asked for it", async ({ page, site, admin }) => {
  const project = await admin.createProject("private");
  await page.goto(`/projects/${project}`);
  await page.getByRole("main").getByRole("link", { name: EN("shell.sign_in") }).click();
  await fillIn(page, site.administrator);
  await expect(page).toHaveURL(new RegExp(`/projects/${project}$`));
  await expect(page.getByRole("heading", { level: 1, name: project })).toBeVisible();
});

test("an address of another site is not followed after signing in", async ({ page, site }) => {
  await page.goto("/sign-in?next=https%3A%2F%2Fexample.com%2F");
  await fillIn(page, site.administrator);
  await expect(page).toHaveURL(`${site.origin}/`);
});

test("signing out ends the session", async ({ page, site }) => {
  await site.signIn(page, site.administrator);
  await accountButton(page, site.administrator).click();
  await page.getByRole("button", { name: EN("shell.sign_out") }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto("/projects");
  await expect(page.getByRole("banner").getByRole("link", { name: EN("shell.sign_in") })).toBeVisible();
  await expect(accountButton(page, site.administrator)).toHaveCount(0);
});

test("the language is chosen before signing in", async ({ page }) => {
  await page.goto("/sign-in");
  await choose(page, EN("shell.language"), "简体中文");
  await expect(page.getByRole("heading", { level: 1, name: ZH("sign_in.title") })).toBeVisible();
  await fillIn(page, { name: "nobody-of-this-name", password: "Not-the-password-1" }, ZH);
  await expect(page.getByRole("alert")).toHaveText(ZH("sign_in.wrong"));
});

test.describe("at a plain-HTTP name that is no secure context", () => {
  test.use({ host: "berth.test" });

  test("signing in holds from page to page", async ({ page, site, admin }) => {
    const project = await admin.createProject("private");
    await site.signIn(page, site.administrator);
    await page.goto(`/projects/${project}`);
    await expect(page.getByRole("heading", { level: 1, name: project })).toBeVisible();
    await page.reload();
    await expect(accountButton(page, site.administrator)).toBeVisible();
  });

  test("the commands name the address and what docker needs for plain HTTP", async ({ page, site, admin }) => {
    const project = await admin.createProject("private");
    await site.signIn(page, site.administrator);
    await page.goto(`/projects/${project}`);
    await expect(page.getByText(`docker login ${site.registry}`, { exact: true }).first()).toBeVisible();
    await expect(page.getByText("insecure-registries")).toBeVisible();
  });
});
