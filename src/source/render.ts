/** Diagnostics as text for people, and as JSON for tools: section 15 of the reference. */

import type { Diagnostic, Span } from "./diagnostics.ts";
import type { SourceFile, SourceMap } from "./sourceMap.ts";

export interface RenderOptions {
  /** Colours by ANSI escapes. */
  readonly color?: boolean;
  /** Source lines are clipped to about this many columns around what is marked. Default 140. */
  readonly width?: number;
  /** Further places of the same mistake. */
  readonly again?: readonly Span[];
}

const decoder = new TextDecoder();
const tabWidth = 4;

const paint = { error: "1;31", warning: "1;33", bold: "1", gutter: "1;34", help: "1;36" } as const;

/**
 * A diagnostic as lines, each ended:
 *
 *     error[E0201]: unknown name `totl`
 *      --> main.lang:3:13
 *       |
 *     3 |     println(totl)
 *       |             ^^^^
 *     help: did you mean `total`?
 */
export function renderDiagnostic(diagnostic: Diagnostic, sources: SourceMap, options: RenderOptions = {}): string {
  const { color = false, width = 140 } = options;
  const ink = (kind: keyof typeof paint, text: string): string => (color ? `\x1b[${paint[kind]}m${text}\x1b[0m` : text);
  const out: string[] = [`${ink(diagnostic.severity, `${diagnostic.severity}[${diagnostic.code}]`)}${ink("bold", `: ${shorten(diagnostic.message)}`)}`];
  const marks: Mark[] = [];
  const primary = markOf(sources, diagnostic.span, "", true);
  if (primary !== undefined) marks.push(primary);
  for (const label of diagnostic.labels) {
    const mark = markOf(sources, label, label.text, false);
    if (mark !== undefined) marks.push(mark);
  }
  if (primary !== undefined) {
    const digits = String(Math.max(...marks.map((mark) => mark.lastLine))).length;
    const gutter = (line?: number): string => ink("gutter", `${(line === undefined ? "" : String(line)).padStart(digits)} |`);
    const where = sources.place(diagnostic.span.start);
    out.push(`${" ".repeat(digits)}${ink("gutter", "-->")} ${visible(primary.file.path)}:${where?.line}:${where?.column}`);
    out.push(gutter());
    let shown: Mark | undefined;
    for (const mark of marks) {
      if (shown !== undefined && mark.file !== shown.file) {
        const place = sources.place(mark.span.start);
        out.push(`${" ".repeat(digits)}${ink("gutter", ":::")} ${visible(mark.file.path)}:${place?.line}:${place?.column}`);
      } else if (shown !== undefined && mark.firstLine !== shown.lastLine) out.push(ink("gutter", `${" ".repeat(digits)} :`));
      const sign = mark.primary ? "^" : "-";
      const kind = mark.primary ? diagnostic.severity : "gutter";
      const repeats = shown !== undefined && mark.file === shown.file && mark.firstLine === shown.lastLine;
      const lines = mark.lastLine === mark.firstLine ? [mark.firstLine] : [mark.firstLine, mark.lastLine];
      for (const line of lines) {
        if (line !== mark.firstLine && mark.lastLine > mark.firstLine + 1) out.push(ink("gutter", `${".".repeat(Math.max(3, digits))}`));
        const row = clip(sources, mark, line, width);
        if (!(repeats && line === mark.firstLine)) out.push(`${gutter(line)} ${row.text}`.trimEnd());
        const text = line === mark.lastLine && mark.text !== "" ? ` ${mark.text}` : "";
        out.push(`${gutter()} ${" ".repeat(row.indent)}${ink(kind, `${sign.repeat(row.length)}${text}`)}`);
      }
      shown = mark;
    }
  }
  for (const advice of diagnostic.advice) out.push(`${ink("help", "help")}: ${shorten(advice)}`);
  if (options.again !== undefined && options.again.length > 0) out.push(`${ink("help", "note")}: the same ${placesAgain(sources, options.again, primary?.file)}`);
  return `${out.join("\n")}\n`;
}

/** So many lines are named. */
const namedLines = 10;

/** `once more: line 12`, `3 more times: lines 12, 14, other.lang:5` */
function placesAgain(sources: SourceMap, again: readonly Span[], here: SourceFile | undefined): string {
  const lines = new Set<string>();
  const elsewhere = new Set<string>();
  for (const span of again) {
    const place = sources.place(span.start);
    if (place === undefined) continue;
    if (sources.fileAt(span.start) === here) lines.add(String(place.line));
    else elsewhere.add(`${visible(place.path)}:${place.line}`);
  }
  const rest = lines.size + elsewhere.size - namedLines;
  const named = [...lines].slice(0, namedLines);
  const others = [...elsewhere].slice(0, namedLines - named.length);
  const parts = [...(named.length > 0 ? [`${lines.size === 1 ? "line" : "lines"} ${named.join(", ")}`] : []), ...others].join(", ");
  return `${again.length === 1 ? "once more" : `${again.length} more times`}: ${parts}${rest > 0 ? ", …" : ""}`;
}

/** A message may quote a name, and a name may be a megabyte long, or a path. */
function shorten(said: string): string {
  const message = visible(said);
  return message.length <= 500 ? message : `${message.slice(0, 240)}…${message.slice(-240)}`;
}

/** A diagnostic as one line of JSON. Columns count characters from 1; the end is exclusive. */
export function renderJson(diagnostic: Diagnostic, sources: SourceMap): string {
  const { code, severity, message, advice } = diagnostic;
  const labels = diagnostic.labels.map((label) => ({ ...range(sources, label), text: label.text }));
  return `${JSON.stringify({ code, severity, message, ...range(sources, diagnostic.span), labels, advice })}\n`;
}

function range(sources: SourceMap, span: Span): Readonly<Record<string, string | number>> {
  const start = sources.place(span.start);
  if (start === undefined) return {};
  const end = sources.place(Math.max(span.start, span.end)) ?? start;
  return { file: start.path, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

interface Mark {
  readonly span: Span;
  readonly file: SourceFile;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly text: string;
  readonly primary: boolean;
}

function markOf(sources: SourceMap, span: Span, text: string, primary: boolean): Mark | undefined {
  const file = sources.fileAt(span.start);
  const first = sources.place(span.start);
  if (file === undefined || first === undefined) return undefined;
  // The last marked character tells the last line: an end behind a line's end is not the next line.
  const last = sources.place(Math.max(span.start, span.end - 1)) ?? first;
  return { span, file, firstLine: first.line, lastLine: last.line, text, primary };
}

interface Row {
  /** The line as it is printed. */
  readonly text: string;
  /** Where the mark starts in it, and how wide it is, in columns of a terminal. */
  readonly indent: number;
  readonly length: number;
}

/** Line `line` of a mark, clipped to `width` around what is marked. */
function clip(sources: SourceMap, mark: Mark, line: number, width: number): Row {
  const bytes = sources.lineBytes(mark.file, line);
  const lineStart = mark.file.base + (bytes.byteOffset - mark.file.bytes.byteOffset);
  let from = line === mark.firstLine ? mark.span.start - lineStart : skipSpace(bytes);
  let to = line === mark.lastLine ? mark.span.end - lineStart : bytes.length;
  from = Math.min(Math.max(0, from), bytes.length);
  to = Math.min(Math.max(from, to), bytes.length);
  let start = 0;
  let end = bytes.length;
  if (bytes.length > width) {
    start = Math.max(0, Math.min(from - (width >> 2), bytes.length - width));
    end = Math.min(bytes.length, start + width);
    while (start > 0 && isContinuation(bytes, start)) start--;
    while (end < bytes.length && isContinuation(bytes, end)) end++;
  }
  const marked = Math.min(to, end);
  const before = expand(`${start > 0 ? "…" : ""}${decoder.decode(bytes.subarray(start, from))}`, 0);
  const within = expand(decoder.decode(bytes.subarray(from, marked)), before.columns);
  const after = expand(decoder.decode(bytes.subarray(marked, end)), before.columns + within.columns);
  return { text: `${before.text}${within.text}${after.text}${end < bytes.length ? "…" : ""}`, indent: before.columns, length: Math.max(1, within.columns) };
}

function isContinuation(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] as number) & 0xc0) === 0x80;
}

function skipSpace(bytes: Uint8Array): number {
  let at = 0;
  while (bytes[at] === 32 || bytes[at] === 9) at++;
  return at;
}

/** Text as a terminal shows it from column `column` on: tabs as spaces, control characters made visible; and how many columns it takes. */
function expand(source: string, column: number): { readonly text: string; readonly columns: number } {
  let text = "";
  let columns = 0;
  for (const character of source) {
    const code = character.codePointAt(0) as number;
    if (code === 9) {
      const spaces = tabWidth - ((column + columns) % tabWidth);
      text += " ".repeat(spaces);
      columns += spaces;
    } else if (code < 32 || (code >= 0x7f && code < 0xa0) || isDirectional(code)) {
      text += "�";
      columns++;
    } else {
      text += character;
      columns += columnsOf(code);
    }
  }
  return { text, columns };
}

/** A path or message as a terminal shows it in one line: what would move its cursor, colour it or turn the text's direction is replaced. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "�");
}

/** Characters that change the direction of text would scramble the message itself. */
function isDirectional(code: number): boolean {
  return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/** Columns of a character: 0 for combining marks, 2 for East Asian wide characters and emoji (Unicode Standard Annex 11, in ranges). */
function columnsOf(code: number): number {
  if (code < 0x300) return 1;
  if (code <= 0x36f || (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x20d0 && code <= 0x20ff) || code === 0xfeff) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) || (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) || (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}
