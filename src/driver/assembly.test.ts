/** `-o x.s` and `-o x.o` are the same program: GNU as makes of the text what we write as an object, for every example at every level. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { targets } from "../../os/targets.ts";
import { describeObject, has, inFolder, run } from "../link/testing.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { noTools, type OutputKind } from "./request.ts";

setDefaultTimeout(120_000);

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

function built(path: string, level: "O0" | "O1" | "O2" | "Os", output: OutputKind): Uint8Array {
  const [target] = targets;
  if (target === undefined) throw new Error("no target");
  const answer = build({ path, target, level, output, features: [], unchecked: false, strip: false, debug: false, tests: false, tools: noTools }, host);
  if (answer.bytes === undefined) throw new Error(`${path} does not build: ${answer.diagnostics.map(({ message }) => message).join()}${answer.failures.map(({ message }) => message).join()}`);
  return answer.bytes;
}

for (const level of ["O0", "O1", "O2", "Os"] as const) {
  test(`as makes of the examples at -${level} what we make`, () => {
    if (!has("as")) {
      console.log("not run, for want of as");
      return;
    }
    inFolder((folder) => {
      for (const name of readdirSync(examples).filter((file) => file.endsWith(".lang"))) {
        const path = join(examples, name);
        writeFileSync(join(folder, "a.s"), built(path, level, "assembly"));
        expect([name, run(folder, ["as", "--fatal-warnings", "a.s", "-o", "a.o"]).err]).toEqual([name, ""]);
        expect([name, describeObject(readFileSync(join(folder, "a.o")))]).toEqual([name, describeObject(built(path, level, "object"))]);
      }
    });
  });
}
