// The pages of the portal, from its own route table, each with addresses where there is something to see.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/paths.ts";
import type { Scene } from "../../support/scene.ts";

/** How many routes the table has at the least: fewer means that it was not understood. */
const LEAST = 13;

/** An artifact's tabs, as its address names them. */
export const TABS = ["overview", "layers", "configuration", "referrers", "manifest"];

export interface Address {
  path: string;
  /** Who can see it: without an account, with one, or an administrator. */
  audience: "anybody" | "member" | "administrator";
}

/** The patterns of the portal's route table, in its order. */
export function routeTable(): string[] {
  const source = readFileSync(join(ROOT, "app/src/app.rs"), "utf8");
  const patterns = [...source.matchAll(/\bpath!\("([^"]*)"\)/g)].map(([, pattern]) => pattern ?? "");
  if (patterns.length < LEAST) {
    throw new Error(`the route table has ${patterns.length} routes, fewer than ${LEAST}: ${patterns.join(" ")}`);
  }
  return patterns;
}

/** Every page's addresses in a furnished project. Fails when a route has none, or when one has no route any more. */
export function addresses(scene: Scene, empty: string): Address[] {
  const { project } = scene;
  const home = `/projects/${project}`;
  const repository = (path: string) => `${home}/repositories/${path}`;
  const anybody = (...paths: string[]) => paths.map((path): Address => ({ path, audience: "anybody" }));
  const member = (...paths: string[]) => paths.map((path): Address => ({ path, audience: "member" }));
  const administrator = (...paths: string[]) => paths.map((path): Address => ({ path, audience: "administrator" }));
  const known: Record<string, Address[]> = {
    "/": member("/"),
    "/sign-in": anybody("/sign-in"),
    "/register": anybody("/register"),
    "/account": member("/account"),
    "/search": member("/search", `/search?find=${project}`, "/search?find=nothing-has-this-name"),
    "/projects": member("/projects?new=1", "/projects", "/projects?q=nothing-has-this-name"),
    "/projects/:project": member(home, `/projects/${empty}`),
    "/projects/:project/members": member(`${home}/members?roles=1`, `${home}/members`),
    "/projects/:project/activity": member(`${home}/activity`),
    "/projects/:project/settings": member(`${home}/settings`, `/projects/${empty}/settings`),
    "/projects/:project/repositories/*repository": member(
      repository(scene.pilot),
      ...TABS.map((tab) => `${repository(scene.pilot)}@${scene.image}?tab=${tab}`),
      `${repository(scene.pilot)}@${scene.index}`,
      `${repository("charts/tide-table")}@${scene.chart}`,
    ),
    "/administration/users": administrator("/administration/users"),
    "/administration/health": administrator("/administration/health"),
  };
  const table = routeTable();
  const forgotten = table.filter((pattern) => !known[pattern]?.length);
  const gone = Object.keys(known).filter((pattern) => !table.includes(pattern));
  if (forgotten.length + gone.length > 0) {
    throw new Error(`routes without an address: [${forgotten.join(" ")}]; addresses without a route: [${gone.join(" ")}]`);
  }
  return table.flatMap((pattern) => known[pattern] ?? []);
}
