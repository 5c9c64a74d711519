/**
 * Random programs about moves and borrows, right and wrong ones, in lang and in Rust. What `lang` accepts is run under --check-memory at -O0, and at -O0 and -O2 as it is:
 * touching freed memory, a leak, a crash or another output is a hole. What Rust's compiler accepts and ours refuses is a shortfall.
 *
 *   bun scripts/fuzz-ownership.ts [--seed 1] [--count 200] [--batch 40] [--no-rust] [--no-run] [--values] [--no-shrink] [--keep FOLDER]
 *
 * Without rustc on the machine only the first half is done. `--values` also compares what programs print with what Rust's print. Holes and shortfalls are made smaller
 * and kept in the folder (dist/fuzz), as programs of their own; a table at the end tells which errors the shortfalls got. The status is 1 if there is a hole.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { randomUnit } from "./fuzz/ownership/generate.ts";
import { askLang, conductOf, differing, mainOf, programOf } from "./fuzz/ownership/judge.ts";
import { repaired } from "./fuzz/ownership/repair.ts";
import { askRust, findRustc, runRust } from "./fuzz/ownership/rust.ts";
import { shrinkUnit } from "./fuzz/ownership/shrinkUnit.ts";
import { textOf, type Unit } from "./fuzz/ownership/unit.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "200" },
    batch: { type: "string", default: "40" },
    "no-rust": { type: "boolean", default: false },
    "no-run": { type: "boolean", default: false },
    values: { type: "boolean", default: false },
    "no-shrink": { type: "boolean", default: false },
    keep: { type: "string", default: fileURLToPath(new URL("../dist/fuzz", import.meta.url)) },
  },
});
const rustc = values["no-rust"] ? undefined : findRustc();
const first = Number(values.seed);
const end = first + Number(values.count);
const batch = Number(values.batch);
mkdirSync(values.keep, { recursive: true });

/** What the reference forbids and Rust allows: moving out of what a closure captured. */
const byRule = new Set(["E0415"]);
const agreement = { both: 0, neither: 0, shortfall: 0, generous: 0, malformed: 0, byRule: 0, alone: 0 };
const byCode = new Map<string, number>();
let holes = 0;

function keep(kind: string, unit: Unit, what: string): string {
  const path = join(values.keep, `${kind}-${unit.name}.lang`);
  writeFileSync(path, `// ${what.replaceAll("\n", "\n// ")}\n${programOf([unit])}`);
  return path;
}

/** Rust accepts it and we do not. */
function shortfall(unit: Unit, code: string, message: string, tool: string): void {
  agreement.shortfall++;
  byCode.set(code, (byCode.get(code) ?? 0) + 1);
  const small = values["no-shrink"] ? unit : shrinkUnit(unit, (candidates) => {
    const rust = askRust(tool, candidates);
    let found = false;
    return candidates.map((candidate, i) => {
      if (found || rust[i]?.accepted !== true) return false;
      found = askLang(candidate).code === code;
      return found;
    });
  });
  const path = keep("shortfall", small, `${code} ${values["no-shrink"] ? message : askLang(small).message}`);
  console.log(`${unit.name}: refused, ${code} ${message}; ${path}\n${textOf(small, "lang").map((line) => `    ${line}`).join("\n")}`);
}

function hole(unit: Unit, what: string, still: (unit: Unit) => boolean): void {
  holes++;
  let small = unit;
  if (!values["no-shrink"]) {
    small = shrinkUnit(unit, (candidates) => {
      let found = false;
      return candidates.map((candidate) => {
        if (!found && askLang(candidate).accepted) found = still(candidate);
        else return false;
        return found;
      });
    });
  }
  console.log(`${unit.name}: HOLE, ${what}; ${keep("hole", small, what)}\n${textOf(small, "lang").map((line) => `    ${line}`).join("\n")}`);
}

/** Runs what was accepted; of a group that does something wrong, each half, down to the one that does. */
function conduct(units: readonly Unit[], inRust: ReadonlySet<Unit>): void {
  if (units.length === 0) return;
  const answer = conductOf(units);
  const [only] = units;
  if (answer.kind === "good") {
    if (rustc === undefined || !values.values || !units.every((unit) => inRust.has(unit))) return;
    const printed = runRust(rustc, units, mainOf(units, "rust"));
    if (printed === undefined || printed === answer.stdout) return;
    if (units.length === 1 && only !== undefined) {
      hole(only, `Rust prints something else: ${differing(answer.stdout, printed)}`, (unit) => {
        const again = conductOf([unit]);
        const theirs = runRust(rustc, [unit], mainOf([unit], "rust"));
        return again.kind === "good" && theirs !== undefined && theirs !== again.stdout;
      });
      return;
    }
  } else if (units.length === 1 && only !== undefined) {
    if (answer.kind === "bad") hole(only, answer.what, (unit) => conductOf([unit]).kind === "bad");
    return;
  }
  conduct(units.slice(0, units.length >> 1), inRust);
  conduct(units.slice(units.length >> 1), inRust);
}

/** Notes what both compilers say; gives what is accepted by ours. */
function ask(units: readonly Unit[], inRust: Set<Unit>): Unit[] {
  const rust = rustc === undefined ? undefined : askRust(rustc, units);
  return units.filter((unit, i) => {
    const ours = askLang(unit);
    const theirs = rust?.[i];
    if (ours.code === "crash") hole(unit, `the compiler: ${ours.message}`, () => false);
    if (theirs?.accepted === true) inRust.add(unit);
    if (theirs === undefined) agreement.alone++;
    else if (theirs.malformed || (!ours.accepted && !/^E04|crash/.test(ours.code))) {
      agreement.malformed++;
      console.log(`${unit.name}: ${ours.code} ${ours.message}; Rust: ${theirs.message}`);
    } else if (theirs.accepted && ours.accepted) agreement.both++;
    else if (theirs.accepted && byRule.has(ours.code)) agreement.byRule++;
    else if (theirs.accepted) shortfall(unit, ours.code, ours.message, rustc ?? "");
    else if (ours.accepted) agreement.generous++;
    else agreement.neither++;
    return ours.accepted;
  });
}

for (let seed = first; seed < end; seed += batch) {
  const units = Array.from({ length: Math.min(batch, end - seed) }, (_, i) => randomUnit(seed + i));
  const inRust = new Set<Unit>();
  const accepted = ask(units, inRust);
  // What each compiler leaves of them, for the other one.
  if (rustc !== undefined) accepted.push(...ask(repaired(units.filter((unit) => !inRust.has(unit)), (some) => askRust(rustc, some)), inRust));
  accepted.push(...ask(repaired(units.filter((unit) => !accepted.includes(unit)), (some) => some.map(askLang)), inRust));
  if (values["no-run"]) continue;
  conduct(accepted.filter((unit) => inRust.has(unit)), inRust);
  conduct(accepted.filter((unit) => !inRust.has(unit)), inRust);
}

const { both, neither, shortfall: refused, generous, malformed, byRule: ruled, alone } = agreement;
console.log([...byCode].sort((a, b) => b[1] - a[1]).map(([code, n]) => `${code}: ${n}`).join(", "));
console.log(`of ${both + neither + generous + refused + malformed + ruled + alone} programs from ${end - first} seeds ${alone > 0 ? `${alone} without Rust, ` : `${both} accepted by both, ${neither} by neither, ${generous} only by lang, ${refused} only by Rust, ${ruled} refused by a rule of the reference, ${malformed} by types wrong, `}${holes} holes`);
process.exit(holes > 0 ? 1 : 0);
