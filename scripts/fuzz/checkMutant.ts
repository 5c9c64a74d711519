/** What a program that may be wrong in any way must not do to the compiler; and if it is accepted, what it must not do itself. */

import { build } from "../../src/driver/build.ts";
import { host } from "../../src/driver/host.ts";
import { renderDiagnostic } from "../../src/source/render.ts";
import { requestOf, run } from "./compare.ts";

export interface MutantVerdict {
  readonly accepted: boolean;
  readonly wrong?: { readonly symptom: string; readonly details: string };
}

/** What stands outside the checks of safe code, or is not the same in two runs. */
const unsafe = /@|\*mut|\*u8|\*T|\*i|\bextern\b|syscall|\bos_|alloc|random|time|process|\bfs\b|heap_|usize/;
const misuse = /double free|use after free|was written|not allocated|which were allocated|invalid memory/;

export function checkMutant(text: string, runs: boolean): MutantVerdict {
  try {
    const answer = build(requestOf(text, "O1", "executable", true), host);
    for (const diagnostic of answer.diagnostics) renderDiagnostic(diagnostic, answer.sources);
    if (answer.bytes === undefined) {
      if (answer.diagnostics.every(({ severity }) => severity !== "error") && answer.failures.length === 0) return { accepted: false, wrong: { symptom: "refused without a word", details: "" } };
      return { accepted: false };
    }
    if (!runs || unsafe.test(text.replace(/^\/\/@.*$/gm, ""))) return { accepted: true };
    return { accepted: true, ...ran(text) };
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    // Where it was thrown tells failures apart, so that one does not become another while it is made smaller.
    const place = /at (\S+) \(.*\/(src\/[^)]*\.ts)/.exec(stack);
    return { accepted: false, wrong: { symptom: `crash of the compiler in ${place?.[1] ?? "?"} of ${place?.[2] ?? "?"}`, details: stack.slice(0, 1500) } };
  }
}

function ran(text: string): Partial<MutantVerdict> {
  const checked = build(requestOf(text, "O0", "executable", false, true), host);
  const optimised = build(requestOf(text, "O2", "executable", true), host);
  if (checked.bytes === undefined || optimised.bytes === undefined) return { wrong: { symptom: "refused at another level", details: "" } };
  const a = run(checked.bytes, "mutant-checked");
  const b = run(optimised.bytes, "mutant");
  // It may well have become endless.
  if (a === "hangs" || b === "hangs") return {};
  if (misuse.test(a.stderr) || misuse.test(b.stderr)) return { wrong: { symptom: "memory", details: `${a.stderr}\n${b.stderr}` } };
  // What a leak says stands in the place of the status.
  if (a.stderr.startsWith("memory:")) return a.status === 101 && b.status !== 0 ? {} : { wrong: { symptom: "leak", details: a.stderr } };
  if (a.stderr.includes("stack overflow") || b.stderr.includes("stack overflow")) return {};
  if (a.stdout === b.stdout && a.status === b.status && a.stderr === b.stderr) return {};
  return { wrong: { symptom: "other output", details: `-O0: ${a.status} ${a.stderr}\n${a.stdout.slice(0, 300)}\n-O2: ${b.status} ${b.stderr}\n${b.stdout.slice(0, 300)}` } };
}
