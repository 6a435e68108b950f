// Projects, their repositories, and the tags in them; every test also with scripting off.
import { EN, expect, furnish, pushImage, rowOf, test } from "./support.ts";

test("a project leads to its repositories and they lead to their tags", async ({ page, site, admin, berth }) => {
  const { project, image: digest } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  await page.goto(`/projects?q=${project}`);

  const own = rowOf(page, project);
  await expect(own).toContainText(EN("projects.private"));
  await own.getByRole("link", { name: project }).click();

  await expect(page.getByRole("heading", { level: 1, name: project })).toBeVisible();
  await expect(page.getByText(EN("project.repositories", { count: 2, number: 2 }))).toBeVisible();
  await page.getByRole("link", { name: "services/pilot" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "services/pilot" })).toBeVisible();
  await expect(page).toHaveURL(`${site.origin}/projects/${project}/repositories/services/pilot`);
  const latest = rowOf(page, "latest");
  await expect(latest).toContainText(digest.slice(0, "sha256:".length + 8));
  await expect(latest).toContainText("KiB");
  await expect(latest).toContainText(EN("time.now"));
  const index = rowOf(page, "1.0.0");
  await expect(index).toContainText("linux/amd64");
  await expect(index).toContainText("linux/arm64");
});

test("the commands name this registry and this project", async ({ page, site, admin, berth }) => {
  const { project } = await furnish(admin, berth.url, site.administrator);
  const reader = await admin.createMember(project, "developer");
  await site.enter(page.context(), reader);
  const image = `${site.registry}/${project}`;

  await page.goto(`/projects/${project}/repositories/services/pilot`);
  await expect(page.getByText(`docker pull ${image}/services/pilot:latest`, { exact: true }).first()).toBeVisible();

  await page.goto(`/projects/${project}`);
  await page.getByRole("main").locator("summary").first().click();
  for (const command of [`docker login ${site.registry}`, `docker push ${image}/REPOSITORY:TAG`]) {
    await expect(page.getByText(command, { exact: true }).first()).toBeVisible();
  }
});

test("an empty project shows at once how to fill it", async ({ page, site, admin }) => {
  const project = await admin.createProject("private");
  await site.enter(page.context(), await admin.createMember(project, "developer"));
  await page.goto(`/projects/${project}`);
  await expect(page.getByRole("heading", { name: EN("project.empty_title") })).toBeVisible();
  await expect(page.getByText(/^docker push /).first()).toBeVisible();
});

test("a guest sees how to pull and not how to push", async ({ page, site, admin }) => {
  const project = await admin.createProject("private");
  await site.enter(page.context(), await admin.createMember(project, "guest"));
  await page.goto(`/projects/${project}`);
  await expect(page.getByText(/^docker pull /).first()).toBeVisible();
  await expect(page.getByText(/^docker push /)).toHaveCount(0);
});

test("a visitor sees public projects and no private one", async ({ page, admin }) => {
  const open = await admin.createProject("public", "a-public");
  const closed = await admin.createProject("private", "a-private");
  for (const address of ["/", "/projects?sort=-creation_time"]) {
    await page.goto(address);
    await expect(page.getByRole("link", { name: open })).toBeVisible();
    await expect(page.getByRole("link", { name: closed })).toHaveCount(0);
  }
});

test("a private project looks to a visitor as one that does not exist", async ({ page, admin }) => {
  const closed = await admin.createProject("private");
  const heading = page.getByRole("heading", { level: 1 });
  await page.goto(`/projects/${closed}`);
  const said = await heading.textContent();
  await page.goto(`/projects/${closed}-of-nobody`);
  await expect(heading).toHaveText(said ?? "");
});

test("a private project looks to a stranger as one that does not exist", async ({ page, site, admin }) => {
  const closed = await admin.createProject("private");
  await site.enter(page.context(), await admin.createUser("stranger"));
  for (const project of [closed, `${closed}-of-nobody`]) {
    const answer = await page.goto(`/projects/${project}`);
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole("heading", { level: 1, name: EN("state.forbidden_title") })).toBeVisible();
  }
});

test("the sidebar marks the one page one is at", async ({ page, site, admin, berth }) => {
  const { project, pilot } = await furnish(admin, berth.url, site.administrator);
  await site.enter(page.context(), site.administrator);
  const marked = page.getByRole("navigation", { name: EN("shell.main_navigation") }).locator('[aria-current="page"]');
  for (const [path, name] of [
    ["/", EN("shell.home")],
    ["/projects", EN("shell.projects")],
    [`/projects/${project}`, EN("shell.repositories")],
    [`/projects/${project}/repositories/${pilot}`, EN("shell.repositories")],
    [`/projects/${project}/members`, EN("shell.members")],
    ["/administration/users", EN("shell.users")],
  ] as const) {
    await page.goto(path);
    await expect.soft(marked, path).toHaveText([name]);
  }
});

test("an address without a page says so and leads on", async ({ page, site }) => {
  await site.enter(page.context(), site.administrator);
  const answer = await page.goto("/no/such/page");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1, name: EN("state.not_found_title") })).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: EN("state.to_home") }).click();
  await expect(page).toHaveURL(`${site.origin}/`);
});

test("a long list has pages that a link can name", async ({ page, site, admin, berth }) => {
  const project = await admin.createProject("private");
  await Promise.all(
    Array.from({ length: 26 }, (_, index) =>
      pushImage(berth.url, `${project}/image-${String(index).padStart(2, "0")}`, "latest", site.administrator),
    ),
  );
  await site.enter(page.context(), site.administrator);
  await page.goto(`/projects/${project}`);
  await expect(page.getByText(EN("pager.position", { first: 1, last: 25, total: 26 }))).toBeVisible();
  await page.getByRole("link", { name: EN("pager.next") }).click();
  await expect(page).toHaveURL(/\?page=2$/);
  await expect(page.getByText(EN("pager.position", { first: 26, last: 26, total: 26 }))).toBeVisible();
  await page.reload();
  await expect(page.getByText(EN("pager.position", { first: 26, last: 26, total: 26 }))).toBeVisible();
  await page.goBack();
  await expect(page.getByText(EN("pager.position", { first: 1, last: 25, total: 26 }))).toBeVisible();
});
