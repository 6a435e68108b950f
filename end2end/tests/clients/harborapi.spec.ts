// A ready-made client of Harbor's REST API, unchanged, on everything it may ask for here.
import { unique } from "../../support/api.ts";
import { run } from "../../support/command.ts";
import { expect, test } from "../../support/fixtures.ts";
import { image } from "../../support/image.ts";
import { need, PYTHON, ROOT } from "../../support/paths.ts";
import { Registry } from "../../support/registry.ts";
import type { Berth } from "../../support/server.ts";

/** Runs one area of the exercise as administrator; it ends well or says what was not as expected. */
function exercise(berth: Berth, area: string, ...rest: string[]): Promise<string> {
  const script = `${ROOT}/end2end/support/harborapi/exercise.py`;
  return run(need(PYTHON), [script, area, berth.url, "admin", berth.adminPassword, ...rest]);
}

test("ping, health and system information", async ({ berth }) => {
  await exercise(berth, "system");
});

test("users", async ({ berth }) => {
  await exercise(berth, "users", unique("person"));
});

test("projects", async ({ berth }) => {
  await exercise(berth, "projects", unique("project"));
});

test("members", async ({ berth }) => {
  await exercise(berth, "members", unique("team"));
});

test("repositories, artifacts and tags", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const who = { name: "admin", password: berth.adminPassword };
  const registry = await Registry.open(berth.url, `${project}/deep/app`, who);
  const one = image(unique("artifact"));
  for (const blob of [...one.layers, one.config]) {
    await registry.pushBlob(blob, 1_000_000);
  }
  await registry.pushManifest("1.0", one.manifest);
  expect(await exercise(berth, "artifacts", project, "deep/app", one.manifest.digest)).toBe("");
});
