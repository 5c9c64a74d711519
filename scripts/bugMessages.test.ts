/** A bug message of the compiler says where it stands: `throw new Error("folder/file.function: what")`. */

import { expect, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Test helpers throw to fail the test: what they say is read beside its name. */
const isTest = (path: string) => path.endsWith(".test.ts") || /(^|\/)testing\w*(\.ts$|\/)/.test(path);

const files = ["src", "encoders", "formats", "os"]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`))
  .filter((path) => path.endsWith(".ts") && !isTest(path));

const thrown = /throw new (?:Error|TypeError|RangeError)\(/;
const declaration = /^(?:export )?(?:abstract )?(?:async )?(function\*?|const|let|class) (\w+)/;
const member = /^  (?:(?:public|private|protected|static|readonly|override|abstract|async|get|set) )*#?(\w+)/;

/** What a line belongs to: the function or constant at the margin, or the member of the class there. */
function ownerOf(lines: readonly string[], at: number): string | undefined {
  let inClass: string | undefined;
  for (let i = at; i >= 0; i--) {
    const line = lines[i] ?? "";
    inClass ??= member.exec(line)?.[1];
    const [, kind, name] = declaration.exec(line) ?? [];
    if (kind !== undefined) return kind === "class" ? inClass : name;
    // What is not declared at the margin and has no declaration around it runs when the file is loaded.
    if (i < at && line === "}") return undefined;
  }
  return undefined;
}

test("a bug message names the file and the function that it stands in", () => {
  const wrong: string[] = [];
  let seen = 0;
  for (const path of files) {
    const lines = readFileSync(join(root, path), "utf8").split("\n");
    const file = path.replace(/^src\//, "").replace(/\.ts$/, "");
    lines.forEach((line, i) => {
      if (!thrown.test(line)) return;
      seen += 1;
      const owner = ownerOf(lines, i);
      const wanted = owner === undefined ? `${file}: ` : `${file}.${owner}: `;
      const said = /throw new \w+\([`"](.*)/.exec(line)?.[1] ?? line.trim();
      if (!said.startsWith(wanted)) wrong.push(`${path}:${i + 1}: "${said.slice(0, 60)}" should begin with "${wanted}"`);
    });
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(100);
});
