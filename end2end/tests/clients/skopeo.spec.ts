// skopeo: an image of two platforms in and out byte for byte, and the everyday verbs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unique } from "../../support/api.ts";
import { expect, test } from "../../support/fixtures.ts";
import { image, index, sha256, writeLayout } from "../../support/image.ts";
import { temporary } from "../../support/paths.ts";
import { Skopeo } from "../../support/skopeo.ts";

/** Every blob of an OCI layout by name. */
function blobs(layout: string): Map<string, Buffer> {
  const folder = join(layout, "blobs/sha256");
  return new Map(readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name))]));
}

/** Writes a layout with an index over two platforms. */
function twoPlatforms(tag: string) {
  const seed = unique("multi");
  const images = [image(seed, [9_000, 70_000]), image(seed, [9_000, 70_000], "arm64")];
  const top = index(images);
  const layout = temporary("layout");
  writeLayout(layout, tag, images, top);
  return { layout, images, top };
}

test("an index of two platforms keeps every byte on its way in and out", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const skopeo = new Skopeo(await admin.createMember(project, "developer"));
  const reference = `${berth.host}/${project}/deep/path/multi:1.0`;
  const { layout, images, top } = twoPlatforms("1.0");

  await skopeo.copyIn(`${layout}:1.0`, reference);
  expect((await skopeo.raw(reference)).equals(top.bytes)).toBe(true);
  for (const one of images) {
    const byDigest = `${berth.host}/${project}/deep/path/multi@${one.manifest.digest}`;
    expect((await skopeo.raw(byDigest)).equals(one.manifest.bytes)).toBe(true);
  }

  const back = temporary("layout");
  await skopeo.copyOut(reference, `${back}:1.0`);
  expect(blobs(back)).toEqual(blobs(layout));
});

test("tags are listed and images described", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const skopeo = new Skopeo(await admin.createMember(project, "developer"));
  const repository = `${berth.host}/${project}/app`;
  const one = image(unique("one"));
  const layout = temporary("layout");
  writeLayout(layout, "x", [one]);
  for (const tag of ["2.0", "1.0", "latest"]) {
    await skopeo.copyIn(`${layout}:x`, `${repository}:${tag}`);
  }

  expect(await skopeo.tags(repository)).toEqual(["1.0", "2.0", "latest"]);
  const described = await skopeo.inspect(`${repository}:latest`);
  expect(described["Digest"]).toBe(one.manifest.digest);
  expect(described["Os"]).toBe("linux");
  expect(described["Layers"]).toEqual(one.layers.map((layer) => layer.digest));
});

test("delete takes the image away, and only with the right to", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const developer = new Skopeo(await admin.createMember(project, "developer"));
  const guest = new Skopeo(await admin.createMember(project, "guest"));
  const maintainer = new Skopeo(await admin.createMember(project, "maintainer"));
  const reference = `${berth.host}/${project}/app:1`;
  const layout = temporary("layout");
  writeLayout(layout, "x", [image(unique("gone"))]);
  await developer.copyIn(`${layout}:x`, reference);

  await guest.deleteRefused(reference);
  expect(await guest.sees(reference)).toBe(true);
  await maintainer.delete(reference);
  expect(await guest.sees(reference)).toBe(false);
});

test("anonymous copies read public projects only", async ({ berth, admin }) => {
  const owner = new Skopeo({ name: "admin", password: berth.adminPassword });
  const nobody = new Skopeo();
  const open = `${berth.host}/${await admin.createProject("public")}/app:1`;
  const closed = `${berth.host}/${await admin.createProject("private")}/app:1`;
  const one = image(unique("public"));
  const layout = temporary("layout");
  writeLayout(layout, "x", [one]);
  await owner.copyIn(`${layout}:x`, open);
  await owner.copyIn(`${layout}:x`, closed);

  expect(sha256(await nobody.raw(open))).toBe(one.manifest.digest);
  expect(await nobody.inspectRefused(closed)).toMatch(/unauthorized|denied/i);
  expect(await nobody.copyInRefused(`${layout}:x`, open)).toMatch(/unauthorized|denied/i);
});

test("wrong stored credentials are refused, on a public image too", async ({ berth, admin }) => {
  const owner = new Skopeo({ name: "admin", password: berth.adminPassword });
  const user = await admin.createUser();
  const open = `${berth.host}/${await admin.createProject("public")}/app:1`;
  const layout = temporary("layout");
  writeLayout(layout, "x", [image(unique("public"))]);
  await owner.copyIn(`${layout}:x`, open);

  const mistaken = new Skopeo({ name: user.name, password: "not-the-Password-1" });
  expect(await mistaken.inspectRefused(open)).toMatch(/unauthorized|invalid username\/password/i);
});
