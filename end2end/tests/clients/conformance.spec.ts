// The OCI conformance suite passes whole: the stable profile, and that of the next version with all that is optional.
import { expect, test, type TestInfo } from "@playwright/test";
import { Api } from "../../support/api.ts";
import { conformance, type ConformanceRun, type Report } from "../../support/conformance.ts";
import { startBerth } from "../../support/server.ts";

/**
 * What the suite counts in each profile at the pinned version, of a registry that passes everything; fewer would mean that
 * it left something out. A registry that fails is counted more: a push that fails is tried again in another way.
 */
const STABLE_FLOOR = 862;
const DEV_FLOOR = 1032;

async function runSuite(run: Pick<ConformanceRun, "version" | "switches">, env?: Record<string, string>): Promise<Report> {
  const berth = await startBerth({ env });
  try {
    const admin = new Api(berth.url, { name: "admin", password: berth.adminPassword });
    const one = await admin.createProject("private");
    const two = await admin.createProject("private");
    const who = await admin.createMember(one, "maintainer");
    await admin.addMember(two, who, "maintainer");
    return await conformance({ ...run, host: berth.host, who, repositories: [`${one}/suite`, `${two}/suite`] });
  } finally {
    await berth.stop();
  }
}

async function passesWhole(report: Report, floor: number, info: TestInfo): Promise<void> {
  console.log(`${info.title}\n${report.summary}\n${report.others.join("\n")}`);
  await info.attach("summary", { body: report.summary, contentType: "text/plain" });
  expect(report.others).toEqual([]);
  expect({ failed: report.failed, errors: report.errors, skipped: report.skipped, disabled: report.disabled }).toEqual({
    failed: 0,
    errors: 0,
    skipped: 0,
    disabled: 0,
  });
  expect(report.total).toBeGreaterThanOrEqual(floor);
}

test("the stable profile passes whole", async ({}, info) => {
  // the suite leaves cancelling out of this profile unless told; then nothing of it is left out
  const report = await runSuite({ version: "1.1", switches: { OCI_API_BLOBS_UPLOAD_CANCEL: "true" } });
  await passesWhole(report, STABLE_FLOOR, info);
});

test("the profile of the next version passes whole", async ({}, info) => {
  const switches = {
    OCI_API_BLOBS_UPLOAD_CANCEL: "true",
    OCI_API_BLOBS_DIGEST_HEADER: "true",
    OCI_API_MANIFESTS_DIGEST_HEADER: "true",
    OCI_API_MANIFESTS_TAG_PARAM: "true",
    OCI_DATA_SPARSE: "true",
  };
  const report = await runSuite({ version: "dev", switches }, { BERTH_REGISTRY__SPARSE_MANIFESTS: "true" });
  await passesWhole(report, DEV_FLOOR, info);
});
