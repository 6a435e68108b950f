// Machines that sign in with real clients: robots, and programs with an access token.
import { unique, type Api, type Credentials } from "../../support/api.ts";
import { Crane } from "../../support/crane.ts";
import { Docker } from "../../support/docker.ts";
import { expect, test } from "../../support/fixtures.ts";
import { image, noise, tar, writeLayout } from "../../support/image.ts";
import { temporary } from "../../support/paths.ts";
import { Skopeo } from "../../support/skopeo.ts";
import { createToken } from "../../support/token.ts";

interface Robot extends Credentials {
  id: number;
}

/** Makes a robot of a project. */
async function createRobot(api: Api, project: string, actions: string[]): Promise<Robot> {
  const access = actions.map((action) => ({ resource: "repository", action }));
  const answer = await api.expect(201, "POST", "/robots", {
    name: "ci",
    level: "project",
    duration: -1,
    permissions: [{ kind: "project", namespace: project, access }],
  });
  const { id, name, secret } = JSON.parse(answer.text) as { id: number; name: string; secret: string };
  return { id, name, password: secret };
}

function layoutOf(seed: string): string {
  const layout = temporary("layout");
  writeLayout(layout, "1", [image(unique(seed), [20_000])]);
  return layout;
}

test("docker signs in as a robot, pushes and pulls until the robot is disabled", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const robot = await createRobot(admin, project, ["pull", "push"]);
  expect(robot.name).toBe(`robot$${project}+ci`);
  const docker = await Docker.start();
  try {
    const reference = `${berth.host}/${project}/built:1`;
    await docker.run(["import", "-", reference], { input: tar({ file: noise(unique("robot"), 20_000) }) });
    expect(await docker.login(berth.host, robot)).toContain("Login Succeeded");
    await docker.run(["push", reference]);
    await docker.run(["rmi", reference]);
    await docker.run(["pull", reference]);

    const shown = await admin.get<Record<string, unknown>>(`/robots/${robot.id}`);
    expect(shown["last_used_time"]).toBeTruthy();
    await admin.expect(200, "PUT", `/robots/${robot.id}`, { ...shown, disable: true });
    await docker.run(["rmi", reference]);
    expect(await docker.refused(["pull", reference])).toContain("disabled or has expired");
  } finally {
    await docker.stop();
  }
});

test("skopeo as a robot that pulls is told that it may not push", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const reference = `${berth.host}/${project}/app:1`;
  await new Skopeo(await admin.createMember(project, "developer")).copyIn(`${layoutOf("own")}:1`, reference);
  const robot = new Skopeo(await createRobot(admin, project, ["pull"]));
  expect(await robot.sees(reference)).toBe(true);
  const said = await robot.copyInRefused(`${layoutOf("robot")}:1`, `${berth.host}/${project}/app:2`);
  expect(said).toContain("the robot was not given this permission");
});

test("crane signs in with an access token, as far as its scope goes", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const developer = await admin.createMember(project, "developer");
  const repository = `${berth.host}/${project}/app`;
  const all = await new Crane().login(berth.host, await createToken(berth.url, developer, "all", false));
  await all.run("push", layoutOf("token"), `${repository}:1`);
  const look = await new Crane().login(berth.host, await createToken(berth.url, developer, "look", true));
  expect(await look.sees(`${repository}:1`)).toBe(true);
  expect(await look.refused("push", layoutOf("token"), `${repository}:2`)).toContain("this access token is for reading alone");
});
