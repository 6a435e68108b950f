// Projects as people have them: images with a history, an index of two platforms, a chart, signatures, members.
import type { Api, Credentials } from "./api.ts";
import { built, content, type Image, image, index, json, noise, type Parcel, parcel } from "./image.ts";
import { Registry } from "./registry.ts";

const HELM_CONFIG = "application/vnd.cncf.helm.config.v1+json";
const HELM_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const SIGNATURE = "application/vnd.dev.cosign.artifact.sig.v1+json";
const SBOM = "application/spdx+json";

/** What tests find in a furnished project. */
export interface Scene {
  project: string;
  /** The repository of the image and of the index, by its path. */
  pilot: string;
  /** The digests. */
  image: string;
  index: string;
  chart: string;
}

/** Pushes everything of one artifact; the manifest goes by `reference`. */
export async function push(registry: Registry, reference: string, of: Image | Parcel): Promise<void> {
  await Promise.all([...of.layers, of.config].map((blob) => registry.pushBlob(blob, 1_000_000)));
  await registry.pushManifest(reference, of.manifest);
}

/** Pushes one small image. */
export async function pushImage(url: string, repository: string, tag: string, who: Credentials): Promise<string> {
  const one = image(`${repository}:${tag}`, [40_000]);
  await push(await Registry.open(url, repository, who), tag, one);
  return one.manifest.digest;
}

/** Pushes an index of two platforms. */
export async function pushIndex(url: string, repository: string, tag: string, who: Credentials): Promise<string> {
  const registry = await Registry.open(url, repository, who);
  const images = ["amd64", "arm64"].map((architecture) => pilot(`${repository}:${tag}`, architecture));
  for (const one of images) {
    await push(registry, one.manifest.digest, one);
  }
  const top = index(images);
  await registry.pushManifest(tag, top);
  return top.digest;
}

/** An image as a build leaves it. */
function pilot(seed: string, architecture = "amd64"): Image {
  return built(
    seed,
    {
      author: "Harbour Crew <crew@example.org>",
      created: "2026-11-20T08:30:00Z",
      steps: [
        { command: "/bin/sh -c #(nop) ADD file:5f1c7b2e in / ", size: 160_000 },
        { command: '/bin/sh -c #(nop)  CMD ["sh"]' },
        { command: "RUN /bin/sh -c apt-get update && apt-get install --yes ca-certificates # buildkit", size: 90_000 },
        { command: "COPY target/release/pilot /usr/local/bin/pilot # buildkit", size: 30_000 },
        { command: "EXPOSE map[8080/tcp:{}]" },
      ],
      config: {
        User: "65532:65532",
        Env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PILOT_CHART=/var/lib/pilot"],
        Entrypoint: ["/usr/local/bin/pilot"],
        Cmd: ["serve", "--listen", "0.0.0.0:8080"],
        WorkingDir: "/var/lib/pilot",
        ExposedPorts: { "8080/tcp": {} },
        Labels: {
          "org.opencontainers.image.title": "pilot",
          "org.opencontainers.image.source": "https://example.org/harbour/pilot",
        },
      },
      annotations: { "org.opencontainers.image.description": "Brings ships to their berth." },
    },
    architecture,
  );
}

/** Fills a project with one of everything. */
export async function furnish(admin: Api, url: string, who: Credentials, name?: string): Promise<Scene> {
  const project = name ?? (await admin.createProject("private", "harbour"));
  const open = (path: string) => Registry.open(url, `${project}/${path}`, who);
  const path = "services/pilot";
  const top = await pushIndex(url, `${project}/${path}`, "1.0.0", who);
  const registry = await open(path);
  const one = pilot(`${project}/${path}`);
  await push(registry, "latest", one);
  const note = (seed: string) => content(SBOM, noise(`${project}/${seed}`, 1_200));
  for (const artifactType of [SIGNATURE, SBOM]) {
    const attached = parcel({ artifactType, layer: note(artifactType), subject: one.manifest });
    await push(registry, attached.manifest.digest, attached);
  }
  await admin.expect(200, "PUT", `/projects/${project}/repositories/${encodeURIComponent(path)}`, {
    description: "Brings ships to their berth.",
  });
  const chart = parcel({
    config: json(HELM_CONFIG, { apiVersion: "v2", name: "tide-table", version: "0.3.1", appVersion: "1.4" }),
    layer: content(HELM_CHART, noise(`${project}/chart`, 9_000)),
  });
  await push(await open("charts/tide-table"), "0.3.1", chart);
  return { project, pilot: path, image: one.manifest.digest, index: top, chart: chart.manifest.digest };
}
