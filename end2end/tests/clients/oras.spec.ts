// oras: files as artifacts, what is attached to them, and copies that take the attachments along.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unique } from "../../support/api.ts";
import { expect, test } from "../../support/fixtures.ts";
import { noise } from "../../support/image.ts";
import { Oras } from "../../support/oras.ts";
import { temporary } from "../../support/paths.ts";

interface Pushed {
  digest: string;
}

interface Discovered {
  referrers?: { digest: string; artifactType: string; annotations?: Record<string, string>; referrers?: unknown[] }[];
}

const CONFIG = "application/vnd.example.config";
const NOTES = "application/vnd.example.notes";
const SBOM = "application/vnd.example.sbom";

/** A folder with one file of 40 kB. */
function folderWith(name: string): { folder: string; bytes: Buffer } {
  const folder = temporary("oras");
  const bytes = noise(unique(name), 40_000);
  writeFileSync(join(folder, name), bytes);
  return { folder, bytes };
}

test("a file is pushed as an artifact and pulled back", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const oras = await new Oras().login(berth.host, await admin.createMember(project, "developer"));
  const reference = `${berth.host}/${project}/files:1`;
  const { folder, bytes } = folderWith("notes.bin");

  const pushed = await oras.json<Pushed>(["push", reference, "--artifact-type", CONFIG, "notes.bin"], folder);
  expect((await oras.run(["resolve", reference])).stdout.toString().trim()).toBe(pushed.digest);
  expect((await oras.run(["repo", "tags", `${berth.host}/${project}/files`])).stdout.toString().trim()).toBe("1");

  const back = temporary("oras");
  await oras.run(["pull", reference], back);
  expect(readFileSync(join(back, "notes.bin")).equals(bytes)).toBe(true);
});

test("what is attached is discovered, by type too", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const oras = await new Oras().login(berth.host, await admin.createMember(project, "developer"));
  const reference = `${berth.host}/${project}/app:1`;
  const { folder } = folderWith("app.bin");
  await oras.run(["push", reference, "--artifact-type", CONFIG, "app.bin"], folder);

  const notes = await oras.json<Pushed>(
    ["attach", reference, "--artifact-type", NOTES, "--annotation", "org.example.by=a person", "app.bin"],
    folder,
  );
  const sbom = await oras.json<Pushed>(["attach", reference, "--artifact-type", SBOM, "app.bin"], folder);

  const all = await oras.json<Discovered>(["discover", reference]);
  expect(all.referrers?.map((one) => one.digest).sort()).toEqual([notes.digest, sbom.digest].sort());
  const some = await oras.json<Discovered>(["discover", reference, "--artifact-type", NOTES]);
  expect(some.referrers?.map((one) => one.digest)).toEqual([notes.digest]);
  expect(some.referrers?.[0]?.annotations?.["org.example.by"]).toBe("a person");
  // the referrers API is served, so that no fallback tag was needed
  expect((await oras.run(["repo", "tags", `${berth.host}/${project}/app`])).stdout.toString().trim()).toBe("1");
});

test("a copy takes along what is attached and sends no layer again", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const oras = await new Oras().login(berth.host, await admin.createMember(project, "developer"));
  const source = `${berth.host}/${project}/from:1`;
  const target = `${berth.host}/${project}/to:1`;
  const { folder } = folderWith("app.bin");
  await oras.run(["push", source, "--artifact-type", CONFIG, "app.bin"], folder);
  const notes = await oras.json<Pushed>(["attach", source, "--artifact-type", NOTES, "app.bin"], folder);

  const copied = await oras.run(["cp", "--recursive", source, target]);
  expect(copied.text).toMatch(/Mounted/);
  const found = await oras.json<Discovered>(["discover", target]);
  expect(found.referrers?.map((one) => one.digest)).toEqual([notes.digest]);
});
