/**
 * What the documents show is true. A `lang` block is a file that compiles; its info string may say more:
 *
 *   lang body            statements: stands within a function
 *   lang run             is run, too, and prints the `output` block that follows
 *   lang refused CODE    is refused, with this code first
 *
 * library.md is made of std/, whose examples std/examples.test.ts runs.
 *
 * A block with `file=NAME` is a file, and the `sh` block after it what is done with the files so far, by this very compiler: lines with `$ ` are
 * commands, the others what they print. Where a command's tool is not installed, the test says so in its name. A `typescript` block with `run` is a program
 * that is run before. Paths that documents link to exist.
 */

import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findTarget } from "../os/targets.ts";
import { build } from "../src/driver/build.ts";
import { host, type BuildHost } from "../src/driver/host.ts";
import { buildRequest, type BuildAnswer, type BuildRequest } from "../src/driver/request.ts";
import { blocksOf, type Block } from "./blocks.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lang-docs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files that the examples import; those of the page at hand are added. */
const files: Record<string, string> = {
  "geometry/shapes.lang": "pub struct Circle { pub radius f64 }\npub func area(c &Circle) f64 { 3.14159 * c.radius * c.radius }\n",
  "parts.lang": "func helper() i64 { 42 }\n",
};

const documents: BuildHost = {
  ...host,
  read: (path) => (files[path] === undefined ? { ok: false, reason: "there is no such file", missing: true } : { ok: true, bytes: new TextEncoder().encode(files[path]) }),
  library: (path) => host.library(path),
  identity: (path) => path,
  folder: () => "/",
  now: () => 0,
};

function compile(text: string, output: BuildRequest["output"]): BuildAnswer {
  const found = findTarget("linux-x86_64");
  if (!found.ok) throw new Error("docs: no target");
  return build(buildRequest("example.lang", new TextEncoder().encode(text), found.target, { output }), documents);
}

function problemsOf(answer: BuildAnswer): string[] {
  return [
    ...answer.diagnostics.filter(({ severity }) => severity === "error").map(({ code, message, span }) => `${answer.sources.place(span.start)?.line}: ${code} ${message}`),
    ...answer.failures.map(({ code, message }) => `${code} ${message}`),
  ];
}

function programOf({ words, text }: Block): string {
  if (words.includes("body")) return `func main() {\n${text}}\n`;
  return /^\s*func main\(/m.test(text) ? text : `${text}\nfunc main() { }\n`;
}

/** The files that stand before a shell block, up to the one before it; undefined if there are none: then it is prose. */
function session(blocks: readonly Block[], at: number): Map<string, string> | undefined {
  const found = new Map<string, string>();
  for (let i = at - 1; i >= 0 && blocks[i]?.language !== "sh"; i--) {
    const { language, words, text } = blocks[i] as Block;
    const name = words.find((word) => word.startsWith("file="))?.slice("file=".length);
    if (name !== undefined) found.set(name, text);
    else if (language === "typescript" && words.includes("run")) found.set("program.ts", text);
  }
  return found.size > 0 ? found : undefined;
}

function shellTest(blocks: readonly Block[], at: number, block: Block): void {
  const lines = block.text.trimEnd().split("\n");
  const commands = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
  const missing = commands.map((command) => command.split(" ")[0] ?? "").filter((tool) => !tool.startsWith("./") && tool !== "lang" && tool !== "bun" && Bun.which(tool) === null);
  const possible = runs && missing.length === 0;
  test(`line ${block.line}: ${possible ? "the commands print this" : `not run here${missing.length > 0 ? `, there is no ${missing.join(", ")}` : ""}`}`, () => {
    if (!possible) return;
    // Within the project, so that `lang/…` means what package.json exports.
    const place = join(root, "dist/docs");
    mkdirSync(place, { recursive: true });
    const work = mkdtempSync(join(place, "run-"));
    try {
      for (const [name, text] of session(blocks, at) ?? []) writeFileSync(join(work, name), text);
      const script = [`lang() { "${process.execPath}" "${join(root, "src/cli/main.ts")}" "$@"; }`, `bun() { "${process.execPath}" "$@"; }`, ...commands].join("\n");
      const shown = Bun.spawnSync(["sh", "-c", script], { cwd: work, stdout: "pipe", stderr: "pipe" });
      expect(`${shown.stderr.toString()}${shown.stdout.toString()}`).toBe(lines.filter((line) => !line.startsWith("$ ")).map((line) => `${line}\n`).join(""));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }, 30_000);
}

const paths = [...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md") && name !== "library.md").map((name) => `docs/${name}`), "README.md"].sort();
const runs = process.platform === "linux" && process.arch === "x64";

for (const path of paths) {
  const markdown = readFileSync(join(root, path), "utf8");
  const blocks = blocksOf(markdown);
  describe(path, () => {
    blocks.forEach((block, i) => {
      if (block.language === "lang") {
        test(`line ${block.line}: ${block.words.join(" ") || "compiles"}`, () => {
          for (const { words, text } of blocks) {
            const name = words.find((word) => word.startsWith("file="))?.slice("file=".length);
            if (name !== undefined) files[name] = text;
          }
          const refused = block.words.indexOf("refused");
          const program = programOf(block);
          if (refused >= 0) {
            const code = block.words[refused + 1] ?? "";
            const codes: string[] = compile(program, "nothing").diagnostics.filter(({ severity }) => severity === "error").map((found) => found.code);
            expect(codes[0]).toBe(code);
            return;
          }
          const running = block.words.includes("run");
          const answer = compile(program, running ? "executable" : "nothing");
          expect(problemsOf(answer)).toEqual([]);
          if (!running || !runs || answer.bytes === undefined) return;
          const expected = blocks[i + 1];
          // A program that only asserts prints nothing, and needs no block that says so.
          const output = expected?.language === "output" ? expected.text : "";
          const file = join(folder, `program${i}`);
          writeFileSync(file, answer.bytes, { mode: 0o755 });
          const ended = Bun.spawnSync([file], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
          const status = ended.exitCode === 0 ? "" : `status ${ended.exitCode}\n`;
          expect(`${ended.stdout.toString()}${ended.stderr.toString().split("\n").slice(0, 2).filter((line) => line !== "").map((line) => `${line}\n`).join("")}${status}`).toBe(output);
        });
      }
      if (block.language === "sh" && session(blocks, i) !== undefined) shellTest(blocks, i, block);
    });

    test("links lead to files", () => {
      const missing = [...markdown.matchAll(/\]\(([^)#\s]+)(#[^)]*)?\)/g)].map((match) => match[1] as string)
        .filter((target) => !/^https?:/.test(target) && !existsSync(join(root, dirname(path), target)));
      expect(missing).toEqual([]);
    });
  });
}
