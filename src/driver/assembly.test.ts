/** `-o x.s` and `-o x.o` are the same program: assemblers make of the text what we write as an object, for every example at every level. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findTarget } from "../../os/targets.ts";
import { describeObject, has, inFolder, run } from "../link/testing.ts";
import { laidOut } from "../link/testingLayout.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest, type OutputKind } from "./request.ts";

setDefaultTimeout(120_000);

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

function built(name: string, path: string, level: "O0" | "O1" | "O2" | "Os", output: OutputKind, debug = false): Uint8Array {
  const found = findTarget(name);
  if (!found.ok) throw new Error(found.message);
  const answer = build(buildRequest(path, undefined, found.target, { level, output, debug }), host);
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

for (const [target, tool] of [["linux-x86_64", "as"], ["linux-arm64", "aarch64-linux-gnu-as"]] as const) {
  test(`debug information for ${target} too`, () => {
    if (!has(tool)) return console.log(`not run, for want of ${tool}`);
    inFolder((folder) => {
      const path = join(examples, "hello.lang");
      writeFileSync(join(folder, "a.s"), built(target, path, "O0", "assembly", true));
      expect(run(folder, [tool, "--fatal-warnings", "a.s", "-o", "a.o"]).err).toBe("");
      expect(describeObject(readFileSync(join(folder, "a.o")))).toEqual(describeObject(built(target, path, "O0", "object", true)));
    });
  });
}

test("llvm-mc takes debug information for Linux on arm64, too", () => {
  if (!has("llvm-mc")) return console.log("not run, for want of llvm-mc");
  inFolder((folder) => {
    for (const level of ["O0", "O2"] as const) {
      writeFileSync(join(folder, "a.s"), built("linux-arm64", join(examples, "json_pretty.lang"), level, "assembly", true));
      expect(run(folder, ["llvm-mc", "-triple=aarch64-linux-gnu", "-filetype=obj", "a.s", "-o", "a.o"]).err).toBe("");
    }
  });
});

for (const [target, triple] of [
  ["macos-x86_64", "x86_64-apple-macos12"], ["macos-arm64", "arm64-apple-macos12"], ["windows-x86_64", "x86_64-windows-gnu"], ["windows-arm64", "aarch64-windows-gnu"],
] as const) {
  test(`llvm-mc makes of the examples for ${target} what comes to the same as what we make`, () => {
    if (!has("llvm-mc")) return console.log("not run, for want of llvm-mc");
    inFolder((folder) => {
      for (const [name, level, debug] of [["hello", "O0", true], ["json_pretty", "O2", false], ["nbody", "O1", false], ["sha256", "Os", false]] as const) {
        const path = join(examples, `${name}.lang`);
        // It writes the operands of xchg the other way round than GNU as.
        const text = new TextDecoder().decode(built(target, path, level, "assembly", debug)).replaceAll(/\txchg (\w+), (\w+)$/gm, "\txchg $2, $1");
        writeFileSync(join(folder, "a.s"), text);
        expect([name, run(folder, ["llvm-mc", `-triple=${triple}`, "-filetype=obj", "a.s", "-o", "a.o"]).err]).toEqual([name, ""]);
        const [ours, theirs] = [laidOut(built(target, path, level, "object", debug)), laidOut(readFileSync(join(folder, "a.o")))];
        expect([name, Object.keys(theirs).sort()]).toEqual([name, Object.keys(ours).sort()]);
        for (const section of Object.keys(ours)) expect([name, section, differing(ours[section] as string, theirs[section] as string)]).toEqual([name, section, ""]);
      }
    });
  });
}

/** Where two texts differ first. */
function differing(ours: string, theirs: string): string {
  if (ours === theirs) return "";
  let at = 0;
  while (ours[at] === theirs[at]) at++;
  at &= ~7;
  return `of ${ours.length / 2} and ${theirs.length / 2} bytes, at ${(at / 2).toString(16)}: ours ${ours.slice(at, at + 16)}, theirs ${theirs.slice(at, at + 16)}`;
}
