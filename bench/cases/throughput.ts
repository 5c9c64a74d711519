/** Lines per second on a generated program, whole process, beside others on the same program in their language. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateProgram } from "../generate.ts";
import { measure, runOnce, CommandFailed, type Candidate } from "../measure.ts";
import { compileC } from "../peers.ts";
import type { CaseResult, Goal, Settings } from "../result.ts";

export function throughput(settings: Settings): CaseResult {
  const { work, lang, peers, runs, lines } = settings;
  const folder = join(work, "generated");
  mkdirSync(folder, { recursive: true });
  const made = generateProgram(lines, 1);
  const path = (ending: "lang" | "c" | "go") => join(folder, `generated.${ending}`);
  // An ending would tell the compiler what to write.
  const program = (of: string) => join(folder, `generated-${of}`);
  for (const kind of ["lang", "c", "go"] as const) writeFileSync(path(kind), made[kind]);
  const countOf = { lang: made.lines, c: made.c.split("\n").length - 1, go: made.go.split("\n").length - 1 };

  const candidates: (Candidate & { readonly lines: number; readonly output: string })[] = [];
  for (const level of ["O0", "O1", "O2"]) candidates.push({ name: `lang -${level}`, command: [lang, "build", `-${level}`, path("lang"), "-o", program(level)], lines: countOf.lang, output: program(level) });
  for (const peer of peers) {
    // A line more each time: go would hand out what it built before.
    if (peer === "go") candidates.push({ name: "go build -gcflags='-N -l'", command: ["sh", "-c", `echo // >> ${path("go")}; go build '-gcflags=-N -l' -o ${program("go")} ${path("go")}`], lines: countOf.go, output: program("go"), slow: true });
    else candidates.push({ name: `${peer} -O0`, command: compileC(peer, "O0", path("c"), program(peer)), lines: countOf.c, output: program(peer), slow: peer !== "tcc" });
  }
  const problems: string[] = [];
  const timings = measure(candidates, { runs, budget: 4000 }, (failure) => problems.push(failure.message));

  // The programs must do the same.
  const outputs = new Map<string, string>();
  for (const { name, output } of candidates) {
    if (!timings.some((timing) => timing.name === name)) continue;
    try {
      outputs.set(name, runOnce({ name: `the program of ${name}`, command: [output] }).stdout);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      problems.push(error.message);
    }
  }
  const expected = outputs.get("tcc -O0") ?? outputs.get("gcc -O0") ?? outputs.get("clang -O0") ?? outputs.get("lang -O0");
  for (const [name, output] of outputs) if (output !== expected) problems.push(`the program of ${name} prints something else: ${output.slice(-200)}`);

  const rate = (name: string) => {
    const timing = timings.find((t) => t.name === name);
    const candidate = candidates.find((c) => c.name === name);
    return timing === undefined || candidate === undefined ? undefined : (candidate.lines / timing.median) * 1000;
  };
  const goals: Goal[] = [];
  for (const [name, wanted] of [["lang -O0", 300_000], ["lang -O1", 100_000]] as const) {
    const found = rate(name);
    if (found !== undefined) goals.push({ text: `${name}: ${wanted.toLocaleString("en-US")} lines/s`, met: found >= wanted, measured: `${Math.round(found).toLocaleString("en-US")}` });
  }
  const reference = rate("lang -O0");
  return {
    name: "throughput",
    about: `${made.lines.toLocaleString("en-US")} lines, ${made.functions.toLocaleString("en-US")} functions, whole process`,
    rows: timings.map(({ name, median, memory, runs: count }) => ({
      name, value: rate(name) ?? 0, unit: "lines/s", ratio: reference === undefined ? undefined : (rate(name) ?? 0) / reference, note: `${median.toFixed(0)} ms, ${memory.toFixed(0)} MB, ${count} runs`,
    })),
    goals, problems,
  };
}
