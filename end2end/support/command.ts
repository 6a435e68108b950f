// Runs other programs: to their end, with a deadline, with everything they said kept for the failure message.
import { spawn } from "node:child_process";

export interface CommandOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  input?: string | Buffer;
  /** Milliseconds; two minutes unless told. */
  timeout?: number;
}

export interface Outcome {
  command: string;
  code: number | null;
  stdout: Buffer;
  stderr: string;
  /** Both outputs as text, for matching messages. */
  text: string;
}

/** Runs a program to its end and returns whatever came of it. Rejects when it can't start or takes too long. */
export function attempt(program: string, args: string[], options: CommandOptions = {}): Promise<Outcome> {
  const command = [program, ...args].join(" ");
  const timeout = options.timeout ?? 120_000;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ? { ...process.env, ...options.env } : process.env,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      child.kill("SIGKILL");
    }, timeout);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on("error", () => undefined); // a program may end without reading its input
    child.stdin.end(options.input);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new Error(`${program} did not start: ${error.message}`));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      const out = Buffer.concat(stdout);
      const err = Buffer.concat(stderr).toString();
      const text = `${out.toString()}${err}`;
      if (expired) {
        reject(new Error(`${command} took longer than ${timeout} ms\n${text}`));
      } else {
        resolve({ command, code, stdout: out, stderr: err, text });
      }
    });
  });
}

/** Runs a program that must succeed and returns its standard output. */
export async function run(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  return (await runRaw(program, args, options)).stdout.toString();
}

/** As `run`, with the whole outcome: its bytes and what it said beside them. */
export async function runRaw(program: string, args: string[], options: CommandOptions = {}): Promise<Outcome> {
  const outcome = await attempt(program, args, options);
  if (outcome.code !== 0) {
    throw new Error(`${outcome.command} ended with ${outcome.code}\n${outcome.text}`);
  }
  return outcome;
}

/** Runs a program that must fail and returns everything it said. */
export async function refused(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const outcome = await attempt(program, args, options);
  if (outcome.code === 0) {
    throw new Error(`${outcome.command} should have failed\n${outcome.text}`);
  }
  return outcome.text;
}
