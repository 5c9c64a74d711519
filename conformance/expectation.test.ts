import { describe, expect, test } from "bun:test";
import { hasHeader, parseHeader, type Expectation } from "./expectation.ts";

function parsed(text: string, file = "04-expressions/a.lang"): Expectation {
  const header = parseHeader(file, text);
  if (header.kind === "malformed") throw new Error(JSON.stringify(header.problems));
  return header.expectation;
}
const problems = (text: string): string[] => {
  const header = parseHeader("s/a.lang", text);
  return header.kind === "malformed" ? header.problems.map((p) => `${p.file}:${p.line}: ${p.message}`) : [];
};

describe("a header is read", () => {
  test("run with everything", () => {
    expect(parsed([
      "//@ run", "// shows", "// two lines", '//@ args: ["a b", ""]', "//@ stdin: one", '//@ stdin-exact: "two\\u0000"', "//@ stdout:  indented",
      "//@ stdout:", '//@ stdout-exact: "end"', "//@ stderr: e", "//@ exit: 7", "//@ targets: linux macos-arm64", "//@ levels: O0 O2", "//@ unchecked", "func main() {}",
    ].join("\n"))).toEqual({
      mode: "run", about: "shows two lines", args: ["a b", ""], stdin: "one\ntwo\0", stdout: " indented\n\nend", stderr: "e\n", exit: 7, panic: null,
      errors: [], warnings: null, targets: ["linux", "macos-arm64"], levels: ["O0", "O2"], unchecked: true,
    });
  });
  test("a run says nothing by default", () => {
    const expectation = parsed("//@ run\n// empty\n");
    expect([expectation.stdout, expectation.stderr, expectation.exit, expectation.levels.length]).toEqual(["", "", 0, 4]);
  });
  test("a repeated line", () => {
    expect(parsed("//@ run\n// r\n//@ stdout: a\n//@ stdout-repeat: 3 b c\n//@ stdout: d").stdout).toBe("a\nb c\nb c\nb c\nd\n");
  });
  test("a test's output is not compared by default", () => {
    expect(parsed("//@ test\n// t\n").stdout).toBeNull();
  });
  test("a panic, its open forms and its place in another file", () => {
    expect(parsed("//@ run\n// p\n//@ panic: 3:14 index out of bounds: the length is 2 but the index is 2").panic)
      .toEqual({ message: "index out of bounds: the length is 2 but the index is 2", open: false, at: { file: "04-expressions/a.lang", line: 3, column: 14 } });
    expect(parsed("//@ run\n// p\n//@ panic: - slice out…").panic).toEqual({ message: "slice out", open: true, at: null });
    expect(parsed("//@ run\n// p\n//@ panic: b/c.lang:1:2 m").panic?.at).toEqual({ file: "04-expressions/b/c.lang", line: 1, column: 2 });
    expect(parsed("//@ run\n// p\n//@ panic: 1:2 m").exit).toBe(101);
  });
  test("errors and warnings", () => {
    const expectation = parsed("//@ refused\n// r\n//@ error: E0312 12:5\n//@ error: E0001 other.lang:1:2\n//@ warning: W0003 3:1");
    expect(expectation.errors).toEqual([
      { code: "E0312", file: "04-expressions/a.lang", line: 12, column: 5 }, { code: "E0001", file: "04-expressions/other.lang", line: 1, column: 2 },
    ]);
    expect(expectation.warnings).toEqual([{ code: "W0003", file: "04-expressions/a.lang", line: 3, column: 1 }]);
    expect(parsed("//@ check\n// c\n//@ no-warning").warnings).toEqual([]);
  });
  test("carriage returns before newlines do not count", () => {
    expect(parsed("//@ run\r\n// c\r\n//@ stdout: x\r\n").stdout).toBe("x\n");
  });
  test("a program at the root of the suite", () => {
    expect(parsed("//@ refused\n// r\n//@ error: E0001 b.lang:1:1", "a.lang").errors[0].file).toBe("b.lang");
  });
  test("hasHeader", () => {
    expect([hasHeader("//@ run"), hasHeader("// run"), hasHeader("")]).toEqual([true, false, false]);
  });
});

describe("a malformed header names file and line", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["//@ run\n//@ exit: 256\n// a", "s/a.lang:2: exit: expected a status from 0 to 255"],
    ["//@ run\n// a\n//@ sdtout: x", "s/a.lang:3: no such directive: sdtout"],
    ["//@run\n// a", "s/a.lang:1: expected `//@ DIRECTIVE` or `//@ DIRECTIVE: VALUE`"],
    ["//@ run: now\n// a", "s/a.lang:1: run: takes no value"],
    ["//@ run\n//@ check\n// a", "s/a.lang:2: check: stands twice"],
    ["//@ refused\n// a\n//@ error: E12 1:1", "s/a.lang:3: error: expected a code such as E0312"],
    ["//@ refused\n// a\n//@ error: E0012 1", "s/a.lang:3: error: expected LINE:COLUMN or FILE.lang:LINE:COLUMN"],
    ["//@ run\n// a\n//@ args: [1]", "s/a.lang:3: args:"],
    ["//@ run\n// a\n//@ stdout-exact: x", "s/a.lang:3: stdout-exact: expected JSON"],
    ["//@ run\n// a\n//@ stdout-repeat: x y", "s/a.lang:3: stdout-repeat: expected COUNT TEXT"],
    ["//@ run\n// a\n//@ panic: 1:1", "s/a.lang:3: panic: expected LINE:COLUMN MESSAGE, or - MESSAGE"],
    ["//@ run\n// a\n//@ panic: x y", "s/a.lang:3: panic: expected LINE:COLUMN, FILE.lang:LINE:COLUMN or -"],
    ["//@ run\n// a\n//@ levels: O4", "s/a.lang:3: levels: expected O0, O1, O2 or Os"],
    ["//@ run\n// a\nlet x\n//@ exit: 1", "s/a.lang:4: a directive behind the end of the header"],
    ["//@ stdout: x\n// a", "s/a.lang:1: one of run, test, check, refused must stand in the header"],
    ["//@ refused\n// a", "s/a.lang:1: a refused program lists at least one error"],
    ["//@ run\n// a\n//@ error: E0001 1:1", "s/a.lang:1: only a refused program lists errors"],
    ["//@ check\n// a\n//@ stdout: x", "s/a.lang:1: a program that is not run has no args, stdin, stdout, stderr, exit or panic"],
    ["//@ run\n// a\n//@ panic: 1:1 m\n//@ exit: 101", "s/a.lang:1: a panic exits with 101: no exit beside it"],
    ["//@ run\n", "s/a.lang:1: a comment line says what the program shows"],
  ];
  for (const [text, message] of cases) {
    test(message, () => {
      expect(problems(text).filter((p) => p.startsWith(message))).toHaveLength(1);
    });
  }
});
