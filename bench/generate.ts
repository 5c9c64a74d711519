/**
 * Large programs for measuring the compiler: seeded, varied, ending soon, and the same in lang, C and Go.
 * `bun bench/generate.ts --lines 100000 --seed 1 --out dist/bench/generated` writes generated.lang, generated.c and generated.go there.
 */

import { literal, name, typeTexts, wrapped, type Expression } from "./generated/expression.ts";
import { Random } from "./generated/random.ts";
import type { Callee } from "./generated/making.ts";
import { templates } from "./generated/templates.ts";
import { Writer, same } from "./generated/writer.ts";

export interface Generated {
  readonly lang: string;
  readonly c: string;
  readonly go: string;
  /** Lines of the text in lang. */
  readonly lines: number;
  readonly functions: number;
}

/** How many functions a stage calls, and how many stages a part. */
const stageSize = 20;

/** A program of about `lines` lines of lang. It prints one line a part, and a checksum. */
export function generateProgram(lines: number, seed: number): Generated {
  const random = new Random(seed);
  const out = new Writer();
  out.line({ lang: `// A generated program: seed ${seed}.`, c: `// A generated program: seed ${seed}.`, go: `// A generated program: seed ${seed}.` });
  out.line({ c: "#include <stdint.h>" });
  out.line({ c: "#include <stdio.h>" });
  out.line({ c: "#include <string.h>", go: "package main" });
  out.blank();
  out.line({ go: "import \"fmt\"\n" });

  const callees: Callee[] = [];
  const stages: string[] = [];
  let stage: Callee[] = [];
  const choose = (cost: number): Callee | undefined => {
    // Mostly neighbours, as in real programs.
    for (let attempt = 0; attempt < 4 && callees.length > 0; attempt++) {
      const near = random.once(4) ? random.between(0, callees.length - 1) : Math.max(0, callees.length - 1 - random.between(0, 40));
      const callee = callees[near] as Callee;
      if (callee.cost <= cost) return callee;
    }
    return undefined;
  };
  while (out.lang.length < lines) {
    const made = random.pick(templates)({ random, out, id: callees.length + 1, callee: choose });
    callees.push(made);
    stage.push(made);
    if (stage.length === stageSize || out.lang.length >= lines) {
      stages.push(writeStage(out, random, stages.length, stage));
      stage = [];
    }
  }
  const parts: string[] = [];
  for (let i = 0; i < stages.length; i += stageSize) parts.push(writePart(out, parts.length, stages.slice(i, i + stageSize)));
  writeMain(out, parts);
  return { lang: `${out.lang.join("\n")}\n`, c: `${out.c.join("\n")}\n`, go: `${out.go.join("\n")}\n`, lines: out.lang.length, functions: callees.length };
}

/** Calls each function once. */
function writeStage(out: Writer, random: Random, index: number, callees: readonly Callee[]): string {
  const called = `stage_${index}`;
  out.function(called, [], typeTexts("u32"));
  out.declare("var", "sum", literal("u32", index));
  const sum = name("sum", "u32", 0, 0xffffff);
  for (const { name: callee, parameters } of callees) {
    const args = parameters.map(({ mask }) => random.between(0, mask)).join(", ");
    const { lang, c, go } = typeTexts("u32");
    const result: Expression = { lang: `${callee}(${args}) as ${lang}`, c: `(${c})${callee}(${args})`, go: `${go}(${callee}(${args}))`, type: "u32", low: 0, high: 0xffff, tight: false };
    out.assign("sum", "=", wrapped("+", wrapped("*", sum, literal("u32", 31), 0xffffff), result, 0xffffff));
  }
  out.return(same("sum"));
  out.endFunction();
  return called;
}

function writePart(out: Writer, index: number, stages: readonly string[]): string {
  const called = `part_${index}`;
  out.function(called, [], typeTexts("u32"));
  out.declare("var", "sum", literal("u32", 7));
  for (const stage of stages) out.assign("sum", "=", wrapped("+", wrapped("*", name("sum", "u32", 0, 0xffffff), literal("u32", 31), 0xffffff), { ...same(`${stage}()`), type: "u32", low: 0, high: 0xffffff, tight: true }, 0xffffff));
  out.line({ lang: `println(f"part ${index}: {sum}")`, c: `printf("part ${index}: %u\\n", sum);`, go: `fmt.Printf("part ${index}: %d\\n", sum)` });
  out.return(same("sum"));
  out.endFunction();
  return called;
}

function writeMain(out: Writer, parts: readonly string[]): void {
  out.open({ lang: "func main() {", c: "int main(void) {", go: "func main() {" });
  out.declare("var", "checksum", literal("u32", 1));
  for (const part of parts) out.assign("checksum", "=", wrapped("+", wrapped("*", name("checksum", "u32", 0, 0xffffff), literal("u32", 31), 0xffffff), { ...same(`${part}()`), type: "u32", low: 0, high: 0xffffff, tight: true }, 0xffffff));
  out.line({ lang: "println(f\"checksum {checksum}\")", c: "printf(\"checksum %u\\n\", checksum);", go: "fmt.Printf(\"checksum %d\\n\", checksum)" });
  out.line({ c: "return 0;" });
  out.end();
}

if (import.meta.main) {
  const { mkdirSync, writeFileSync } = await import("node:fs");
  const { join } = await import("node:path");
  const option = (key: string, otherwise: string) => {
    const at = process.argv.indexOf(`--${key}`);
    return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
  };
  const folder = option("out", "dist/bench/generated");
  const made = generateProgram(Number(option("lines", "100000")), Number(option("seed", "1")));
  mkdirSync(folder, { recursive: true });
  for (const kind of ["lang", "c", "go"] as const) writeFileSync(join(folder, `generated.${kind}`), made[kind]);
  console.log(`${folder}: ${made.lines} lines, ${made.functions} functions`);
}
