// The oracle of every fault: what the server keeps is compared with what it says that it keeps.
import { attempt } from "./command.ts";
import { BERTH, need } from "./paths.ts";
import type { Berth } from "./server.ts";

/** The tests' own variables are no settings of the command. */
export const NO_SETTINGS = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith("BERTH_"))
    .map((name) => [name, undefined]),
);

/** How much was checked. */
export interface Checked {
  blobs: number;
  manifests: number;
  tags: number;
}

/** Fails unless rows and bytes agree; tells how much that is. The server may run. */
export async function expectSound(berth: Pick<Berth, "dataDir">): Promise<Checked> {
  const outcome = await attempt(need(BERTH), ["fsck", "--data", berth.dataDir, "--json"], { env: NO_SETTINGS });
  if (outcome.code !== 0) {
    throw new Error(`berth fsck ended with ${outcome.code}\n${outcome.text}`);
  }
  return (JSON.parse(outcome.stdout.toString()) as { checked: Checked }).checked;
}
