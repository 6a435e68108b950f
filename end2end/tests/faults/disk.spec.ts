// A disk that is full, that fails, that is slow to answer: no byte is acknowledged that is not kept.
import { statfsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../support/command.ts";
import { expectSound } from "../../support/fsck.ts";
import { image } from "../../support/image.ts";
import { temporary } from "../../support/paths.ts";
import { answers } from "../../support/process.ts";
import { startBerth } from "../../support/server.ts";
import { Strace } from "../../support/strace.ts";
import { Api, unique } from "../../support/api.ts";
import { Registry } from "../../support/registry.ts";
import { blobOf, expect, pushed, putBlob, putManifest, test } from "./support.ts";

const FULL = [503, 507];
const MIB = 1024 * 1024;

/** Runs as the administrator of the machine, as mounting needs. */
function asRoot(program: string, args: string[]) {
  return process.getuid?.() === 0 ? run(program, args) : run("sudo", ["-n", program, ...args]);
}

const SYSTEMS = {
  "a small tmpfs": async (folder: string) => {
    await asRoot("mount", ["-t", "tmpfs", "-o", `size=64m,mode=0777`, "tmpfs", folder]);
  },
  "a small ext4": async (folder: string) => {
    const file = join(temporary("disk"), "disk");
    await run("truncate", ["-s", "96M", file]);
    await run("/usr/sbin/mkfs.ext4", ["-q", file]);
    await asRoot("mount", ["-o", "loop", file, folder]);
    await asRoot("chmod", ["0777", folder]);
  },
};

for (const [name, mount] of Object.entries(SYSTEMS)) {
  test(`on ${name} that is full, reading and deleting go on, and pushing when there is room again`, async () => {
    const folder = temporary("full");
    await mount(folder);
    try {
      const berth = await startBerth({ folder });
      const admin = new Api(berth.url, { name: "admin", password: berth.adminPassword });
      const project = await admin.createProject("private");
      const who = await admin.createMember(project, "maintainer");
      const registry = await Registry.open(berth.url, `${project}/${unique("image")}`, who);
      const kept = image("kept", [1_000_000]);
      expect(await pushed(registry, "kept", kept)).toBe(true);
      const large = blobOf("large", 3 * MIB);
      expect((await putBlob(registry, large)).status).toBe(201);

      let refused = 0;
      for (let round = 0; round < 64 && refused < 3; round += 1) {
        const { status } = await putBlob(registry, blobOf(`fill-${round}`, 4 * MIB));
        expect([201, ...FULL]).toContain(status);
        refused += status === 201 ? 0 : 1;
      }
      expect(refused).toBe(3);
      const ballast = join(folder, "ballast");
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - 3 * MIB)));
      expect(FULL).toContain((await putBlob(registry, blobOf("more", MIB))).status);
      await registry.pullCompletely("kept", kept);
      await Registry.open(berth.url, registry.repository, who); // signing in goes on
      const removed = await registry.send("DELETE", `/v2/${registry.repository}/blobs/${large.digest}`);
      expect(removed.status).toBe(401); // the token is for pushing only
      await admin.expect(200, "DELETE", `/projects/${project}/repositories/${registry.repository.split("/")[1]}/artifacts/kept/tags/kept`);

      rmSync(ballast);
      expect((await putManifest(registry, "again", kept.manifest)).status).toBe(201);
      await registry.pullCompletely("again", kept);
      await expectSound(berth);
      await berth.stop();
    } finally {
      await asRoot("umount", ["-l", folder]);
    }
  });
}

test("an fsync that fails fails its request alone, is not repeated, and turns health red", async ({ place }) => {
  const { berth } = place;
  const registry = await place.open();
  const blob = blobOf("eio", 100_000);
  const strace = await Strace.inject(berth.pid ?? 0, "fsync", "error=EIO", "1+");
  expect((await putBlob(registry, blob)).status).toBeGreaterThanOrEqual(500);
  expect(await answers(`${berth.url}/readyz`), "health while no fsync succeeds").toBe(false);
  const calls = await strace.detach();
  const files = calls.filter((line) => /fsync\(.*\/uploads\/[0-9a-f-]{36}>.*EIO/.test(line));
  expect(files.length, "fsyncs of the upload's file").toBe(1);
  expect((await registry.send("HEAD", `/v2/${registry.repository}/blobs/${blob.digest}`)).status).toBe(404);
  expect(await answers(`${berth.url}/readyz`)).toBe(true);
  expect((await putBlob(registry, blob)).status).toBe(201);
  await expectSound(berth);
});

for (const [what, calls] of [
  ["can't make its log durable", "fsync,fdatasync"],
  ["finds no room for its log", "pwrite64"],
] as const) {
  test(`a database that ${what} refuses writes, goes on reading, and recovers by itself`, async ({ place }) => {
    const { berth } = place;
    const registry = await place.open();
    const before = image("before");
    expect(await pushed(registry, "v1", before)).toBe(true);
    const strace = await Strace.inject(berth.pid ?? 0, calls, calls === "pwrite64" ? "error=ENOSPC" : "error=EIO", "1+");
    const refused = await putManifest(registry, "v2", before.manifest);
    expect(FULL).toContain(refused.status);
    expect(await answers(`${berth.url}/readyz`), "health while nothing can be written").toBe(false);
    await registry.pullCompletely("v1", before);
    await strace.detach();
    expect(await answers(`${berth.url}/readyz`)).toBe(true);
    expect((await putManifest(registry, "v2", before.manifest)).status).toBe(201);
    await registry.pullCompletely("v2", before);
    await expectSound(berth);
  });
}
