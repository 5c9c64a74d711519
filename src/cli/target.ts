/** What is built for, and by which backend: --target and the environment. */

import { findTarget, hostTarget, type TargetRow } from "../../os/targets.ts";

/** LANGBE=llvm: machine code is made by clang from LLVM IR text. */
export function usesLlvm(): boolean {
  return process.env["LANGBE"] === "llvm";
}

/** --target wins over the variables LANGOS, LANGBE and LANGLIBC, these over this machine's own. */
export function targetOf(spelling: string | undefined): TargetRow | { readonly message: string; readonly advice: string } {
  const { LANGOS, LANGLIBC } = process.env;
  const LANGBE = usesLlvm() ? undefined : process.env["LANGBE"];
  const own = hostTarget(process.platform, process.arch);
  if (spelling !== undefined) {
    const found = findTarget(spelling, LANGLIBC);
    return found.ok ? found.target : found;
  }
  if (LANGOS === undefined && LANGBE === undefined && LANGLIBC === undefined) {
    return own ?? { message: `there is no target for this machine (${process.platform} ${process.arch})`, advice: "choose one by --target=linux-x86_64" };
  }
  const found = findTarget(`${LANGOS ?? own?.os ?? "linux"}-${LANGBE ?? own?.architecture ?? "x86_64"}`, LANGLIBC);
  return found.ok ? found.target : found;
}
