/** What LLVM and clang want to know of a target. */

import type { Architecture, TargetRow } from "../../os/targets.ts";

/** What LLVM calls an architecture, and what clang is to be told besides. */
const architectures: Readonly<Record<Architecture, { readonly name: string; readonly clangOptions: readonly string[] }>> = {
  x86_64: { name: "x86_64", clangOptions: [] },
  // Where it finds a GCC for arm64, clang calls libgcc for atomics.
  arm64: { name: "aarch64", clangOptions: ["-mno-outline-atomics"] },
};

/** LLVM's name of what is built for: Linux, on every architecture and with every system layer. Undefined where we make no text for LLVM. */
export function llvmTriple({ target: { os, architecture } }: { readonly target: TargetRow }): string | undefined {
  return os === "linux" ? `${architectures[architecture].name}-unknown-linux-gnu` : undefined;
}

/** What clang is told of the target's architecture so that its object needs no library of its own. */
export function clangOptions({ architecture }: TargetRow): readonly string[] {
  return architectures[architecture].clangOptions;
}
