/** How long a small program takes to build that uses Map and String, as a whole process: what the library costs those who use it. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measure, processRows } from "../measure.ts";
import type { CaseResult, Settings } from "../result.ts";

const ages = `func main() {
    var ages Map[String, i64] = Map.new()
    ages.insert(String.from("Ann"), 31)
    ages.insert(String.from("Bob"), 27)
    for (name, age) in &ages { println(f"{name}: {age}") }
}
`;

const words = `func main() {
    var counts Map[String, i64] = Map.new()
    let text = String.from("the quick brown fox jumps over the lazy dog the end")
    for word in text.split(" ") { counts.insert(String.from(word), (counts.get(word).copied() ?? 0) + 1) }
    for (word, count) in counts.iter() { println(f"{word}: {count}") }
}
`;

export function collections({ root, work, lang, runs }: Settings): CaseResult {
  const folder = join(work, "collections");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "ages.lang"), ages);
  writeFileSync(join(folder, "words.lang"), words);
  const build = (source: string, ...options: readonly string[]): readonly string[] => [lang, "build", ...options, source, "-o", join(folder, "program")];
  const problems: string[] = [];
  const timings = measure([
    { name: "hello", command: build(join(root, "examples/hello.lang")) },
    { name: "a map printed", command: build(join(folder, "ages.lang")) },
    { name: "words counted", command: build(join(folder, "words.lang")) },
    { name: "words counted, -O0", command: build(join(folder, "words.lang"), "-O0") },
  ], { runs: Math.max(runs, 15), budget: 6000 }, (failure) => problems.push(failure.message));
  const reference = timings.find(({ name }) => name === "hello");
  const own = timings.find(({ name }) => name === "a map printed");
  return {
    name: "collections",
    about: "from a small program with Map and String to an executable, whole process",
    rows: processRows(timings, reference),
    goals: own === undefined ? [] : [{ text: "a program with Map and String in at most 40 ms", met: own.median <= 40, measured: `${own.median.toFixed(1)} ms` }],
    problems,
  };
}
