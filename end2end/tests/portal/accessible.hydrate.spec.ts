// Every page in both themes, both languages and two sizes: nothing for axe to find, nothing wider than the screen.
import {
  accountButton,
  awake,
  CHINESE,
  ENGLISH,
  expect,
  expectAccessible,
  fillIn,
  furnish,
  listen,
  test,
} from "./support.ts";

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

test.describe.configure({ mode: "parallel" });

for (const host of ["localhost", "berth.test"]) {
  // the name that is no secure context changes neither texts nor colours: once is enough
  for (const texts of host === "localhost" ? [ENGLISH, CHINESE] : [ENGLISH]) {
    for (const colorScheme of host === "localhost" ? (["light", "dark"] as const) : (["dark"] as const)) {
      test.describe(`${host}, ${texts.locale}, ${colorScheme}`, () => {
        test.use({ host });

        test("every page is accessible, quiet and fits", async ({ browser, site, admin, berth }) => {
          test.slow();
          const { project } = await furnish(admin, berth.url, site.administrator);
          const stranger = await admin.createUser("stranger");
          const empty = await admin.createProject("private", "empty");
          const pages = [
            "/projects",
            `/projects/${project}`,
            `/projects/${empty}`,
            `/projects/${project}/services/pilot`,
            "/projects/no-such-project",
            "/no/such/page",
          ];
          for (const viewport of Object.values(SIZES)) {
            const context = await browser.newContext({ baseURL: site.origin, locale: texts.locale, colorScheme, viewport });
            const messages = listen(context);
            const page = await context.newPage();
            const look = async () => {
              await awake(page);
              await expectAccessible(page);
              const overflow = await page.evaluate(
                () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
              );
              expect(overflow, `${page.url()} fits ${viewport.width} pixels`).toBeLessThanOrEqual(0);
            };
            await page.goto("/sign-in");
            await look();
            await fillIn(page, { ...stranger, password: "Not-the-password-1" }, texts);
            await expect(page.getByRole("alert")).toHaveText(texts.wrong);
            await look();
            await fillIn(page, site.administrator, texts);
            await expect(page).toHaveURL(/\/projects$/);
            for (const path of pages) {
              await page.goto(path);
              await look();
            }
            for (const menu of [texts.language, texts.theme]) {
              await page.getByRole("button", { name: menu, exact: true }).click();
              await look();
              await page.keyboard.press("Escape");
            }
            await accountButton(page, site.administrator).click();
            await look();
            expect(messages).toEqual([]);
            await context.close();
          }
        });
      });
    }
  }
}
