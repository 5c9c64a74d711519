/** How large executables are. */

import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandFailed, runOnce } from "../measure.ts";
import { compileC } from "../peers.ts";
import type { CaseResult, Row, Settings } from "../result.ts";

export function sizes({ root, work, lang, peers }: Settings): CaseResult {
  const folder = join(work, "sizes");
  mkdirSync(folder, { recursive: true });
  const helloC = join(folder, "hello.c");
  writeFileSync(helloC, "#include <stdio.h>\nint main(void) { puts(\"Hello, world!\"); }\n");
  const kernel = (name: string, ending: string) => join(root, "bench/kernels", `${name}.${ending}`);
  const hello = join(root, "examples/hello.lang");
  const builds: [string, (output: string) => readonly string[]][] = [
    ["hello, lang -Os --strip", (o) => [lang, "build", "-Os", "--strip", hello, "-o", o]],
    ["hello, lang -Os", (o) => [lang, "build", "-Os", hello, "-o", o]],
    ["hello, lang -O1", (o) => [lang, "build", hello, "-o", o]],
    ["hello, lang -O0", (o) => [lang, "build", "-O0", hello, "-o", o]],
  ];
  if (peers.includes("tcc")) builds.push(["hello, tcc", (o) => compileC("tcc", "O0", helloC, o)]);
  if (peers.includes("gcc")) {
    builds.push(["hello, gcc -Os -s", (o) => ["gcc", "-Os", "-s", "-w", helloC, "-o", o]]);
    builds.push(["hello, gcc -Os -s -static", (o) => ["gcc", "-Os", "-s", "-static", "-w", helloC, "-o", o]]);
  }
  for (const name of ["nbody", "hashtable"]) {
    builds.push([`${name}, lang -O1`, (o) => [lang, "build", kernel(name, "lang"), "-o", o]]);
    builds.push([`${name}, lang -Os --strip`, (o) => [lang, "build", "-Os", "--strip", kernel(name, "lang"), "-o", o]]);
    if (peers.includes("tcc")) builds.push([`${name}, tcc`, (o) => compileC("tcc", "O0", kernel(name, "c"), o)]);
    if (peers.includes("gcc")) builds.push([`${name}, gcc -Os -s -static checked`, (o) => ["gcc", "-Os", "-s", "-static", "-w", "-DCHECKED", kernel(name, "c"), "-o", o, "-lm"]]);
  }
  const rows: Row[] = [];
  const problems: string[] = [];
  for (const [name, command] of builds) {
    const output = join(folder, name.replaceAll(/[ ,]/g, ""));
    try {
      runOnce({ name, command: command(output), slow: true });
      rows.push({ name, value: statSync(output).size, unit: "bytes" });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      problems.push(error.message);
    }
  }
  const smallest = rows.find(({ name }) => name === "hello, lang -Os --strip");
  return {
    name: "sizes",
    about: "of executables",
    rows,
    goals: smallest === undefined ? [] : [{ text: "hello at -Os --strip below 1 KB", met: smallest.value < 1024, measured: `${smallest.value} bytes` }],
    problems,
  };
}
