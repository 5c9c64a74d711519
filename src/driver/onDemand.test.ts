import { expect, test } from "bun:test";
import { readFileSync, readdirSync } from "node:fs";
import { findTarget } from "../../os/targets.ts";
import { build } from "./build.ts";
import { host, type BuildHost } from "./host.ts";
import { buildRequest, type BuildRequest } from "./request.ts";

/** The same host, which reads the library whole. */
const whole: BuildHost = { read: host.read, library: host.library, identity: host.identity, folder: host.folder, now: host.now };

const folder = new URL("../../examples/", import.meta.url);
const found = findTarget("linux-x86_64");
if (!found.ok) throw new Error("no target");
const { target } = found;

function compile(path: string, text: Uint8Array, level: BuildRequest["level"], by: BuildHost): { bytes: string; messages: string } {
  const answer = build(buildRequest(path, text, target, { level, debug: true }), by);
  const messages = answer.diagnostics.map(({ code, message, span, advice }) => `${code} ${message} ${JSON.stringify(answer.sources.place(span.start))} ${advice.join()}`).join("\n");
  return { bytes: answer.bytes === undefined ? "none" : Buffer.from(answer.bytes).toString("hex"), messages };
}

test("reading the library on demand gives the same executables as reading it whole", () => {
  for (const name of readdirSync(folder).filter((path) => path.endsWith(".lang"))) {
    const text = readFileSync(new URL(name, folder));
    for (const level of name === "sha256.lang" ? (["O0", "O2"] as const) : (["O0"] as const)) {
      const [some, all] = [compile(name, text, level, host), compile(name, text, level, whole)];
      expect([name, level, some.messages]).toEqual([name, level, all.messages]);
      expect(some.bytes.length).toBeGreaterThan(1000);
      if (some.bytes !== all.bytes) throw new Error(`${name} at ${level}: the executables differ`);
    }
  }
}, 120_000);

test("names of the library that nobody reached are still suggested, and mistakes read the same", () => {
  for (const text of ["func main() { sqrtt(2.0) }", "func main() { let x FormatSpe = 1 }", "func readln() i64 { 1 }\nfunc main() { readln(2) }", 'import "std/math" as math\nfunc main() { math.squareroot(2.0) }']) {
    const bytes = new TextEncoder().encode(text);
    const [some, all] = [compile("p.lang", bytes, "O0", host), compile("p.lang", bytes, "O0", whole)];
    expect(some).toEqual(all);
    expect(some.messages).not.toBe("");
  }
});
