// Real clients and a real browser against the built binary. Debian's Chromium is used; none is downloaded.
import { defineConfig, devices } from "@playwright/test";

const isRoot = process.getuid?.() === 0;

/** Whether the faults are tried for long, by `make soak`. */
const soaks = Boolean(process.env["SOAK"]);

const chromium = {
  ...devices["Desktop Chrome"],
  viewport: { width: 1440, height: 900 },
  trace: "retain-on-failure" as const,
  screenshot: "only-on-failure" as const,
  launchOptions: {
    executablePath: "/usr/bin/chromium",
    args: [
      // a plain-HTTP name that is no secure context, as on a private network
      "--host-resolver-rules=MAP berth.test 127.0.0.1",
      ...(isRoot ? ["--no-sandbox"] : []),
    ],
  },
};

export default defineConfig({
  outputDir: "test-results",
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env["CI"]),
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: "../target/test-results/end2end.json" }]],
  projects: [
    { name: "clients", testDir: "tests/clients", timeout: 180_000 },
    { name: "faults", testDir: "tests/faults", timeout: soaks ? 3_600_000 : 240_000 },
    { name: "portal", testDir: "tests/portal", timeout: 120_000, use: chromium },
    {
      name: "portal-no-script",
      testDir: "tests/portal",
      testIgnore: "**/*.hydrate.spec.ts",
      timeout: 120_000,
      use: { ...chromium, javaScriptEnabled: false },
    },
    // for a person to look at, by `make screenshots`; not a test
    ...(process.env["SCREENSHOTS"] ? [{ name: "screenshots", testDir: "tests/screenshots", use: chromium }] : []),
  ],
});
