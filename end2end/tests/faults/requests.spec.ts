// Requests that break off, stall, meet a lock, or whose answers are lost.
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, request as forward } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { expectSound } from "../../support/fsck.ts";
import { content, image, sha256 } from "../../support/image.ts";
import { until } from "../../support/process.ts";
import { Registry } from "../../support/registry.ts";
import { blobOf, expect, pushed, putBlob, putManifest, SOAKS, test } from "./support.ts";

test.describe("with little patience for bodies", () => {
  test.use({ options: { env: { BERTH_LIMITS__BODY_IDLE_TIMEOUT_SECS: "1" } } });

  for (const [what, end] of [
    ["breaks off", true],
    ["stalls", false],
  ] as const) {
    test(`an upload that ${what} goes on from what arrived`, async ({ place }) => {
      const registry = await place.open();
      const blob = blobOf(what, 90_000);
      const upload = await registry.startUpload();
      await sendHalf(place.berth.port, registry, upload.location, blob.bytes, end);
      let reached = upload;
      await until("what arrived to be counted", 20_000, async () => {
        reached = await registry.status(upload);
        return reached.offset > 0;
      });
      expect(reached.offset).toBe(40_000);
      reached = await registry.append(reached, blob.bytes.subarray(reached.offset));
      await registry.finish(reached, blob.digest);
      const { body } = await registry.send("GET", `/v2/${registry.repository}/blobs/${blob.digest}`);
      expect(sha256(body)).toBe(blob.digest);
      await expectSound(place.berth);
    });
  }
});

/** Sends the first 40,000 bytes of a chunk that is announced as whole; then ends the connection, or waits for its end. */
async function sendHalf(port: number, registry: Registry, location: string, bytes: Buffer, ends: boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const head = `PATCH ${location} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${registry.authorization}\r\ncontent-type: application/octet-stream\r\ncontent-length: ${bytes.length}\r\n\r\n`;
    socket.on("error", reject);
    socket.on("close", () => resolve());
    socket.on("data", () => undefined);
    socket.write(head);
    socket.write(bytes.subarray(0, 40_000), () => {
      if (ends) {
        socket.end();
      }
    });
  });
}

test("while another process holds the database, writes are refused for a moment and reads go on", async ({ place }) => {
  const registry = await place.open();
  const one = image("lock");
  expect(await pushed(registry, "v1", one)).toBe(true);
  const holder = spawn("sqlite3", [join(place.berth.dataDir, "berth.db")], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  holder.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  holder.stdin.write("BEGIN IMMEDIATE; SELECT 'held';\n");
  await until("the lock", 10_000, () => said.includes("held"));
  const refused = putManifest(registry, "v2", one.manifest);
  await registry.pullCompletely("v1", one);
  const { status, headers } = await refused;
  expect(status).toBe(503);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  holder.stdin.end("ROLLBACK;\n");
  await new Promise((resolve) => holder.on("exit", resolve));
  expect((await putManifest(registry, "v2", one.manifest)).status).toBe(201);
  await expectSound(place.berth);
});

/** A client written for this could do more; the same is tried 1,000 times without HTTP between. */
const MOVES = SOAKS ? 1_000 : 100;

test(`32 readers of a tag that moves ${MOVES} times see one whole manifest each time`, async ({ place }) => {
  const registry = await place.open();
  const images = Array.from({ length: 8 }, (_, number) => image(`moved-${number}`));
  for (const one of images) {
    expect(await pushed(registry, "moving", one)).toBe(true);
  }
  const known = new Set(images.map((one) => one.manifest.digest));
  let moves = 0;
  const wrong: string[] = [];
  const reader = async () => {
    let reads = 0;
    for (; moves < MOVES; reads += 1) {
      const { status, headers, body } = await registry.send("GET", `/v2/${registry.repository}/manifests/moving`);
      const digest = sha256(body);
      if (status !== 200 || digest !== headers.get("docker-content-digest") || !known.has(digest)) {
        wrong.push(`${status} ${digest} of ${body.length} bytes`);
      }
    }
    return reads;
  };
  const writer = async () => {
    for (; moves < MOVES; moves += 1) {
      const { manifest } = images[moves % images.length]!;
      const { status } = await putManifest(registry, "moving", manifest);
      const { headers } = await registry.send("HEAD", `/v2/${registry.repository}/manifests/moving`);
      if (status !== 201 || headers.get("docker-content-digest") !== manifest.digest) {
        wrong.push(`move ${moves} was answered ${status}, then ${headers.get("docker-content-digest")} was there`);
      }
    }
  };
  const [, ...reads] = await Promise.all([writer(), ...Array.from({ length: 32 }, reader)]);
  console.log(`${reads.reduce((sum, more) => sum + more, 0)} reads during ${MOVES} moves`);
  expect(wrong).toEqual([]);
  expect(Math.min(...reads)).toBeGreaterThan(0);
});

/** Forwards everything; the answer to the next request that is marked is read to its end, and not passed on. */
async function lossyProxy(port: number) {
  let loses = false;
  const server = createServer((incoming: IncomingMessage, outgoing) => {
    const isLost = loses;
    loses = false;
    const { method, url: path, headers } = incoming;
    const upstream = forward({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      if (isLost) {
        answer.resume().on("end", () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    upstream.on("error", () => incoming.socket.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    /** Loses the answer of one request, which the client then repeats. */
    async twice(send: () => Promise<{ status: number }>): Promise<number> {
      loses = true;
      await expect(send()).rejects.toThrow();
      return (await send()).status;
    },
    close: () => server.close(),
  };
}

test("a request whose answer was lost can be repeated, whichever it is", async ({ place }) => {
  const direct = await place.open();
  const proxy = await lossyProxy(place.berth.port);
  const registry = await Registry.open(proxy.url, direct.repository, place.who, "pull,push,delete");
  const path = `/v2/${registry.repository}`;
  for (let round = 0; round < (SOAKS ? 50 : 3); round += 1) {
    const one = image(`lost-${round}`, [20_000]);
    const [layer] = one.layers;
    const chunk = content("application/octet-stream", layer!.bytes);
    expect(await proxy.twice(() => registry.send("POST", `${path}/blobs/uploads/`)), "an upload opened").toBe(202);
    const upload = await registry.startUpload();
    const range = { "content-range": `0-${chunk.bytes.length - 1}` };
    // the first was counted: the client is told where to go on
    expect(await proxy.twice(() => registry.send("PATCH", upload.location, chunk.bytes, range)), "a chunk").toBe(416);
    expect((await registry.status(upload)).offset).toBe(chunk.bytes.length);
    expect(await proxy.twice(() => registry.send("PUT", `${upload.location}?digest=${chunk.digest}`)), "an end").toBe(201);
    expect(await proxy.twice(() => putBlob(registry, one.config)), "a whole blob").toBe(201);
    expect(await proxy.twice(() => putManifest(registry, `v${round}`, one.manifest)), "a manifest").toBe(201);
    await direct.pullCompletely(`v${round}`, one);
    const mounted = `${path}-b/blobs/uploads/?mount=${one.config.digest}&from=${registry.repository}`;
    expect([201, 401], "a mount").toContain(await proxy.twice(() => registry.send("POST", mounted)));
    const given = await registry.startUpload();
    expect([204, 404], "an upload given up").toContain(await proxy.twice(() => registry.send("DELETE", given.location)));
    for (const [what, gone] of [
      ["a tag removed", `${path}/manifests/v${round}`],
      ["a manifest removed", `${path}/manifests/${one.manifest.digest}`],
    ] as const) {
      expect([202, 404], what).toContain(await proxy.twice(() => registry.send("DELETE", gone)));
      expect((await registry.send("HEAD", gone)).status, what).toBe(404);
    }
  }
  proxy.close();
  await expectSound(place.berth);
});
