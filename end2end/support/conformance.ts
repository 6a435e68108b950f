// Runs the OCI conformance suite and reads the report it leaves behind.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Credentials } from "./api.ts";
import { attempt } from "./command.ts";
import { CONFORMANCE, need, temporary } from "./paths.ts";

export interface ConformanceRun {
  host: string;
  who: Credentials;
  repositories: [string, string];
  /** `1.1` is the stable profile; `dev` adds what the next version of the specification asks. */
  version: "1.1" | "dev";
  /** Further switches of the suite, such as `OCI_DATA_SPARSE`. */
  switches?: Record<string, string>;
}

export interface Report {
  total: number;
  failed: number;
  errors: number;
  skipped: number;
  disabled: number;
  /** The suite's own closing summary, as it printed it. */
  summary: string;
  /** Every test that did not pass, with the suite's word for it. */
  others: string[];
}

export async function conformance(of: ConformanceRun): Promise<Report> {
  const results = temporary("conformance");
  const outcome = await attempt(need(CONFORMANCE), [], {
    cwd: results,
    env: {
      OCI_REGISTRY: of.host,
      OCI_TLS: "disabled",
      OCI_REPO1: of.repositories[0],
      OCI_REPO2: of.repositories[1],
      OCI_USERNAME: of.who.name,
      OCI_PASSWORD: of.who.password,
      OCI_RESULTS_DIR: results,
      OCI_VERSION: of.version,
      ...of.switches,
    },
  });
  const said = outcome.stdout.toString();
  const junit = readFileSync(join(results, "junit.xml"), "utf8");
  const suite = /<testsuite [^>]*>/.exec(junit)?.[0] ?? "";
  // a count of zero may be left out, that of all tests never is
  const number = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  return {
    total: number("tests"),
    failed: number("failures"),
    errors: number("errors"),
    skipped: number("skipped"),
    disabled: number("disabled"),
    summary: said.slice(said.lastIndexOf("OCI Conformance Result")),
    others: [...junit.matchAll(/<testcase name="([^"]*)"[^>]* status="(?!passed)([a-z]+)"/g)].map(
      ([, name, status]) => `${status}: ${name}`,
    ),
  };
}
