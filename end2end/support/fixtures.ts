// What most tests stand on: one server per worker, its administrator, and the server's log when a test fails.
import { test as base } from "@playwright/test";
import { Api } from "./api.ts";
import { type Berth, startBerth } from "./server.ts";

interface WorkerFixtures {
  /** Settings of the server that a spec needs, as environment variables. */
  settings: Record<string, string>;
  berth: Berth;
  admin: Api;
}

interface TestFixtures {
  logOnFailure: void;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  settings: [{}, { option: true, scope: "worker" }],
  berth: [
    async ({ settings }, use) => {
      // the proxy is the test itself: its visitors come from addresses of their own
      const berth = await startBerth({ env: { BERTH_TRUSTED_PROXIES: "127.0.0.0/8", ...settings } });
      await use(berth);
      await berth.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  admin: [
    async ({ berth }, use) => {
      await use(new Api(berth.url, { name: "admin", password: berth.adminPassword }));
    },
    { scope: "worker" },
  ],
  logOnFailure: [
    async ({ berth }, use, info) => {
      await use();
      if (info.status !== info.expectedStatus) {
        await info.attach("berth.log", { body: berth.log(), contentType: "text/plain" });
      }
    },
    { auto: true },
  ],
});

export { expect } from "@playwright/test";
