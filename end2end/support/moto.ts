// An S3 server with one bucket, for a Berth that keeps its blobs there.
import { need, MOTO } from "./paths.ts";
import { answers, Daemon, freePort } from "./process.ts";

const BUCKET = "blobs";
const START_DEADLINE = 60_000;

export class Moto {
  private constructor(
    readonly url: string,
    private readonly daemon: Daemon,
  ) {}

  static async start(): Promise<Moto> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const daemon = new Daemon(need(MOTO), ["-H", "127.0.0.1", "-p", String(port)]);
    await daemon.start(START_DEADLINE, () => answers(`${url}/`));
    const made = await fetch(`${url}/${BUCKET}`, { method: "PUT" });
    if (!made.ok) {
      throw new Error(`the bucket was not made: ${made.status}`);
    }
    return new Moto(url, daemon);
  }

  /** The settings of a Berth that keeps its blobs here. */
  get settings(): Record<string, string> {
    return {
      BERTH_STORAGE__URL: `s3://${BUCKET}/registry`,
      BERTH_STORAGE__ENDPOINT: this.url,
      BERTH_STORAGE__ALLOW_HTTP: "true",
      BERTH_STORAGE__ACCESS_KEY: "an-access-key",
      BERTH_STORAGE__SECRET_KEY: "a-secret-key-of-the-tests",
    };
  }

  /** The names of all objects. */
  async objects(): Promise<string[]> {
    const listing = await (await fetch(`${this.url}/${BUCKET}?list-type=2`)).text();
    return [...listing.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1] ?? "");
  }

  stop(): Promise<void> {
    return this.daemon.end("SIGKILL");
  }
}
