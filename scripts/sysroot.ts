/** Dynamic executables of Linux on another architecture, under qemu: for the tests of the release, which runs on machines that this is not. */

import { existsSync } from "node:fs";

export type Sysroot = { readonly ok: true; readonly command: readonly string[] } | { readonly ok: false; readonly missing: string };

const emulators = { arm64: { programs: ["qemu-aarch64", "qemu-aarch64-static"], roots: ["/usr/aarch64-linux-gnu"], loader: "lib/ld-linux-aarch64.so.1" } } as const;

/** What stands before a program for `architecture` on the command line: nothing on such a machine, else qemu with a C library to load. */
export function findSysroot(architecture: keyof typeof emulators): Sysroot {
  if (process.platform !== "linux") return { ok: false, missing: "this machine has no Linux" };
  if (process.arch === architecture) return { ok: true, command: [] };
  const { programs, roots, loader } = emulators[architecture];
  const qemu = programs.map((name) => Bun.which(name)).find((path) => path !== null);
  if (qemu === undefined || qemu === null) return { ok: false, missing: `${programs[0]} is not installed (apt install qemu-user)` };
  const root = roots.find((folder) => existsSync(`${folder}/${loader}`));
  if (root === undefined) return { ok: false, missing: `there is no C library for ${architecture} (apt install libc6-${architecture}-cross)` };
  return { ok: true, command: [qemu, "-L", root] };
}
