// The collection works while everybody pushes: what has a tag is whole at any time, and what nothing needs is gone.
import { Collections } from "../../support/collection.ts";
import { Crowd } from "../../support/crowd.ts";
import { expectSound } from "../../support/fsck.ts";
import { until } from "../../support/process.ts";
import { Random, seedOfTrial } from "../../support/random.ts";
import { expect, SOAKS, test } from "./support.ts";

const CLIENTS = 30;
const PUSHES = Number(process.env["PUSHES"] ?? (SOAKS ? 20_000 : 300));
/** Milliseconds. Less than a push takes makes pushes begin again, which is part of the trial. */
const GRACE = 500;
/** Blobs that are collected before the pushes end. */
const LEAST_COLLECTED = PUSHES / 3;

const collections = new Collections();

test.describe("with hardly a grace", () => {
  test.use({ options: { env: Collections.settings(GRACE), listener: collections.hear } });

  test(`${PUSHES} pushes over ${CLIENTS} clients lose nothing while the collection runs`, async ({ place }) => {
    const { berth, project, who } = place;
    const seed = seedOfTrial();
    console.log(`SEED=${seed}`);
    const of = { clients: CLIENTS, repositories: 6, grace: GRACE, random: new Random(seed) };
    const crowd = await Crowd.open(berth.url, project, who, of);
    const { figures } = crowd;
    const begun = performance.now();
    await crowd.work(() => figures.pushes < PUSHES || collections.total.blobs < LEAST_COLLECTED);
    const seconds = (performance.now() - begun) / 1_000;
    console.log(JSON.stringify({ seconds, ...figures, collected: collections.total }));
    expect(collections.total.blobs).toBeGreaterThanOrEqual(LEAST_COLLECTED);
    await crowd.pullAll();
    await expectSound(berth);
    await until("what nothing needs to be gone", 60_000, async () => {
      return (await expectSound(berth)).blobs === crowd.needed().size;
    });
    await crowd.pullAll();
  });
});
