// Blobs in an S3 bucket: pushed and pulled by a real client, continued after restarts, served by the store itself.
import { expect, test } from "@playwright/test";
import { Api, unique, type Credentials } from "../../support/api.ts";
import { Crane } from "../../support/crane.ts";
import { image, noise, sha256, writeLayout } from "../../support/image.ts";
import { Moto } from "../../support/moto.ts";
import { temporary } from "../../support/paths.ts";
import { Registry } from "../../support/registry.ts";
import { type Berth, startBerth } from "../../support/server.ts";

interface Scene {
  moto: Moto;
  berth: Berth;
  who: Credentials;
  project: string;
}

async function withStore(settings: Record<string, string>, use: (scene: Scene) => Promise<void>): Promise<void> {
  const moto = await Moto.start();
  try {
    const berth = await startBerth({ env: { ...moto.settings, ...settings } });
    try {
      const admin = new Api(berth.url, { name: "admin", password: berth.adminPassword });
      const project = await admin.createProject("private");
      await use({ moto, berth, who: await admin.createMember(project, "developer"), project });
    } finally {
      await berth.stop();
    }
  } finally {
    await moto.stop();
  }
}

test("an image in a bucket is pushed, validated and pulled", async () => {
  await withStore({}, async ({ moto, berth, who, project }) => {
    const crane = await new Crane().login(berth.host, who);
    const reference = `${berth.host}/${project}/app:1.0`;
    // more than one part, a part alone, and less than a part
    const one = image(unique("bucket"), [20_000_000, 6_000_000, 5_000]);
    const layout = temporary("layout");
    writeLayout(layout, "1.0", [one]);

    await crane.run("push", layout, reference);
    await crane.run("validate", "--remote", reference);
    await (await Registry.open(berth.url, `${project}/app`, who)).pullCompletely("1.0", one);
    const objects = await moto.objects();
    expect(objects.length).toBe(one.layers.length + 1);
    expect(objects.every((name) => name.startsWith("registry/blobs/"))).toBe(true);
    expect(berth.log()).not.toContain("a-secret-key-of-the-tests");
  });
});

test("an upload to a bucket goes on after restarts and kills between its chunks", async () => {
  await withStore({}, async ({ moto, berth, who, project }) => {
    const bytes = noise(unique("chunks"), 25_000_000);
    const repository = `${project}/resume`;
    const registry = await Registry.open(berth.url, repository, who);
    let upload = await registry.startUpload();
    for (const end of [2_000_000, 9_000_000, 22_000_000, bytes.length]) {
      const { gone } = registry.hang(upload, bytes.subarray(0, 300_000), 700_000);
      await berth.kill9();
      await gone;
      await berth.restart();
      upload = await registry.status(upload);
      upload = await registry.append(upload, bytes.subarray(upload.offset, end));
      await berth.restart();
    }
    await registry.finish(upload, sha256(bytes));

    const { body } = await registry.send("GET", `/v2/${repository}/blobs/${sha256(bytes)}`);
    expect(sha256(body)).toBe(sha256(bytes));
    expect((await moto.objects()).filter((name) => name.startsWith("registry/blobs/")).length).toBe(1);
  });
});

test("downloads go to the bucket where redirects are on", async () => {
  await withStore({ BERTH_STORAGE__REDIRECT: "true" }, async ({ moto, berth, who, project }) => {
    const crane = await new Crane().login(berth.host, who);
    const reference = `${berth.host}/${project}/app:1.0`;
    const one = image(unique("redirect"), [6_000_000, 5_000]);
    const layout = temporary("layout");
    writeLayout(layout, "1.0", [one]);
    await crane.run("push", layout, reference);
    await crane.run("validate", "--remote", reference);

    const registry = await Registry.open(berth.url, `${project}/app`, who);
    await registry.pullCompletely("1.0", one);
    const reply = await registry.ask("GET", `/v2/${project}/app/blobs/${one.config.digest}`);
    expect(reply.status).toBe(307);
    expect(reply.headers.get("location")).toContain(`${moto.url}/blobs/registry/blobs/`);
    expect(reply.headers.get("docker-content-digest")).toBe(one.config.digest);
  });
});
