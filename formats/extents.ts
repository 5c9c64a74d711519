/** What the bytes of a file are for, as extents that follow each other from its first byte to its last: what all formats' accounts are made of. */

import { widths, type Fields, type Layout } from "./layout.ts";

/**
 * header: what describes the file; loading: what the loader reads (imports, relocations, fixups); symbols: names for debuggers and linkers; unwind: how stacks are walked;
 * debug: debug information; signature; padding: nothing but alignment; unknown: nothing here says what.
 */
export const extentKinds = ["header", "code", "constants", "string", "data", "loading", "symbols", "unwind", "debug", "signature", "padding", "unknown"] as const;
export type ExtentKind = (typeof extentKinds)[number];

export interface ExtentField {
  readonly name: string;
  /** In the file. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
  readonly value: number | string;
}

/** The bytes `[start, end)` of a file. */
export interface Extent {
  readonly start: number;
  readonly end: number;
  readonly kind: ExtentKind;
  readonly name: string;
  /** The section that it lies in, where it is not one itself. */
  readonly section?: string;
  /** Of a header: each of its fields. */
  readonly fields?: readonly ExtentField[];
  /** What is left of a larger extent beside those that were found within it. */
  readonly rest?: true;
}

/** All of a file, of which nothing is known yet. */
export function wholeFile(size: number): Extent[] {
  return size === 0 ? [] : [{ start: 0, end: size, kind: "unknown", name: "", rest: true }];
}

/**
 * Puts `over` into the account `under`, which keeps what is left beside them. Where two of `over` overlap, the one that begins first has the bytes, and the longer of
 * two that begin together; what lies outside of the account is cut off.
 */
export function overlay(under: readonly Extent[], over: readonly Extent[]): Extent[] {
  const result: Extent[] = [];
  const limit = under.at(-1)?.end ?? 0;
  const sorted = [...over].sort((a, b) => a.start - b.start || b.end - a.end);
  /** The end of what is done. */
  let done = 0;
  let next = 0;
  const put = (extent: Extent): void => {
    const [start, end] = [Math.max(extent.start, done), Math.min(extent.end, limit)];
    if (start >= end) return;
    result.push(start === extent.start && end === extent.end ? extent : { ...extent, start, end });
    done = end;
  };
  for (const below of under) {
    for (; next < sorted.length && sorted[next].start < below.end; next++) {
      const above = sorted[next];
      if (above.end <= Math.max(above.start, done)) continue;
      if (above.start > Math.max(done, below.start)) put(partOf(below, below.start, above.start));
      put(above);
    }
    put(done > below.start ? partOf(below, done, below.end) : below);
  }
  return result;
}

function partOf({ kind, name, section }: Extent, start: number, end: number): Extent {
  return { start, end, kind, name, rest: true, ...(section === undefined ? {} : { section }) };
}

/** A header with its fields. The caller has checked that it is in the file. */
export function headerExtent<F extends Fields>(name: string, layout: Layout<F>, bytes: Uint8Array, at: number): Extent {
  const values: Readonly<Record<string, number | string>> = layout.read(bytes, at);
  const fields = Object.entries(layout.fields).map(([field, [offset, kind]]) => ({ name: field, offset: at + offset, size: widths[kind], value: values[field] }));
  return { start: at, end: at + layout.size, kind: "header", name, fields };
}
