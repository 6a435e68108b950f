// Takes a picture of every page in both themes, both languages and two sizes, for a person to look at.
import { expect, test } from "../../support/fixtures.ts";
import { image } from "../../support/image.ts";
import { ROOT } from "../../support/paths.ts";
import { Registry } from "../../support/registry.ts";

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const THEMES = ["light", "dark"] as const;
const LANGUAGES = ["en-US", "zh-CN"] as const;
const PROJECT = "harbour-tools";
const REPOSITORY = `${PROJECT}/services/pilot`;

const PAGES = {
  projects: "/projects",
  project: `/projects/${PROJECT}`,
  "empty-project": "/projects/library",
  repository: `/projects/${REPOSITORY}`,
  missing: "/no/such/page",
};

test.beforeAll(async ({ berth, admin }) => {
  const who = { name: "admin", password: berth.adminPassword };
  await admin.expect(201, "POST", "/projects", { project_name: PROJECT, metadata: { public: "false" } });
  for (const name of ["services/pilot", "services/tide-table", "base"]) {
    const registry = await Registry.open(berth.url, `${PROJECT}/${name}`, who);
    for (const tag of ["1.0.0", "1.1.0", "latest"]) {
      const one = image(`${name}/${tag}`, [120_000, 40_000]);
      for (const blob of [...one.layers, one.config]) {
        await registry.pushBlob(blob, 1_000_000);
      }
      await registry.pushManifest(tag, one.manifest);
    }
  }
});

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of THEMES) {
    for (const locale of LANGUAGES) {
      test(`${size}, ${colorScheme}, ${locale}`, async ({ browser, berth }) => {
        const context = await browser.newContext({ baseURL: berth.url, viewport, colorScheme, locale });
        const page = await context.newPage();
        const take = async (name: string) => {
          await page.evaluate(() => document.fonts.ready);
          const path = `${ROOT}/end2end/screenshots/${name}-${size}-${colorScheme}-${locale}.png`;
          await page.screenshot({ path, fullPage: true });
        };

        await page.goto("/sign-in");
        await take("sign-in");
        await page.locator('input[name="username"]').fill("admin");
        await page.locator('input[name="password"]').fill(berth.adminPassword);
        await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
        await expect(page).toHaveURL(/\/projects$/);
        for (const [name, path] of Object.entries(PAGES)) {
          await page.goto(path, { waitUntil: "networkidle" });
          await take(name);
        }
        await context.close();
      });
    }
  }
}
