// What the specs of faults share: a server of its own for each, somebody who pushes, and how long to try.
import { test as base } from "@playwright/test";
import { Api, unique, type Credentials } from "../../support/api.ts";
import { type Content, content, type Image, noise } from "../../support/image.ts";
import { Registry, type Reply } from "../../support/registry.ts";
import { type Berth, type BerthOptions, startBerth } from "../../support/server.ts";

export { expect } from "@playwright/test";

/** `make soak` tries for long, `make test` for a moment. */
export const SOAKS = Boolean(process.env["SOAK"]);

export interface Place {
  berth: Berth;
  /** A project in which `who` may push and delete. */
  project: string;
  who: Credentials;
  /** The client of a repository that nobody used before. */
  open(): Promise<Registry>;
}

interface Fixtures {
  options: BerthOptions;
  place: Place;
}

export const test = base.extend<Fixtures>({
  options: [{}, { option: true }],
  place: async ({ options }, use, info) => {
    const berth = await startBerth(options);
    try {
      const admin = new Api(berth.url, { name: "admin", password: berth.adminPassword });
      const project = await admin.createProject("private");
      const who = await admin.createMember(project, "maintainer");
      await use({ berth, project, who, open: () => Registry.open(berth.url, `${project}/${unique("image")}`, who) });
    } finally {
      if (info.status !== info.expectedStatus) {
        await info.attach("berth.log", { body: berth.log(), contentType: "text/plain" });
      }
      await berth.stop();
    }
  },
});

/** Sends a blob in one request and returns the answer, whatever it is. */
export function putBlob(registry: Registry, blob: Content): Promise<Reply> {
  const path = `/v2/${registry.repository}/blobs/uploads/?digest=${encodeURIComponent(blob.digest)}`;
  return registry.send("POST", path, blob.bytes, { "content-type": "application/octet-stream" });
}

export function putManifest(registry: Registry, reference: string, manifest: Content): Promise<Reply> {
  return registry.send("PUT", `/v2/${registry.repository}/manifests/${reference}`, manifest.bytes, {
    "content-type": manifest.mediaType,
  });
}

/** Pushes a whole image by single requests; false as soon as one is not answered by 201. */
export async function pushed(registry: Registry, tag: string, image: Image): Promise<boolean> {
  try {
    for (const blob of [...image.layers, image.config]) {
      if ((await putBlob(registry, blob)).status !== 201) {
        return false;
      }
    }
    return (await putManifest(registry, tag, image.manifest)).status === 201;
  } catch {
    return false; // the connection went away
  }
}

export function blobOf(seed: string, size: number): Content {
  return content("application/octet-stream", noise(seed, size));
}
