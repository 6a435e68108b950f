// What is on the disk before an answer says so: the order of system calls, as the kernel saw them.
import { image } from "../../support/image.ts";
import { Strace } from "../../support/strace.ts";
import { blobOf, expect, putBlob, putManifest, test } from "./support.ts";

interface Call {
  text: string;
  /** Lines of the trace at which it began and ended. */
  begin: number;
  end: number;
}

/** Puts the halves of calls together that another thread's came between. */
function callsOf(lines: string[]): Call[] {
  const calls: Call[] = [];
  const open = new Map<string, Call>();
  lines.forEach((line, at) => {
    const [, thread, text] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (!thread || !text) {
      return;
    }
    const resumed = /^<\.\.\. \w+ resumed>/.test(text) ? open.get(thread) : undefined;
    if (resumed) {
      resumed.end = at;
      open.delete(thread);
      return;
    }
    const call = { text, begin: at, end: at };
    calls.push(call);
    if (text.includes("<unfinished ...>")) {
      open.set(thread, call);
    }
  });
  return calls;
}

/** Finds calls one after another, each begun after the one before it had ended. */
function expectOrder(calls: Call[], ...steps: [what: string, form: RegExp][]): void {
  let after = -1;
  for (const [what, form] of steps) {
    const found = calls.find((call) => call.begin > after && form.test(call.text));
    expect(found, `${what} comes next, after line ${after} of\n${calls.map((call) => call.text).join("\n")}`).toBeDefined();
    after = found?.end ?? after;
  }
}

const ANSWER = /^(write|writev|sendto|sendmsg)\(.*HTTP\/1\.1 201 /;
const DATABASE = /^(fsync|fdatasync)\(.*berth\.db-wal>/;
const TRACED = ["-s", "48", "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg"];

test("a blob is answered when its bytes, its name, its folder and its row are durable, in this order", async ({ place }) => {
  const registry = await place.open();
  const strace = await Strace.attach(place.berth.pid ?? 0, TRACED);
  expect((await putBlob(registry, blobOf("order", 300_000))).status).toBe(201);
  expectOrder(
    callsOf(await strace.detach()),
    ["the bytes", /^fsync\(.*\/uploads\/[0-9a-f-]{36}>/],
    ["the name", /^rename.*\/uploads\/.*\/blobs\/sha256\//],
    ["the folder", /^fsync\(.*\/blobs\/sha256\/[0-9a-f]{2}>/],
    ["the row", DATABASE],
    ["the answer", ANSWER],
  );
});

test("a chunk is answered when its bytes and its offset are durable", async ({ place }) => {
  const registry = await place.open();
  const upload = await registry.startUpload();
  const strace = await Strace.attach(place.berth.pid ?? 0, TRACED);
  await registry.append(upload, blobOf("chunk", 100_000).bytes);
  expectOrder(
    callsOf(await strace.detach()),
    ["the bytes", /^fsync\(.*\/uploads\/[0-9a-f-]{36}>/],
    ["the folder", /^fsync\(.*\/uploads>/],
    ["the offset", DATABASE],
    ["the answer", /^(write|writev|sendto|sendmsg)\(.*HTTP\/1\.1 202 /],
  );
});

test("a manifest is answered when its row is durable", async ({ place }) => {
  const registry = await place.open();
  const one = image("order");
  for (const blob of [...one.layers, one.config]) {
    expect((await putBlob(registry, blob)).status).toBe(201);
  }
  const strace = await Strace.attach(place.berth.pid ?? 0, TRACED);
  expect((await putManifest(registry, "v1", one.manifest)).status).toBe(201);
  expectOrder(callsOf(await strace.detach()), ["the row", DATABASE], ["the answer", ANSWER]);
});
