/** A build must not see what the process compiled before it: tables that keep their memory are clean for each function. */

import { expect, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findTarget } from "../../os/targets.ts";
import { IntColumn } from "../analysis/columns.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest, type BuildRequest } from "./request.ts";

const root = new URL("../../", import.meta.url);
const examples = readdirSync(new URL("examples/", root)).filter((name) => name.endsWith(".lang")).map((name) => `examples/${name}`);
const suite = [...new Bun.Glob("conformance/**/*.lang").scanSync({ cwd: fileURLToPath(root) })].sort();
// One in many of those that are to run on all targets. Folding the chain makes more constants than the function had values.
const programs = [
  "conformance/04-expressions/chain-of-2000-terms.lang",
  ...examples,
  ...suite.filter(runsEverywhere).filter((_, i) => i % 120 === 0),
];

function runsEverywhere(path: string): boolean {
  const text = readFileSync(new URL(path, root), "utf8");
  return text.startsWith("//@ run\n") && !text.includes("\n//@ targets:");
}

function compile(path: string, name: string, level: BuildRequest["level"]): string {
  const found = findTarget(name);
  if (!found.ok) throw new Error("no target");
  const bytes = readFileSync(new URL(path, root));
  const answer = build(buildRequest(path, bytes, found.target, { level }), host);
  if (answer.bytes === undefined) throw new Error(`${path} is refused`);
  return Bun.SHA256.hash(answer.bytes, "hex");
}

test("an executable does not depend on what was compiled before it", () => {
  for (const [target, level] of [["linux-x86_64", "O2"], ["windows-arm64", "O1"]] as const) {
    const first = new Map(programs.map((path) => [path, compile(path, target, level)]));
    for (const path of programs.toReversed()) expect([target, level, path, compile(path, target, level)]).toEqual([target, level, path, first.get(path) ?? ""]);
  }
}, 120_000);

test("a table has nothing of an earlier, larger one, to its very end", () => {
  const column = new IntColumn();
  column.zeroed(5000).fill(7);
  for (const count of [0, 1, 300, 2000, 4999, 5000]) {
    const table = column.zeroed(count);
    expect(table.length).toBeGreaterThanOrEqual(count + (count >> 1) + 64);
    expect(table.every((entry) => entry === 0)).toBe(true);
  }
});
