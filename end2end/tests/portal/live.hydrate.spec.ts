// An open page follows what happens elsewhere; needs scripting.
import { expect, furnish, markDocument, pushImage, rowOf, test, visit } from "./support.ts";

test("a pushed tag appears in an open repository", async ({ page, site, admin, berth }) => {
  const { project, pilot } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  await visit(page, `/projects/${project}/repositories/${pilot}`);
  const stays = await markDocument(page);
  await pushImage(berth.url, `${project}/${pilot}`, "2.0.0", site.administrator);
  await expect(rowOf(page, "2.0.0")).toBeVisible();
  await stays();
});

test("a new repository appears in an open project", async ({ page, site, admin, berth }) => {
  const project = await admin.createProject("private");
  await site.enter(page.context(), site.administrator);
  await visit(page, `/projects/${project}`);
  const stays = await markDocument(page);
  await pushImage(berth.url, `${project}/fresh`, "latest", site.administrator);
  await expect(page.getByRole("main").getByRole("link", { name: "fresh", exact: true })).toBeVisible();
  await stays();
});

test("a tag that is removed elsewhere leaves an open repository", async ({ page, site, admin, berth }) => {
  const { project, pilot, image } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  await visit(page, `/projects/${project}/repositories/${pilot}`);
  await expect(rowOf(page, "latest")).toBeVisible();
  const stays = await markDocument(page);
  const artifacts = `/projects/${project}/repositories/${encodeURIComponent(pilot)}/artifacts`;
  await admin.expect(200, "DELETE", `${artifacts}/${image}/tags/latest`);
  await expect(rowOf(page, "latest")).toHaveCount(0);
  await stays();
});

test.describe("where the stream is refused", () => {
  test.use({ refusing: "events" });

  test("an open repository asks, and shows what was pushed", async ({ page, site, admin, berth }) => {
    const { project, pilot } = await furnish(admin, berth.url, site.administrator);
    await site.enter(page.context(), site.administrator);
    await page.route("**/ui-fn/events?*", (route) => route.fulfill({ status: 403, body: "" }));
    await visit(page, `/projects/${project}/repositories/${pilot}`);
    const stays = await markDocument(page);
    await pushImage(berth.url, `${project}/${pilot}`, "2.0.0", site.administrator);
    await expect(rowOf(page, "2.0.0")).toBeVisible();
    await stays();
  });
});

test("a page that was out of sight catches up when it is looked at", async ({ page, site, admin, berth }) => {
  const { project, pilot } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  await visit(page, `/projects/${project}/repositories/${pilot}`);
  const stays = await markDocument(page);
  const show = (state: string) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "hidden", { value: state === "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, state);
  await show("hidden");
  await pushImage(berth.url, `${project}/${pilot}`, "3.0.0", site.administrator);
  await expect(rowOf(page, "3.0.0")).toHaveCount(0);
  await show("visible");
  await expect(rowOf(page, "3.0.0")).toBeVisible();
  await stays();
});
