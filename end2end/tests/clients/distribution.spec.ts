// A stock distribution registry that asks Berth who may do what: the classic topology, with a part nobody here wrote.
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Api, unique } from "../../support/api.ts";
import { image, writeLayout } from "../../support/image.ts";
import { DOCKER_REGISTRY, need, temporary } from "../../support/paths.ts";
import { Daemon, freePort } from "../../support/process.ts";
import { type Berth, startBerth } from "../../support/server.ts";
import { Skopeo } from "../../support/skopeo.ts";

let berth: Berth;
let admin: Api;
let registry: Daemon;
let host: string;
const folder = temporary("distribution");

/** The configuration of a registry that trusts Berth's tokens and keeps no accounts of its own. */
function configuration(port: number): string {
  const certificate = join(berth.dataDir, "keys/token-signing.crt");
  if (!existsSync(certificate)) {
    throw new Error(`Berth wrote no certificate for its signing key: ${certificate}`);
  }
  return JSON.stringify({
    version: "0.1",
    log: { level: "info" },
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: `127.0.0.1:${port}` },
    auth: {
      token: {
        realm: `${berth.url}/service/token`,
        service: "harbor-registry",
        issuer: "harbor-token-issuer",
        rootcertbundle: certificate,
      },
    },
  });
}

test.beforeAll(async () => {
  berth = await startBerth({ env: { BERTH_TOKENS__ALGORITHM: "RS256" } });
  admin = new Api(berth.url, { name: "admin", password: berth.adminPassword });
  const port = await freePort();
  host = `127.0.0.1:${port}`;
  const file = join(folder, "registry.yml");
  writeFileSync(file, configuration(port));
  registry = new Daemon(need(DOCKER_REGISTRY), ["serve", file]);
  // without a token it answers 401: that is ready
  await registry.start(15_000, async () => {
    return (await fetch(`http://${host}/v2/`).catch(() => undefined))?.status === 401;
  });
});

test.afterAll(async () => {
  await registry?.end("SIGKILL");
  await berth?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function layoutOf(seed: string): { layout: string; digest: string } {
  const one = image(unique(seed));
  const layout = temporary("layout");
  writeLayout(layout, "1", [one]);
  return { layout: `${layout}:1`, digest: one.manifest.digest };
}

test("a developer pushes and a guest pulls, by Berth's word", async () => {
  const project = await admin.createProject("private");
  const developer = new Skopeo(await admin.createMember(project, "developer"));
  const guest = new Skopeo(await admin.createMember(project, "guest"));
  const reference = `${host}/${project}/app:1`;
  const { layout, digest } = layoutOf("distribution");

  await developer.copyIn(layout, reference);
  expect((await guest.inspect(reference))["Digest"]).toBe(digest);
  const back = temporary("layout");
  await guest.copyOut(reference, `${back}:1`);
});

test("who lacks the right is refused there as well", async () => {
  const project = await admin.createProject("private");
  const developer = new Skopeo(await admin.createMember(project, "developer"));
  const guest = new Skopeo(await admin.createMember(project, "guest"));
  const stranger = new Skopeo(await admin.createUser());
  const reference = `${host}/${project}/app:1`;
  const { layout } = layoutOf("distribution");
  await developer.copyIn(layout, reference);

  expect(await guest.copyInRefused(layout, reference)).toMatch(/denied|unauthorized/i);
  expect(await stranger.inspectRefused(reference)).toMatch(/denied|unauthorized/i);
  expect(await new Skopeo().inspectRefused(reference)).toMatch(/denied|unauthorized/i);
});

test("a public project is read without signing in", async () => {
  const project = await admin.createProject("public");
  const owner = new Skopeo({ name: "admin", password: berth.adminPassword });
  const reference = `${host}/${project}/app:1`;
  const { layout, digest } = layoutOf("distribution");

  await owner.copyIn(layout, reference);
  expect((await new Skopeo().inspect(reference))["Digest"]).toBe(digest);
});

test("a wrong password opens nothing", async () => {
  const project = await admin.createProject("private");
  const developer = await admin.createMember(project, "developer");
  const mistaken = new Skopeo({ ...developer, password: "not-the-Password-1" });
  expect(await mistaken.copyInRefused(layoutOf("wrong").layout, `${host}/${project}/app:1`)).toMatch(
    /invalid username\/password|unauthorized/i,
  );
});
