import type { Expectation, ExpectedDiagnostic } from "./expectation.ts";

/** A diagnostic as the compiler reported it: the start of its primary span, `file` as the compiler was given it. */
export interface ReportedDiagnostic {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** How a program ended. Texts are UTF-8 read with U+FFFD for what is ill-formed. */
export interface Ending {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const key = (d: { code: string; file: string; line: number; column: number }): string => `${d.code} ${d.file}:${d.line}:${d.column}`;

/** What differs between the reported diagnostics and the expected ones, a line each; empty where they agree. */
export function judgeDiagnostics(expectation: Expectation, reported: readonly ReportedDiagnostic[]): string[] {
  const complaints = compareSets("error", expectation.errors, reported.filter((d) => d.severity === "error"));
  if (expectation.warnings !== null) {
    complaints.push(...compareSets("warning", expectation.warnings, reported.filter((d) => d.severity === "warning")));
  }
  return complaints;
}

function compareSets(what: string, expected: readonly ExpectedDiagnostic[], reported: readonly ReportedDiagnostic[]): string[] {
  const missing = expected.map(key);
  const complaints: string[] = [];
  for (const diagnostic of reported) {
    const at = missing.indexOf(key(diagnostic));
    if (at < 0) complaints.push(`unexpected ${what}: ${key(diagnostic)}`);
    else missing.splice(at, 1);
  }
  return [...complaints, ...missing.map((text) => `missing ${what}: ${text}`)];
}

/** What differs between a program's end and its expectation, a line each; empty where they agree. */
export function judgeEnding(expectation: Expectation, ending: Ending): string[] {
  const complaints: string[] = [];
  if (ending.status === null) complaints.push(`exit: expected ${expectation.exit}, got signal ${ending.signal ?? "unknown"}`);
  else if (ending.status !== expectation.exit) complaints.push(`exit: expected ${expectation.exit}, got ${ending.status}`);
  if (expectation.stdout !== null) complaints.push(...compareText("stdout", expectation.stdout, ending.stdout));
  if (expectation.panic !== null) complaints.push(...judgePanic(expectation, ending.stderr));
  else if (expectation.stderr !== null) complaints.push(...compareText("stderr", expectation.stderr, ending.stderr));
  return complaints;
}

/** What the header leaves open of a program's end: it may not differ from target to target either. Undefined where the header says all. */
export function openPart(expectation: Expectation, ending: Ending): string | undefined {
  const { panic } = expectation;
  const open: string[] = [];
  if (expectation.stdout === null) open.push(ending.stdout);
  if (panic !== null && (panic.open || panic.at === null)) {
    // The message, and its place unless that depends on what is compiled how (where a stack is exhausted). Names on the stack may differ.
    const lines = ending.stderr.slice((expectation.stderr ?? "").length).split("\n");
    const at = lines.findIndex((line) => line.startsWith("at "));
    open.push(lines.slice(0, at < 0 ? 1 : panic.at === null ? at : at + 1).join("\n"));
  } else if (panic === null && expectation.stderr === null) open.push(ending.stderr);
  return open.length === 0 ? undefined : open.join("\0");
}

/**
 * The first two lines of a panic are exact; before them stands only what the header's `stderr` says, behind them the stack. An open
 * message may go over several lines: its position is then the first line that begins with `at `.
 */
function judgePanic(expectation: Expectation, stderr: string): string[] {
  const panic = expectation.panic;
  if (panic === null) return [];
  const before = expectation.stderr ?? "";
  if (!stderr.startsWith(before)) return compareText("stderr", before, stderr);
  const lines = stderr.slice(before.length).split("\n");
  const complaints: string[] = [];
  const first = `panic: ${panic.message}`;
  if (panic.open ? !lines[0].startsWith(first) : lines[0] !== first) complaints.push(`stderr: expected ${JSON.stringify(first)}${panic.open ? "…" : ""}, got ${JSON.stringify(lines[0])}`);
  if (panic.at !== null) {
    const second = `at ${panic.at.file}:${panic.at.line}:${panic.at.column}`;
    const got = panic.open ? lines.find((line) => line.startsWith("at ")) : lines[1];
    if (got !== second) complaints.push(`stderr: expected ${JSON.stringify(second)}, got ${JSON.stringify(got ?? "")}`);
  }
  return complaints;
}

/** Names the first line in which two texts differ. */
function compareText(what: string, expected: string, got: string): string[] {
  if (expected === got) return [];
  const expectedLines = expected.split("\n");
  const gotLines = got.split("\n");
  let index = 0;
  while (index < expectedLines.length && index < gotLines.length && expectedLines[index] === gotLines[index]) index++;
  const shown = (lines: readonly string[]): string => (index < lines.length ? JSON.stringify(clip(lines[index])) : "the end");
  return [`${what}, line ${index + 1}: expected ${shown(expectedLines)}, got ${shown(gotLines)}`];
}

const clip = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
