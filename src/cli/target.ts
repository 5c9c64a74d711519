/** What is built for, and by which backend: --target and the environment. */

import { architectureOf, findTarget, hostTarget, knownSystem, targets, type TargetRow } from "../../os/targets.ts";

/** LANGBE=llvm: machine code is made by clang from LLVM IR text. */
export function usesLlvm(): boolean {
  return variable("LANGBE") === "llvm";
}

/** What a variable of the environment says; one without text says nothing. */
export function variable(name: "LANGOS" | "LANGBE" | "LANGLIBC"): string | undefined {
  const value = process.env[name]?.toLowerCase();
  return value === "" ? undefined : value;
}

/** --target wins over the variables LANGOS, LANGBE and LANGLIBC, these over this machine's own. */
export function targetOf(spelling: string | undefined): TargetRow | { readonly message: string; readonly advice: string } {
  const [LANGOS, LANGLIBC] = [variable("LANGOS"), variable("LANGLIBC")];
  const LANGBE = usesLlvm() ? undefined : variable("LANGBE");
  const own = hostTarget(process.platform, process.arch);
  if (spelling === "all") return { message: "only build takes --target all", advice: "name one target; lang env lists them" };
  if (spelling !== undefined) {
    const found = findTarget(spelling, LANGLIBC);
    return found.ok ? found.target : found;
  }
  if (LANGOS === undefined && LANGBE === undefined && LANGLIBC === undefined) {
    return own ?? { message: `there is no target for this machine (${process.platform} ${process.arch})`, advice: "choose one by --target=linux-x86_64" };
  }
  const architecture = LANGBE === undefined ? own?.architecture ?? "x86_64" : architectureOf(LANGBE);
  if (LANGOS !== undefined && !knownSystem(LANGOS)) return unknown("LANGOS", LANGOS, targets.map(({ os }) => os));
  if (architecture === undefined) return unknown("LANGBE", LANGBE ?? "", [...targets.map(({ backend }) => backend), "llvm"]);
  const found = findTarget(`${LANGOS ?? own?.os ?? "linux"}-${architecture}`, LANGLIBC);
  return found.ok ? found.target : found;
}

/** A variable whose word no row of the table knows. */
function unknown(variable: string, value: string, words: readonly string[]): { readonly message: string; readonly advice: string } {
  return { message: `${variable} does not know '${value}'`, advice: `it is ${[...new Set(words)].join(", ")}` };
}
