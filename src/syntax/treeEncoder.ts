/** Writes the syntax trees of the library's files for an executable to carry (`carriedTree.ts` reads them): when that is made, and in tests. */

import { Diagnostics } from "../source/diagnostics.ts";
import type { Interner } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { Ast, Flag, kinds, type Node } from "./ast.ts";
import { columnsOf, Operand, treeCounts, type CarriedLiterals } from "./carriedTree.ts";
import { operandsByKind } from "./operands.ts";
import { DeferredBodies, parseFile } from "./parser.ts";

const operandCodes = {
  "-": Operand.plain, name: Operand.plain, number: Operand.plain, unary: Operand.plain, binary: Operand.plain, node: Operand.node, list: Operand.list,
  integer: Operand.literal, float: Operand.literal, string: Operand.literal, format: Operand.literal,
} as const;

/** What the operands of each kind of node are, as `CarriedTree` takes it. */
export function nodeShapes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(kinds, (_, kind) => (operandsByKind[kind] ?? []).reduce((shape, operand, at) => shape | (operandCodes[operand] << (2 * at)), 0));
}

/** A declaration or a body: the first of its nodes, the last, and the one that it is of. */
interface Segment {
  readonly first: number;
  readonly last: number;
  readonly root: number;
}

/** The tree of a file without mistakes, whose names go to `names`. */
export function encodeTree(text: Uint8Array, names: Interner): Uint8Array<ArrayBuffer> {
  const ast = new Ast();
  const deferred = new DeferredBodies();
  const diagnostics = new Diagnostics();
  const file = new SourceMap().add("", text);
  const list = ast.declarations(parseFile(ast, names, file, diagnostics, { deferred }));
  const segments: Segment[] = [];
  for (let i = 0, first = 1; i < ast.length(list); i++) {
    const root = ast.item(list, i);
    segments.push({ first, last: root, root });
    first = root + 1;
  }
  const declarations = segments.length;
  // Bodies come behind, one after the other; in a function's place for it stands the number of its segment.
  const bodies = new Map<number, number>();
  for (let node = 1, parsed = ast.count; node < parsed; node++) {
    if (!ast.has(node as Node, Flag.deferredBody)) continue;
    const first = ast.count;
    deferred.parseBody(ast, node as Node);
    bodies.set(node, segments.length);
    segments.push({ first, last: ast.count - 1, root: ast.body(node as Node) });
  }
  if (diagnostics.errorCount > 0) throw new Error(`syntax/treeEncoder.encodeTree: ${diagnostics.list[0]?.message}`);
  return new TreeWriter(ast, file.base, bodies).write(segments, declarations, lineStartsOf(text));
}

function lineStartsOf(text: Uint8Array): number[] {
  const starts = [0];
  text.forEach((byte, at) => { if (byte === 10) starts.push(at + 1); });
  return starts;
}

class TreeWriter {
  private readonly ast: Ast;
  private readonly base: number;
  /** The number of the segment with a function's body, by the function's node. */
  private readonly bodies: ReadonlyMap<number, number>;
  private readonly columns = { nodesEnd: [], poolEnd: [], root: [], lineStarts: [], start: [], a: [], size: [], flags: [], b: [], c: [], d: [], pool: [], kind: [] } as Record<keyof ReturnType<typeof columnsOf>["columns"], number[]>;
  private readonly literals = { integers: [] as (number | string)[], floats: [] as number[], singles: [] as [number, number][], strings: [] as string[] } satisfies CarriedLiterals;

  constructor(ast: Ast, base: number, bodies: ReadonlyMap<number, number>) {
    this.ast = ast;
    this.base = base;
    this.bodies = bodies;
  }

  write(segments: readonly Segment[], declarations: number, lineStarts: readonly number[]): Uint8Array<ArrayBuffer> {
    const { columns } = this;
    for (const segment of segments) this.segment(segment);
    columns.lineStarts.push(...lineStarts);
    const counts = { nodes: columns.kind.length, pool: columns.pool.length, segments: segments.length, declarations, lines: lineStarts.length };
    const literals = new TextEncoder().encode(JSON.stringify(this.literals));
    const head = 4 * treeCounts.length;
    // Of the size alone; the columns lie in it then.
    const bytes = new Uint8Array(head + 12 * counts.segments + 4 * counts.lines + 19 * counts.nodes + 2 * counts.pool + literals.length);
    new Int32Array(bytes.buffer, 0, treeCounts.length).set(treeCounts.map((count) => counts[count]));
    const { columns: made, end } = columnsOf(bytes, head, counts);
    for (const [name, column] of Object.entries(made) as [keyof typeof made, Int32Array | Uint16Array | Uint8Array][]) {
      column.set(columns[name]);
      columns[name].forEach((value, i) => {
        if (column[i] !== value) throw new Error(`syntax/treeEncoder.write: ${value} does not fit the column ${name}`);
      });
    }
    bytes.set(literals, end);
    return bytes;
  }

  private segment({ first, last, root }: Segment): void {
    const { ast, base, columns } = this;
    // What a node's number in the program becomes in the file.
    const shift = columns.kind.length + 1 - first;
    for (let node = first; node <= last; node++) {
      const kind = ast.kind[node] as number;
      const start = ast.start[node] as number;
      columns.kind.push(kind);
      columns.flags.push((ast.flags[node] as number) | (this.bodies.has(node) ? Flag.deferredBody : 0));
      columns.start.push(start - base);
      columns.size.push((ast.end[node] as number) - start);
      for (const [at, operand] of (["a", "b", "c", "d"] as const).entries()) {
        const value = ast[operand][node] as number;
        const what = operandsByKind[kind]?.[at] ?? "-";
        columns[operand].push(value === 0 ? 0 : operand === "c" && this.bodies.has(node) ? (this.bodies.get(node) as number) : what === "node" ? value + shift : what === "list" ? this.list(value, shift) : this.plain(what, value));
      }
    }
    columns.nodesEnd.push(columns.kind.length);
    columns.poolEnd.push(columns.pool.length);
    columns.root.push(root + shift);
  }

  private list(list: number, shift: number): number {
    const { ast, columns: { pool } } = this;
    const place = pool.length + 1;
    const count = ast.pool[list] as number;
    pool.push(count);
    for (let i = 1; i <= count; i++) pool.push((ast.pool[list + i] as number) + shift);
    return place;
  }

  private plain(what: keyof typeof operandCodes, value: number): number {
    const { ast, literals } = this;
    if (what === "integer") {
      const integer = ast.integers[value] as number | bigint;
      return literals.integers.push(typeof integer === "bigint" ? String(integer) : integer);
    }
    if (what === "float") {
      const made = literals.floats.push(ast.floats[value] as number);
      const single = ast.singles.get(value);
      if (single !== undefined) literals.singles.push([made, single]);
      return made;
    }
    return what === "string" || what === "format" ? literals.strings.push(String.fromCharCode(...(ast.strings[value] as Uint8Array))) : value;
  }
}
