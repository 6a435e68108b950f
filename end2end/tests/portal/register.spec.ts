// Making an account for oneself; every test also with scripting off.
import type { Page } from "@playwright/test";
import { PASSWORD, unique } from "../../support/api.ts";
import { accountButton, EN, expect, fillIn, LANGUAGES, test, type Texts } from "./support.ts";

interface Person {
  name: string;
  email: string;
  password: string;
}

function somebody(): Person {
  const name = unique("new");
  return { name, email: `${name}@example.com`, password: PASSWORD };
}

async function register(page: Page, texts: Texts, { name, email, password }: Person): Promise<void> {
  await page.getByLabel(texts("register.username")).fill(name);
  await page.getByLabel(texts("register.email")).fill(email);
  await page.getByLabel(texts("register.realname")).fill("Ann of the Harbour");
  await page.getByLabel(texts("register.password"), { exact: true }).fill(password);
  await page.getByRole("button", { name: texts("register.submit") }).click();
}

test("where nobody makes an account for themselves, the page says so", async ({ page, site }) => {
  await site.setRegistration(false);
  await page.goto("/register");
  await expect(page.getByRole("heading", { level: 1, name: EN("register.closed_title") })).toBeVisible();
  await page.goto("/sign-in");
  await expect(page.getByRole("link", { name: EN("sign_in.register") })).toHaveCount(0);
});

test.describe("where people make accounts for themselves", () => {
  test.beforeEach(async ({ site }) => {
    await site.setRegistration(true);
  });

  for (const texts of LANGUAGES) {
    test.describe(texts.locale, () => {
      test.use({ locale: texts.locale });

      test("a new account is signed in at once and can sign in again", async ({ page, site }) => {
        const person = somebody();
        await page.goto("/sign-in");
        await page.getByRole("link", { name: texts("sign_in.register") }).click();
        await register(page, texts, person);
        await expect(page).toHaveURL(`${site.origin}/`);
        await accountButton(page, person, texts).click();
        await page.getByRole("button", { name: texts("shell.sign_out") }).click();
        await expect(page).toHaveURL(/\/sign-in$/);
        await fillIn(page, person, texts);
        await expect(accountButton(page, person, texts)).toBeVisible();
      });
    });
  }

  test("a name or an address in use is refused in one sentence for both", async ({ page, admin }) => {
    const there = await admin.createUser();
    const sayings = [];
    for (const taken of [{ name: there.name }, { email: `${there.name}@example.com` }]) {
      await page.goto("/register");
      await register(page, EN, { ...somebody(), ...taken });
      await expect(page.getByRole("alert")).toHaveText(EN("register.taken"));
      sayings.push(await page.getByRole("alert").textContent());
    }
    expect(new Set(sayings).size).toBe(1);
    await expect(page).toHaveURL(/\/register/);
  });

  test("a weak password does not leave the form", async ({ page }) => {
    await page.goto("/register");
    await register(page, EN, { ...somebody(), password: "all-lower-case-1" });
    await expect(page).toHaveURL(/\/register$/);
    await expect(page.getByLabel(EN("register.password"), { exact: true })).toHaveValue("all-lower-case-1");
  });
});
