/** The `///` comments before a declaration. */

import type { SourceFile } from "../source/sourceMap.ts";
import { type Ast, Flag, type Node } from "./ast.ts";

const decoder = new TextDecoder();

/** The documentation of a declaration, field, variant or method of `file`, without `///` and the space behind; "" if it has none. */
export function documentation(ast: Ast, file: SourceFile, node: Node): string {
  if (!ast.has(node, Flag.documented)) return "";
  const lines: string[] = [];
  const { bytes } = file;
  // The line that the declaration starts on, then the lines above while they are `///` comments.
  let lineStart = startOfLine(bytes, (ast.start[node] as number) - file.base);
  while (lineStart > 0) {
    const end = lineStart - 1;
    lineStart = startOfLine(bytes, end);
    const text = decoder.decode(bytes.subarray(lineStart, end)).trim();
    if (text.startsWith("///")) lines.push(text.slice(3).replace(/^ /, ""));
    else if (text !== "" && !text.startsWith("//")) break;
  }
  return lines.reverse().join("\n");
}

function startOfLine(bytes: Uint8Array, at: number): number {
  while (at > 0 && bytes[at - 1] !== 10) at--;
  return at;
}
