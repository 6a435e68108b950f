// Makes images out of nothing: deterministic tar layers, manifests, indexes, and OCI layouts on disk.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
const OCI_EMPTY = "application/vnd.oci.empty.v1+json";
const OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
const BLOCK = 512;

export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  platform?: Platform;
  annotations?: Record<string, string>;
}

export interface Platform {
  os: string;
  architecture: string;
}

/** Bytes with the digest and media type they go by. */
export interface Content {
  mediaType: string;
  bytes: Buffer;
  digest: string;
}

export interface Image {
  manifest: Content;
  config: Content;
  layers: Content[];
  platform: Platform;
}

export function sha256(bytes: Buffer | Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function content(mediaType: string, bytes: Buffer): Content {
  return { mediaType, bytes, digest: sha256(bytes) };
}

export function json(mediaType: string, value: unknown): Content {
  return content(mediaType, Buffer.from(JSON.stringify(value)));
}

export function descriptor(of: Content): Descriptor {
  return { mediaType: of.mediaType, digest: of.digest, size: of.bytes.length };
}

/** Bytes that no compression shortens and that are the same for the same seed. */
export function noise(seed: string, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let offset = 0, block = 0; offset < size; block += 1) {
    offset += createHash("sha512").update(`${seed}/${block}`).digest().copy(bytes, offset);
  }
  return bytes;
}

/** A tar archive (ustar) of plain files. */
export function tar(files: Record<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    parts.push(tarHeader(name, bytes.length), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number) => value.toString(8).padStart(width - 1, "0");
  header.write(name, 0, 100);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(0, 12), 136);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 7)}\0 `, 148);
  return header;
}

/** An image with layers of its own; the same seed makes the same image. */
export function image(seed: string, layerSizes: number[] = [4_096], architecture = "amd64"): Image {
  const steps = layerSizes.map((size, index) => ({ command: `layer ${index}`, size }));
  return built(seed, { steps, config: { Labels: { seed } } }, architecture);
}

/** How an image was made, and what it says about itself. */
export interface Build {
  /** The commands, each with the bytes that it added; one without made no layer. */
  steps: { command: string; size?: number }[];
  /** How it runs: `Env`, `Cmd`, `Labels` … */
  config?: Record<string, unknown>;
  author?: string;
  created?: string;
  annotations?: Record<string, string>;
}

/** An image with a history; the same seed and the same build make the same image. */
export function built(seed: string, build: Build, architecture = "amd64"): Image {
  const { steps, config: runtime = {}, author, created, annotations } = build;
  const platform = { os: "linux", architecture };
  const archives = steps.flatMap(({ size }, index) =>
    size ? [tar({ [`layer-${index}`]: noise(`${seed}/${architecture}/${index}`, size) })] : [],
  );
  const layers = archives.map((archive) => content(OCI_LAYER, gzipSync(archive)));
  const config = json(OCI_CONFIG, {
    ...platform,
    author,
    created,
    config: runtime,
    rootfs: { type: "layers", diff_ids: archives.map(sha256) },
    history: steps.map(({ command, size }) => ({ created, created_by: command, empty_layer: size ? undefined : true })),
  });
  const manifest = json(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptor(config),
    layers: layers.map(descriptor),
    annotations,
  });
  return { manifest, config, layers, platform };
}

/** Anything else that a registry keeps: one blob under a type of its own, about another artifact if that is named. */
export interface Parcel {
  manifest: Content;
  config: Content;
  layers: Content[];
}

export function parcel(of: {
  artifactType?: string;
  config?: Content;
  layer: Content;
  subject?: Content;
  annotations?: Record<string, string>;
}): Parcel {
  const config = of.config ?? content(OCI_EMPTY, Buffer.from("{}"));
  const manifest = json(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: of.artifactType,
    config: descriptor(config),
    layers: [descriptor(of.layer)],
    subject: of.subject && descriptor(of.subject),
    annotations: of.annotations,
  });
  return { manifest, config, layers: [of.layer] };
}

/** An index over images of several platforms. */
export function index(images: Image[]): Content {
  return json(OCI_INDEX, {
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: images.map((one) => ({ ...descriptor(one.manifest), platform: one.platform })),
  });
}

/** Writes an OCI layout whose one entry, named by the tag, is the last of the manifests. */
export function writeLayout(folder: string, tag: string, images: Image[], top?: Content): void {
  const blobs = join(folder, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const all = images.flatMap((one) => [...one.layers, one.config, one.manifest]).concat(top ?? []);
  for (const blob of all) {
    writeFileSync(join(blobs, blob.digest.replace("sha256:", "")), blob.bytes);
  }
  const entry = all.at(-1);
  if (!entry) {
    throw new Error("an OCI layout needs an image");
  }
  const annotations = { "org.opencontainers.image.ref.name": tag };
  writeFileSync(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(
    join(folder, "index.json"),
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [{ ...descriptor(entry), annotations }] }),
  );
}
