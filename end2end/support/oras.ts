// oras over plain HTTP with an account of its own.
import { join } from "node:path";
import type { Credentials } from "./api.ts";
import { runRaw, type Outcome } from "./command.ts";
import { need, ORAS, temporary } from "./paths.ts";

export class Oras {
  private readonly registryConfig = join(temporary("oras"), "config.json");

  async login(host: string, who: Credentials): Promise<this> {
    const args = ["login", host, "--plain-http", "--registry-config", this.registryConfig];
    await runRaw(need(ORAS), [...args, "--username", who.name, "--password-stdin"], { input: who.password });
    return this;
  }

  /** Runs `oras ARGS` in a folder; files are named relative to it. */
  run(args: string[], cwd?: string): Promise<Outcome> {
    const where = args[0] === "cp" ? ["--from-plain-http", "--to-plain-http"] : ["--plain-http"];
    const who =
      args[0] === "cp"
        ? ["--from-registry-config", this.registryConfig, "--to-registry-config", this.registryConfig]
        : ["--registry-config", this.registryConfig];
    return runRaw(need(ORAS), [...args, ...where, ...who], { cwd });
  }

  /** As `run`, for commands that can answer in JSON. */
  async json<T>(args: string[], cwd?: string): Promise<T> {
    const { stdout } = await this.run([...args, "--format", "json"], cwd);
    return JSON.parse(stdout.toString()) as T;
  }
}
