/** Runs the fuzzer of lexer and parser: `bun scripts/fuzz-syntax.ts --seed N --count M`. Prints the first case that does harm; exit status 1 then. */

import { checkCase, makeCase } from "../src/syntax/fuzz.ts";

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 0) {
    console.error(`fuzz-syntax: --${name} takes a whole number`);
    process.exit(2);
  }
  return value;
}

const first = option("seed", 1);
const count = option("count", 10_000);
let slowest = 0;
let slowestSeed = first;
for (let seed = first; seed < first + count; seed++) {
  const bytes = makeCase(seed);
  const before = performance.now();
  const wrong = checkCase(bytes);
  const took = performance.now() - before;
  if (took > slowest) {
    slowest = took;
    slowestSeed = seed;
  }
  if (wrong !== undefined) {
    const file = `fuzz-syntax-${seed}.lang`;
    await Bun.write(file, bytes);
    console.error(`fuzz-syntax: seed ${seed} (written to ${file}): ${wrong}`);
    process.exit(1);
  }
}
console.log(`fuzz-syntax: ${count} cases from seed ${first}, none did harm; the slowest, ${slowestSeed}, took ${Math.round(slowest)} ms`);
