// kill -9 in the middle of pushes: what was acknowledged is whole, what was not goes on where it stopped.
import { expect, test } from "@playwright/test";
import { Api, unique, type Credentials } from "../../support/api.ts";
import { type Image, image, noise, sha256 } from "../../support/image.ts";
import { until } from "../../support/process.ts";
import { Registry, type Upload } from "../../support/registry.ts";
import { type Berth, startBerth } from "../../support/server.ts";

const PUSHERS = 10;
const CHUNK = 64 * 1024;
const LAYERS = [200_000, 90_000];

interface Acknowledged {
  repository: string;
  tag: string;
  image: Image;
}

interface Unfinished {
  repository: string;
  upload: Upload;
  bytes: Buffer;
  digest: string;
}

/** Pushes one image after another until the server is gone. */
class Pusher {
  readonly acknowledged: Acknowledged[] = [];
  /** The upload that was open when the server went away, unless its closing request was already on its way. */
  unfinished: Unfinished | undefined;

  constructor(
    private readonly registry: Registry,
    private readonly seed: string,
  ) {}

  async run(): Promise<void> {
    for (let round = 0; ; round += 1) {
      const tag = `${this.seed}-${round}`;
      const one = image(tag, LAYERS);
      try {
        await this.push(tag, one);
      } catch {
        return;
      }
      this.acknowledged.push({ repository: this.registry.repository, tag, image: one });
    }
  }

  private async push(tag: string, one: Image): Promise<void> {
    for (const blob of [...one.layers, one.config]) {
      const { repository } = this.registry;
      await this.registry.pushBlob(blob, CHUNK, (upload) => {
        const isWhole = upload.offset === blob.bytes.length;
        this.unfinished = isWhole ? undefined : { repository, upload, bytes: blob.bytes, digest: blob.digest };
      });
    }
    await this.registry.pushManifest(tag, one.manifest);
  }
}

async function finishRest(registry: Registry, open: Unfinished): Promise<void> {
  let upload = await registry.status(open.upload);
  expect(upload.offset).toBeGreaterThanOrEqual(open.upload.offset);
  while (upload.offset < open.bytes.length) {
    upload = await registry.append(upload, open.bytes.subarray(upload.offset, upload.offset + CHUNK));
  }
  await registry.finish(upload, open.digest);
  const { body } = await registry.send("GET", `/v2/${open.repository}/blobs/${open.digest}`);
  expect(sha256(body)).toBe(open.digest);
}

async function withServer(use: (berth: Berth, who: Credentials, project: string) => Promise<void>): Promise<void> {
  const berth = await startBerth();
  try {
    const admin = new Api(berth.url, { name: "admin", password: berth.adminPassword });
    const project = await admin.createProject("private");
    await use(berth, await admin.createMember(project, "developer"), project);
  } finally {
    await berth.stop();
  }
}

test("after kill -9 in the middle of ten pushes everything acknowledged is whole", async () => {
  await withServer(async (berth, who, project) => {
    for (let round = 0; round < 3; round += 1) {
      const pushers = await Promise.all(
        Array.from({ length: PUSHERS }, async (_, number) => {
          const repository = `${project}/app-${number}`;
          return new Pusher(await Registry.open(berth.url, repository, who), unique(`round-${round}`));
        }),
      );
      const all = Promise.all(pushers.map((pusher) => pusher.run()));
      const count = () => pushers.reduce((sum, pusher) => sum + pusher.acknowledged.length, 0);
      await until("twenty acknowledged pushes", 60_000, () => count() >= 20);
      await berth.kill9();
      await all;
      await berth.restart();

      for (const { repository, tag, image: one } of pushers.flatMap((pusher) => pusher.acknowledged)) {
        const registry = await Registry.open(berth.url, repository, who);
        await registry.pullCompletely(one.manifest.digest, one);
        await registry.pullCompletely(tag, one);
      }
      for (const open of pushers.flatMap((pusher) => pusher.unfinished ?? [])) {
        await finishRest(await Registry.open(berth.url, open.repository, who), open);
      }
    }
  });
});

test("an upload whose chunk was cut off by kill -9 resumes from what was acknowledged", async () => {
  await withServer(async (berth, who, project) => {
    const repository = `${project}/resume`;
    const bytes = noise(unique("resume"), 1_000_000);
    const before = await Registry.open(berth.url, repository, who);
    const upload = await before.append(await before.startUpload(), bytes.subarray(0, 300_000));
    const { gone } = before.hang(upload, bytes.subarray(300_000, 500_000), 700_000);

    await berth.kill9();
    await gone;
    await berth.restart();

    // the token from before is still good: the signing key outlives the process
    await finishRest(before, { repository, upload, bytes, digest: sha256(bytes) });
  });
});

test("a kill at the first write leaves a server that starts", async () => {
  await withServer(async (berth, who, project) => {
    for (let round = 0; round < 5; round += 1) {
      const registry = await Registry.open(berth.url, `${project}/early`, who);
      const one = image(unique("early"));
      const pushed = registry.pushBlob(one.config, CHUNK).catch(() => undefined);
      await berth.kill9();
      await pushed;
      await berth.restart();
    }
  });
});
