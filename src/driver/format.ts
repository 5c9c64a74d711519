/** A source file as the formatter writes it. */

import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { formatFile } from "../syntax/format.ts";
import type { BuildHost } from "./host.ts";
import type { BuildAnswer, Failure } from "./request.ts";

/** Formats the file at `path`; `bytes` of the answer are missing if it cannot be read or does not parse. */
export function formatSource(path: string, host: BuildHost): { readonly answer: BuildAnswer; readonly changed: boolean } {
  const sources = new SourceMap();
  const diagnostics = new Diagnostics();
  const read = host.read(path);
  const failures: Failure[] = read.ok ? [] : [{ code: read.missing ? "E0801" : "E0802", message: `'${path}' cannot be read: ${read.reason}`, advice: [] }];
  let bytes: Uint8Array | undefined;
  let changed = false;
  if (read.ok) {
    const text = formatFile(sources.add(path, read.bytes), new Interner(), diagnostics);
    if (text !== undefined) {
      bytes = new TextEncoder().encode(text);
      const before = read.bytes;
      changed = bytes.length !== before.length || bytes.some((byte, i) => byte !== before[i]);
    }
  }
  return { answer: { sources, diagnostics: diagnostics.list, bytes, failures, times: [], tests: [] }, changed };
}
