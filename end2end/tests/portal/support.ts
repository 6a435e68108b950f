// What the portal's specs share: a page that fails its test on any message, ways in, and what is looked at everywhere.
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, type Locator, type Page } from "@playwright/test";
import type { Credentials } from "../../support/api.ts";
import { expect, test as base } from "../../support/fixtures.ts";
import { EN, type Texts } from "./texts.ts";

export { EN, LANGUAGES, type Texts, texts, ZH } from "./texts.ts";
export { furnish, pushImage, pushIndex } from "../../support/scene.ts";

let visitors = 0;

/** axe's rules that judge a page at the least; fewer means that it did not look. */
const LEAST_RULES = 60;
/** Those that judge colours: all that another theme of the same document can break. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

interface Site {
  /** The server by the name this spec visits it under. */
  origin: string;
  /** The registry by that name, as image names begin. */
  registry: string;
  administrator: Credentials;
  /** Opens the sign-in page and signs in. */
  signIn(page: Page, who: Credentials, texts?: Texts): Promise<void>;
  /** Signs in without a page, for tests of what comes after. */
  enter(context: BrowserContext, who: Credentials): Promise<void>;
  /** A session of its own, which can be ended while another one goes on. */
  openSession(who: Credentials): Promise<string>;
  /** Ends a session from elsewhere. */
  endSession(session: string): Promise<void>;
  /** Lets people make accounts for themselves, or no longer. */
  setRegistration(isOpen: boolean): Promise<void>;
  /** Makes an access token. */
  createToken(who: Credentials, name: string): Promise<void>;
}

interface Fixtures {
  /** The name that this spec visits the server under. */
  host: string;
  /** Where the browser of this test comes from: none uses up what another one's address may try. */
  address: string;
  /** The server functions that refuse something in this spec, by name; the browser itself notes each refusal. */
  refusing: string;
  site: Site;
  quiet: void;
}

export const test = base.extend<Fixtures>({
  host: ["localhost", { option: true }],
  refusing: ["", { option: true }],
  baseURL: async ({ berth, host }, use) => {
    await use(`http://${host}:${berth.port}`);
  },
  address: async ({}, use) => {
    visitors += 1;
    await use(`198.18.${visitors >> 8}.${visitors & 255}`);
  },
  extraHTTPHeaders: async ({ address }, use) => {
    await use({ "X-Forwarded-For": address });
  },
  site: async ({ berth, host }, use) => {
    const origin = `http://${host}:${berth.port}`;
    const administrator = { name: "admin", password: berth.adminPassword };
    const openSession = async ({ name, password }: Credentials) => {
      const answer = await send(berth.url, "session/create", { username: name, password, next: "/" });
      const cookie = /^sid=([^;]+)/.exec(answer.headers.get("set-cookie") ?? "")?.[1];
      if (!cookie) {
        throw new Error(`signing in as ${name} answered ${answer.status} without a session\n${await answer.text()}`);
      }
      return cookie;
    };
    await use({
      origin,
      registry: `${host}:${berth.port}`,
      administrator,
      async signIn(page, who, texts = EN) {
        await page.goto("/sign-in");
        await fillIn(page, who, texts);
        await expect(page).toHaveURL(`${origin}/`);
      },
      async enter(context, who) {
        const value = await openSession(who);
        await context.addCookies([{ name: "sid", value, url: origin, httpOnly: true, sameSite: "Lax" }]);
      },
      openSession,
      async endSession(session) {
        const answer = await send(berth.url, "session/delete", {}, { cookie: `sid=${session}` });
        expect(answer.status, await answer.text()).toBeLessThan(400);
      },
      async setRegistration(isOpen) {
        const cookie = `sid=${await openSession(administrator)}`;
        const answer = await send(berth.url, "setting/update", { self_registration: String(isOpen) }, { cookie });
        expect(answer.status, await answer.text()).toBeLessThan(400);
      },
      async createToken(who, name) {
        const cookie = `sid=${await openSession(who)}`;
        const values = { name, days: "30", is_read_only: "true" };
        const answer = await send(berth.url, "access/create_token", values, { cookie });
        expect(answer.status, await answer.text()).toBeLessThan(400);
      },
    });
  },
  quiet: [
    async ({ context, refusing }, use) => {
      const messages = listen(context, refusing.split(" "));
      await use();
      expect(messages, "no message in the console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Calls a server function as a form without scripting does. */
function send(url: string, name: string, values: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${url}/ui-fn/${name}`, {
    method: "POST",
    headers: { accept: "text/html", ...headers },
    body: new URLSearchParams(values),
    redirect: "manual",
    signal: AbortSignal.timeout(30_000),
  });
}

/** Collects every console message, error and refused resource of a browser context. */
export function listen(context: BrowserContext, refusing: string[] = []): string[] {
  const messages: string[] = [];
  context.on("console", (message) => {
    const { url } = message.location();
    // the browser itself notes the status of a page or an answer that is refused by intent
    const isByIntent = url === message.page()?.url() || refusing.some((name) => name && url.split("?")[0]?.endsWith(`/ui-fn/${name}`));
    const isRefusal = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (!(isRefusal && isByIntent)) {
      messages.push(`${message.type()}: ${message.text()} (${url})`);
    }
  });
  context.on("weberror", (error) => messages.push(`error: ${error.error().message}`));
  context.on("dialog", (dialog) => {
    messages.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss().catch(() => undefined); // the page is gone already
  });
  context.on("page", (page) => {
    void page
      .addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          console.error(`policy: ${event.violatedDirective} refused ${event.blockedURI}`);
        });
      })
      .catch(() => undefined); // the page is gone already
  });
  return messages;
}

/** Fills in the sign-in form of the page and sends it. */
export async function fillIn(page: Page, who: Credentials, texts: Texts = EN): Promise<void> {
  await page.getByLabel(texts("sign_in.username")).fill(who.name);
  await page.getByLabel(texts("sign_in.password")).fill(who.password);
  await page.getByRole("main").getByRole("button", { name: texts("sign_in.submit") }).click();
}

/** Chooses an entry of one of the top bar's menus. */
export async function choose(page: Page, menu: string, entry: string): Promise<void> {
  await page.getByRole("button", { name: menu, exact: true }).click();
  await page.getByRole("button", { name: entry, exact: true }).click();
}

/** Opens the account's menu. */
export function accountButton(page: Page, who: Credentials, texts: Texts = EN): Locator {
  return page.getByRole("banner").getByRole("button", { name: texts("shell.account", { name: who.name }), exact: true });
}

/** The row of a table that names something. */
export function rowOf(page: Page, name: string): Locator {
  return page.getByRole("main").getByRole("row").filter({ hasText: name });
}

/** Waits until the page reacts to its visitor. */
export async function awake(page: Page): Promise<void> {
  // the page is awake when the script that wakes it has ended; to ask for it again starts nothing anew
  await page.evaluate(
    `import(document.querySelector('script[type="module"][src]').src).then(
       () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))`,
  );
}

/** Opens a page and waits until it reacts to its visitor. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await awake(page);
}

/** Marks the document, to tell later whether it is still the same one. */
export async function markDocument(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => document.documentElement.setAttribute("data-same-document", ""));
  return () => expect(page.locator("html")).toHaveAttribute("data-same-document", "");
}

/** What was copied, as a person gets it: by pasting it into a field. */
export async function pasted(page: Page): Promise<string> {
  const other = await page.context().newPage();
  await other.setContent('<textarea aria-label="paste here"></textarea>');
  await other.getByLabel("paste here").focus();
  await other.keyboard.press("Control+V");
  const text = await other.getByLabel("paste here").inputValue();
  await other.close();
  return text;
}

/** Fails on anything that axe finds on the page, naming rule and element. Returns how many rules it went by. */
export async function expectAccessible(page: Page, what = page.url()): Promise<number> {
  return expectNoViolation(axe(page), what, LEAST_RULES);
}

/** The same of the colours alone, for a page that was looked at in another theme. */
export async function expectReadable(page: Page, what = page.url()): Promise<number> {
  return expectNoViolation(axe(page).withRules(COLOUR_RULES), what, COLOUR_RULES.length);
}

function axe(page: Page): AxeBuilder {
  // it is typed against a playwright-core of its own; the page is the same thing. It has no frames, so it may judge itself
  return new AxeBuilder({ page: page as never }).setLegacyMode();
}

async function expectNoViolation(builder: AxeBuilder, what: string, least: number): Promise<number> {
  const { violations, passes, incomplete, inapplicable } = await builder.analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`));
  expect.soft(found, `axe at ${what}`).toEqual([]);
  const rules = violations.length + passes.length + incomplete.length + inapplicable.length;
  expect(rules, `axe's rules at ${what}`).toBeGreaterThanOrEqual(least);
  return rules;
}

/** Fails when the page is wider than the screen. */
export async function expectFits(page: Page, what = page.url()): Promise<void> {
  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) {
      return [];
    }
    const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
    return wide.slice(-3).map((one) => `${one.tagName.toLowerCase()}.${one.className} ends at ${one.getBoundingClientRect().right}`);
  });
  expect.soft(overflow, `${what} fits ${page.viewportSize()?.width} pixels`).toEqual([]);
}
