/**
 * The library's source as files for the executable to carry: one with the names in it, the indexes of declarations and the borrow summaries, its syntax trees
 * and its texts in groups, of which a program needs few. Only what is asked for is read and decoded: as constants of a module they would all be made whenever that is loaded.
 *
 * In the one: the length of a header, the header (JSON), the columns of all declarations, those of the names in the trees, the names of the declarations, the bytes of
 * the names in the trees, what the operands of nodes are, then the summaries of each file. In a group: one text or one tree behind the other, trees at
 * addresses for 32-bit words.
 */

import { Interner, type InternedNames } from "../source/interner.ts";
import { CarriedTree } from "../syntax/carriedTree.ts";
import type { CarriedIndex, DeclarationIndex } from "../syntax/declarationIndex.ts";
import { CarriedDeclarations } from "./declarationTable.ts";
import { joined } from "./joined.ts";

export interface LibrarySource {
  readonly path: string;
  readonly text: Uint8Array;
  /** The group of texts to put it into. */
  readonly group: string;
  readonly index: DeclarationIndex;
  /** As `encodeTree` writes it. */
  readonly tree: Uint8Array;
  /** Borrow summaries of the file's functions by the offset of the declaration. */
  readonly summaries: Readonly<Record<string, string>>;
}

/** What the header says of a file: its path, and how long each part is. */
type Row = readonly [path: string, group: number, text: number, tree: number, summaries: number];

interface Header {
  /** Numbers and bytes of the declarations. */
  readonly declarations: readonly [numbers: number, bytes: number];
  /** Of the names in the trees: how many with the one that is none, the places to find them at, and their bytes. */
  readonly names: readonly [count: number, table: number, bytes: number];
  readonly shapes: number;
  readonly groups: readonly string[];
  readonly rows: readonly Row[];
}

interface Place {
  readonly row: Row;
  readonly number: number;
  /** Where its text begins in its group, its tree, and its summaries. */
  readonly textAt: number;
  readonly treeAt: number;
  readonly at: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** What may stand behind JSON. */
const space = 0x20;

/** What is in the library's trees besides them: their names, and what the operands of each kind of node are. */
export interface TreeContext {
  readonly names: Interner;
  readonly shapes: Uint8Array;
}

interface EncodedLibrary {
  readonly library: Uint8Array<ArrayBuffer>;
  /** By group. */
  readonly texts: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  readonly trees: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** The library as an executable carries it: its index in one file, its texts in one file a group, and so its trees. */
export function encodeLibrary(sources: readonly LibrarySource[], context: TreeContext): EncodedLibrary {
  const names = context.names.names();
  const groups = [...new Set(sources.map(({ group }) => group))];
  const files = sources.map(({ path, text, group, tree, summaries }) => {
    const said = encoder.encode(JSON.stringify(summaries));
    const row: Row = [path, groups.indexOf(group), text.length, padded(tree).length, said.length];
    return { row, said };
  });
  const declarations = CarriedDeclarations.of(sources.map(({ index }) => index), sources.map(({ path }) => path)).encode();
  const made: Header = {
    declarations: [declarations.numbers.reduce((sum, { length }) => sum + length, 0), declarations.bytes.length], names: [names.ends.length, names.table.length, names.bytes.length],
    shapes: context.shapes.length, groups, rows: files.map(({ row }) => row),
  };
  const header = encoder.encode(JSON.stringify(made));
  const library = joined([
    Uint8Array.from(new Uint8Array(Int32Array.of(header.length).buffer)), header, new Uint8Array(-header.length & 3),
    ...[...declarations.numbers, names.ends, names.hashes, names.table].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
    declarations.bytes, names.bytes, context.shapes,
    ...files.map(({ said }) => said),
  ]);
  const grouped = (part: (source: LibrarySource) => Uint8Array): ReadonlyMap<string, Uint8Array<ArrayBuffer>> =>
    new Map(groups.map((name) => [name, joined(sources.filter(({ group }) => group === name).map(part))]));
  return { library, texts: grouped(({ text }) => text), trees: grouped(({ tree }) => padded(tree)) };
}

/** A tree with what is behind it before the next one. */
function padded(tree: Uint8Array): Uint8Array {
  return joined([tree, new Uint8Array(-tree.length & 3).fill(space)]);
}

/** Gives `length` bytes of a group's file, from `from` on. */
export type ReadPart = (group: string, from: number, length: number) => Uint8Array;

export class LibraryFile {
  private readonly bytes: Uint8Array;
  private readonly places = new Map<string, Place>();
  private readonly groups: readonly string[];
  private readonly readText: ReadPart;
  private readonly declarations: CarriedDeclarations;
  private readonly summaries = new Map<string, Readonly<Record<string, string>>>();
  private readonly carriedNames: InternedNames;
  private readonly shapes: Uint8Array;
  private readonly readTree: ReadPart;
  /** By number of the file: those that were read. */
  private readonly trees: (CarriedTree | undefined)[] = [];

  /** `bytes` is the library that `encodeLibrary` gave, `readText` gives a part of a group of its texts, `readTree` of its trees, for 32-bit words to lie in. */
  constructor(bytes: Uint8Array, readText: ReadPart, readTree: ReadPart) {
    this.bytes = bytes;
    this.readText = readText;
    this.readTree = readTree;
    const length = new Int32Array(bytes.buffer, bytes.byteOffset, 1)[0] as number;
    const { declarations: [numbers, names], names: [nameCount, tableLength, nameBytes], shapes, groups, rows } = JSON.parse(decoder.decode(bytes.subarray(4, 4 + length))) as Header;
    const start = 4 + length + (-length & 3);
    let at = start + 4 * numbers;
    const words = (count: number): Int32Array => new Int32Array(bytes.buffer, bytes.byteOffset + (at += 4 * count) - 4 * count, count);
    const nameColumns = { ends: words(nameCount), hashes: words(nameCount), table: words(tableLength) };
    this.groups = groups;
    const textAt = groups.map(() => 0);
    const treeAt = groups.map(() => 0);
    this.declarations = CarriedDeclarations.decode(new Int32Array(bytes.buffer, bytes.byteOffset + start, numbers), bytes.subarray(at), rows.map(([path]) => path));
    at += names;
    this.carriedNames = { ...nameColumns, bytes: bytes.subarray(at, (at += nameBytes)) };
    this.shapes = bytes.subarray(at, (at += shapes));
    rows.forEach((row, number) => {
      const [path, group, text, tree, summaries] = row;
      this.places.set(path, { row, number, textAt: textAt[group] as number, treeAt: treeAt[group] as number, at });
      textAt[group] = (textAt[group] as number) + text;
      treeAt[group] = (treeAt[group] as number) + tree;
      at += summaries;
    });
  }

  paths(): string[] {
    return [...this.places.keys()];
  }

  text(path: string): Uint8Array | undefined {
    const place = this.places.get(path);
    if (place === undefined) return undefined;
    const { row: [, group, length], textAt } = place;
    return this.readText(this.groups[group] as string, textAt, length);
  }

  index(path: string): CarriedIndex | undefined {
    const place = this.places.get(path);
    if (place === undefined) return undefined;
    const { number } = place;
    return { table: this.declarations, number, tree: () => (this.trees[number] ??= new CarriedTree(this.treeBytes(place), this.shapes)) };
  }

  private treeBytes({ row: [, group, , length], treeAt }: Place): Uint8Array {
    return this.readTree(this.groups[group] as string, treeAt, length);
  }

  /** The names that the trees' nodes have, for a program to begin with. */
  names(): Interner {
    return new Interner(this.carriedNames);
  }

  /** The borrow summary of the function that is declared at `offset` bytes of a file. */
  summary(path: string, offset: number): string | undefined {
    const place = this.places.get(path);
    if (place === undefined) return undefined;
    let known = this.summaries.get(path);
    if (known === undefined) {
      const { row: [, , , , length], at } = place;
      this.summaries.set(path, (known = JSON.parse(decoder.decode(this.bytes.subarray(at, at + length))) as Readonly<Record<string, string>>));
    }
    return known[offset];
  }
}
