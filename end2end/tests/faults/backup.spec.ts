// A backup that is made while everybody pushes and the collection runs: what it names is whole.
import { join } from "node:path";
import { Api } from "../../support/api.ts";
import { Collections } from "../../support/collection.ts";
import { run } from "../../support/command.ts";
import { Crowd } from "../../support/crowd.ts";
import { expectSound, NO_SETTINGS } from "../../support/fsck.ts";
import { image } from "../../support/image.ts";
import { BERTH, need, temporary } from "../../support/paths.ts";
import { until } from "../../support/process.ts";
import { Random, seedOfTrial } from "../../support/random.ts";
import { Registry } from "../../support/registry.ts";
import { startBerth } from "../../support/server.ts";
import { expect, pushed, SOAKS, test } from "./support.ts";

/** Backups into the same folder, each while the others go on. */
const BACKUPS = SOAKS ? 20 : 2;
const GRACE = 500;

const collections = new Collections();

interface Made {
  backup: { missing: string[]; manifests: number; tags: number; blobs: number };
}

function command(...args: string[]): Promise<string> {
  return run(need(BERTH), args, { env: NO_SETTINGS });
}

test.describe("with hardly a grace", () => {
  test.use({ options: { env: Collections.settings(GRACE), listener: collections.hear } });

  test("a backup of a busy server is whole, and so is the server that is restored from it", async ({ place }) => {
    const { berth, project, who } = place;
    const seed = seedOfTrial();
    console.log(`SEED=${seed}`);
    const of = { clients: 12, repositories: 4, grace: GRACE, random: new Random(seed) };
    const crowd = await Crowd.open(berth.url, project, who, of);
    const before = image(`before/${seed}`);
    const quiet = await place.open();
    expect(await pushed(quiet, "before", before)).toBe(true);
    const folder = temporary("backup");
    let goesOn = true;
    const working = crowd.work(() => goesOn).finally(() => {
      goesOn = false;
    });
    let made: Made | undefined;
    try {
      for (let backups = 0; backups < BACKUPS; backups += 1) {
        const [pushes, collected] = [crowd.figures.pushes, collections.total.blobs];
        await until("pushes and collections", 60_000, () => {
          return !goesOn || (crowd.figures.pushes > pushes + 20 && collections.total.blobs > collected);
        });
        made = JSON.parse(await command("backup", folder, "--data", berth.dataDir, "--json")) as Made;
        expect(made.backup.missing).toEqual([]);
      }
    } finally {
      goesOn = false;
      await working;
    }
    const restored = temporary("restored");
    await command("restore", folder, "--data", join(restored, "data"));
    const copy = await startBerth({ folder: restored });
    try {
      const checked = await expectSound(copy);
      expect(checked).toMatchObject({ manifests: made?.backup.manifests, tags: made?.backup.tags });
      const repositories = await everything(new Api(copy.url, { name: "admin", password: copy.adminPassword }), project);
      const digests = [...repositories.values()].flat();
      console.log(JSON.stringify({ ...crowd.figures, collected: collections.total, restored: digests.length }));
      expect(digests.length).toBe(made?.backup.manifests);
      for (const [repository, digests] of repositories) {
        const registry = await Registry.open(copy.url, repository, who);
        for (const digest of digests) {
          await registry.pullWhole(digest);
        }
      }
      await (await Registry.open(copy.url, quiet.repository, who)).pullCompletely("before", before);
    } finally {
      await copy.stop();
    }
  });
});

/** The digests of all artifacts of a project, by the full names of their repositories. */
async function everything(api: Api, project: string): Promise<Map<string, string[]>> {
  const repositories = await pages<{ name: string }>(api, `/projects/${project}/repositories`);
  const found = new Map<string, string[]>();
  for (const { name } of repositories) {
    const path = `/projects/${project}/repositories/${name.slice(project.length + 1)}/artifacts`;
    const artifacts = await pages<{ digest: string }>(api, path);
    found.set(name, artifacts.map((artifact) => artifact.digest));
  }
  return found;
}

async function pages<T>(api: Api, path: string): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; ; page += 1) {
    const some = await api.get<T[]>(`${path}?page_size=100&page=${page}`);
    all.push(...some);
    if (some.length < 100) {
      return all;
    }
  }
}
