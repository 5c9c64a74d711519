/** Reads a trace table as std does at run time: for the tests, and for tools that look at an executable from outside. */

import { COLUMN_BITS, DESCRIBED_WORDS, IS_RECORD, NONE, RECORD_WORDS, traceCounts, traceWord, type TraceColumnName, type TraceCount } from "./traceLayout.ts";

export interface TracedFrame {
  readonly name: string;
  readonly file: string;
  /** 0: unknown. */
  readonly line: number;
  readonly column: number;
}

export interface TraceAnswer {
  /** Innermost first; more than one where calls were inlined. */
  readonly frames: readonly TracedFrame[];
  /** Bytes from the stack pointer after the return up to the word with the next return address. */
  readonly frame: number;
}

/** What the table at address `address` says of return address `pc`; undefined: not in any function. */
export function readTrace(table: Uint8Array, address: number, pc: number): TraceAnswer | undefined {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const word = (index: number): number => view.getUint32(index * 4, true);
  const counts = Object.fromEntries(traceCounts.map((count, i) => [count, word(i)])) as Record<TraceCount, number>;
  const at = (column: TraceColumnName): number => traceWord(column, counts);
  const [start, size, frame, firstSite, returns, places] = [at("start"), at("size"), at("frame"), at("firstSite"), at("return"), at("place")];
  const [records, described, textStarts, texts] = [at("record"), at("described"), at("textStart"), traceWord("texts", counts) * 4];
  const text = (index: number): string => new TextDecoder().decode(table.subarray(texts + word(textStarts + index), texts + word(textStarts + index + 1)));

  const startOf = (f: number): number => view.getInt32((start + f) * 4, true) + address;
  let f = -1;
  for (let step = 1 << 30; step > 0; step >>= 1) {
    if (f + step < counts.functions && startOf(f + step) <= pc - 1) f += step;
  }
  if (f < 0 || pc - 1 >= startOf(f) + word(size + f)) return undefined;
  const said = (number: number): { name: string; file: string } => ({ name: text(word(described + DESCRIBED_WORDS * number)), file: text(word(described + DESCRIBED_WORDS * number + 1)) });
  const own = said(f);
  let low = word(firstSite + f);
  let high = word(firstSite + f + 1);
  const end = high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (word(returns + middle) < pc - startOf(f)) low = middle + 1;
    else high = middle;
  }
  if (low === end || word(returns + low) !== pc - startOf(f)) return { frames: [{ ...own, line: 0, column: 0 }], frame: word(frame + f) };
  const place = word(places + low);
  const lineAndColumn = (value: number): { line: number; column: number } => ({ line: value >> COLUMN_BITS, column: value & ((1 << COLUMN_BITS) - 1) });
  if (place < IS_RECORD) return { frames: [{ ...own, ...lineAndColumn(place) }], frame: word(frame + f) };
  const frames: TracedFrame[] = [];
  const recordAt = (number: number): number => records + number * RECORD_WORDS;
  const placeOf = (value: number): { line: number; column: number } => {
    if (value < IS_RECORD) return lineAndColumn(value);
    const far = recordAt(value - IS_RECORD);
    return { line: word(far), column: word(far + 1) };
  };
  let ownFrame = word(frame + f);
  for (let record = place - IS_RECORD; record !== NONE; record = word(recordAt(record) + 2)) {
    const [first, second] = [word(recordAt(record)), word(recordAt(record) + 1)];
    if (first === NONE) ownFrame = second;
    else frames.push({ ...said(first), ...placeOf(second) });
  }
  return { frames, frame: ownFrame };
}
