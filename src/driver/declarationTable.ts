/** The declarations of all files of the library by name, as columns: an executable carries them, and none becomes an object before somebody asks for its name. */

import { NameTable } from "../prebuilt/nameTable.ts";
import { partsOf, type DeclarationIndex, type DeclarationPart, type DeclarationTable } from "../syntax/declarationIndex.ts";

/** `entryEnd` is by name, `entries` are parts; the `part…` columns are by part, `besides` are names; `atOnceEnd` is by file, `atOnce` are ranges; `includesEnd` is by file, `includes` are files. */
const columnNames = ["entryEnd", "entries", "partFile", "partStart", "partEnd", "besidesEnd", "besides", "atOnceEnd", "atOnce", "includesEnd", "includes"] as const;
type Columns = Readonly<Record<(typeof columnNames)[number], Int32Array>>;

export class CarriedDeclarations implements DeclarationTable {
  private readonly columns: Columns;
  private readonly names: NameTable;
  /** By number: the parts that somebody asked for. */
  private readonly made: (DeclarationPart | undefined)[] = [];

  private readonly paths: readonly string[];

  constructor(columns: Columns, names: NameTable, paths: readonly string[]) {
    this.columns = columns;
    this.names = names;
    this.paths = paths;
  }

  /** Of the indexes of files, by their number, which have these paths. */
  static of(indexes: readonly DeclarationIndex[], paths: readonly string[]): CarriedDeclarations {
    const parts: ({ readonly file: number } & DeclarationPart)[] = [];
    const byName = new Map<string, number[]>();
    const atOnce: number[] = [];
    const atOnceEnd: number[] = [];
    indexes.forEach((index, file) => {
      const found = partsOf(index);
      atOnce.push(...found.atOnce);
      for (const { under, part } of found.parts) {
        for (const name of new Set(under)) byName.set(name, [...(byName.get(name) ?? []), parts.length]);
        parts.push({ file, ...part });
      }
      atOnceEnd.push(atOnce.length);
    });
    const names = [...new Set([...byName.keys(), ...parts.flatMap(({ besides }) => besides)])];
    const number = new Map(names.map((name, i) => [name, i]));
    const ends = (lengths: readonly number[]): Int32Array => {
      let sum = 0;
      return Int32Array.from(lengths, (length) => (sum += length));
    };
    const entries = names.map((name) => byName.get(name) ?? []);
    const includes = indexes.map((index) => index.includes.map((path) => fileAt(paths, path)));
    return new CarriedDeclarations({
      entryEnd: ends(entries.map(({ length }) => length)), entries: Int32Array.from(entries.flat()),
      partFile: Int32Array.from(parts, ({ file }) => file), partStart: Int32Array.from(parts, ({ start }) => start), partEnd: Int32Array.from(parts, ({ end }) => end),
      besidesEnd: ends(parts.map(({ besides }) => besides.length)), besides: Int32Array.from(parts.flatMap(({ besides }) => besides.map((name) => number.get(name) as number))),
      atOnceEnd: Int32Array.from(atOnceEnd), atOnce: Int32Array.from(atOnce),
      includesEnd: ends(includes.map(({ length }) => length)), includes: Int32Array.from(includes.flat()),
    }, NameTable.of(names, names.keys()), paths);
  }

  get count(): number {
    return this.columns.partFile.length;
  }

  atOnce(file: number): Int32Array {
    const { atOnce, atOnceEnd } = this.columns;
    return atOnce.subarray(file === 0 ? 0 : atOnceEnd[file - 1], atOnceEnd[file]);
  }

  under(name: string): Int32Array {
    const { entries, entryEnd } = this.columns;
    const number = this.names.find(name);
    return number < 0 ? entries.subarray(0, 0) : entries.subarray(number === 0 ? 0 : entryEnd[number - 1], entryEnd[number]);
  }

  pathOf(file: number): string {
    return this.paths[file] as string;
  }

  includes(file: number): Int32Array {
    const { includes, includesEnd } = this.columns;
    return includes.subarray(file === 0 ? 0 : includesEnd[file - 1], includesEnd[file]);
  }

  fileOf(part: number): number {
    return this.columns.partFile[part] as number;
  }

  part(number: number): DeclarationPart {
    const { partStart, partEnd, besides, besidesEnd } = this.columns;
    return (this.made[number] ??= {
      start: partStart[number] as number, end: partEnd[number] as number,
      besides: [...besides.subarray(number === 0 ? 0 : besidesEnd[number - 1], besidesEnd[number])].map((name) => this.names.name(name)),
    });
  }

  /** For `decode`: numbers, and bytes to stand behind them. */
  encode(): { readonly numbers: readonly Int32Array[]; readonly bytes: Uint8Array } {
    const columns = [...columnNames.map((name) => this.columns[name]), ...this.names.columns()];
    const bytes = this.names.bytes();
    return { numbers: [Int32Array.of(bytes.length, ...columns.map(({ length }) => length)), ...columns], bytes };
  }

  /** What `encode` gave; `numbers` and `bytes` begin with it. The paths are of the files by their number. */
  static decode(numbers: Int32Array, bytes: Uint8Array, paths: readonly string[]): CarriedDeclarations {
    const count = columnNames.length + 2;
    let at = 1 + count;
    const all = [...numbers.subarray(1, at)].map((length) => numbers.subarray(at, (at += length)));
    const [ends, slots] = all.slice(columnNames.length) as [Int32Array, Int32Array];
    const columns = {} as Record<keyof Columns, Int32Array>;
    columnNames.forEach((name, i) => { columns[name] = all[i] as Int32Array; });
    return new CarriedDeclarations(columns, NameTable.decode(bytes.subarray(0, numbers[0]), ends, slots), paths);
  }
}

/** The number of the file that an include names. */
function fileAt(paths: readonly string[], path: string): number {
  const number = paths.indexOf(path);
  if (number < 0) throw new Error(`driver/declarationTable.fileAt: '${path}' is included, and no file of the library`);
  return number;
}
