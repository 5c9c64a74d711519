/** Runs the examples in the library's documentation comments (```lang body): one program for each file, with every example a function of its own. */

import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostTarget } from "../os/targets.ts";
import { build } from "../src/driver/build.ts";
import { host, writeWhole } from "../src/driver/host.ts";
import { buildRequest, type BuildRequest } from "../src/driver/request.ts";

const target = hostTarget(process.platform, process.arch);
const prelude = readFileSync(join(import.meta.dir, "core.lang"), "utf8");

/** Builds in this process, which is warm after a few. Throws what is wrong with the program. */
function compile(program: string, level: BuildRequest["level"], to: string): void {
  if (target === undefined) throw new Error("this machine is no target");
  // Beside this program there is no std, which would be taken for the user's.
  const answer = build(buildRequest(`${to}.lang`, new TextEncoder().encode(program), target, { level }), host);
  const said = answer.diagnostics.map(({ code, message, span }) => `${code} ${message} at ${JSON.stringify(answer.sources.place(span.start))}`);
  const problem = answer.bytes === undefined ? "there is no executable" : writeWhole(to, answer.bytes, true);
  if (problem !== undefined || said.length > 0) throw new Error([problem, ...said].join("\n"));
}

/** The examples of a file, each with the line on which it begins. */
function examplesOf(text: string): { readonly line: number; readonly code: string[] }[] {
  const found: { line: number; code: string[] }[] = [];
  let inside = false;
  for (const [index, line] of text.split("\n").entries()) {
    const comment = /^\s*\/\/\/ ?(.*)$/.exec(line)?.[1];
    if (comment === "```lang body") {
      inside = true;
      found.push({ line: index + 2, code: [] });
    } else if (comment === undefined || comment === "```") inside = false;
    else if (inside) found.at(-1)?.code.push(comment);
  }
  return found;
}

for (const file of readdirSync(import.meta.dir).filter((name) => name.endsWith(".lang")).sort()) {
  const examples = examplesOf(readFileSync(join(import.meta.dir, file), "utf8"));
  if (examples.length === 0) continue;
  const stem = file.slice(0, -".lang".length);
  const program = [
    prelude.includes(`"std/${file}"`) ? "" : `import "std/${stem}"`,
    ...examples.map(({ line, code }) => `func example_${line}() {\n${code.map((one) => `    ${one}`).join("\n")}\n}`),
    `func main() {\n${examples.map(({ line }) => `    example_${line}()`).join("\n")}\n    println("${examples.length} examples")\n}`,
  ].join("\n");
  for (const level of ["O0", "O2"] as const) {
    test(`the examples of ${file} -${level}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "lang-examples-"));
      try {
        const path = join(folder, "examples");
        compile(program, level, path);
        const result = Bun.spawnSync([path], { cwd: folder, stdout: "pipe", stderr: "pipe" });
        expect(result.stderr.toString()).toBe("");
        expect(result.stdout.toString()).toBe(`${examples.length} examples\n`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }, 60_000);
  }
}
