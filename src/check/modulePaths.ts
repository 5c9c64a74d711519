/** What an include or an import names, as it is written. */

import type { Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";

const decoder = new TextDecoder();

export function pathOf(c: Checker, node: Node): string {
  return decoder.decode(c.ast.strings[c.ast.literal(node)]);
}

/** The path in its quotes: positions of their first byte and of the one behind the last. */
export function pathSpan(c: Checker, node: Node): { start: number; end: number } {
  const start = c.ast.start[node] as number;
  const end = c.ast.end[node] as number;
  const file = c.sources.fileAt(start);
  const quote = file === undefined ? -1 : file.bytes.indexOf(34, start - file.base);
  if (file === undefined || quote < 0 || quote + file.base >= end) return { start, end };
  const close = file.bytes.indexOf(34, quote + 1);
  return { start: quote + file.base, end: close < 0 ? end : close + 1 + file.base };
}
