// crane: push and pull of layouts, copies that send no layer again, listing and deleting.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unique } from "../../support/api.ts";
import { Crane } from "../../support/crane.ts";
import { expect, test } from "../../support/fixtures.ts";
import { image, index, writeLayout } from "../../support/image.ts";
import { temporary } from "../../support/paths.ts";

test("an image is pushed, validated, listed and pulled", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const crane = await new Crane().login(berth.host, await admin.createMember(project, "developer"));
  const repository = `${berth.host}/${project}/app`;
  const one = image(unique("crane"), [30_000, 5_000]);
  const layout = temporary("layout");
  writeLayout(layout, "1.0", [one]);

  expect((await crane.lines("push", layout, `${repository}:1.0`)).at(-1)).toBe(`${repository}@${one.manifest.digest}`);
  expect(await crane.lines("digest", `${repository}:1.0`)).toEqual([one.manifest.digest]);
  expect((await crane.run("manifest", `${repository}:1.0`)).stdout.toString().trim()).toBe(one.manifest.bytes.toString());
  await crane.run("validate", "--remote", `${repository}:1.0`);
  await crane.run("tag", `${repository}:1.0`, "stable");
  expect(await crane.lines("ls", repository)).toEqual(["1.0", "stable"]);

  const back = temporary("layout");
  await crane.run("pull", "--format=oci", `${repository}:stable`, back);
  const pulled = readFileSync(join(back, "blobs", one.manifest.digest.replace(":", "/")));
  expect(pulled.equals(one.manifest.bytes)).toBe(true);
});

test("a copy between repositories mounts its layers", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const other = await admin.createProject("private");
  const user = await admin.createMember(project, "developer");
  await admin.addMember(other, user, "developer");
  const crane = await new Crane().login(berth.host, user);
  const source = `${berth.host}/${project}/from:1`;
  const images = [image(unique("copy"), [30_000, 8_000]), image(unique("copy"), [30_000], "arm64")];
  const layout = temporary("layout");
  writeLayout(layout, "1", images, index(images));
  await crane.run("push", "--index", layout, source);

  for (const target of [`${berth.host}/${project}/to:1`, `${berth.host}/${other}/to:1`]) {
    const { stderr } = await crane.run("copy", source, target);
    for (const layer of images.flatMap((one) => one.layers)) {
      expect(stderr).toContain(`mounted blob: ${layer.digest}`);
    }
    expect(stderr).not.toContain("pushed blob");
    expect(await crane.lines("digest", target)).toEqual(await crane.lines("digest", source));
  }
});

test("a copy out of a project that may not be read is refused", async ({ berth, admin }) => {
  const closed = await admin.createProject("private");
  const own = await admin.createProject("private");
  const owner = await new Crane().login(berth.host, { name: "admin", password: berth.adminPassword });
  const crane = await new Crane().login(berth.host, await admin.createMember(own, "developer"));
  const layout = temporary("layout");
  writeLayout(layout, "1", [image(unique("secret"))]);
  await owner.run("push", layout, `${berth.host}/${closed}/app:1`);

  const said = await crane.refused("copy", `${berth.host}/${closed}/app:1`, `${berth.host}/${own}/app:1`);
  expect(said).toMatch(/DENIED|NAME_UNKNOWN|UNAUTHORIZED|MANIFEST_UNKNOWN/);
});

test("deleting a tag keeps the image, deleting the digest removes it", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const crane = await new Crane().login(berth.host, await admin.createMember(project, "maintainer"));
  const repository = `${berth.host}/${project}/app`;
  const one = image(unique("delete"));
  const layout = temporary("layout");
  writeLayout(layout, "1", [one]);
  await crane.run("push", layout, `${repository}:1`);
  await crane.run("tag", `${repository}:1`, "2");

  await crane.run("delete", `${repository}:1`);
  expect(await crane.lines("ls", repository)).toEqual(["2"]);
  await crane.run("delete", `${repository}@${one.manifest.digest}`);
  expect(await crane.sees(`${repository}:2`)).toBe(false);
});

test("the catalog lists what the administrator may see", async ({ berth, admin }) => {
  const project = await admin.createProject("private");
  const crane = await new Crane().login(berth.host, { name: "admin", password: berth.adminPassword });
  const layout = temporary("layout");
  writeLayout(layout, "1", [image(unique("catalog"))]);
  await crane.run("push", layout, `${berth.host}/${project}/listed:1`);
  expect(await crane.lines("catalog", berth.host)).toContain(`${project}/listed`);
});
