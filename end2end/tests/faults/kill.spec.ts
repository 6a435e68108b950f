// The server is killed at one system call of a push after the other: what was acknowledged is whole.
import { type Image, image } from "../../support/image.ts";
import { expectSound } from "../../support/fsck.ts";
import { until } from "../../support/process.ts";
import { Strace } from "../../support/strace.ts";
import { expect, pushed, SOAKS, test } from "./support.ts";

/** Each call that makes something last, and how many of its uses are passed over between two tries. */
const CALLS: [call: string, step: number][] = [
  ["fsync,fdatasync", 1],
  ["rename", 1],
  ["writev", 1],
  ["pwrite64", SOAKS ? 1 : 12],
];
/** A thread uses none of them more often in one push. */
const MOST = 200;

for (const [call, step] of CALLS) {
  test(`killed at any ${call}, the server keeps what it acknowledged and takes the rest again`, async ({ place }) => {
    const { berth } = place;
    const registry = await place.open();
    const acknowledged: [string, Image][] = [];
    let kills = 0;
    for (let when = 1; when <= MOST; when += step) {
      const tag = `at-${when}`;
      const one = image(`${call}/${tag}`, [50_000]);
      const strace = await Strace.inject(berth.pid ?? 0, call, "signal=SIGKILL", String(when));
      if (await pushed(registry, tag, one)) {
        acknowledged.push([tag, one]);
        await strace.detach();
        break;
      }
      kills += 1;
      await until("the server to be gone", 10_000, () => !isAlive(berth.pid));
      await berth.restart();
      await expectSound(berth);
      expect(await pushed(registry, tag, one), "pushed again").toBe(true);
      acknowledged.push([tag, one]);
    }
    console.log(`${call}: killed ${kills} times`);
    expect(kills).toBeGreaterThan(0);
    for (const [tag, one] of acknowledged) {
      await registry.pullCompletely(tag, one);
    }
  });
}

function isAlive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}
