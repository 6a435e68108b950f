// Every page, tab, dialog and menu in both themes, both languages and two sizes: nothing for axe to find, nothing wider
// than the screen, nothing in the console.
import type { Browser, Page } from "@playwright/test";
import type { Credentials } from "../../support/api.ts";
import { closeDialog, DIALOGS, openDialog } from "./dialogs.ts";
import { addresses } from "./routes.ts";
import {
  accountButton,
  awake,
  EN,
  expect,
  expectAccessible,
  expectFits,
  expectReadable,
  furnish,
  LANGUAGES,
  listen,
  test,
  type Texts,
  visit,
} from "./support.ts";

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };

test.describe.configure({ mode: "parallel" });

interface Look {
  page: Page;
  texts: Texts;
  /** Looks at the page as it is, in both themes and both sizes. */
  at(what: string): Promise<void>;
  /** Ends the walk: how much was looked at, and that nothing was said meanwhile. */
  end(): Promise<void>;
}

async function start(browser: Browser, origin: string, texts: Texts): Promise<Look> {
  const context = await browser.newContext({ baseURL: origin, locale: texts.locale, colorScheme: "light", viewport: WIDE });
  const messages = listen(context);
  const page = await context.newPage();
  let looks = 0;
  let rules = 0;
  return {
    page,
    texts,
    async at(what) {
      looks += 1;
      rules += await expectAccessible(page, `${what}, light`);
      // the theme follows the system, so one document shows both
      await page.emulateMedia({ colorScheme: "dark" });
      await expectReadable(page, `${what}, dark`);
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize(NARROW);
      await expectFits(page, what);
      await page.setViewportSize(WIDE);
      await expectFits(page, what);
      expect.soft(messages.splice(0), `messages of ${what}`).toEqual([]);
    },
    async end() {
      expect(messages).toEqual([]);
      console.log(`${texts.locale}: axe looked ${looks} times in both themes, by ${Math.round(rules / looks)} rules`);
      await context.close();
    },
  };
}

/** Opens and looks at everything that a button of the top bar opens. */
async function lookAtMenus({ page, texts, at }: Look, who: Credentials): Promise<void> {
  const banner = page.getByRole("banner");
  const menus = [
    banner.getByRole("button", { name: texts("shell.language"), exact: true }),
    banner.getByRole("button", { name: texts("shell.theme"), exact: true }),
    accountButton(page, who, texts),
  ];
  for (const menu of menus) {
    await menu.click();
    await at(`the menu ${await menu.getAttribute("aria-label")}`);
    await page.keyboard.press("Escape");
  }
}

/** Opens and looks at every dialog of the page that was not looked at before. */
async function lookAtDialogs(look: Look, seen: Set<string>, path: string): Promise<void> {
  const here = await look.page.locator("dialog").evaluateAll((dialogs) => dialogs.map((dialog) => dialog.id));
  for (const id of here.filter((id) => !seen.has(id))) {
    if (await openDialog(look.page, look.texts, id)) {
      seen.add(id);
      await look.at(`the dialog ${id} at ${path}`);
      await closeDialog(look.page);
    }
  }
}

for (const texts of LANGUAGES) {
  test(`${texts.locale}: every page is accessible, quiet and fits`, async ({ browser, site, admin, berth }) => {
    test.slow();
    const scene = await furnish(admin, berth.url, site.administrator);
    await admin.createMember(scene.project, "developer");
    const empty = await admin.createProject("private", "empty");
    const look = await start(browser, site.origin, texts);
    const { page, at } = look;
    const pages = addresses(scene, empty);
    for (const { path } of pages.filter(({ audience }) => audience === "anybody").concat({ path: "/", audience: "anybody" })) {
      await visit(page, path);
      await at(`${path}, signed out`);
    }
    await site.setRegistration(true);
    await visit(page, "/register");
    await at("/register, open");

    await site.createToken(site.administrator, "pipeline");
    await site.enter(page.context(), site.administrator);
    const seen = new Set<string>();
    for (const { path } of pages.filter(({ audience }) => audience !== "anybody")) {
      await visit(page, path);
      const open = page.getByRole("dialog");
      if (await open.count()) {
        // without its dialog it is the page of another address
        await at(`${path}, its dialog`);
        seen.add((await open.getAttribute("id")) ?? "");
      } else {
        await at(path);
        await lookAtDialogs(look, seen, path);
      }
    }
    expect([...Object.keys(DIALOGS)].filter((id) => !seen.has(id)), "dialogs that were not found").toEqual([]);
    await lookAtMenus(look, site.administrator);

    await visit(page, "/no/such/page");
    await at("an address without a page");
    const stranger = await admin.createUser("stranger");
    await site.enter(page.context(), stranger);
    for (const path of [`/projects/${scene.project}`, "/administration/users", "/administration/health"]) {
      await visit(page, path);
      await at(`${path}, as a stranger`);
    }
    await look.end();
  });
}

test.describe("at a plain-HTTP name that is no secure context", () => {
  test.use({ host: "berth.test" });

  // the name changes neither texts nor colours: the pages that speak of it are enough
  test("the pages are accessible, quiet and fit", async ({ browser, site, admin, berth }) => {
    const scene = await furnish(admin, berth.url, site.administrator);
    const look = await start(browser, site.origin, EN);
    await visit(look.page, "/sign-in");
    await look.at("/sign-in");
    await site.enter(look.page.context(), site.administrator);
    for (const { path } of addresses(scene, scene.project).filter(({ audience }) => audience !== "anybody")) {
      await look.page.goto(path);
      await awake(look.page);
      await expectFits(look.page, path);
    }
    await visit(look.page, `/projects/${scene.project}`);
    await look.at("a project");
    await look.end();
  });
});
