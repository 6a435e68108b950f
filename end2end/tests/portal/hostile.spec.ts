// Texts that would be something else if a page took them for markup; every test also with scripting off.
import type { Page } from "@playwright/test";
import { unique } from "../../support/api.ts";
import { built } from "../../support/image.ts";
import { Registry } from "../../support/registry.ts";
import { push } from "../../support/scene.ts";
import { ALL, expectHarmless, IMAGE, NAME, SCRIPT, SHORT } from "./hostile.ts";
import { TABS } from "./routes.ts";
import { EN, expect, fillIn, rowOf, test } from "./support.ts";

/** Types a text into a field and sends the form of it. */
async function enter(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByRole("main").getByRole("searchbox", { name: label });
  await field.fill(text);
  await field.press("Enter");
  await expect(page).toHaveURL((url) => [...url.searchParams.values()].includes(text));
  await expect(field).toHaveValue(text);
}

test("what people search and filter for shows as text", async ({ page, site }) => {
  await site.enter(page.context(), site.administrator);
  const fields: [string, string][] = [
    ["/search", EN("search.label")],
    ["/projects", EN("projects.search")],
    ["/projects/library/members", EN("members.search")],
    ["/projects/library/activity", EN("activity.search")],
    ["/administration/users", EN("users.search")],
  ];
  for (const [path, label] of fields) {
    for (const text of ALL) {
      await page.goto(path);
      await enter(page, label, text);
      await expectHarmless(page);
    }
  }
});

test("an address full of markup is shown as text", async ({ page, site }) => {
  await site.enter(page.context(), site.administrator);
  for (const text of ALL) {
    const part = encodeURIComponent(text);
    for (const path of [`/projects/${part}`, `/projects/library/repositories/${part}`, `/search?find=${part}`]) {
      await page.goto(path);
      await expect(page.getByRole("main").getByText(text).or(page.getByRole("heading", { level: 1 })).first()).toBeVisible();
      await expectHarmless(page);
    }
  }
});

test("a username to sign in with shows as text", async ({ page }) => {
  for (const text of ALL) {
    await page.goto("/sign-in");
    await fillIn(page, { name: text, password: SCRIPT });
    await expect(page.getByRole("alert")).toBeVisible();
    await expectHarmless(page);
  }
});

test("what people say about themselves shows as text", async ({ page, site, admin }) => {
  const name = unique("odd");
  await admin.expect(201, "POST", "/users", {
    username: name,
    password: "Sea-Worthy-42",
    email: `${name}@example.com`,
    realname: "Odd",
  });
  await site.enter(page.context(), { name, password: "Sea-Worthy-42" });
  for (const text of SHORT) {
    await page.goto("/account");
    await page.getByLabel(EN("register.realname")).fill(NAME);
    await page.getByLabel(EN("account.comment")).fill(text);
    await page.getByRole("button", { name: EN("account.save") }).click();
    await expect.poll(async () => comment(admin, name)).toBe(text);
    await page.goto("/account");
    await expect(page.getByLabel(EN("account.comment"))).toHaveValue(text);
    await expect(page.getByLabel(EN("register.realname"))).toHaveValue(NAME);
    await expectHarmless(page);
  }
  await page.context().clearCookies();
  await site.enter(page.context(), site.administrator);
  await page.goto(`/administration/users?q=${name}`);
  await expect(rowOf(page, name)).toContainText(NAME);
  await expectHarmless(page);
});

async function comment(admin: { get<T>(path: string): Promise<T> }, name: string): Promise<string | undefined> {
  const found = await admin.get<{ user_id: number }[]>(`/users?q=${encodeURIComponent(`username=${name}`)}`);
  return (await admin.get<{ comment?: string }>(`/users/${found[0]?.user_id}`)).comment;
}

test("a name against the rule does not become one", async ({ page, site }) => {
  await site.enter(page.context(), site.administrator);
  for (const text of ALL) {
    await page.goto("/projects?new=1");
    const field = page.getByLabel(EN("projects.name_label"), { exact: true });
    await field.fill(text);
    await page.getByRole("button", { name: EN("projects.create") }).click();
    await expect(field).toHaveValue(text);
    await expectHarmless(page);
  }
});

test("what an image says about itself shows as text", async ({ page, site, admin, berth }) => {
  const project = await admin.createProject("private", "odd");
  const texts = Object.fromEntries(ALL.map((text, index) => [`key-${index} ${text}`, text]));
  const odd = built(unique("odd"), {
    author: IMAGE,
    created: "2026-11-20T08:30:00Z",
    steps: [{ command: `RUN ${SCRIPT}`, size: 2_000 }, { command: IMAGE }],
    config: { Env: ALL.map((text) => `KEY=${text}`), Cmd: ALL, Entrypoint: [SCRIPT], WorkingDir: IMAGE, User: IMAGE, Labels: texts },
    annotations: texts,
  });
  await push(await Registry.open(berth.url, `${project}/odd`, site.administrator), "latest", odd);
  const repository = `/projects/${project}/repositories/odd`;
  await site.enter(page.context(), site.administrator);
  for (const text of ALL) {
    await admin.expect(200, "PUT", `/projects/${project}/repositories/odd`, { description: text });
    for (const path of [`/projects/${project}`, repository]) {
      await page.goto(path);
      await expect(page.getByRole("main")).toContainText(text);
      await expectHarmless(page);
    }
  }
  const said: Record<string, string[]> = { overview: ALL, layers: [SCRIPT, IMAGE], configuration: [], referrers: [], manifest: [] };
  for (const tab of TABS) {
    await page.goto(`${repository}@${odd.manifest.digest}?tab=${tab}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const text of said[tab] ?? []) {
      await expect(page.getByRole("main")).toContainText(text);
    }
    await expectHarmless(page);
  }
});
