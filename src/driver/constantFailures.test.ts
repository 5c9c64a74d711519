/** What is said where computing a constant fails: the message as the program would print it, and where in the user's own files. */

import { expect, test } from "bun:test";
import { findTarget } from "../../os/targets.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest } from "./request.ts";

/** The error for `const A = f()`, and the texts and columns of its labels in line 1, where `f` stands. */
function failureOf(f: string, on = "linux-x86_64"): string {
  const target = findTarget(on);
  if (!target.ok) throw new Error(target.message);
  const answer = build(buildRequest("t.lang", new TextEncoder().encode(`${f}\nconst A = f()\nfunc main() { println(A) }\n`), target.target, { level: "O0", output: "nothing" }), host);
  const placeOf = (start: number) => {
    const place = answer.sources?.place(start);
    return place === undefined ? "nowhere" : `${place.path}:${place.line}:${place.column}`;
  };
  return answer.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, message, labels }) => `${code} ${message}, labels ${(labels ?? []).map(({ start, text }) => `${placeOf(start)} ${text}`).join(", ")}`)
    .join("\n");
}

for (const target of ["linux-x86_64", "windows-x86_64", "macos-arm64"]) {
  test(`the message of a panic, ${target}`, () => {
    expect(failureOf('func f() i64 { panic(f"told {1 + 1} {[2.5]}") }', target)).toBe("E0602 this constant panics: told 2 [2.5], labels t.lang:1:16 it happens here, t.lang:2:11 called from here");
    expect(failureOf('func f() i64 { assert(1 > 2, "one"); 1 }', target)).toBe("E0602 this constant panics: one, labels t.lang:1:16 it happens here, t.lang:2:11 called from here");
    expect(failureOf("func f() i64 { assert_eq(4 + 0, 5); 1 }", target)).toBe("E0602 this constant panics: assertion failed: left is 4, right is 5, labels t.lang:1:16 it happens here, t.lang:2:11 called from here");
  });
  test(`what leaves the program, ${target}`, () => {
    expect(failureOf('func f() i64 { println("x"); 1 }', target)).toStartWith("E0611 a constant's computation cannot print");
    expect(failureOf("func f() i64 { exit(1) }", target)).toBe("E0611 this cannot be computed at compile time: it calls the operating system or C, labels t.lang:1:16 it happens here, t.lang:2:11 called from here");
  });
}
