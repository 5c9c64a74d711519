/** What -o says by its ending. */

import type { OutputKind } from "../driver/request.ts";

const kinds: Readonly<Record<string, OutputKind>> = { ".o": "object", ".obj": "object", ".s": "assembly", ".ir": "ir", ".ll": "llvm", ".exe": "executable", ".out": "executable" };

/** The kind of file that an output's name asks for; undefined if its ending says nothing. A version's number is no ending: tool-1.2 is an executable. */
export function kindOfEnding(name: string): OutputKind | undefined {
  const base = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
  const dot = base.lastIndexOf(".");
  return dot <= 0 || /^\.\d+$/.test(base.slice(dot)) ? "executable" : kinds[base.slice(dot)];
}
