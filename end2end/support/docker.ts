// The real docker engine, Debian's, in a folder of its own: no network, no shared image store, nothing left behind.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, refused, run, type CommandOptions, type Outcome } from "./command.ts";
import { DOCKER, DOCKERD, need, temporary } from "./paths.ts";
import { Daemon } from "./process.ts";
import type { Credentials } from "./api.ts";

const START_DEADLINE = 60_000;

export class Docker {
  private constructor(
    private readonly folder: string,
    private readonly daemon: Daemon,
    /** What points a docker client at this engine. */
    readonly environment: Record<string, string>,
  ) {}

  /** Starts the engine. It needs root and fails with the reason where it can't start. */
  static async start(): Promise<Docker> {
    if (process.getuid?.() !== 0) {
      throw new Error("the docker engine needs root: run 'sudo make test'");
    }
    const folder = temporary("docker");
    const config = join(folder, "config");
    mkdirSync(config);
    const socket = `unix://${join(folder, "d.sock")}`;
    const daemon = new Daemon(need(DOCKERD), [
      ...["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")],
      ...["-H", socket, "--pidfile", join(folder, "d.pid")],
      ...["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs"],
    ]);
    const environment = { DOCKER_HOST: socket, DOCKER_CONFIG: config, DOCKER_BUILDKIT: "0" };
    const docker = new Docker(folder, daemon, environment);
    await daemon.start(START_DEADLINE, async () => {
      return (await attempt(need(DOCKER), ["version"], { env: environment })).code === 0;
    });
    return docker;
  }

  /** Runs `docker ARGS`, which must succeed, and returns what it printed. */
  run(args: string[], options: CommandOptions = {}): Promise<string> {
    return run(DOCKER, args, this.with(options));
  }

  /** Runs `docker ARGS`, which must fail, and returns what it said. */
  refused(args: string[], options: CommandOptions = {}): Promise<string> {
    return refused(DOCKER, args, this.with(options));
  }

  /** Runs `docker ARGS` and returns whatever came of it. */
  attempt(args: string[]): Promise<Outcome> {
    return attempt(DOCKER, args, this.with({}));
  }

  /** Whether `docker ARGS` succeeds. */
  async succeeds(args: string[]): Promise<boolean> {
    return (await this.attempt(args)).code === 0;
  }

  login(host: string, who: Credentials): Promise<string> {
    return this.run(["login", host, "--username", who.name, "--password-stdin"], { input: who.password });
  }

  /** Builds an image of one small layer a file, with the history of its commands, under a name. */
  async build(reference: string, files: Record<string, Buffer>): Promise<void> {
    const folder = temporary("build");
    const steps = Object.entries(files).map(([name, bytes]) => {
      writeFileSync(join(folder, name), bytes);
      return `COPY ${name} /${name}`;
    });
    const lines = ["FROM scratch", "ENV HARBOUR=open", ...steps, `CMD ["/${Object.keys(files)[0]}"]`, ""];
    writeFileSync(join(folder, "Dockerfile"), lines.join("\n"));
    await this.run(["build", "--tag", reference, folder]);
    rmSync(folder, { recursive: true });
  }

  /** Pushes and returns the digest that the client was told. */
  async push(reference: string): Promise<string> {
    return digestIn(await this.run(["push", reference]));
  }

  /** Pulls and returns the digest that the client computed. */
  async pull(reference: string): Promise<string> {
    return digestIn(await this.run(["pull", reference]));
  }

  async stop(): Promise<void> {
    await this.daemon.end("SIGTERM", 30_000);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private with(options: CommandOptions): CommandOptions {
    return { ...options, env: { ...options.env, ...this.environment } };
  }
}

function digestIn(output: string): string {
  const digest = /digest: (sha256:[0-9a-f]{64})/i.exec(output)?.[1];
  if (!digest) {
    throw new Error(`docker named no digest\n${output}`);
  }
  return digest;
}
