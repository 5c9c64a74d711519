/**
 * A part of the standard library as machine code for one target and one level, in columns. An *atom* is a function or a piece of data; its number is
 * also that of its symbol. Symbols without an atom of their own stand for what the program or the system has.
 */

import type { Prebuilt } from "../irgen/prebuilt.ts";
import type { Merge, SectionKind } from "../link/object.ts";
import { NameTable } from "./nameTable.ts";

export interface PrebuiltSection {
  readonly name: string;
  readonly kind: SectionKind;
  readonly alignment: number;
  readonly merge: Merge;
  readonly entrySize: number;
  readonly atoms: boolean;
  /** Bytes of the section in the library; none of one that is all zero. */
  readonly length: number;
}

interface Header {
  readonly files: readonly string[];
  readonly sections: readonly PrebuiltSection[];
}

/** Columns by atom. */
const atomColumns = ["kind", "section", "at", "size", "alignment", "firstRelocation", "relocationCount", "firstSite", "siteCount", "frame", "file", "offset", "needs"] as const;
const relocationColumns = ["relocationAt", "relocationKind", "relocationSymbol", "relocationAddend"] as const;
/** `siteFile` is -1 for a place that no source has. */
const siteColumns = ["siteReturn", "siteFile", "siteOffset", "siteInline", "siteFrame"] as const;
const inlineColumns = ["inlineCallee", "inlineFile", "inlineOffset", "inlineParent"] as const;
const groups = [atomColumns, relocationColumns, siteColumns, inlineColumns] as const;
type ColumnName = (typeof groups)[number][number];

/** Of an atom or a symbol; the imported ones are in no section. */
export const AtomKind = { function: 0, data: 1, importedFunction: 2, importedData: 3 } as const;

export type Columns = Readonly<Record<ColumnName, Int32Array>>;

export class PrebuiltLibrary implements Prebuilt {
  readonly header: Header;
  readonly columns: Columns;
  /** By atom; those are found that programs may call or have. */
  readonly names: NameTable;
  private readonly contents: readonly Uint8Array[];

  constructor(header: Header, columns: Columns, names: NameTable, contents: readonly Uint8Array[]) {
    this.header = header;
    this.columns = columns;
    this.names = names;
    this.contents = contents;
  }

  /** The atom behind the function `name` that is declared at `offset` bytes of `file`; -1 if there is none. */
  callable(name: string, file: string, offset: number): number {
    const atom = this.names.find(name);
    const { columns } = this;
    return atom >= 0 && columns.offset[atom] === offset && this.header.files[columns.file[atom] as number] === file ? atom : -1;
  }

  /** What a callable function asks of its program: bits of `Needs`. */
  needs(atom: number): number {
    return this.columns.needs[atom] as number;
  }

  /** True if the library has a global variable of that name. */
  hasData(name: string): boolean {
    const atom = this.names.find(name);
    return atom >= 0 && this.columns.kind[atom] === AtomKind.data;
  }

  /** The bytes of an atom; empty for one that is all zero. */
  bytes(atom: number): Uint8Array {
    const { at, section, size } = this.columns;
    const content = this.contents[section[atom] as number] as Uint8Array;
    return content.length === 0 ? content : content.subarray(at[atom], (at[atom] as number) + (size[atom] as number));
  }

  /** The library as bytes: the length of a header in JSON, the header, the columns, the names, the sections. */
  encode(): Uint8Array<ArrayBuffer> {
    const header = new TextEncoder().encode(JSON.stringify(this.header));
    const names = this.names.bytes();
    const parts = [
      ...groups.flatMap((group) => [Int32Array.of(this.columns[group[0]].length), ...group.map((name) => this.columns[name])]),
      ...this.names.columns().flatMap((column) => [Int32Array.of(column.length), column]), Int32Array.of(names.length),
    ];
    const start = (4 + header.length + 3) & ~3;
    const words = parts.reduce((sum, part) => sum + part.length, 0);
    const contents = [names, ...this.contents];
    const result = new Uint8Array(start + words * 4 + contents.reduce((sum, content) => sum + content.length, 0));
    new DataView(result.buffer).setUint32(0, header.length, true);
    result.set(header, 4);
    let at = start;
    for (const part of parts) {
      result.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
      at += part.byteLength;
    }
    for (const content of contents) {
      result.set(content, at);
      at += content.length;
    }
    return result;
  }

  /** What `encode` gave. The library is one of ours, made with this compiler: it is not looked through for mistakes. */
  static decode(bytes: Uint8Array): PrebuiltLibrary {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header;
    let at = (4 + length + 3) & ~3;
    const columns: Partial<Record<ColumnName, Int32Array>> = {};
    const number = (): number => new Int32Array(bytes.buffer, bytes.byteOffset + (at += 4) - 4, 1)[0] as number;
    const column = (count: number): Int32Array => new Int32Array(bytes.buffer, bytes.byteOffset + (at += count * 4) - count * 4, count);
    for (const group of groups) {
      const count = number();
      for (const name of group) columns[name] = column(count);
    }
    const ends = column(number());
    const slots = column(number());
    const text = number();
    at += text;
    const names = NameTable.decode(bytes.subarray(at - text, at), ends, slots);
    const contents = header.sections.map(({ length: size }) => {
      at += size;
      return bytes.subarray(at - size, at);
    });
    return new PrebuiltLibrary(header, columns as Columns, names, contents);
  }
}
