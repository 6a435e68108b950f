// A small client of the registry protocol, for what ready-made clients do not let a test do: stop in the middle.
import { request as httpRequest } from "node:http";
import { basic, type Credentials } from "./api.ts";
import { type Content, type Descriptor, descriptor, type Image, OCI_MANIFEST, sha256 } from "./image.ts";

export interface Reply {
  status: number;
  headers: Headers;
  body: Buffer;
}

/** An upload as the server last acknowledged it. */
export interface Upload {
  location: string;
  offset: number;
}

export class Registry {
  private constructor(
    private readonly url: string,
    readonly repository: string,
    private readonly token: string,
  ) {}

  /**
   * Gets a token, for pulling and pushing unless told, and returns the client of one repository; its token may be for
   * others too, to mount from.
   */
  static async open(
    url: string,
    repository: string,
    who: Credentials,
    actions = "pull,push",
    others: string[] = [],
  ): Promise<Registry> {
    const query = new URLSearchParams({ service: "harbor-registry" });
    new Set([repository, ...others]).forEach((name) => query.append("scope", `repository:${name}:${actions}`));
    const response = await fetch(`${url}/service/token?${query}`, { headers: { authorization: basic(who) } });
    if (!response.ok) {
      throw new Error(`no token: ${response.status} ${await response.text()}`);
    }
    return new Registry(url, repository, ((await response.json()) as { token: string }).token);
  }

  get authorization(): string {
    return `Bearer ${this.token}`;
  }

  async send(method: string, path: string, body?: Buffer, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(new URL(path, this.url), {
      method,
      body: body ? new Uint8Array(body) : undefined,
      headers: { ...headers, authorization: this.authorization },
    });
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  }

  /** Sends a request and follows no redirect. */
  async ask(method: string, path: string): Promise<Reply> {
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await fetch(new URL(path, this.url), { method, headers, redirect: "manual" });
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  }

  private async expect(status: number, method: string, path: string, body?: Buffer, headers?: Record<string, string>) {
    const reply = await this.send(method, path, body, headers);
    if (reply.status !== status) {
      throw new Error(`${method} ${path} answered ${reply.status}, not ${status}\n${reply.body.toString()}`);
    }
    return reply;
  }

  async startUpload(): Promise<Upload> {
    const reply = await this.expect(202, "POST", `/v2/${this.repository}/blobs/uploads/`);
    return { location: locationOf(reply), offset: 0 };
  }

  /** Sends one chunk at the upload's offset and returns the upload as acknowledged. */
  async append(upload: Upload, chunk: Buffer): Promise<Upload> {
    const reply = await this.expect(202, "PATCH", upload.location, chunk, {
      "content-type": "application/octet-stream",
      "content-range": `${upload.offset}-${upload.offset + chunk.length - 1}`,
    });
    return { location: locationOf(reply), offset: upload.offset + chunk.length };
  }

  /** Asks how far an upload has come. An upload without a byte is told as `0-0`, as one of a single byte would be. */
  async status(upload: Upload): Promise<Upload> {
    const reply = await this.expect(204, "GET", upload.location);
    const range = /^0-(\d+)$/.exec(reply.headers.get("range") ?? "");
    if (!range) {
      throw new Error(`an upload's status has the range ${reply.headers.get("range")}`);
    }
    const last = Number(range[1]);
    return { location: locationOf(reply), offset: last === 0 ? 0 : last + 1 };
  }

  async finish(upload: Upload, digest: string): Promise<void> {
    const separator = upload.location.includes("?") ? "&" : "?";
    await this.expect(201, "PUT", `${upload.location}${separator}digest=${encodeURIComponent(digest)}`);
  }

  /** Starts to send a chunk and leaves the request open; the promise settles when the connection goes. */
  hang(upload: Upload, start: Buffer, length: number): { gone: Promise<void> } {
    const gone = new Promise<void>((resolve) => {
      const sent = httpRequest(new URL(upload.location, this.url), {
        method: "PATCH",
        headers: {
          authorization: `Bearer ${this.token}`,
          "content-type": "application/octet-stream",
          "content-length": length,
          "content-range": `${upload.offset}-${upload.offset + length - 1}`,
        },
      });
      sent.on("error", () => resolve());
      sent.on("close", () => resolve());
      sent.write(start);
    });
    return { gone };
  }

  /** Pushes a blob in chunks; `note` hears of the upload after every acknowledgement. */
  async pushBlob(blob: Content, chunkSize: number, note: (upload: Upload) => void = () => undefined): Promise<void> {
    let upload = await this.startUpload();
    note(upload);
    while (upload.offset < blob.bytes.length) {
      upload = await this.append(upload, blob.bytes.subarray(upload.offset, upload.offset + chunkSize));
      note(upload);
    }
    await this.finish(upload, blob.digest);
  }

  async pushManifest(reference: string, manifest: Content): Promise<void> {
    await this.expect(201, "PUT", `/v2/${this.repository}/manifests/${reference}`, manifest.bytes, {
      "content-type": manifest.mediaType,
    });
  }

  /** Pulls an image and throws unless every byte of it is there. */
  async pullCompletely(reference: string, expected: Image): Promise<void> {
    const manifest = await this.expect(200, "GET", `/v2/${this.repository}/manifests/${reference}`, undefined, {
      accept: OCI_MANIFEST,
    });
    same(`manifest ${reference}`, manifest.body, expected.manifest);
    for (const blob of [expected.config, ...expected.layers]) {
      const { digest } = descriptor(blob);
      same(digest, (await this.expect(200, "GET", `/v2/${this.repository}/blobs/${digest}`)).body, blob);
    }
  }

  /** Pulls an image that nobody remembers by its digest, and throws unless it and all that it names are there. */
  async pullWhole(digest: string): Promise<void> {
    const { body } = await this.expect(200, "GET", `/v2/${this.repository}/manifests/${digest}`);
    same(digest, body, { digest, bytes: body });
    const { config, layers } = JSON.parse(body.toString()) as Names;
    for (const { digest, size } of [config, ...layers]) {
      const blob = (await this.expect(200, "GET", `/v2/${this.repository}/blobs/${digest}`)).body;
      same(digest, blob, { digest, bytes: { length: size } });
    }
  }
}

interface Names {
  config: Descriptor;
  layers: Descriptor[];
}

function same(what: string, bytes: Buffer, expected: { digest: string; bytes: { length: number } }): void {
  if (sha256(bytes) !== expected.digest || bytes.length !== expected.bytes.length) {
    throw new Error(`${what} came back as ${sha256(bytes)} (${bytes.length} of ${expected.bytes.length} bytes)`);
  }
}

function locationOf(reply: Reply): string {
  const location = reply.headers.get("location");
  if (!location) {
    throw new Error("an upload was answered without a Location");
  }
  return location;
}
