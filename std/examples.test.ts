/** Runs the examples in the library's documentation comments (```lang body): one program for each file, with every example a function of its own. */

import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dir, "..");
const prelude = readFileSync(join(import.meta.dir, "core.lang"), "utf8");

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
  for (const level of ["-O0", "-O2"]) {
    test(`the examples of ${file} ${level}`, () => {
      const folder = mkdtempSync(join(tmpdir(), "lang-examples-"));
      try {
        writeFileSync(join(folder, "examples.lang"), program);
        const command = [process.execPath, join(root, "src/cli/main.ts"), "run", level, "examples.lang"];
        const result = Bun.spawnSync(command, { cwd: folder, stdout: "pipe", stderr: "pipe" });
        expect(result.stderr.toString()).toBe("");
        expect(result.stdout.toString()).toBe(`${examples.length} examples\n`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }, 60_000);
  }
}
