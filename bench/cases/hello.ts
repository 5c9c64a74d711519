/** How long the smallest build takes, as a whole process, beside an empty executable that Bun made and beside others' hello. */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { measure, processRows, type Candidate } from "../measure.ts";
import { compileC } from "../peers.ts";
import type { CaseResult, Settings } from "../result.ts";

const helloC = "#include <stdio.h>\nint main(void) { puts(\"Hello, world!\"); }\n";
const helloGo = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"Hello, world!\") }\n";

/** An executable made by Bun from an empty program: what lang cannot be faster than. */
function emptyExecutable({ root, work }: Settings): string {
  const output = join(work, "empty");
  if (existsSync(output)) return output;
  const source = join(work, "empty.ts");
  writeFileSync(source, "export {};\n");
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "build", "--compile", "--bytecode", "--format=esm", source, "--outfile", output], { cwd: root, stdout: "ignore", stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`bench/hello: the empty executable cannot be built: ${stderr.toString()}`);
  return output;
}

export function hello(settings: Settings): CaseResult {
  const { root, work, lang, peers, runs } = settings;
  const folder = join(work, "hello");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "hello.c"), helloC);
  writeFileSync(join(folder, "hello.go"), helloGo);
  const empty = emptyExecutable(settings);
  const candidates: Candidate[] = [
    { name: "empty executable", command: [empty] },
    { name: "lang build", command: [lang, "build", join(root, "examples/hello.lang"), "-o", join(folder, "hello")] },
    { name: "lang build --target all", command: [lang, "build", join(root, "examples/hello.lang"), "--target", "all", "-o", join(folder, "hello")] },
    { name: "lang build, done before", command: [lang, "build", join(root, "examples/hello.lang"), "-o", join(folder, "hello")], environment: { LANGCACHE: join(folder, "cache") } },
    { name: "lang build -O0", command: [lang, "build", "-O0", join(root, "examples/hello.lang"), "-o", join(folder, "hello0")] },
  ];
  for (const peer of peers) {
    if (peer === "go") candidates.push({ name: "go build", command: ["go", "build", "-o", join(folder, "hello-go"), join(folder, "hello.go")], slow: true });
    else candidates.push({ name: peer, command: compileC(peer, "O0", join(folder, "hello.c"), join(folder, `hello-${peer}`)) });
  }
  const problems: string[] = [];
  const timings = measure(candidates, { runs: Math.max(runs, 15), budget: 6000 }, (failure) => problems.push(failure.message));
  const reference = timings.find(({ name }) => name === "empty executable");
  const own = timings.find(({ name }) => name === "lang build");
  const all = timings.find(({ name }) => name === "lang build --target all");
  return {
    name: "hello",
    about: "from hello.lang to an executable, whole process",
    rows: processRows(timings, reference),
    goals: reference === undefined || own === undefined || all === undefined ? [] : [{
      text: "`lang build hello.lang` in at most 15 ms where the empty executable takes 5",
      met: own.median <= 3 * reference.median,
      measured: `${own.median.toFixed(1)} ms where it takes ${reference.median.toFixed(1)}`,
    }, {
      text: "all six hellos by `--target all`, as one process, in at most 60 ms where the empty executable takes 5",
      met: all.median <= 12 * reference.median,
      measured: `${all.median.toFixed(1)} ms where it takes ${reference.median.toFixed(1)}`,
    }],
    problems,
  };
}
