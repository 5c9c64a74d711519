/** What Rust's compiler says of units: the oracle for what is to be accepted, and for what a program prints. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { textOf, type Unit } from "./unit.ts";
import { rustDeclarations } from "./vocabulary.ts";

const folder = mkdtempSync(join(tmpdir(), "lang-fuzz-rust-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The path of rustc, if this machine has one. */
export function findRustc(): string | undefined {
  const path = Bun.which("rustc") ?? join(homedir(), ".cargo", "bin", "rustc");
  return existsSync(path) ? path : undefined;
}

interface Message {
  readonly level: string;
  readonly message: string;
  readonly code: { readonly code: string } | null;
  readonly spans: readonly { readonly is_primary: boolean; readonly line_start: number }[];
}

/** Codes of moves, borrows and lifetimes; of any other, the unit is no program of Rust at all. */
const ofOwnership = new Set(["", "E0381", "E0382", "E0499", "E0500", "E0501", "E0502", "E0503", "E0505", "E0506", "E0507", "E0508", "E0509", "E0510", "E0515", "E0521", "E0524", "E0594", "E0596", "E0597", "E0621", "E0700", "E0713", "E0716", "E0373", "E0384"]);

export interface RustVerdict {
  readonly accepted: boolean;
  /** The first error. */
  readonly message: string;
  /** The unit is not even right by types. */
  readonly malformed: boolean;
  /** For each error the lines that have to do with it, counted from the unit's first. */
  readonly places: readonly (readonly number[])[];
}

/** What it says of each unit, in their order: one run for all of them. */
export function askRust(rustc: string, units: readonly Unit[]): RustVerdict[] {
  const lines = rustDeclarations.split("\n");
  const starts: number[] = [];
  for (const [i, unit] of units.entries()) {
    // In modules: the parts that one unit is made smaller to have the same names.
    starts.push(lines.push(`mod m${i} { use super::*;`) + 1);
    lines.push(...textOf(unit, "rust"), "}");
  }
  const path = join(folder, "units.rs");
  writeFileSync(path, `${lines.join("\n")}\nfn main() {}\n`);
  const ended = Bun.spawnSync([rustc, "--edition", "2021", "--emit=metadata", "--error-format=json", "-o", join(folder, "units.rmeta"), path], { stdout: "ignore", stderr: "pipe" });
  const verdicts: RustVerdict[] = units.map(() => ({ accepted: true, message: "", malformed: false, places: [] }));
  for (const line of ended.stderr.toString().split("\n")) {
    if (!line.startsWith("{")) continue;
    const message = JSON.parse(line) as Message;
    const at = message.spans.find(({ is_primary }) => is_primary)?.line_start;
    if (message.level !== "error" || at === undefined) continue;
    const index = starts.findLastIndex((start) => start <= at);
    if (index < 0) throw new Error(`fuzz/ownership/rust.askRust: the prelude is refused: ${message.message}`);
    const before = verdicts[index];
    const malformed = !ofOwnership.has(message.code?.code ?? "");
    if (before === undefined) continue;
    const start = starts[index] ?? 0;
    const places = [...before.places, message.spans.map(({ line_start }) => line_start - start).filter((line) => line >= 0)];
    if (before.accepted || malformed) verdicts[index] = { accepted: false, message: `${message.code?.code ?? ""} ${message.message}`, malformed: malformed || before.malformed, places };
    else verdicts[index] = { ...before, places };
  }
  return verdicts;
}

/** What Rust's program of these units prints; undefined if it was not built. */
export function runRust(rustc: string, units: readonly Unit[], main: string): string | undefined {
  const path = join(folder, "run.rs");
  const program = join(folder, "run");
  writeFileSync(path, `${rustDeclarations}${units.flatMap((unit) => textOf(unit, "rust")).join("\n")}\nfn main() {\n${main}}\n`);
  const built = Bun.spawnSync([rustc, "--edition", "2021", "-o", program, path], { stdout: "ignore", stderr: "ignore" });
  if (built.exitCode !== 0) return undefined;
  return Bun.spawnSync([program], { stdout: "pipe", stderr: "ignore", timeout: 10_000 }).stdout.toString();
}
