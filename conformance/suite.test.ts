import { describe, expect, test } from "bun:test";
import type { ReportedDiagnostic } from "./judge.ts";
import { collectPrograms, type SuiteFile } from "./programs.ts";
import { exitStatus, formatJson, formatTable, summarize } from "./report.ts";
import { runJobs, selectJobs, type CompileRequest, type ExecuteOutcome, type Selection, type Toolchain } from "./suite.ts";

const file = (path: string, text: string): SuiteFile => ({ path, text });
const one: Selection = { targets: ["linux-x86_64"], levels: ["O0"], filter: null, shard: null };

/** A toolchain of canned answers by path; counts what is under way at once. */
class Canned implements Toolchain<string> {
  atOnce = 0;
  most = 0;
  released = 0;
  requests: CompileRequest[] = [];
  readonly endings: Readonly<Record<string, ExecuteOutcome>>;
  readonly refusals: Readonly<Record<string, readonly ReportedDiagnostic[]>>;
  constructor(endings: Readonly<Record<string, ExecuteOutcome>>, refusals: Readonly<Record<string, readonly ReportedDiagnostic[]>> = {}) {
    this.endings = endings;
    this.refusals = refusals;
  }
  async compile(request: CompileRequest) {
    this.requests.push(request);
    this.most = Math.max(this.most, ++this.atOnce);
    await Promise.resolve();
    if (request.path.includes("crash")) return { kind: "crashed" as const, message: "boom" };
    if (request.path.includes("throw")) throw new Error("out of processes");
    if (request.target === "moon") return { kind: "unavailable" as const, reason: "no such target" };
    if (Object.hasOwn(this.refusals, request.path)) { this.atOnce--; return { kind: "refused" as const, diagnostics: this.refusals[request.path] }; }
    return { kind: "compiled" as const, artifact: request.path, diagnostics: [] };
  }
  async execute(request: { path: string }): Promise<ExecuteOutcome> {
    await Promise.resolve();
    this.atOnce--;
    return this.endings[request.path] ?? ended("");
  }
  async release(): Promise<void> {
    this.released++;
  }
}
const ended = (stdout: string, status: number | null = 0, stderr = ""): ExecuteOutcome => ({ kind: "ended", status, signal: status === null ? "SIGSEGV" : null, stdout, stderr });

async function outcome(text: string, ending: ExecuteOutcome): Promise<readonly string[]> {
  const { programs } = collectPrograms([file("s/a.lang", text)]);
  const [row] = await runJobs(selectJobs(programs, one), new Canned({ "s/a.lang": ending }), 1);
  return row.outcome === "passed" ? ["passed"] : row.details;
}
async function refusal(text: string, diagnostics: readonly ReportedDiagnostic[]): Promise<readonly string[]> {
  const { programs } = collectPrograms([file("s/a.lang", text)]);
  const [row] = await runJobs(selectJobs(programs, one), new Canned({}, { "s/a.lang": diagnostics }), 1);
  return row.outcome === "passed" ? ["passed"] : row.details;
}
const error = (code: string, line: number, column: number): ReportedDiagnostic => ({ severity: "error", code, file: "s/a.lang", line, column });

describe("collecting", () => {
  test("a folder with main.lang is one program, other files stand alone, order is by path", () => {
    const { programs, problems } = collectPrograms([
      file("02/b.lang", "//@ run\n// b"), file("02/m/main.lang", "//@ run\n// m"), file("02/m/sub/x.lang", "func x() {}"), file("01/a.lang", "//@ run\n// a"), file("README.md", "#"),
    ]);
    expect(problems).toEqual([]);
    expect(programs.map((p) => `${p.section} ${p.path} ${[...p.files.keys()].join(",")}`)).toEqual([
      "01 01/a.lang 01/a.lang", "02 02/b.lang 02/b.lang", "02 02/m/main.lang 02/m/main.lang,02/m/sub/x.lang",
    ]);
  });
  test("a stray file and a malformed header are problems", () => {
    const { programs, problems } = collectPrograms([file("a/x.lang", "func x() {}"), file("a/y.lang", "//@ jog\n// y")]);
    expect(programs).toEqual([]);
    expect(problems.map((p) => `${p.file}:${p.line}`)).toEqual(["a/x.lang:1", "a/y.lang:1", "a/y.lang:1"]);
  });
});

describe("selecting", () => {
  const { programs } = collectPrograms([
    file("a/1.lang", "//@ run\n// 1"), file("a/2.lang", "//@ refused\n// 2\n//@ error: E0001 1:1"),
    file("b/3.lang", "//@ run\n// 3\n//@ targets: linux\n//@ levels: O1 O2"), file("b/4.lang", "//@ run\n// 4\n//@ targets: linux-arm64"),
  ]);
  const names = (selection: Selection): string[] => selectJobs(programs, selection).map((job) => `${job.program.path} ${job.target} ${job.level}`);
  test("what is not run is checked at one level", () => {
    expect(names({ ...one, levels: ["O0", "O2"] })).toEqual([
      "a/1.lang linux-x86_64 O0", "a/1.lang linux-x86_64 O2", "a/2.lang linux-x86_64 O0", "b/3.lang linux-x86_64 O2",
    ]);
  });
  test("targets match by whole words", () => {
    expect(names({ ...one, targets: ["linux-arm64", "linuxish-x"] })).toEqual([
      "a/1.lang linux-arm64 O0", "a/1.lang linuxish-x O0", "a/2.lang linux-arm64 O0", "a/2.lang linuxish-x O0", "b/4.lang linux-arm64 O0",
    ]);
  });
  test("filter", () => {
    expect(names({ ...one, filter: "a/" })).toHaveLength(2);
  });
  test("the shards are disjoint and together everything", () => {
    const all = names({ ...one, levels: ["O0", "O1", "O2"] });
    const parts = [0, 1, 2].flatMap((index) => names({ ...one, levels: ["O0", "O1", "O2"], shard: { index, count: 3 } }));
    expect(parts.toSorted()).toEqual(all.toSorted());
  });
});

describe("judging a run", () => {
  test("what is right passes", async () => {
    expect(await outcome("//@ run\n// a\n//@ stdout: x\n//@ exit: 3", ended("x\n", 3))).toEqual(["passed"]);
  });
  test("stdout, stderr, status", async () => {
    expect(await outcome("//@ run\n// a\n//@ stdout: x\n//@ stdout: y", ended("x\nz\n", 1, "oh\n"))).toEqual([
      "exit: expected 0, got 1", 'stdout, line 2: expected "y", got "z"', 'stderr, line 1: expected "", got "oh"',
    ]);
  });
  test("a missing last newline differs", async () => {
    expect(await outcome("//@ run\n// a\n//@ stdout: x", ended("x"))).toEqual(['stdout, line 2: expected "", got the end']);
  });
  test("a signal and a time-out", async () => {
    expect(await outcome("//@ run\n// a", ended("", null))).toEqual(["exit: expected 0, got signal SIGSEGV"]);
    expect(await outcome("//@ run\n// a", { kind: "timeout" })).toEqual(["did not end in time"]);
  });
  test("a panic: two lines exact, the stack open", async () => {
    const text = "//@ run\n// a\n//@ stderr: warned\n//@ panic: 4:5 division by zero";
    expect(await outcome(text, ended("", 101, "warned\npanic: division by zero\nat s/a.lang:4:5\n  main\n"))).toEqual(["passed"]);
    expect(await outcome(text, ended("", 101, "warned\npanic: division by zer\nat s/a.lang:4:6\n"))).toEqual([
      'stderr: expected "panic: division by zero", got "panic: division by zer"', 'stderr: expected "at s/a.lang:4:5", got "at s/a.lang:4:6"',
    ]);
    expect(await outcome(text, ended("", 101, "panic: division by zero\nat s/a.lang:4:5\n"))).toEqual(['stderr, line 1: expected "warned", got "panic: division by zero"']);
  });
  test("an open panic", async () => {
    const sides = "panic: assertion failed: left == right\n  left: 1\n right: 2\nat s/a.lang:2:3\n  main at s/a.lang:2:3\n";
    expect(await outcome("//@ run\n// a\n//@ panic: 2:3 assertion failed…", ended("", 101, sides))).toEqual(["passed"]);
    expect(await outcome("//@ run\n// a\n//@ panic: 2:4 assertion failed…", ended("", 101, sides))).toEqual(['stderr: expected "at s/a.lang:2:4", got "at s/a.lang:2:3"']);
    const text = "//@ run\n// a\n//@ panic: - stack…";
    expect(await outcome(text, ended("", 101, "panic: stack overflow\n"))).toEqual(["passed"]);
    expect(await outcome(text, ended("", 101, "panic: heap\n"))).toEqual(['stderr: expected "panic: stack"…, got "panic: heap"']);
  });
  test("what the header leaves open is kept, to be compared between targets", async () => {
    const openOf = async (text: string, ending: ExecuteOutcome): Promise<string | undefined> =>
      (await runJobs(selectJobs(collectPrograms([file("s/a.lang", text)]).programs, one), new Canned({ "s/a.lang": ending }), 1))[0].open;
    expect(await openOf("//@ run\n// a\n//@ panic: - stack…", ended("", 101, "panic: stack overflow\nat s/a.lang:2:3\n  main\n"))).toBe("panic: stack overflow");
    expect(await openOf("//@ run\n// a\n//@ panic: 2:3 assertion failed…", ended("", 101, "panic: assertion failed\n left: 1\nat s/a.lang:2:3\n  main\n"))).toBe("panic: assertion failed\n left: 1\nat s/a.lang:2:3");
    expect(await openOf("//@ run\n// a\n//@ panic: 2:3 boom", ended("", 101, "panic: boom\nat s/a.lang:2:3\n  main\n"))).toBeUndefined();
    expect(await openOf("//@ run\n// a\n//@ stdout: x", ended("x\n"))).toBeUndefined();
    expect(await openOf("//@ test\n// a", ended("ok 1\n"))).toBe("ok 1\n\0");
  });
  test("compiled where a refusal is expected, refused where none is", async () => {
    expect(await outcome("//@ refused\n// a\n//@ error: E0001 2:1", ended(""))).toEqual(["compiled, but must be refused", "missing error: E0001 s/a.lang:2:1"]);
    expect(await refusal("//@ run\n// a", [error("E0001", 2, 1)])).toEqual(["unexpected error: E0001 s/a.lang:2:1"]);
    expect(await refusal("//@ run\n// a", [])).toEqual(["refused without an error"]);
  });
  test("errors are compared as a bag, code and place", async () => {
    const text = "//@ refused\n// a\n//@ error: E0001 2:1\n//@ error: E0001 2:1\n//@ error: E0002 3:4";
    expect(await refusal(text, [error("E0002", 3, 4), error("E0001", 2, 1), error("E0001", 2, 1)])).toEqual(["passed"]);
    expect(await refusal(text, [error("E0002", 3, 5), error("E0001", 2, 1)])).toEqual([
      "unexpected error: E0002 s/a.lang:3:5", "missing error: E0001 s/a.lang:2:1", "missing error: E0002 s/a.lang:3:4",
    ]);
  });
  test("warnings count only where the header speaks of them", async () => {
    const warned: readonly ReportedDiagnostic[] = [error("E0001", 2, 1), { ...error("W0001", 9, 9), severity: "warning" }];
    expect(await refusal("//@ refused\n// a\n//@ error: E0001 2:1", warned)).toEqual(["passed"]);
    expect(await refusal("//@ refused\n// a\n//@ error: E0001 2:1\n//@ no-warning", warned)).toEqual(["unexpected warning: W0001 s/a.lang:9:9"]);
  });
});

describe("running", () => {
  const many = Array.from({ length: 20 }, (_, i) => file(`s/${String(i).padStart(2, "0")}.lang`, "//@ run\n// n"));
  test("at most `width` jobs at once, rows in order, artifacts released", async () => {
    const toolchain = new Canned({});
    const rows = await runJobs(selectJobs(collectPrograms(many).programs, one), toolchain, 4);
    expect(rows.map((row) => row.path)).toEqual(many.map((f) => f.path));
    expect([toolchain.most, toolchain.released]).toEqual([4, 20]);
  });
  test("a crash and a throwing runner fail their row only", async () => {
    const { programs } = collectPrograms([file("s/crash.lang", "//@ run\n// c"), file("s/ok.lang", "//@ run\n// o"), file("s/throw.lang", "//@ run\n// t")]);
    const rows = await runJobs(selectJobs(programs, one), new Canned({}), 2);
    expect(rows.map((row) => `${row.outcome} ${row.details.join()}`)).toEqual(["failed the compiler crashed: boom", "passed ", "failed the runner failed: out of processes"]);
  });
  test("a test program is compiled as one", async () => {
    const toolchain = new Canned({ "s/t.lang": ended("ok 1\n", 0, "noise") });
    const rows = await runJobs(selectJobs(collectPrograms([file("s/t.lang", "//@ test\n// t")]).programs, one), toolchain, 1);
    expect([rows[0].outcome, toolchain.requests[0].test]).toEqual(["passed", true]);
  });
  test("what cannot run is shown as not run, in the table and as JSON", async () => {
    const { programs } = collectPrograms([file("s/a.lang", "//@ run\n// a"), file("t/crash.lang", "//@ run\n// c")]);
    const rows = await runJobs(selectJobs(programs, { ...one, targets: ["linux-x86_64", "moon"] }), new Canned({}), 2);
    expect(summarize(rows)).toEqual({ passed: 1, failed: 2, notRun: 1 });
    expect(exitStatus(rows, [])).toBe(1);
    expect(exitStatus(rows.slice(0, 2), [])).toBe(0);
    expect(formatTable(rows, [{ file: "s/x.lang", line: 2, message: "odd" }])).toBe(`MALFORMED s/x.lang:2: odd
FAILED t/crash.lang  linux-x86_64 -O0
    the compiler crashed: boom
FAILED t/crash.lang  moon -O0
    the compiler crashed: boom
NOT RUN 1 × moon: no such target

section  programs  passed  failed  not run
s               1       1       0        1
t               1       0       2        0
total           2       1       2        1
`);
    const lines = formatJson(rows, []).trimEnd().split("\n").map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toEqual({ kind: "summary", passed: 1, failed: 2, notRun: 1, malformed: 0 });
    expect(lines[1]).toEqual({ kind: "row", path: "s/a.lang", section: "s", target: "moon", level: "O0", outcome: "not-run", details: ["no such target"] });
  });
});
