// What the portal's specs share: a page that fails its test on any message, and content to look at.
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, type Locator, type Page } from "@playwright/test";
import type { Api, Credentials } from "../../support/api.ts";
import { expect, test as base } from "../../support/fixtures.ts";
import { type Image, image, json, OCI_INDEX, descriptor } from "../../support/image.ts";
import { Registry } from "../../support/registry.ts";

export interface Texts {
  locale: string;
  language: string;
  theme: string;
  dark: string;
  light: string;
  signIn: string;
  signOut: string;
  username: string;
  password: string;
  wrong: string;
  projects: string;
  repositories: string;
  copy: string;
  copied: string;
  nothingHere: string;
  noImages: string;
  noAccess: string;
  guide: string;
}

export const ENGLISH: Texts = {
  locale: "en-US",
  language: "Language",
  theme: "Theme",
  dark: "Dark",
  light: "Light",
  signIn: "Sign in",
  signOut: "Sign out",
  username: "Username",
  password: "Password",
  wrong: "The username or the password is wrong.",
  projects: "Projects",
  repositories: "Repositories",
  copy: "Copy",
  copied: "Copied",
  nothingHere: "Nothing here",
  noImages: "No images here yet",
  noAccess: "No access",
  guide: "Push and pull with docker",
};

export const CHINESE: Texts = {
  locale: "zh-CN",
  language: "语言",
  theme: "主题",
  dark: "深色",
  light: "浅色",
  signIn: "登录",
  signOut: "退出登录",
  username: "用户名",
  password: "密码",
  wrong: "用户名或密码不正确。",
  projects: "项目",
  repositories: "镜像仓库",
  copy: "复制",
  copied: "已复制",
  nothingHere: "这里什么都没有",
  noImages: "这里还没有镜像",
  noAccess: "无权访问",
  guide: "使用 docker 推送和拉取",
};

interface Site {
  /** The server by the name this spec visits it under. */
  origin: string;
  /** Opens the sign-in page and signs in. */
  signIn(page: Page, who: Credentials, texts?: Texts): Promise<void>;
  administrator: Credentials;
}

export const test = base.extend<{ host: string; site: Site; quiet: void }>({
  host: ["localhost", { option: true }],
  baseURL: async ({ berth, host }, use) => {
    await use(`http://${host}:${berth.port}`);
  },
  site: async ({ berth, baseURL }, use) => {
    await use({
      origin: baseURL ?? berth.url,
      administrator: { name: "admin", password: berth.adminPassword },
      async signIn(page, who, texts = ENGLISH) {
        await page.goto("/sign-in");
        await fillIn(page, who, texts);
        await expect(page).toHaveURL(/\/projects$/);
      },
    });
  },
  quiet: [
    async ({ context }, use) => {
      const messages = listen(context);
      await use();
      expect(messages, "no message in the console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Collects every console message, error and refused resource of a browser context. */
export function listen(context: BrowserContext): string[] {
  const messages: string[] = [];
  context.on("console", (message) => {
    // the browser itself notes the status of a page that is missing by intent
    const isStatusOfPage = message.text().startsWith("Failed to load resource") && message.location().url === message.page()?.url();
    if (!isStatusOfPage) {
      messages.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => messages.push(`error: ${error.error().message}`));
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
export async function fillIn(page: Page, who: Credentials, texts: Texts = ENGLISH): Promise<void> {
  await page.getByLabel(texts.username).fill(who.name);
  await page.getByLabel(texts.password).fill(who.password);
  await page.getByRole("main").getByRole("button", { name: texts.signIn }).click();
}

/** Chooses an entry of one of the top bar's menus. */
export async function choose(page: Page, menu: string, entry: string): Promise<void> {
  await page.getByRole("button", { name: menu, exact: true }).click();
  await page.getByRole("button", { name: entry, exact: true }).click();
}

/** Opens the account's menu. */
export function accountButton(page: Page, who: Credentials): Locator {
  return page.getByRole("banner").getByRole("button", { name: who.name });
}

/** Waits until the page reacts to its visitor. */
export async function awake(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
}

/** Fails on anything that axe finds on the page, naming rule and element. */
export async function expectAccessible(page: Page): Promise<void> {
  // axe is typed against a playwright-core of its own; the page is the same thing
  const { violations } = await new AxeBuilder({ page: page as never }).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary}`));
  expect(found).toEqual([]);
}

async function push(registry: Registry, tag: string, { layers, config, manifest }: Image): Promise<void> {
  for (const blob of [...layers, config]) {
    await registry.pushBlob(blob, 1_000_000);
  }
  await registry.pushManifest(tag, manifest);
}

/** Pushes one small image. */
export async function pushImage(url: string, repository: string, tag: string, who: Credentials): Promise<string> {
  const registry = await Registry.open(url, repository, who);
  const one = image(`${repository}:${tag}`, [40_000]);
  await push(registry, tag, one);
  return one.manifest.digest;
}

/** Pushes an index of two platforms. */
export async function pushIndex(url: string, repository: string, tag: string, who: Credentials): Promise<string> {
  const registry = await Registry.open(url, repository, who);
  const manifests = [];
  for (const architecture of ["amd64", "arm64"]) {
    const one = image(`${repository}:${tag}/${architecture}`, [10_000]);
    await push(registry, one.manifest.digest, one);
    manifests.push({ ...descriptor(one.manifest), platform: { os: "linux", architecture } });
  }
  const index = json(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  await registry.pushManifest(tag, index);
  return index.digest;
}

/** A project with one repository of two tags. */
export async function furnish(admin: Api, url: string, who: Credentials): Promise<{ project: string; digest: string }> {
  const project = await admin.createProject("private", "harbour");
  await pushIndex(url, `${project}/services/pilot`, "1.0.0", who);
  const digest = await pushImage(url, `${project}/services/pilot`, "latest", who);
  return { project, digest };
}
