// Takes a picture of every page in both themes, both languages and two sizes, for a person to look at.
import { Api, PASSWORD } from "../../support/api.ts";
import { expect, test } from "../../support/fixtures.ts";
import { ROOT } from "../../support/paths.ts";
import { furnish, pushImage, type Scene } from "../../support/scene.ts";
import { addresses } from "../portal/routes.ts";
import { LANGUAGES, visit } from "../portal/support.ts";

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const THEMES = ["light", "dark"] as const;

const PEOPLE = {
  "mei.lin": "Mei Lin",
  "jonas.berg": "Jonas Berg",
  "amara.okafor": "Amara Okafor",
  "priya.nair": "Priya Nair",
};

/** Projects with the repositories in them. */
const PROJECTS: Record<string, { isPublic: boolean; repositories: string[] }> = {
  "harbour-tools": { isPublic: false, repositories: ["base", "services/tide-table", "services/crane-scheduler"] },
  "base-images": { isPublic: true, repositories: ["debian-slim", "distroless", "node"] },
  "shipping-web": { isPublic: false, repositories: ["frontend", "gateway"] },
  "ml-models": { isPublic: false, repositories: ["tide-forecast"] },
};

let scene: Scene;

test.beforeAll(async ({ berth, admin }) => {
  const who = { name: "admin", password: berth.adminPassword };
  for (const [username, realname] of Object.entries(PEOPLE)) {
    await admin.expect(201, "POST", "/users", { username, realname, password: PASSWORD, email: `${username}@example.org` });
  }
  const people = Object.keys(PEOPLE).map((name) => ({ name, password: PASSWORD }));
  for (const [project, { isPublic, repositories }] of Object.entries(PROJECTS)) {
    await admin.expect(201, "POST", "/projects", { project_name: project, metadata: { public: String(isPublic) } });
    const roles = ["maintainer", "developer", "developer", "guest"] as const;
    for (const [index, person] of people.entries()) {
      await admin.addMember(project, person, roles[index] ?? "guest");
    }
    for (const repository of repositories) {
      for (const tag of ["1.0.0", "1.1.0", "latest"]) {
        await pushImage(berth.url, `${project}/${repository}`, tag, people[0] ?? who);
      }
    }
  }
  scene = await furnish(admin, berth.url, who, "harbour-tools");
  await new Api(berth.url, people[1]).expect(201, "POST", "/projects", { project_name: "empty-dock" });
});

/** What the picture of an address is called. */
function pictureOf(path: string): string {
  const name = path
    .replace(scene.image, "image")
    .replace(scene.index, "index")
    .replace(scene.chart, "chart")
    .replace(/[^\w@.-]+/g, "_")
    .replace(/^_|_$/g, "");
  return name || "home";
}

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of THEMES) {
    for (const { locale } of LANGUAGES) {
      test(`${size}, ${colorScheme}, ${locale}`, async ({ browser, berth }) => {
        test.slow();
        const context = await browser.newContext({ baseURL: berth.url, viewport, colorScheme, locale });
        const page = await context.newPage();
        const take = async (path: string, name = pictureOf(path)) => {
          await visit(page, path);
          await page.evaluate(() => document.fonts.ready);
          const file = `${ROOT}/end2end/screenshots/${name}-${size}-${colorScheme}-${locale}.png`;
          await page.screenshot({ path: file, fullPage: true });
        };
        const pages = addresses(scene, "empty-dock");
        await take("/", "welcome");
        for (const { path } of pages.filter(({ audience }) => audience === "anybody")) {
          await take(path);
        }
        await page.goto("/sign-in");
        await page.locator('input[name="username"]').fill("admin");
        await page.locator('input[name="password"]').fill(berth.adminPassword);
        await page.locator('form:has(input[name="password"]) button[type="submit"]').click();
        await expect(page).toHaveURL(`${berth.url}/`);
        for (const { path } of pages.filter(({ audience }) => audience !== "anybody")) {
          await take(path);
        }
        await take("/no/such/page");
        await take("/projects/no-such-project");
        await context.close();
      });
    }
  }
}
