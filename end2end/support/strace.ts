// strace beside a running server: notes its system calls, or makes one of them fail.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { temporary } from "./paths.ts";
import { until } from "./process.ts";

export class Strace {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Begins to watch a process with all its threads; arguments are strace's own, such as `-e trace=fsync`. */
  static async attach(pid: number, args: string[]): Promise<Strace> {
    const folder = temporary("strace");
    let said = "";
    const child = spawn("strace", ["-f", "-y", "-o", join(folder, "calls"), ...args, "-p", String(pid)]);
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    await until("strace to be attached", 10_000, () => {
      if (child.exitCode !== null) {
        throw new Error(`strace could not watch the server:\n${said}`);
      }
      return said.includes(`Process ${pid} attached`);
    });
    return new Strace(child, folder);
  }

  /** Makes every `when`-th of these calls fail; see `man strace` on `inject`. */
  static inject(pid: number, calls: string, what: string, when: string): Promise<Strace> {
    return Strace.attach(pid, ["-e", `trace=${calls}`, "-e", `inject=${calls}:${what}:when=${when}`]);
  }

  /** What was noted so far, a line each. */
  get calls(): string[] {
    return readFileSync(join(this.folder, "calls"), "utf8").split("\n");
  }

  /** Lets go of the server, which goes on, and returns what was noted. */
  async detach(): Promise<string[]> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((resolve) => this.child.on("exit", resolve));
      this.child.kill("SIGINT");
      await ended;
    }
    const calls = this.calls;
    rmSync(this.folder, { recursive: true, force: true });
    return calls;
  }
}
