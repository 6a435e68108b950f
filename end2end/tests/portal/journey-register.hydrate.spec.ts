// From nothing to an image and back: register, make a project, push with the real client, look, delete; needs scripting.
import type { Locator, Page } from "@playwright/test";
import { PASSWORD, unique } from "../../support/api.ts";
import { Docker } from "../../support/docker.ts";
import { noise } from "../../support/image.ts";
import type { Berth } from "../../support/server.ts";
import { awake, EN, expect, LANGUAGES, markDocument, pasted, rowOf, test, type Texts, ZH } from "./support.ts";

let docker: Docker;

test.beforeAll(async () => {
  docker = await Docker.start();
});

test.afterAll(async () => {
  await docker?.stop();
});

/** How somebody uses the page: with a mouse, or with nothing but keys. */
interface Hand {
  press(control: Locator): Promise<void>;
  fill(field: Locator, text: string): Promise<void>;
  /** Sends the form that was filled in last. */
  send(button: Locator): Promise<void>;
}

const mouse: Hand = {
  press: (control) => control.click(),
  fill: (field, text) => field.fill(text),
  send: (button) => button.click(),
};

/** Goes to a control with the tabulator alone. */
async function tabTo(control: Locator): Promise<void> {
  await expect(control).toBeVisible();
  const page = control.page();
  const isFocused = () => control.evaluate((element) => element === element.ownerDocument.activeElement);
  for (let step = 0; step < 150 && !(await isFocused()); step += 1) {
    await page.keyboard.press("Tab");
  }
  await expect(control).toBeFocused();
}

const keyboard: Hand = {
  async press(control) {
    await tabTo(control);
    await control.page().keyboard.press("Enter");
  },
  async fill(field, text) {
    await tabTo(field);
    await field.page().keyboard.type(text);
  },
  async send(button) {
    await button.page().keyboard.press("Enter");
  },
};

/** Counts what only a pointer does, on every page of the context. */
async function watchPointer(page: Page): Promise<() => Promise<void>> {
  const seen: string[] = [];
  await page.exposeFunction("pointerSeen", (type: string) => seen.push(type));
  await page.addInitScript(() => {
    const tell = (event: Event) => (window as unknown as { pointerSeen(type: string): void }).pointerSeen(event.type);
    for (const type of ["pointerdown", "mousedown", "touchstart"]) {
      document.addEventListener(type, tell, { capture: true });
    }
  });
  return async () => expect(seen).toEqual([]);
}

/** Runs a command that was copied from a page, as a person does who fills in what it leaves open. */
async function runCopied(berth: Berth, registry: string, command: string, repository: string): Promise<string> {
  const [program, ...words] = command.split(" ");
  expect(program).toBe("docker");
  const args = words.map((word) =>
    word
      .replace("REPOSITORY:TAG", repository)
      .replace(/^IMAGE$/, "hello:local")
      // a name that only the browser maps to this machine
      .replace(registry, registry.startsWith("berth.test") ? berth.host : registry),
  );
  return docker.run(args);
}

interface Journey {
  page: Page;
  texts: Texts;
  hand: Hand;
  berth: Berth;
  origin: string;
  /** Where the browser comes from. */
  address: string;
}

async function copy({ page, texts, hand }: Journey, text: string): Promise<string> {
  await hand.press(page.getByRole("button", { name: texts("copy.label", { text }), exact: true }).first());
  await expect(page.getByRole("button", { name: texts("copy.done") }).first()).toBeVisible();
  let copied = "";
  await expect.poll(async () => (copied = await pasted(page))).toBe(text);
  return copied;
}

async function register({ page, texts, hand, origin }: Journey, name: string): Promise<void> {
  await page.goto("/register");
  await awake(page);
  await hand.fill(page.getByLabel(texts("register.username")), name);
  await hand.fill(page.getByLabel(texts("register.email")), `${name}@example.com`);
  await hand.fill(page.getByLabel(texts("register.realname")), "Ann of the Harbour");
  await hand.fill(page.getByLabel(texts("register.password"), { exact: true }), PASSWORD);
  await hand.send(page.getByRole("button", { name: texts("register.submit") }));
  await expect(page).toHaveURL(`${origin}/`);
  await awake(page);
  await expect(page.getByRole("heading", { name: texts("home.start_title") })).toBeVisible();
}

async function makeProject({ page, texts, hand, origin }: Journey, project: string): Promise<void> {
  await hand.press(page.getByRole("main").getByRole("link", { name: texts("projects.new") }));
  await hand.fill(page.getByLabel(texts("projects.name_label"), { exact: true }), project);
  await hand.send(page.getByRole("button", { name: texts("projects.create") }));
  await expect(page).toHaveURL(`${origin}/projects/${project}`);
  await expect(page.getByRole("heading", { level: 1, name: project })).toBeVisible();
}

/** Pushes by the commands of the project's page, and sees everything appear in the open page. */
async function pushAndSee(journey: Journey, name: string, project: string): Promise<void> {
  const { page, berth, hand } = journey;
  const registry = new URL(journey.origin).host;
  const stays = await markDocument(page);
  const login = await copy(journey, `docker login ${registry}`);
  const host = registry.startsWith("berth.test") ? berth.host : registry;
  expect(login.split(" ").at(-1)).toBe(registry);
  await docker.login(host, { name, password: PASSWORD });
  await docker.build("hello:local", { hello: noise(unique("hello"), 30_000), chart: noise(unique("chart"), 12_000) });
  const tag = await copy(journey, `docker tag IMAGE ${registry}/${project}/REPOSITORY:TAG`);
  const push = await copy(journey, `docker push ${registry}/${project}/REPOSITORY:TAG`);
  await runCopied(berth, registry, tag, "team/hello:v1");
  await runCopied(berth, registry, push, "team/hello:v1");
  const repository = page.getByRole("main").getByRole("link", { name: "team/hello" });
  await expect(repository).toBeVisible();
  await stays();

  await hand.press(repository);
  await expect(rowOf(page, "v1")).toBeVisible();
  await runCopied(berth, registry, tag, "team/hello:v2");
  await runCopied(berth, registry, push, "team/hello:v2");
  await expect(rowOf(page, "v2")).toBeVisible();
  await stays();
}

async function lookIntoArtifact({ page, texts, hand }: Journey): Promise<void> {
  await hand.press(rowOf(page, "v2").getByRole("link", { name: "v2" }));
  await expect(page).toHaveURL(/\/team\/hello@sha256:[0-9a-f]{64}/);
  await hand.press(page.getByRole("navigation", { name: texts("artifact.tabs") }).getByRole("link", { name: texts("artifact.layers") }));
  const layers = page.getByRole("table", { name: texts("artifact.layers_caption") });
  await expect(layers.getByRole("row").filter({ hasText: /COPY .* in \/hello/ })).toBeVisible();
  await expect(layers.getByRole("row").filter({ hasText: /COPY .* in \/chart/ })).toBeVisible();
  await expect(layers.getByRole("row").filter({ hasText: "ENV HARBOUR=open" })).toContainText(texts("artifact.no_size"));
}

async function deleteTag({ page, texts, hand, berth }: Journey, project: string): Promise<void> {
  const reference = `${berth.host}/${project}/team/hello`;
  await hand.press(page.getByRole("button", { name: texts("artifact.remove_tag", { tag: "v2" }) }));
  await expect(page.getByText(texts("artifact.tag_removed", { tag: "v2" }))).toBeVisible();
  await expect(page.getByRole("button", { name: texts("artifact.remove_tag", { tag: "v2" }) })).toHaveCount(0);
  expect(await docker.refused(["pull", `${reference}:v2`])).toMatch(/not found|manifest unknown/i);
  await docker.run(["pull", `${reference}:v1`]);
}

/** Everything that was done is in the log of the project. */
async function readLog({ page, texts, hand, address }: Journey, name: string): Promise<void> {
  await hand.press(page.getByRole("navigation", { name: texts("shell.main_navigation") }).getByRole("link", { name: texts("shell.activity") }));
  for (const [what, resource, from] of [
    [texts("activity.delete_tag"), "v2", address],
    [texts("activity.push_artifact"), "team/hello", "127.0.0.1"],
    [texts("activity.create_project"), "", address],
  ] as const) {
    const line = rowOf(page, what).filter({ hasText: resource }).first();
    await expect(line).toContainText(name);
    await expect(line).toContainText(from);
    await expect(line).toContainText(texts("time.now"));
  }
}

async function walk(journey: Journey): Promise<void> {
  const [name, project] = [unique("ann"), unique("quay")];
  await register(journey, name);
  await makeProject(journey, project);
  await pushAndSee(journey, name, project);
  await lookIntoArtifact(journey);
  if (!journey.origin.includes("berth.test")) {
    await docker.login(journey.berth.host, { name, password: PASSWORD });
  }
  await deleteTag(journey, project);
  await readLog(journey, name);
}

for (const texts of LANGUAGES) {
  test.describe(texts.locale, () => {
    test.use({ locale: texts.locale });

    test("a new person pushes an image, sees what is in it, and deletes a tag", async ({ page, site, berth, address }) => {
      await site.setRegistration(true);
      await walk({ page, texts, hand: mouse, berth, origin: site.origin, address });
    });
  });
}

test.describe("at a plain-HTTP name that is no secure context", () => {
  test.use({ host: "berth.test", locale: ZH.locale });

  test("a new person pushes an image, sees what is in it, and deletes a tag", async ({ page, site, berth, address }) => {
    await site.setRegistration(true);
    await walk({ page, texts: ZH, hand: mouse, berth, origin: site.origin, address });
    expect(await page.evaluate(() => window.isSecureContext)).toBe(false);
  });
});

test("all of it goes without a pointer", async ({ page, site, berth, address }) => {
  await site.setRegistration(true);
  const expectNoPointer = await watchPointer(page);
  await walk({ page, texts: EN, hand: keyboard, berth, origin: site.origin, address });
  await expectNoPointer();
});
