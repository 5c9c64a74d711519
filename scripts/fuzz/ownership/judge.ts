/** What our compiler says of units, and what its programs do: those it accepts must neither touch freed memory, nor leak, nor differ by level. */

import { build } from "../../../src/driver/build.ts";
import { host } from "../../../src/driver/host.ts";
import type { Level } from "../../../src/opt/pipeline.ts";
import { requestOf, run, type Outcome } from "../compare.ts";

import { textOf, type Unit } from "./unit.ts";
import { declarationsOf } from "./vocabulary.ts";

export interface LangVerdict {
  readonly accepted: boolean;
  /** Of the first error. */
  readonly code: string;
  readonly message: string;
  /** For each error the lines that have to do with it, counted from the unit's first. */
  readonly places: readonly (readonly number[])[];
}

/** Each scene with every number that its conditions ask for. */
export function mainOf(units: readonly Unit[], language: "lang" | "rust"): string {
  const end = language === "rust" ? ";" : "";
  return units.flatMap(({ name }) => [0, 1, 2, 4].flatMap((n) => [`    ${language === "lang" ? `println("${name} ${n}")` : `println!("${name} ${n}")`}${end}`, `    ${name}(${n})${end}`])).map((line) => `${line}\n`).join("");
}

export function programOf(units: readonly Unit[]): string {
  return `${declarationsOf(units)}${units.flatMap((unit) => textOf(unit, "lang")).join("\n")}\nfunc main() {\n${mainOf(units, "lang")}}\n`;
}

/** Alone: closures of others would count against it. */
export function askLang(unit: Unit): LangVerdict {
  const preludeLines = declarationsOf([unit]).split("\n").length;
  try {
    const answer = build(requestOf(programOf([unit]), "O0", "nothing", false), host);
    const first = answer.diagnostics.find(({ severity }) => severity === "error");
    if (first === undefined && answer.failures.length === 0) return { accepted: true, code: "", message: "", places: [] };
    const lineOf = (position: number): number => (answer.sources.place(position)?.line ?? 0) - preludeLines;
    const places = answer.diagnostics.filter(({ severity }) => severity === "error").map(({ span, labels }) => [span, ...labels].map(({ start }) => lineOf(start)));
    return { accepted: false, places, code: first?.code ?? "failure", message: first === undefined ? (answer.failures[0]?.message ?? "") : `${first.message} in line ${answer.sources.place(first.span.start)?.line}` };
  } catch (error) {
    return { accepted: false, places: [], code: "crash", message: error instanceof Error ? (error.stack ?? error.message).slice(0, 1000) : String(error) };
  }
}

export type Conduct = { readonly kind: "good"; readonly stdout: string } | { readonly kind: "refused" | "panics" } | { readonly kind: "bad"; readonly what: string };

function outcomeOf(text: string, level: Level, checkMemory: boolean): Outcome | "refused" | "hangs" {
  const answer = build(requestOf(text, level, "executable", false, checkMemory), host);
  return answer.bytes === undefined ? "refused" : run(answer.bytes, `owner-${level}`);
}

/** Runs accepted units together under --check-memory, and as they are at these levels. Refused together: closures of one may count against another. */
export function conductOf(units: readonly Unit[], levels: readonly Level[] = ["O0", "O2"]): Conduct {
  const text = programOf(units);
  const checked = outcomeOf(text, "O0", true);
  if (checked === "refused") return { kind: "refused" };
  if (checked === "hangs") return { kind: "bad", what: "hangs under --check-memory" };
  // An index that is out of range, say: no misuse of memory, and all levels do it.
  const panics = checked.status === 101 && /^panic: (?!use after|double free|free of|something was|invalid memory)/.test(checked.stderr);
  if (checked.status !== 0 && !panics) return { kind: "bad", what: `-O0 --check-memory: status ${checked.status} ${checked.stderr}` };
  for (const level of levels) {
    const plain = outcomeOf(text, level, false);
    if (plain === "refused" || plain === "hangs") return { kind: "bad", what: `-${level}: ${plain}` };
    if (plain.status !== checked.status) return { kind: "bad", what: `-${level}: status ${plain.status} ${plain.stderr}` };
    if (plain.stdout !== checked.stdout) return { kind: "bad", what: `-${level} prints something else: ${differing(checked.stdout, plain.stdout)}` };
  }
  return panics ? { kind: "panics" } : { kind: "good", stdout: checked.stdout };
}

/** The first line that differs. */
export function differing(a: string, b: string): string {
  const [left, right] = [a.split("\n"), b.split("\n")];
  const at = left.findIndex((line, i) => line !== right[i]);
  return `${JSON.stringify(left[at] ?? "(ended)")} and ${JSON.stringify(right[at] ?? "(ended)")} in line ${at + 1}`;
}
