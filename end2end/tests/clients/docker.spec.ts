// The docker engine and client as people use them: sign in, push, remove, pull, and every refusal in plain words.
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unique } from "../../support/api.ts";
import { Docker } from "../../support/docker.ts";
import { expect, test } from "../../support/fixtures.ts";
import { noise, tar } from "../../support/image.ts";
import { temporary } from "../../support/paths.ts";

let docker: Docker;

test.beforeAll(async () => {
  docker = await Docker.start();
});

test.afterAll(async () => {
  await docker?.stop();
});

test.afterEach(async ({ berth }) => {
  await docker.run(["logout", berth.host]);
});

/** Imports an image of one small layer under a name. */
async function importImage(reference: string, seed = unique("seed")): Promise<void> {
  await docker.run(["import", "-", reference], { input: tar({ [seed]: noise(seed, 20_000) }) });
}

async function imageId(reference: string): Promise<string> {
  return (await docker.run(["image", "inspect", "--format", "{{.Id}}", reference])).trim();
}

test("an image goes in and comes out unchanged", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const developer = await admin.createMember(project, "developer");
  const reference = `${berth.host}/${project}/hello:1.0`;
  await importImage("hello:local");
  const id = await imageId("hello:local");

  expect(await docker.login(berth.host, developer)).toContain("Login Succeeded");
  await docker.run(["tag", "hello:local", reference]);
  const pushed = await docker.push(reference);
  await docker.run(["image", "rm", reference, "hello:local"]);
  await docker.refused(["image", "inspect", reference]);

  expect(await docker.pull(reference)).toBe(pushed);
  expect(await imageId(reference)).toBe(id);
  expect(await docker.pull(`${berth.host}/${project}/hello@${pushed}`)).toBe(pushed);
  const artifact = await admin.get<{ digest: string }>(`/projects/${project}/repositories/hello/artifacts/1.0`);
  expect(artifact.digest).toBe(pushed);
});

test("a wrong password is refused at once", async ({ berth, admin }) => {
  const user = await admin.createUser();
  const wrong = ["login", berth.host, "--username", user.name, "--password-stdin"];
  expect(await docker.refused(wrong, { input: "not-the-Password-1" })).toMatch(/unauthorized/i);
});

test("a guest pulls but is denied a push", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const developer = await admin.createMember(project, "developer");
  const guest = await admin.createMember(project, "guest");
  const reference = `${berth.host}/${project}/app:1`;
  await importImage(reference);
  await docker.login(berth.host, developer);
  const pushed = await docker.push(reference);

  await docker.login(berth.host, guest);
  expect(await docker.pull(reference)).toBe(pushed);
  await importImage(`${berth.host}/${project}/app:2`);
  expect(await docker.refused(["push", `${berth.host}/${project}/app:2`])).toMatch(/denied/i);
});

test("a push to a missing project says so", async ({ berth, admin }) => {
  const user = await admin.createUser();
  const reference = `${berth.host}/${unique("nowhere")}/app:1`;
  await importImage(reference);
  await docker.login(berth.host, user);
  expect(await docker.refused(["push", reference])).toMatch(/does not exist, or you cannot see it/i);
});

test("a push into another's hidden project reads as if it were missing", async ({ berth, admin }) => {
  const hidden = await admin.createProject("private");
  const stranger = await admin.createUser();
  const reference = `${berth.host}/${hidden}/app:1`;
  await importImage(reference);
  await docker.login(berth.host, stranger);
  expect(await docker.refused(["push", reference])).toMatch(/does not exist, or you cannot see it/i);
});

test("a private project is closed after logout, a public one stays open", async ({ berth, admin }) => {
  const owner = { name: "admin", password: berth.adminPassword };
  const closed = `${berth.host}/${await admin.createProject("private")}/app:1`;
  const open = `${berth.host}/${await admin.createProject("public")}/app:1`;
  await docker.login(berth.host, owner);
  await importImage(closed);
  await importImage(open);
  await docker.push(closed);
  const pushed = await docker.push(open);
  await docker.run(["logout", berth.host]);
  await docker.run(["image", "rm", closed, open]);

  expect(await docker.refused(["pull", closed])).toMatch(/unauthorized|denied/i);
  expect(await docker.pull(open)).toBe(pushed);
});

test("nobody pushes without signing in, not even to a public project", async ({ berth, admin }) => {
  const reference = `${berth.host}/${await admin.createProject("public")}/app:1`;
  await importImage(reference);
  expect(await docker.refused(["push", reference])).toMatch(/unauthorized|denied|no basic auth credentials/i);
});

test("a built image of several layers is not sent twice", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const maintainer = await admin.createMember(project, "maintainer");
  const reference = `${berth.host}/${project}/layers:1`;
  const folder = temporary("build");
  const names = ["one", "two", "three"];
  names.forEach((name) => writeFileSync(join(folder, name), noise(unique(name), 50_000)));
  const copies = names.map((name) => `COPY ${name} /${name}`);
  writeFileSync(join(folder, "Dockerfile"), ["FROM scratch", ...copies, 'CMD ["/one"]', ""].join("\n"));
  await docker.run(["build", "--tag", reference, folder]);
  rmSync(folder, { recursive: true });
  await docker.login(berth.host, maintainer);

  const first = await docker.run(["push", reference]);
  expect(first.match(/: Pushed/g)).toHaveLength(3);
  await docker.run(["tag", reference, `${berth.host}/${project}/layers:2`]);
  const second = await docker.run(["push", `${berth.host}/${project}/layers:2`]);
  expect(second.match(/: Layer already exists/g)).toHaveLength(3);

  const other = `${berth.host}/${project}/other:1`;
  await docker.run(["tag", reference, other]);
  const third = await docker.run(["push", other]);
  expect(third.match(/: (Mounted from|Layer already exists)/g)).toHaveLength(3);
  const id = await imageId(other);
  await docker.run(["image", "rm", other, reference, `${berth.host}/${project}/layers:2`]);
  await docker.pull(other);
  expect(await imageId(other)).toBe(id);
});

test("one user's layers open nothing for another", async ({ berth, admin }) => {
  const mine = await admin.createProject("private");
  const theirs = await admin.createProject("private");
  const me = await admin.createMember(mine, "developer");
  const they = await admin.createMember(theirs, "developer");
  const reference = `${berth.host}/${mine}/app:1`;
  await importImage(reference);
  await docker.login(berth.host, me);
  await docker.push(reference);

  await docker.login(berth.host, they);
  const copy = `${berth.host}/${theirs}/app:1`;
  await docker.run(["tag", reference, copy]);
  expect(await docker.run(["push", copy])).toMatch(/: Pushed/);
  expect(await docker.refused(["pull", reference])).toMatch(/denied|not exist|not found|unauthorized/i);
});
