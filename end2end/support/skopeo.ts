// skopeo over plain HTTP, with the credentials given per call and no file of the user's own read.
import { join } from "node:path";
import type { Credentials } from "./api.ts";
import { attempt, refused, run, runRaw, type CommandOptions } from "./command.ts";
import { need, SKOPEO, temporary } from "./paths.ts";

type Side = "src" | "dest" | "only";

/** Runs skopeo as one user; without one it is anonymous. */
export class Skopeo {
  private readonly options: CommandOptions;

  constructor(private readonly who?: Credentials) {
    const home = temporary("skopeo");
    this.options = { env: { HOME: home, REGISTRY_AUTH_FILE: join(home, "auth.json") } };
  }

  copyIn(layout: string, reference: string): Promise<string> {
    return this.run(["copy", "--all", "--preserve-digests", ...this.flags("dest"), `oci:${layout}`, docker(reference)]);
  }

  copyOut(reference: string, layout: string): Promise<string> {
    return this.run(["copy", "--all", "--preserve-digests", ...this.flags("src"), docker(reference), `oci:${layout}`]);
  }

  copyInRefused(layout: string, reference: string): Promise<string> {
    return this.refused(["copy", "--all", ...this.flags("dest"), `oci:${layout}`, docker(reference)]);
  }

  /** The manifest's bytes as the registry sent them. */
  async raw(reference: string): Promise<Buffer> {
    const args = ["inspect", "--raw", ...this.flags("only"), docker(reference)];
    return (await runRaw(need(SKOPEO), args, this.options)).stdout;
  }

  async inspect(reference: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.run(["inspect", ...this.flags("only"), docker(reference)])) as Record<string, unknown>;
  }

  inspectRefused(reference: string): Promise<string> {
    return this.refused(["inspect", ...this.flags("only"), docker(reference)]);
  }

  /** Whether the reference can be read. */
  async sees(reference: string): Promise<boolean> {
    const args = ["inspect", "--raw", ...this.flags("only"), docker(reference)];
    return (await attempt(need(SKOPEO), args, this.options)).code === 0;
  }

  async tags(repository: string): Promise<string[]> {
    const text = await this.run(["list-tags", ...this.flags("only"), docker(repository)]);
    return (JSON.parse(text) as { Tags: string[] }).Tags;
  }

  delete(reference: string): Promise<string> {
    return this.run(["delete", ...this.flags("only"), docker(reference)]);
  }

  deleteRefused(reference: string): Promise<string> {
    return this.refused(["delete", ...this.flags("only"), docker(reference)]);
  }

  private run(args: string[]): Promise<string> {
    return run(need(SKOPEO), args, this.options);
  }

  private refused(args: string[]): Promise<string> {
    return refused(need(SKOPEO), args, this.options);
  }

  private flags(side: Side): string[] {
    const prefix = side === "only" ? "" : `${side}-`;
    const credentials = this.who ? [`--${prefix}creds`, `${this.who.name}:${this.who.password}`] : [`--${prefix}no-creds`];
    return [`--${prefix}tls-verify=false`, ...credentials];
  }
}

function docker(reference: string): string {
  return `docker://${reference}`;
}
