// Where the programs are that the tests drive. Debian's own docker is named in full: another one may come first in PATH.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** The folder that the set-up fills with tools, outside of the tree. */
const CACHE = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "berth-tests");

export const BERTH = resolve(process.env["BERTH_BIN"] ?? join(ROOT, "target/release/berth"));
export const DOCKER = "/usr/bin/docker";
export const DOCKERD = "/usr/sbin/dockerd";
export const DOCKER_REGISTRY = "/usr/bin/docker-registry";
export const SKOPEO = "/usr/bin/skopeo";
export const CHROMIUM = "/usr/bin/chromium";
export const CRANE = join(CACHE, "bin/crane");
export const ORAS = join(CACHE, "bin/oras");
export const CONFORMANCE = join(CACHE, "bin/conformance");
export const PYTHON = join(CACHE, "python/bin/python");
export const MOTO = join(CACHE, "moto/bin/moto_server");

/** Fails with the way to get it when a program is missing; tests never skip for it. */
export function need(program: string): string {
  if (!existsSync(program)) {
    throw new Error(`${program} is missing: 'make test' installs it (scripts/setup-test)`);
  }
  return program;
}

const folders: string[] = [];
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A new folder of the test's own, removed when the worker ends. */
export function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `berth-${name}-`));
  folders.push(folder);
  return folder;
}
