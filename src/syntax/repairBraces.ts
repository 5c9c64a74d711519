/**
 * Where braces do not pair, the indentation tells which one is missing and which is too many: the tokens are mended before they are parsed, so that
 * one brace is one mistake, reported where it was made, and not everything up to the end of the file.
 */

import type { Diagnostics } from "../source/diagnostics.ts";
import { T, TokenFlag, type Tokens, canEnd, continues, startsDeclaration } from "./token.ts";

/** A `}` that was taken out: it is reported if nothing else was since `from`, where the block that it ends would have begun. */
export interface SpareBrace {
  readonly from: number;
  readonly start: number;
}

interface Open {
  readonly row: number;
  readonly kind: number;
  /** The column at which the line of the bracket begins. */
  readonly indent: number;
  readonly line: number;
}

/** What is to be done: a `}` before each row of `missing` for the brace at row `opens`, and the rows of `spare` taken out. */
interface Plan {
  readonly missing: { readonly before: number; readonly opens: number }[];
  readonly spare: SpareRow[];
}

interface SpareRow {
  readonly row: number;
  readonly from: number;
}

/** Mends the tokens of a file whose braces do not pair, and reports those that are missing; gives those that are too many. Does nothing where the indentation does not tell. */
export function repairBraces(tokens: Tokens, bytes: Uint8Array, base: number, diagnostics: Diagnostics): readonly SpareBrace[] {
  const plan = planRepair(tokens, columnsOf(tokens, bytes, base));
  if (plan.missing.length + plan.spare.length > unpaired(tokens) || endsWithin(tokens, plan)) return [];
  const spare = plan.spare.map(({ row, from }) => ({ from, start: tokens.start[row] as number }));
  // Of those that end at one place the innermost is reported.
  plan.missing.forEach(({ before, opens }, i) => {
    if (plan.missing[i - 1]?.before !== before) reportMissing(tokens, diagnostics, opens, before);
  });
  apply(tokens, plan);
  pairBrackets(tokens);
  return spare;
}

/** Reports a `}` that nothing opened, unless a mistake was found where its block would have begun. */
export function reportSpareBraces(spare: readonly SpareBrace[], diagnostics: Diagnostics): void {
  for (const { from, start } of spare) {
    if (diagnostics.list.some((one) => one.severity === "error" && one.span.start >= from && one.span.start <= start)) continue;
    diagnostics.error("E0126", { start, end: start + 1 }, "this `}` closes nothing", { advice: ["remove it, or look for a `}` too many above"] });
  }
}

/** By row the column of a token that begins its line, -1 for all others. */
function columnsOf(tokens: Tokens, bytes: Uint8Array, base: number): Int32Array {
  const columns = new Int32Array(tokens.count).fill(-1);
  for (let row = 0; row < tokens.count; row++) {
    if (row > 0 && ((tokens.flags[row] as number) & TokenFlag.newline) === 0) continue;
    const start = (tokens.start[row] as number) - base;
    let at = start;
    while (at > 0 && bytes[at - 1] !== 10) at--;
    let column = 0;
    for (; at < start; at++) column += bytes[at] === 9 ? 4 : 1;
    columns[row] = column;
  }
  columns[tokens.count - 1] = 0;
  return columns;
}

/** How many braces have no partner if each `}` closes the last `{`. */
function unpaired(tokens: Tokens): number {
  let open = 0;
  let spare = 0;
  for (let row = 0; row < tokens.count; row++) {
    if (tokens.kind[row] === T["{"]) open++;
    else if (tokens.kind[row] === T["}"] && --open < 0) {
      open = 0;
      spare++;
    }
  }
  return open + spare;
}

/** The text breaks off on the line of a brace: no indentation tells where that would end. */
function endsWithin(tokens: Tokens, { missing }: Plan): boolean {
  const last = tokens.count - 1;
  return missing.some(({ before, opens }) => {
    if (before !== last) return false;
    for (let row = opens + 1; row < last; row++) if (((tokens.flags[row] as number) & TokenFlag.newline) !== 0) return false;
    return true;
  });
}

function planRepair(tokens: Tokens, columns: Int32Array): Plan {
  const { kind: kinds } = tokens;
  const plan: Plan = { missing: [], spare: [] };
  const open: Open[] = [];
  /** Rows that begin the lines before, each further right than the one before it. */
  const lines: number[] = [];
  let line = 0;
  const top = (): Open | undefined => open[open.length - 1];
  const closeBefore = (row: number): void => {
    const { kind, row: opens } = open.pop() as Open;
    if (kind === T["{"]) plan.missing.push({ before: row, opens });
  };
  for (let row = 0; row < tokens.count; row++) {
    const kind = kinds[row] as number;
    const column = columns[row] as number;
    let sameColumn = row;
    if (column >= 0) {
      line = row;
      // Where no line at this column came before, what is further right began somewhere behind the last that is further left.
      while (lines.length > 0 && (columns[lines[lines.length - 1] as number] as number) > column) {
        lines.pop();
        sameColumn = lines[lines.length - 1] ?? 0;
      }
      if (lines.length > 0 && columns[lines[lines.length - 1] as number] === column) sameColumn = lines.pop() as number;
      lines.push(row);
      // What ends here, by its column.
      const isDeclaration = startsDeclaration[kind] !== 0 && kind !== T["#"] && kind !== T.const;
      if (kind === T["}"]) while ((top()?.indent ?? -1) > column) closeBefore(row);
      else if (kind === T[")"] || kind === T["]"]) while (top()?.kind === T["{"] && (top()?.indent ?? -1) >= column && open.some((one) => one.kind === T["("] || one.kind === T["["])) closeBefore(row);
      else if (isDeclaration || kind === T.EndOfFile) while ((top()?.indent ?? -1) >= column) closeBefore(row);
    }
    if (opens(kind)) {
      open.push({ row, kind, indent: columns[line] as number, line });
      continue;
    }
    const opening = openingOf(kind);
    if (opening === 0) continue;
    if (opening !== T["{"]) {
      if (open.some((one) => one.kind === opening)) while (open.pop()?.kind !== opening);
      continue;
    }
    while (top() !== undefined && top()?.kind !== T["{"] && top()?.kind !== T.FormatOpen) open.pop();
    const brace = top();
    const isSpare = brace === undefined || brace.kind !== T["{"] || (column >= 0 ? brace.indent < column : brace.line !== line && brace.indent < (columns[line] as number) && startsBlock(kinds[line] as number));
    if (isSpare) plan.spare.push({ row, from: tokens.start[column >= 0 ? sameColumn : line] as number });
    else open.pop();
  }
  return plan;
}

function opens(kind: number): boolean {
  return kind === T["{"] || kind === T["("] || kind === T["["] || kind === T.FormatOpen;
}

/** What a closing bracket closes; 0 for what is none. */
function openingOf(kind: number): number {
  return kind === T["}"] ? T["{"] : kind === T[")"] ? T["("] : kind === T["]"] ? T["["] : kind === T.FormatClose ? T.FormatOpen : 0;
}

function startsBlock(kind: number): boolean {
  return startsDeclaration[kind] !== 0 || kind === T.if || kind === T.while || kind === T.for || kind === T.loop || kind === T.match;
}

/** Reports a brace without end, unless a text or a comment without end has taken it. */
function reportMissing(tokens: Tokens, diagnostics: Diagnostics, opens: number, before: number): void {
  const [start, end] = [tokens.start[opens] as number, tokens.start[before] as number];
  if (diagnostics.list.some(({ code, span }) => (code === "E0104" || code === "E0105" || code === "E0106" || code === "E0114") && span.start > start && span.start < end)) return;
  diagnostics.error("E0125", { start, end: start + 1 }, "this `{` is not closed", {
    advice: ["write `}` where it ends"],
    labels: [{ start: end, end: Math.max(end, tokens.end[before] as number), text: "`}` was expected here at the latest" }],
  });
}

function apply(tokens: Tokens, { missing, spare }: Plan): void {
  const { kind, flags, start, end, value, count } = tokens;
  const rows = count + missing.length - spare.length;
  while (rows + 3 >= tokens.kind.length) tokens.grow();
  const columns = [kind, flags, start, end, value].map((column) => column.slice(0, count)) as [Uint8Array, Uint8Array, Int32Array, Int32Array, Int32Array];
  const [oldKind, oldFlags, oldStart, oldEnd, oldValue] = columns;
  let to = 0;
  let nextMissing = 0;
  let nextSpare = 0;
  for (let row = 0; row < count; row++) {
    let isBehindBrace = false;
    for (; missing[nextMissing]?.before === row; nextMissing++) {
      const at = row === 0 ? 0 : (oldEnd[row - 1] as number);
      tokens.kind[to] = T["}"];
      tokens.flags[to] = TokenFlag.newline;
      tokens.start[to] = at;
      tokens.end[to] = at;
      tokens.value[to++] = 0;
      isBehindBrace = true;
    }
    if (spare[nextSpare]?.row === row) {
      nextSpare++;
      continue;
    }
    const newline = TokenFlag.newline;
    const ends = isBehindBrace && ((oldFlags[row] as number) & newline) !== 0 && canEnd[T["}"]] !== 0 && continues[oldKind[row] as number] === 0 ? TokenFlag.ends : 0;
    tokens.kind[to] = oldKind[row] as number;
    tokens.flags[to] = (oldFlags[row] as number) | ends;
    tokens.start[to] = oldStart[row] as number;
    tokens.end[to] = oldEnd[row] as number;
    tokens.value[to++] = oldValue[row] as number;
  }
  tokens.kind.fill(0, to, to + 3);
  tokens.count = to;
}

/** Gives each bracket the row of its partner anew, 0 to those without. */
function pairBrackets({ kind, value, count }: Tokens): void {
  const open: number[] = [];
  for (let row = 0; row < count; row++) {
    const at = kind[row] as number;
    if (opens(at)) {
      value[row] = 0;
      open.push(row);
      continue;
    }
    const opening = openingOf(at);
    if (opening === 0) continue;
    value[row] = 0;
    let depth = open.length;
    // A bracket closes over those that are not closed, but only a `}` over braces.
    while (depth > 0 && kind[open[depth - 1] as number] !== opening) depth = kind[open[depth - 1] as number] === T["{"] || kind[open[depth - 1] as number] === T.FormatOpen ? 0 : depth - 1;
    if (depth === 0) continue;
    const partner = open[depth - 1] as number;
    open.length = depth - 1;
    value[row] = partner;
    value[partner] = row;
  }
}
