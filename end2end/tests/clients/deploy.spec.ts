// The ways to run Berth that deploy/ describes: the image without a system inside, and the systemd unit.
import { basename, join } from "node:path";
import { expect, test } from "@playwright/test";
import { unique } from "../../support/api.ts";
import { attempt, run } from "../../support/command.ts";
import { Docker } from "../../support/docker.ts";
import { BERTH, DOCKER, ROOT } from "../../support/paths.ts";
import { until } from "../../support/process.ts";

const TAG = "berth:tried";

let docker: Docker;

test.beforeAll(async () => {
  docker = await Docker.start();
  const env = { ...docker.environment, BINARY: BERTH, DOCKER };
  await run(join(ROOT, "deploy/build-image"), [TAG], { env });
});

test.afterAll(async () => {
  await docker?.stop();
});

test("the image runs the binary", async () => {
  const printed = await docker.run(["run", "--rm", "--network=none", TAG, "--version"]);
  expect(printed).toBe(await run(BERTH, ["--version"]));
});

test("the image serves as an ordinary user on a read-only system, and its health check answers", async () => {
  const name = unique("serving");
  const closed = ["--network=none", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"];
  await docker.run(["run", "--detach", "--name", name, ...closed, TAG]);
  try {
    await until("the container to be ready", 30_000, async () => {
      const state = await docker.run(["inspect", "--format", "{{.State.Status}}", name]);
      if (state.trim() !== "running") {
        throw new Error(`the container is ${state}\n${await docker.run(["logs", name])}`);
      }
      return docker.succeeds(["exec", name, "/usr/bin/berth", "healthcheck"]);
    });
    await docker.run(["stop", "--time", "20", name]);
    expect((await docker.run(["inspect", "--format", "{{.State.ExitCode}}", name])).trim()).toBe("0");
  } finally {
    await docker.run(["rm", "--force", "--volumes", name]);
  }
});

test("what was stored outlives the container, and the password is told once", async () => {
  const volume = unique("volume");
  const told: boolean[] = [];
  for (const name of [unique("first"), unique("second")]) {
    await docker.run(["run", "--detach", "--name", name, "--network=none", "--volume", `${volume}:/data`, TAG]);
    await until("the container to be ready", 30_000, () => docker.succeeds(["exec", name, "/usr/bin/berth", "healthcheck"]));
    const { text } = await docker.attempt(["logs", name]);
    told.push(/user admin, password \S+/.test(text));
    await docker.run(["rm", "--force", name]);
  }
  expect(told).toEqual([true, false]);
  await docker.run(["volume", "rm", volume]);
});

test("the systemd unit is sound and closed", async () => {
  const unit = join(ROOT, "deploy/berth.service");
  const verified = await attempt("systemd-analyze", ["verify", "--man=no", unit]);
  const complaints = verified.text.split("\n").filter((line) => line.includes(basename(unit)));
  // the binary is not installed on the machine of the tests
  expect(complaints.filter((line) => !line.includes("/usr/local/bin/berth"))).toEqual([]);
  await run("systemd-analyze", ["security", "--offline=true", "--threshold=20", unit]);
});
