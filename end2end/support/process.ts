// Long-running programs under test: started with their log kept, watched until ready, ended with the test.
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

const LOG_LIMIT = 256 * 1024;

/** A port of the loopback address that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Asks again until the answer is true; fails after the deadline with what was waited for. */
export async function until(what: string, deadline: number, check: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + deadline;
  while (!(await check())) {
    if (Date.now() > end) {
      throw new Error(`waited ${deadline} ms for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether an address answers with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

export class Daemon {
  private log = "";
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();

  constructor(
    private readonly program: string,
    private readonly args: string[],
    private readonly env: Record<string, string | undefined> = process.env,
    private readonly listener?: (line: string) => void,
  ) {}

  /** Starts the program and waits until it is ready; its log is part of the failure. */
  async start(deadline: number, ready: () => Promise<boolean> | boolean): Promise<void> {
    const child = spawn(this.program, this.args, { env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    running.add(child);
    let broken: string | undefined;
    const keep = (chunk: Buffer) => {
      this.log = (this.log + chunk.toString()).slice(-LOG_LIMIT);
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    if (this.listener) {
      createInterface(child.stderr).on("line", this.listener);
    }
    this.exited = new Promise((resolve) => {
      child.on("error", (error) => {
        broken = `${this.program} did not start: ${error.message}`;
        resolve();
      });
      child.on("exit", (code, signal) => {
        broken = `${this.program} ended by itself with ${code ?? signal}`;
        running.delete(child);
        resolve();
      });
    });
    try {
      await until(`${this.program} to be ready`, deadline, async () => {
        if (broken) {
          throw new Error(broken);
        }
        return ready();
      });
    } catch (error) {
      child.kill("SIGKILL");
      throw new Error(`${(error as Error).message}\n${this.log}`);
    }
  }

  /** Sends a signal and waits for the end; after the deadline it is killed and the wait fails. */
  async end(signal: NodeJS.Signals, deadline = 30_000): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    child.kill(signal);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), deadline);
    });
    const result = await Promise.race([this.exited, late]);
    clearTimeout(timer);
    if (result === "late") {
      child.kill("SIGKILL");
      throw new Error(`${this.program} did not end within ${deadline} ms of ${signal}\n${this.log}`);
    }
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** What the program wrote, the newest part of it. */
  get output(): string {
    return this.log;
  }
}
