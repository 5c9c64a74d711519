/** `-o x.s` and `-o x.o` are the same program: assemblers make of the text what we write as an object, for every example at every level. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findTarget } from "../../os/targets.ts";
import { describeObject, has, inFolder, run } from "../link/testing.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { noTools, type OutputKind } from "./request.ts";

setDefaultTimeout(120_000);

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

function built(name: string, path: string, level: "O0" | "O1" | "O2" | "Os", output: OutputKind): Uint8Array {
  const found = findTarget(name);
  if (!found.ok) throw new Error(found.message);
  const answer = build({ path, target: found.target, level, output, features: [], unchecked: false, strip: false, debug: false, tests: false, tools: noTools }, host);
  if (answer.bytes === undefined) throw new Error(`${path} does not build: ${answer.diagnostics.map(({ message }) => message).join()}${answer.failures.map(({ message }) => message).join()}`);
  return answer.bytes;
}

for (const [target, commands, levels] of [
  ["linux-x86_64", [["as", "--fatal-warnings", "a.s", "-o", "a.o"]], ["O0", "O1", "O2", "Os"]],
  ["linux-arm64", [
    ["aarch64-linux-gnu-as", "--fatal-warnings", "a.s", "-o", "a.o"], ["llvm-mc", "-triple=aarch64-linux-gnu", "-filetype=obj", "a.s", "-o", "a.o"],
  ], ["O0", "O2"]],
] as const) {
  const usable = commands.filter(([tool]) => has(tool));
  for (const level of levels) {
    test(`assemblers make of the examples at -${level} for ${target} what we make`, () => {
      if (usable.length < commands.length) console.log(`not run, for want of them: ${commands.map(([tool]) => tool).filter((tool) => !has(tool)).join()}`);
      if (usable.length === 0) return;
      inFolder((folder) => {
        for (const name of readdirSync(examples).filter((file) => file.endsWith(".lang"))) {
          const path = join(examples, name);
          writeFileSync(join(folder, "a.s"), built(target, path, level, "assembly"));
          const ours = describeObject(built(target, path, level, "object"));
          for (const command of usable) {
            expect([name, command[0], run(folder, command).err]).toEqual([name, command[0], ""]);
            expect([name, command[0], describeObject(readFileSync(join(folder, "a.o")))]).toEqual([name, command[0], ours]);
          }
        }
      });
    });
  }
}
