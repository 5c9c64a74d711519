/** LLVM's names of targets. */

import type { Architecture, TargetRow } from "../../os/targets.ts";

const architectures: Readonly<Record<Architecture, string>> = { x86_64: "x86_64", arm64: "aarch64" };

/** LLVM's name of what is built for: Linux, on every architecture and with every system layer. Undefined where we make no text for LLVM. */
export function llvmTriple({ target: { os, architecture } }: { readonly target: TargetRow }): string | undefined {
  return os === "linux" ? `${architectures[architecture]}-unknown-linux-gnu` : undefined;
}
