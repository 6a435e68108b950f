// Projects, their repositories, and the tags in them; every test also with scripting off.
import { ENGLISH, expect, furnish, pushImage, test } from "./support.ts";

test("a project leads to its repositories and they lead to their tags", async ({ page, site, admin, berth }) => {
  const { project, digest } = await furnish(admin, berth.url, site.administrator);
  await site.signIn(page, site.administrator);

  const own = page.getByRole("row").filter({ hasText: project });
  await expect(own).toContainText("Private");
  await own.getByRole("link", { name: project }).click();

  await expect(page.getByRole("heading", { level: 1, name: project })).toBeVisible();
  await expect(page.getByText("1 repository")).toBeVisible();
  await page.getByRole("link", { name: "services/pilot" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "services/pilot" })).toBeVisible();
  await expect(page).toHaveURL(`${site.origin}/projects/${project}/services/pilot`);
  const latest = page.getByRole("row").filter({ hasText: "latest" });
  await expect(latest).toContainText(digest.slice(0, "sha256:".length + 8));
  await expect(latest).toContainText("KiB");
  await expect(latest).toContainText("Just now");
  const index = page.getByRole("row").filter({ hasText: "1.0.0" });
  await expect(index).toContainText("linux/amd64");
  await expect(index).toContainText("linux/arm64");
});

test("the commands name this registry and this project", async ({ page, site, admin, berth }) => {
  const { project } = await furnish(admin, berth.url, site.administrator);
  await site.signIn(page, site.administrator);
  const registry = new URL(site.origin).host;

  await page.goto(`/projects/${project}/services/pilot`);
  await expect(page.getByText(`docker pull ${registry}/${project}/services/pilot:latest`, { exact: true })).toBeVisible();

  await page.goto(`/projects/${project}`);
  await page.getByText(ENGLISH.guide).click();
  for (const command of [
    `docker login ${registry}`,
    `docker tag IMAGE ${registry}/${project}/REPOSITORY:TAG`,
    `docker push ${registry}/${project}/REPOSITORY:TAG`,
    `docker pull ${registry}/${project}/REPOSITORY:TAG`,
  ]) {
    await expect(page.getByText(command, { exact: true })).toBeVisible();
  }
});

test("an empty project shows at once how to fill it", async ({ page, site, admin }) => {
  const project = await admin.createProject("private");
  await site.signIn(page, site.administrator);
  await page.goto(`/projects/${project}`);
  await expect(page.getByRole("heading", { name: ENGLISH.noImages })).toBeVisible();
  await expect(page.getByText(/^docker push /)).toBeVisible();
});

test("a guest sees how to pull and not how to push", async ({ page, site, admin }) => {
  const project = await admin.createProject("private");
  const guest = await admin.createMember(project, "guest");
  await site.signIn(page, guest);
  await page.goto(`/projects/${project}`);
  await expect(page.getByText(/^docker pull /)).toBeVisible();
  await expect(page.getByText(/^docker push /)).toHaveCount(0);
});

test("a visitor sees public projects and no private one", async ({ page, admin }) => {
  const open = await admin.createProject("public", "a-public");
  const closed = await admin.createProject("private", "a-private");
  await page.goto("/");
  await expect(page).toHaveURL(/\/projects$/);
  await expect(page.getByRole("link", { name: open })).toBeVisible();
  await expect(page.getByRole("link", { name: closed })).toHaveCount(0);
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
  await site.signIn(page, await admin.createUser("stranger"));
  for (const project of [closed, `${closed}-of-nobody`]) {
    const answer = await page.goto(`/projects/${project}`);
    expect(answer?.status()).toBe(403);
    await expect(page.getByRole("heading", { level: 1, name: ENGLISH.noAccess })).toBeVisible();
  }
});

test("an address without a page says so and leads on", async ({ page, site }) => {
  await site.signIn(page, site.administrator);
  const answer = await page.goto("/no/such/page");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1, name: ENGLISH.nothingHere })).toBeVisible();
  await page.getByRole("main").getByRole("link").click();
  await expect(page).toHaveURL(/\/projects$/);
});

test("an address full of markup is shown as text", async ({ page, site }) => {
  await site.signIn(page, site.administrator);
  const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}`;
  await page.goto(`/projects/${encodeURIComponent(hostile)}`);
  await expect(page.getByRole("heading", { level: 1, name: ENGLISH.nothingHere })).toBeVisible();
  await expect(page.getByRole("main").getByText(hostile)).toBeVisible();
  await expect(page.getByRole("img")).toHaveCount(0);
});

test("a long list has pages that a link can name", async ({ page, site, admin, berth }) => {
  const project = await admin.createProject("private");
  await Promise.all(
    Array.from({ length: 26 }, (_, index) =>
      pushImage(berth.url, `${project}/image-${String(index).padStart(2, "0")}`, "latest", site.administrator),
    ),
  );
  await site.signIn(page, site.administrator);
  await page.goto(`/projects/${project}`);
  await expect(page.getByText("1–25 of 26")).toBeVisible();
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/\?page=2$/);
  await expect(page.getByText("26–26 of 26")).toBeVisible();
  await page.reload();
  await expect(page.getByText("26–26 of 26")).toBeVisible();
  await page.goBack();
  await expect(page.getByText("1–25 of 26")).toBeVisible();
});
