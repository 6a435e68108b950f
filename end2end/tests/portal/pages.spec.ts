// Every page of the route table has something to read, with a heading and a title; also with scripting off.
import { addresses, routeTable } from "./routes.ts";
import { expect, furnish, LANGUAGES, test } from "./support.ts";

for (const texts of LANGUAGES) {
  test(`every page is there to read, ${texts.locale}`, async ({ browser, javaScriptEnabled, site, admin, berth }) => {
    test.slow();
    const scene = await furnish(admin, berth.url, site.administrator);
    const empty = await admin.createProject("private", "empty");
    const context = await browser.newContext({ baseURL: site.origin, locale: texts.locale, javaScriptEnabled });
    const page = await context.newPage();
    const read = async (path: string) => {
      const answer = await page.goto(path);
      expect.soft(answer?.status(), path).toBe(200);
      await expect.soft(page.getByRole("heading", { level: 1 }), `the heading of ${path}`).toHaveCount(1);
      await expect.soft(page.getByRole("heading", { level: 1 }), `the heading of ${path}`).toBeVisible();
      const text = await page.getByRole("main").innerText();
      expect.soft(text.length, `the content of ${path}`).toBeGreaterThan(20);
      expect.soft(text, `the content of ${path} is there`).not.toContain(texts("state.loading"));
      await expect.soft(page, path).toHaveTitle(texts.pattern("brand.page_title"));
    };
    const pages = addresses(scene, empty);
    for (const { path } of pages.filter(({ audience }) => audience === "anybody")) {
      await read(path);
    }
    await site.enter(context, site.administrator);
    for (const { path } of pages.filter(({ audience }) => audience !== "anybody")) {
      await read(path);
    }
    await context.close();
  });
}

test("who may not see a page is told so, and how to go on", async ({ page, site, admin, berth }) => {
  const scene = await furnish(admin, berth.url, site.administrator);
  const pages = addresses(scene, scene.project).filter(({ path }) => path.startsWith(`/projects/${scene.project}`));
  await site.enter(page.context(), await admin.createUser("stranger"));
  for (const path of [...pages.map(({ path }) => path), "/administration/users", "/administration/health"]) {
    const answer = await page.goto(path);
    expect.soft(answer?.status(), path).toBe(403);
    await expect.soft(page.getByRole("heading", { level: 1 }), path).toBeVisible();
    await expect.soft(page.getByRole("main").getByRole("link").first(), path).toBeVisible();
  }
});

test("the route table is read", () => {
  expect(routeTable()).toContain("/projects/:project/repositories/*repository");
});
