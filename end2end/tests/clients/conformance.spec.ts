// The OCI conformance suite: the stable profile passes whole; the dev profile, with all that is optional, is reported.
import { expect, test } from "@playwright/test";
import { Api } from "../../support/api.ts";
import { conformance, type ConformanceRun, type Report } from "../../support/conformance.ts";
import { startBerth } from "../../support/server.ts";

/** What the suite counts in its stable profile at the pinned version; fewer would mean that it left something out. */
const STABLE_FLOOR = 862;

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

test("the stable profile passes whole", async ({}, info) => {
  // the suite leaves cancelling out of this profile unless told; then nothing of it is left out
  const report = await runSuite({ version: "1.1", switches: { OCI_API_BLOBS_UPLOAD_CANCEL: "true" } });
  console.log(`stable profile\n${report.summary}`);
  await info.attach("summary", { body: report.summary, contentType: "text/plain" });

  expect(report.others).toEqual([]);
  expect({ failed: report.failed, errors: report.errors, skipped: report.skipped, disabled: report.disabled }).toEqual({
    failed: 0,
    errors: 0,
    skipped: 0,
    disabled: 0,
  });
  expect(report.total).toBeGreaterThanOrEqual(STABLE_FLOOR);
});

test("the dev profile is reported", async ({}, info) => {
  const switches = {
    OCI_API_BLOBS_UPLOAD_CANCEL: "true",
    OCI_API_BLOBS_DIGEST_HEADER: "true",
    OCI_API_MANIFESTS_DIGEST_HEADER: "true",
    OCI_API_MANIFESTS_TAG_PARAM: "true",
    OCI_DATA_SPARSE: "true",
  };
  const report = await runSuite({ version: "dev", switches }, { BERTH_REGISTRY__SPARSE_MANIFESTS: "true" });
  console.log(`dev profile\n${report.summary}\n${report.others.join("\n")}`);
  await info.attach("summary", { body: report.summary, contentType: "text/plain" });
  expect(report.total).toBeGreaterThan(0);
});
