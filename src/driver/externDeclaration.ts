/** Where a program declares a C function: what the linker's error about it points at. */

import type { Span } from "../source/diagnostics.ts";
import type { SourceMap } from "../source/sourceMap.ts";

/** The name in `extern func NAME`, in the first file that has it at the start of a line; undefined if none has. Looked for as text, when an error is certain. */
export function externDeclaration({ files }: SourceMap, name: string): Span | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const pattern = new RegExp(`^[ \\t]*(?:pub[ \\t]+)?extern[ \\t]+func[ \\t]+(?=${name}\\b)`, "m");
  for (const file of files) {
    // latin1: a byte is a character
    const found = pattern.exec(new TextDecoder("latin1").decode(file.bytes));
    if (found === null) continue;
    const start = file.base + found.index + found[0].length;
    return { start, end: start + name.length };
  }
  return undefined;
}
