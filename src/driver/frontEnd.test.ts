import { expect, test } from "bun:test";
import { normalize } from "node:path";
import { targets } from "../../os/targets.ts";
import { build } from "./build.ts";
import { host, type BuildHost } from "./host.ts";
import { buildRequest } from "./request.ts";

const [target] = targets;
if (target === undefined) throw new Error("no target");

const files: Readonly<Record<string, string>> = {
  "/p/main.lang": 'import "a"\nimport "sub/b.lang"\nimport "sub/../a" as same\nfunc main() { println(a.one() + b.two() + same.one()) }',
  "/p/a.lang": 'import "sub/b"\nimport "main"\npub func one() i64 { b.two() - 1 }',
  "/p/sub/b.lang": 'import "../a.lang"\nimport "std/json"\npub func two() i64 { 2 }',
};

test("a file that many files name is read once by each path that leads there", () => {
  const reads: string[] = [];
  const counting: BuildHost = {
    ...host,
    read: (path) => {
      reads.push(path);
      const text = files[normalize(path)];
      return text === undefined ? { ok: false, reason: "no such file", missing: true } : { ok: true, bytes: new TextEncoder().encode(text) };
    },
  };
  const answer = build(buildRequest("/p/main.lang", new TextEncoder().encode(files["/p/main.lang"]), target, { output: "nothing" }), counting);
  expect(answer.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(reads.sort()).toEqual(["/p/a.lang", "/p/main.lang", "/p/sub/../a.lang", "/p/sub/b.lang", "/p/sub/std/json.lang"]);
});

/** The errors of a program beside which these files stand. */
function errorsBeside(found: (path: string) => Uint8Array | undefined, text: string): string[] {
  if (target === undefined) return [];
  const beside: BuildHost = {
    ...host,
    read: (path) => {
      const bytes = found(path);
      return bytes === undefined ? { ok: false, reason: "there is no such file", missing: true } : { ok: true, bytes };
    },
    library: (path) => host.library(path),
    identity: (path) => path,
  };
  return build(buildRequest("p.lang", new TextEncoder().encode(text), target, { level: "O0", output: "nothing" }), beside).diagnostics.filter(({ severity }) => severity === "error").map(({ code, message }) => `${code} ${message}`);
}

test("a program in the project's own folder imports the library that stands there as the library", () => {
  for (const name of ["json", "fs", "math", "process"]) {
    expect(errorsBeside((path) => host.library(path), `import "std/${name}" as m\nfunc main() { }`)).toEqual([]);
  }
});

test("another file of that name beside the program is the program's own", () => {
  const own = new TextEncoder().encode("pub func parse(n i64) i64 { n }\n");
  expect(errorsBeside((path) => (path === "std/json.lang" ? own : undefined), 'import "std/json"\nfunc main() { println(json.parse(1)) }')).toEqual([]);
});
