/** How fast the code is that comes out: small programs in lang beside the same in C, plain and with the checks that lang makes. */

import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CommandFailed, measure, runOnce, type Candidate } from "../measure.ts";
import { compileC } from "../peers.ts";
import type { CaseResult, Goal, Settings } from "../result.ts";

/** How many times the time of clang -O2 with the same checks a kernel may take at -O2. */
const allowed: Readonly<Record<string, number>> = { fib: 1.25, modular: 1.3, bignum: 1.3, torus: 1.5 };
const otherwiseAllowed = 2;

export function kernelNames(root: string): string[] {
  return readdirSync(join(root, "bench/kernels")).filter((file) => file.endsWith(".lang")).map((file) => file.slice(0, -".lang".length)).sort();
}

export function kernel(settings: Settings, name: string): CaseResult {
  const { root, work, lang, peers, runs } = settings;
  const folder = join(work, "kernels");
  mkdirSync(folder, { recursive: true });
  const source = (ending: string) => join(root, "bench/kernels", `${name}.${ending}`);
  const builds: { readonly name: string; readonly command: readonly string[]; readonly output: string }[] = [];
  const add = (title: string, command: (output: string) => readonly string[]) => {
    const output = join(folder, `${name}-${title.replaceAll(" ", "")}`);
    builds.push({ name: title, command: command(output), output });
  };
  for (const level of ["O0", "O1", "O2"]) add(`lang -${level}`, (output) => [lang, "build", `-${level}`, source("lang"), "-o", output]);
  const has = (peer: string) => peers.includes(peer as "clang");
  if (has("clang")) {
    // The same IR, its machine code made by LLVM: what our own code generator and late passes lose.
    add("lang -O2 by LLVM", (output) => ["env", "LANGBE=llvm", lang, "build", "-O2", source("lang"), "-o", output]);
    add("clang -O2 checked", (output) => compileC("clang", "O2", source("c"), output, ["CHECKED"]));
    add("clang -O2", (output) => compileC("clang", "O2", source("c"), output));
    add("clang -O0 checked", (output) => compileC("clang", "O0", source("c"), output, ["CHECKED"]));
  }
  if (has("gcc")) {
    add("gcc -O2 checked", (output) => compileC("gcc", "O2", source("c"), output, ["CHECKED"]));
    add("gcc -O2", (output) => compileC("gcc", "O2", source("c"), output));
  }
  if (has("tcc")) add("tcc", (output) => compileC("tcc", "O0", source("c"), output));

  const problems: string[] = [];
  const candidates: Candidate[] = [];
  for (const build of builds) {
    try {
      runOnce({ name: `building with ${build.name}`, command: build.command, slow: true });
      candidates.push({ name: build.name, command: [build.output] });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      problems.push(error.message);
    }
  }
  const timings = measure(candidates, { runs, budget: 4000 }, (failure) => problems.push(failure.message));
  const expected = timings.find((timing) => !timing.name.startsWith("lang"))?.stdout ?? timings[0]?.stdout;
  for (const { name: who, stdout } of timings) if (stdout !== expected) problems.push(`${who} prints ${JSON.stringify(stdout.slice(0, 100))}, not ${JSON.stringify(expected?.slice(0, 100))}`);

  const reference = timings.find((timing) => timing.name === "clang -O2 checked") ?? timings.find((timing) => timing.name === "gcc -O2 checked");
  const own = timings.find((timing) => timing.name === "lang -O2");
  const goals: Goal[] = [];
  if (reference !== undefined && own !== undefined) {
    const factor = allowed[name] ?? otherwiseAllowed;
    goals.push({ text: `lang -O2 within ${factor} of ${reference.name}`, met: own.median <= factor * reference.median, measured: (own.median / reference.median).toFixed(2) });
  }
  return {
    name: `code/${name}`,
    about: "run time",
    rows: timings.map(({ name: who, median, best, runs: count }) => ({ name: who, value: median, unit: "ms", ratio: reference === undefined ? undefined : median / reference.median, note: `best ${best.toFixed(1)} of ${count}` })),
    goals, problems,
  };
}
