/**
 * The library's source as one file for the executable to carry: texts, indexes of declarations, borrow summaries. Only what is asked for is decoded: as
 * constants of a module they would all be made whenever that is loaded.
 *
 * In it: the length of a header, the header (JSON), the columns of all declarations, the bodies of all files, the names of the declarations, then for each file its text
 * and its summaries.
 */

import type { CarriedIndex, DeclarationIndex } from "../syntax/declarationIndex.ts";
import { CarriedDeclarations } from "./declarationTable.ts";

export interface LibrarySource {
  readonly path: string;
  readonly text: Uint8Array;
  readonly index: DeclarationIndex;
  /** Borrow summaries of the file's functions by the offset of the declaration. */
  readonly summaries: Readonly<Record<string, string>>;
}

/** What the header says of a file: its path, and how long each part is. */
type Row = readonly [path: string, text: number, summaries: number, bodies: number];

interface Header {
  /** Numbers and bytes of the declarations. */
  readonly declarations: readonly [numbers: number, bytes: number];
  readonly rows: readonly Row[];
}

interface Place {
  readonly row: Row;
  readonly number: number;
  /** Where its bytes and its numbers begin. */
  readonly at: number;
  readonly column: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeLibrary(sources: readonly LibrarySource[]): Uint8Array<ArrayBuffer> {
  const files = sources.map(({ path, text, index, summaries }) => {
    const said = encoder.encode(JSON.stringify(summaries));
    const row: Row = [path, text.length, said.length, index.bodies.length];
    return { row, bodies: index.bodies, bytes: [text, said] };
  });
  const declarations = CarriedDeclarations.of(sources.map(({ index }) => index)).encode();
  const made: Header = { declarations: [declarations.numbers.reduce((sum, { length }) => sum + length, 0), declarations.bytes.length], rows: files.map(({ row }) => row) };
  const header = encoder.encode(JSON.stringify(made));
  const parts = [
    Uint8Array.from(new Uint8Array(Int32Array.of(header.length).buffer)), header, new Uint8Array(-header.length & 3),
    ...[...declarations.numbers, ...files.map(({ bodies }) => bodies)].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
    declarations.bytes,
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
  private readonly declarations: CarriedDeclarations;
  private readonly summaries = new Map<string, Readonly<Record<string, string>>>();

  /** `bytes` is what `encodeLibrary` gave. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const length = new Int32Array(bytes.buffer, bytes.byteOffset, 1)[0] as number;
    const { declarations: [numbers, names], rows } = JSON.parse(decoder.decode(bytes.subarray(4, 4 + length))) as Header;
    const start = 4 + length + (-length & 3);
    let column = start + 4 * numbers;
    let at = column;
    for (const row of rows) at += 4 * row[3];
    this.declarations = CarriedDeclarations.decode(new Int32Array(bytes.buffer, bytes.byteOffset + start, numbers), bytes.subarray(at));
    at += names;
    rows.forEach((row, number) => {
      const [path, text, summaries, bodies] = row;
      this.places.set(path, { row, number, at, column });
      at += text + summaries;
      column += 4 * bodies;
    });
  }

  paths(): string[] {
    return [...this.places.keys()];
  }

  text(path: string): Uint8Array | undefined {
    const place = this.places.get(path);
    return place === undefined ? undefined : this.bytes.subarray(place.at, place.at + place.row[1]);
  }

  index(path: string): CarriedIndex | undefined {
    const place = this.places.get(path);
    if (place === undefined) return undefined;
    const { row: [, , , bodies], number, column } = place;
    return { table: this.declarations, number, bodies: new Int32Array(this.bytes.buffer, this.bytes.byteOffset + column, bodies) };
  }

  /** The borrow summary of the function that is declared at `offset` bytes of a file. */
  summary(path: string, offset: number): string | undefined {
    const place = this.places.get(path);
    if (place === undefined) return undefined;
    let known = this.summaries.get(path);
    if (known === undefined) {
      const { row: [, text, length], at } = place;
      const from = at + text;
      this.summaries.set(path, (known = JSON.parse(decoder.decode(this.bytes.subarray(from, from + length))) as Readonly<Record<string, string>>));
    }
    return known[offset];
  }
}
