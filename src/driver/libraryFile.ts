/**
 * The library's source as one file for the executable to carry: texts, indexes of declarations, borrow summaries. Only what is asked for is decoded: as
 * constants of a module they would all be made whenever that is loaded.
 *
 * In it: the length of a header, the header (JSON), the columns of all indexes, then for each file its text, its declarations' names and its summaries.
 */

import type { DeclarationIndex } from "../syntax/declarationIndex.ts";

export interface LibrarySource {
  readonly path: string;
  readonly text: Uint8Array;
  readonly index: DeclarationIndex;
  /** Borrow summaries of the file's functions by the offset of the declaration. */
  readonly summaries: Readonly<Record<string, string>>;
}

/** What the header says of a file: its path, and how long each part is. */
type Row = readonly [path: string, text: number, names: number, summaries: number, ranges: number, bodies: number];

interface Place {
  readonly row: Row;
  /** Where its bytes and its numbers begin. */
  readonly at: number;
  readonly column: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeLibrary(sources: readonly LibrarySource[]): Uint8Array<ArrayBuffer> {
  const files = sources.map(({ path, text, index, summaries }) => {
    const names = encoder.encode(index.names.join("\n"));
    const said = encoder.encode(JSON.stringify(summaries));
    const row: Row = [path, text.length, names.length, said.length, index.ranges.length, index.bodies.length];
    return { row, numbers: [index.ranges, index.bodies], bytes: [text, names, said] };
  });
  const header = encoder.encode(JSON.stringify(files.map(({ row }) => row)));
  const parts = [
    Uint8Array.from(new Uint8Array(Int32Array.of(header.length).buffer)), header, new Uint8Array(-header.length & 3),
    ...files.flatMap(({ numbers }) => numbers.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))),
    ...files.flatMap(({ bytes }) => bytes),
  ];
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

export class LibraryFile {
  private readonly bytes: Uint8Array;
  private readonly places = new Map<string, Place>();
  private readonly summaries = new Map<string, Readonly<Record<string, string>>>();

  /** `bytes` is what `encodeLibrary` gave. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const length = new Int32Array(bytes.buffer, bytes.byteOffset, 1)[0] as number;
    const rows = JSON.parse(decoder.decode(bytes.subarray(4, 4 + length))) as readonly Row[];
    let column = 4 + length + (-length & 3);
    let at = column;
    for (const row of rows) at += 4 * (row[4] + row[5]);
    for (const row of rows) {
      const [path, text, names, summaries, ranges, bodies] = row;
      this.places.set(path, { row, at, column });
      at += text + names + summaries;
      column += 4 * (ranges + bodies);
    }
  }

  paths(): string[] {
    return [...this.places.keys()];
  }

  text(path: string): Uint8Array | undefined {
    const place = this.places.get(path);
    return place === undefined ? undefined : this.bytes.subarray(place.at, place.at + place.row[1]);
  }

  index(path: string): DeclarationIndex | undefined {
    const place = this.places.get(path);
    if (place === undefined) return undefined;
    const { row: [, text, names, , ranges, bodies], at, column } = place;
    const { buffer, byteOffset } = this.bytes;
    return {
      names: ranges === 0 ? [] : decoder.decode(this.bytes.subarray(at + text, at + text + names)).split("\n"),
      ranges: new Int32Array(buffer, byteOffset + column, ranges),
      bodies: new Int32Array(buffer, byteOffset + column + 4 * ranges, bodies),
    };
  }

  /** The borrow summary of the function that is declared at `offset` bytes of a file. */
  summary(path: string, offset: number): string | undefined {
    const place = this.places.get(path);
    if (place === undefined) return undefined;
    let known = this.summaries.get(path);
    if (known === undefined) {
      const { row: [, text, names, length], at } = place;
      const from = at + text + names;
      this.summaries.set(path, (known = JSON.parse(decoder.decode(this.bytes.subarray(from, from + length))) as Readonly<Record<string, string>>));
    }
    return known[offset];
  }
}
