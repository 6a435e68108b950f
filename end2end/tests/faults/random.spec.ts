// The server is killed while it is busy, at no point in particular: what was acknowledged is whole.
import { Collections } from "../../support/collection.ts";
import { Crowd } from "../../support/crowd.ts";
import { expectSound } from "../../support/fsck.ts";
import { until } from "../../support/process.ts";
import { Random, seedOfTrial } from "../../support/random.ts";
import { expect, SOAKS, test } from "./support.ts";

const KILLS = Number(process.env["KILLS"] ?? (SOAKS ? 200 : 4));
/** The longest time that the server is busy before a kill, in milliseconds. */
const LONGEST = 1_000;
/** Kills between two times that everything is pulled, and that a collection is waited for. */
const OFTEN = 20;

const collections = new Collections();

test.describe("with a collection under way", () => {
  test.use({ options: { env: Collections.settings(LONGEST), listener: collections.hear } });

  test(`killed ${KILLS} times while it is busy, the server keeps what it acknowledged`, async ({ place }) => {
    const { berth, project, who } = place;
    const seed = seedOfTrial();
    console.log(`SEED=${seed}`);
    const random = new Random(seed);
    const of = { clients: 12, repositories: 4, grace: LONGEST, random };
    const crowd = await Crowd.open(berth.url, project, who, of);
    for (let kills = 1; kills <= KILLS; kills += 1) {
      const working = crowd.workUntilGone();
      if (kills % 2 === 0) {
        const before = crowd.figures.pushes; // the others are killed soon after their start
        await until("a push", 20_000, () => crowd.figures.pushes > before);
      }
      if (kills % OFTEN === OFTEN - 1) {
        const before = collections.total.blobs; // one that was killed is gone on with when its lease is over
        await until("a collection", 60_000, () => collections.total.blobs > before);
      }
      await new Promise((resolve) => setTimeout(resolve, random.below(LONGEST)));
      await Promise.all([working, berth.kill9()]);
      await berth.restart();
      await expectSound(berth);
      await crowd.settle();
      if (kills % OFTEN === 0 || kills === KILLS) {
        await crowd.pullAll();
      }
    }
    console.log(JSON.stringify({ kills: KILLS, ...crowd.figures, collected: collections.total }));
    expect(crowd.figures.pushes).toBeGreaterThanOrEqual(KILLS / 2);
  });
});
