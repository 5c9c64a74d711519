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
