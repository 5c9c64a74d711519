/** Reads a trace table as std does at run time: for the tests, and for tools that look at an executable from outside. */

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

const NONE = 0xffff_ffff;

/** What the table at address `address` says of return address `pc`; undefined: not in any function. */
export function readTrace(table: Uint8Array, address: number, pc: number): TraceAnswer | undefined {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const word = (index: number): number => view.getUint32(index * 4, true);
  const [n, m, r, d, s] = [word(0), word(1), word(2), word(3), word(4)];
  const start = 5;
  const [size, frame, firstSite] = [1, 2, 3].map((i) => start + i * n);
  const returns = firstSite + n + 1;
  const places = returns + m;
  const records = places + m;
  const described = records + r * 3;
  const textStarts = described + d * 2;
  const texts = (textStarts + s + 1) * 4;
  const text = (index: number): string => new TextDecoder().decode(table.subarray(texts + word(textStarts + index), texts + word(textStarts + index + 1)));

  const startOf = (f: number): number => view.getInt32((start + f) * 4, true) + address;
  let f = -1;
  for (let step = 1 << 30; step > 0; step >>= 1) {
    if (f + step < n && startOf(f + step) <= pc - 1) f += step;
  }
  if (f < 0 || pc - 1 >= startOf(f) + word(size + f)) return undefined;
  const said = (number: number): { name: string; file: string } => ({ name: text(word(described + 2 * number)), file: text(word(described + 2 * number + 1)) });
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
  if (place < 0x8000_0000) return { frames: [{ ...own, line: place >> 11, column: place & 0x7ff }], frame: word(frame + f) };
  const frames: TracedFrame[] = [];
  const placeOf = (value: number): { line: number; column: number } => {
    const far = records + (value - 0x8000_0000) * 3;
    return value < 0x8000_0000 ? { line: value >> 11, column: value & 0x7ff } : { line: word(far), column: word(far + 1) };
  };
  let ownFrame = word(frame + f);
  for (let record = place - 0x8000_0000; record !== NONE; record = word(records + record * 3 + 2)) {
    const [first, second] = [word(records + record * 3), word(records + record * 3 + 1)];
    if (first === NONE) ownFrame = second;
    else frames.push({ ...said(first), ...placeOf(second) });
  }
  return { frames, frame: ownFrame };
}
