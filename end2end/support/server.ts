// Starts the real binary on a port of its own, with a data folder of its own.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { answers, Daemon, freePort } from "./process.ts";
import { BERTH, need, temporary } from "./paths.ts";

const START_DEADLINE = 20_000;

export interface BerthOptions {
  /** Further settings, as environment variables such as `BERTH_TOKENS__ALGORITHM`. */
  env?: Record<string, string>;
  adminPassword?: string;
  /** A folder for the data, where it is to be a special one; the server's end leaves it alone. */
  folder?: string;
  /** Hears every line that the server logs. */
  listener?: (line: string) => void;
}

export interface Berth {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** `127.0.0.1:PORT`, as image names begin. */
  readonly host: string;
  readonly adminPassword: string;
  readonly dataDir: string;
  readonly pid: number | undefined;
  /** What the server logged so far. */
  log(): string;
  /** Ends the server as an operator would and removes its data. */
  stop(): Promise<void>;
  /** Kills the server as a power cut would. The data stays. */
  kill9(): Promise<void>;
  /** Starts the server again on the same port and data, ending it first if it runs. */
  restart(): Promise<void>;
}

/** The environment without any setting of Berth, so that only the test's own count. */
function cleanEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("BERTH_")));
}

export async function startBerth(options: BerthOptions = {}): Promise<Berth> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const url = `http://${host}`;
  const adminPassword = options.adminPassword ?? "Admin-of-the-tests-1";
  const folder = options.folder ?? temporary("data");
  const dataDir = join(folder, "data");
  const env = { ...cleanEnvironment(), BERTH_ADMIN_PASSWORD: adminPassword, BERTH_METRICS__LISTEN: "off", ...options.env };
  const daemon = new Daemon(need(BERTH), ["serve", "--data", dataDir, "--listen", host], env, options.listener);
  const start = () => daemon.start(START_DEADLINE, () => answers(`${url}/readyz`));
  await start();
  return {
    url,
    port,
    host,
    adminPassword,
    dataDir,
    get pid() {
      return daemon.pid;
    },
    log: () => daemon.output,
    async stop() {
      await daemon.end("SIGTERM", 40_000);
      if (!options.folder) {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    kill9: () => daemon.end("SIGKILL"),
    async restart() {
      await daemon.end("SIGTERM", 40_000);
      await start();
    },
  };
}
