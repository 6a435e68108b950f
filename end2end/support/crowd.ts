// Clients that push, move, delete and pull all at once, as docker does, and remember what was acknowledged to them.
import type { Credentials } from "./api.ts";
import { type Content, content, descriptor, json, noise, OCI_MANIFEST, sha256 } from "./image.ts";
import type { Random } from "./random.ts";
import { Registry, type Reply } from "./registry.ts";

const CONFIG = "application/vnd.oci.image.config.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";
/** Layers that images have in common: few, so that each is often lost by its last image while another brings it again. */
const SHARED = 40;
/** Tags of a client that its images move through. */
const SLOTS = 3;
/** Images that a client remembers after their tag went on. */
const FORMER = 5;

interface Parcel {
  manifest: Content;
  blobs: Content[];
}

/** What the clients did together. */
export interface Figures {
  pushes: number;
  uploads: number;
  mounts: number;
  /** Blobs that were there when the client asked. */
  found: number;
  /** Manifests that were refused because a blob was collected after its grace; the push began again. */
  late: number;
  deletes: number;
  pulls: number;
}

/** What a tag may show: one thing, or several after an answer that never came. Undefined stands for no tag. */
type Possible = Set<Parcel | undefined>;

/** Whether the server went away, rather than answered. */
function isGone(error: unknown): boolean {
  return error instanceof TypeError && ["fetch failed", "terminated"].includes(error.message);
}

export class Crowd {
  readonly figures: Figures = { pushes: 0, uploads: 0, mounts: 0, found: 0, late: 0, deletes: 0, pulls: 0 };

  private constructor(private readonly clients: Client[]) {}

  /** Makes clients of the repositories `image-0`, `image-1` … in a project; `grace` is the collection's, in milliseconds. */
  static async open(
    url: string,
    project: string,
    who: Credentials,
    of: { clients: number; repositories: number; grace: number; random: Random },
  ): Promise<Crowd> {
    const repositories = Array.from({ length: of.repositories }, (_, at) => `${project}/image-${at}`);
    const registries = await Promise.all(
      repositories.map((one) => Registry.open(url, one, who, "pull,push,delete", repositories)),
    );
    const shared = Array.from({ length: SHARED }, (_, at) => content(LAYER, noise(`shared-${at}`, 3_000)));
    const clients: Client[] = [];
    const crowd = new Crowd(clients);
    for (let at = 0; at < of.clients; at += 1) {
      const [own, other] = [registries[at % of.repositories], registries[(at + 1) % of.repositories]];
      clients.push(new Client(at, own!, other!.repository, shared, of.random.fork(), of.grace, crowd.figures));
    }
    return crowd;
  }

  /** Lets every client work, one step after another, for as long as `goesOn` says. */
  async work(goesOn: () => boolean): Promise<void> {
    await this.all(async (client) => {
      while (goesOn()) {
        await client.step();
      }
    });
  }

  /** As `work`, until the server goes away. */
  async workUntilGone(): Promise<void> {
    await this.all(async (client) => {
      try {
        for (;;) {
          await client.step();
        }
      } catch (error) {
        if (!isGone(error)) {
          throw error;
        }
      }
    });
  }

  /** Pulls everything that has a tag and throws unless every byte of it is there. */
  async pullAll(): Promise<void> {
    await this.all((client) => client.pullAll());
  }

  /** Asks what came of the changes whose answers never came: as they were asked for, or not at all. */
  async settle(): Promise<void> {
    await this.all((client) => client.settle());
  }

  /** The digests of all blobs that an image with a tag needs. */
  needed(): Set<string> {
    return new Set(this.clients.flatMap((client) => client.needed()));
  }

  private async all(what: (client: Client) => Promise<void>): Promise<void> {
    await Promise.all(this.clients.map(what));
  }
}

class Client {
  private readonly tags = new Map<string, Possible>();
  private readonly former: Parcel[] = [];
  private serial = 0;

  constructor(
    private readonly number: number,
    private readonly registry: Registry,
    private readonly elsewhere: string,
    private readonly shared: Content[],
    private readonly random: Random,
    private readonly grace: number,
    private readonly figures: Figures,
  ) {}

  /** Mostly pushes; now and then deletes a tag or an image, brings a former image back, pulls. */
  async step(): Promise<void> {
    const held = [...this.tags.keys()];
    const tag = held.length > 0 ? this.random.of(held) : undefined;
    const turn = this.random.below(100);
    if (tag && turn < 6) {
      await this.deleteTag(tag);
    } else if (tag && turn < 10) {
      await this.deleteImage(tag);
    } else if (this.former.length > 0 && turn < 25) {
      await this.push(this.slot(), this.random.of(this.former));
    } else {
      const tag = turn < 30 ? `own-${this.number}-${this.serial}` : this.slot();
      await this.push(tag, this.make());
    }
    if (tag && this.tags.has(tag) && this.random.below(5) === 0) {
      await this.pull(tag);
    }
  }

  async pullAll(): Promise<void> {
    for (const tag of [...this.tags.keys()]) {
      await this.pull(tag);
    }
  }

  async settle(): Promise<void> {
    for (const [tag] of [...this.tags].filter(([, possible]) => possible.size > 1)) {
      await this.pull(tag);
    }
  }

  needed(): string[] {
    const images = [...this.tags.values()].flatMap((possible) => [...possible]);
    return images.flatMap((image) => image?.blobs.map((blob) => blob.digest) ?? []);
  }

  private slot(): string {
    return `slot-${this.number}-${this.random.below(SLOTS)}`;
  }

  private make(): Parcel {
    this.serial += 1;
    const seed = `${this.registry.repository}/${this.number}/${this.serial}`;
    const own = content(LAYER, noise(seed, 500 + this.random.below(4_000)));
    const layers = [this.random.of(this.shared), this.random.of(this.shared), own];
    const config = json(CONFIG, { os: "linux", architecture: "amd64", config: { Labels: { seed } } });
    const manifest = json(OCI_MANIFEST, {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: descriptor(config),
      layers: layers.map(descriptor),
    });
    return { manifest, blobs: [...layers, config] };
  }

  /** Pushes as docker does. A manifest may be refused for a blob that was collected, but only when its grace was over. */
  private async push(tag: string, image: Parcel): Promise<void> {
    for (;;) {
      const begun = performance.now();
      for (const blob of image.blobs) {
        await this.bring(blob);
      }
      const { manifest } = image;
      const before = this.tags.get(tag) ?? new Set([undefined]);
      this.tags.set(tag, new Set([...before, image]));
      const reply = await this.send("PUT", this.manifest(tag), manifest.bytes, { "content-type": manifest.mediaType });
      const taken = performance.now() - begun;
      if (reply.status === 201) {
        this.retire(before, tag, image);
        this.figures.pushes += 1;
        return;
      }
      this.tags.set(tag, before);
      if (reply.status !== 400 || !reply.body.includes("MANIFEST_BLOB_UNKNOWN") || taken < this.grace) {
        throw new Error(`push of ${tag} after ${Math.round(taken)} ms: ${reply.status} ${reply.body.toString()}`);
      }
      this.figures.late += 1;
    }
  }

  private retire(before: Possible, tag: string, image: Parcel): void {
    this.tags.set(tag, new Set([image]));
    this.former.push(...[...before].filter((one) => one !== undefined));
    this.former.splice(0, this.former.length - FORMER);
  }

  /** Sees to it that a blob is there: asks, mounts, uploads, in this order. */
  private async bring(blob: Content): Promise<void> {
    const blobs = `/v2/${this.registry.repository}/blobs`;
    const { status } = await this.send("HEAD", `${blobs}/${blob.digest}`);
    if (status === 200) {
      this.figures.found += 1;
      return;
    }
    expect(404, status, `HEAD of ${blob.digest}`);
    const isShared = this.shared.includes(blob);
    const query = isShared ? `?mount=${blob.digest}&from=${this.elsewhere}` : "";
    const opened = await this.send("POST", `${blobs}/uploads/${query}`);
    if (isShared && opened.status === 201) {
      this.figures.mounts += 1;
      return;
    }
    expect(202, opened.status, `POST for ${blob.digest}`);
    const place = opened.headers.get("location") ?? "";
    const type = { "content-type": "application/octet-stream" };
    const sent = await this.send("PATCH", place, blob.bytes, type);
    expect(202, sent.status, `PATCH for ${blob.digest}`);
    const end = sent.headers.get("location") ?? "";
    const closed = await this.send("PUT", `${end}${end.includes("?") ? "&" : "?"}digest=${blob.digest}`);
    expect(201, closed.status, `PUT of ${blob.digest}`);
    this.figures.uploads += 1;
  }

  private async deleteTag(tag: string): Promise<void> {
    const before = this.tags.get(tag) ?? new Set([undefined]);
    this.tags.set(tag, new Set([...before, undefined]));
    const { status } = await this.send("DELETE", this.manifest(tag));
    expect(202, status, `DELETE of ${tag}`);
    this.tags.delete(tag);
    this.former.push(...[...before].filter((one) => one !== undefined));
    this.figures.deletes += 1;
  }

  /** Deletes an image by its digest, and with it every tag that shows it. */
  private async deleteImage(tag: string): Promise<void> {
    const [image] = [...(await this.settled(tag))];
    if (!image) {
      return;
    }
    const gone = [...this.tags].filter(([, possible]) => possible.has(image));
    gone.forEach(([, possible]) => possible.add(undefined));
    const { status } = await this.send("DELETE", this.manifest(image.manifest.digest));
    expect(202, status, `DELETE of ${image.manifest.digest}`);
    gone.forEach(([tag]) => this.tags.delete(tag));
    this.figures.deletes += 1;
  }

  private async pull(tag: string): Promise<void> {
    const [image] = [...(await this.settled(tag))];
    for (const blob of image?.blobs ?? []) {
      const reply = await this.send("GET", `/v2/${this.registry.repository}/blobs/${blob.digest}`);
      if (reply.status !== 200 || sha256(reply.body) !== blob.digest) {
        throw new Error(`${blob.digest} of ${tag}: ${reply.status}, ${reply.body.length} bytes`);
      }
    }
    this.figures.pulls += image ? 1 : 0;
  }

  /** Asks what a tag shows, which must be something that it may show; afterwards it is the only possibility. */
  private async settled(tag: string): Promise<Possible> {
    const possible = this.tags.get(tag) ?? new Set([undefined]);
    const { status, body } = await this.send("GET", this.manifest(tag));
    const digest = status === 200 ? sha256(body) : undefined;
    const found = [...possible].filter((one) => one?.manifest.digest === digest);
    if (found.length !== 1 || ![200, 404].includes(status)) {
      const known = [...possible].map((one) => one?.manifest.digest ?? "nothing").join(" or ");
      throw new Error(`${this.registry.repository}:${tag} must show ${known}: ${status} ${body.toString()}`);
    }
    if (digest) {
      this.tags.set(tag, new Set(found));
    } else {
      this.tags.delete(tag);
    }
    return new Set(found);
  }

  private manifest(reference: string): string {
    return `/v2/${this.registry.repository}/manifests/${reference}`;
  }

  private send(method: string, path: string, body?: Buffer, headers?: Record<string, string>): Promise<Reply> {
    return this.registry.send(method, path, body, headers);
  }
}

function expect(status: number, found: number, what: string): void {
  if (found !== status) {
    throw new Error(`${what} was answered ${found}, not ${status}`);
  }
}
