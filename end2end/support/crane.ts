// crane with an account of its own: its sign-in goes into a folder that only this instance reads.
import type { Credentials } from "./api.ts";
import { attempt, refused, runRaw, type Outcome } from "./command.ts";
import { CRANE, need, temporary } from "./paths.ts";

export class Crane {
  private readonly env = { DOCKER_CONFIG: temporary("crane") };

  async login(host: string, who: Credentials): Promise<this> {
    await runRaw(need(CRANE), ["auth", "login", host, "--username", who.name, "--password-stdin"], {
      env: this.env,
      input: who.password,
    });
    return this;
  }

  /** Runs `crane ARGS`, which must succeed; the progress is on standard error. */
  run(...args: string[]): Promise<Outcome> {
    return runRaw(need(CRANE), args, { env: this.env });
  }

  /** Runs `crane ARGS`, which must succeed, and returns the lines it printed. */
  async lines(...args: string[]): Promise<string[]> {
    return (await this.run(...args)).stdout.toString().trim().split("\n");
  }

  refused(...args: string[]): Promise<string> {
    return refused(need(CRANE), args, { env: this.env });
  }

  async sees(reference: string): Promise<boolean> {
    return (await attempt(need(CRANE), ["digest", reference], { env: this.env })).code === 0;
  }
}
