/**
 * The syntax tree of a file of the library as an executable carries it, so that nobody lexes and parses what never changes: columns of nodes as in `ast.ts`, in
 * segments (a declaration with its functions' bodies left out, or one such body) of which each is copied into a program's tree when it is asked for.
 *
 * In the file nodes count from 1, and so do places in the pool of lists; positions are offsets; names are those of the interner that comes with the library.
 * First the counts, then the columns in the order of `columnsOf`, then the literals as JSON. `treeEncoder.ts` writes it.
 */

import { Flag, Kind, type Ast, type LiteralId, type Node } from "./ast.ts";

/** What an operand is, two bits each beginning with `a`: a name or a plain number stays as it is. */
export const Operand = { plain: 0, node: 1, list: 2, literal: 3 } as const;

/** Values of literals, by their number in the file, from 1. What JSON cannot hold is text: large integers in decimal, the bytes of strings as characters. */
export interface CarriedLiterals {
  readonly integers: readonly (number | string)[];
  readonly floats: readonly number[];
  /** As `Ast.singles`. */
  readonly singles: readonly (readonly [literal: number, value: number])[];
  readonly strings: readonly string[];
}

/** Counts at the beginning of the file, as 32-bit words. */
export const treeCounts = ["nodes", "pool", "segments", "declarations", "lines"] as const;

export interface TreeColumns {
  /** By segment, declarations first: the nodes and the pool up to its end, and the node that it is of. */
  readonly nodesEnd: Int32Array;
  readonly poolEnd: Int32Array;
  readonly root: Int32Array;
  /** Offsets at which the lines of the text begin. */
  readonly lineStarts: Int32Array;
  /** By node: the offset of its first byte and how many it has, what it is, its operands. */
  readonly start: Int32Array;
  readonly a: Int32Array;
  readonly size: Uint16Array;
  readonly flags: Uint16Array;
  readonly b: Uint16Array;
  readonly c: Uint16Array;
  readonly d: Uint16Array;
  /** Lists: how many nodes, then these. */
  readonly pool: Uint16Array;
  readonly kind: Uint8Array;
}

/** The columns as they lie behind each other; each has as many entries as there are segments, nodes or numbers in the pool. */
export function columnsOf(bytes: Uint8Array, from: number, { nodes, pool, segments, lines }: Readonly<Record<(typeof treeCounts)[number], number>>): { readonly columns: TreeColumns; readonly end: number } {
  let at = bytes.byteOffset + from;
  const words = (count: number): Int32Array => new Int32Array(bytes.buffer, (at += 4 * count) - 4 * count, count);
  const halves = (count: number): Uint16Array => new Uint16Array(bytes.buffer, (at += 2 * count) - 2 * count, count);
  const columns = {
    nodesEnd: words(segments), poolEnd: words(segments), root: words(segments), lineStarts: words(lines), start: words(nodes), a: words(nodes),
    size: halves(nodes), flags: halves(nodes), b: halves(nodes), c: halves(nodes), d: halves(nodes), pool: halves(pool),
    kind: new Uint8Array(bytes.buffer, at, nodes),
  };
  return { columns, end: at + nodes - bytes.byteOffset };
}

export class CarriedTree {
  private readonly columns: TreeColumns;
  private readonly declarations: number;
  /** What the operands are, by kind of node. */
  private readonly shapes: Uint8Array;
  /** JSON of the literals; few programs ask for any. */
  private readonly literalBytes: Uint8Array;
  private literals: CarriedLiterals | undefined;

  /** `bytes` begin at an address for 32-bit words. */
  constructor(bytes: Uint8Array, shapes: Uint8Array) {
    const [nodes = 0, pool = 0, segments = 0, declarations = 0, lines = 0] = new Int32Array(bytes.buffer, bytes.byteOffset, treeCounts.length);
    const { columns, end } = columnsOf(bytes, 4 * treeCounts.length, { nodes, pool, segments, declarations, lines });
    this.columns = columns;
    this.declarations = declarations;
    this.shapes = shapes;
    this.literalBytes = bytes.subarray(end);
  }

  /** Offsets at which the lines of the text begin. */
  get lineStarts(): Int32Array {
    return this.columns.lineStarts;
  }

  /** Copies the declarations that begin in the bytes `[start, end)` of the file, whose position in the source map is `base`. Gives a File node. */
  copyFile(ast: Ast, base: number, start: number, end: number): Node {
    const { root, start: starts } = this.columns;
    let low = 0;
    let high = this.declarations;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[(root[middle] as number) - 1] as number) < start) low = middle + 1;
      else high = middle;
    }
    const found: Node[] = [];
    for (; low < this.declarations && (starts[(root[low] as number) - 1] as number) < end; low++) found.push(this.copy(ast, base, low));
    return ast.add(Kind.File, 0, base + start, base + end, ast.addList(found, 0, found.length), 0, 0, 0);
  }

  /** Copies a segment; gives its root. A function without its body has the number of that segment in its place. */
  copy(ast: Ast, base: number, segment: number): Node {
    const { nodesEnd, poolEnd, root, pool, start, a, size, flags, b, c, d, kind } = this.columns;
    const { shapes } = this;
    const from = segment === 0 ? 0 : (nodesEnd[segment - 1] as number);
    const to = nodesEnd[segment] as number;
    const poolFrom = segment === 0 ? 0 : (poolEnd[segment - 1] as number);
    const poolTo = poolEnd[segment] as number;
    ast.reserve(to - from);
    ast.reserveLists(poolTo - poolFrom);
    // What is added to a number of the file that isn't 0.
    const nodeShift = ast.count - from - 1;
    const poolShift = ast.poolCount - poolFrom - 1;
    for (let i = from; i < to; i++) {
      const node = i + nodeShift + 1;
      const shape = shapes[kind[i] as number] as number;
      let x = a[i] as number;
      let y = b[i] as number;
      let z = c[i] as number;
      let w = d[i] as number;
      if (shape !== 0) {
        const first = shape & 3;
        if (first !== 0 && x !== 0) x = first === Operand.node ? x + nodeShift : first === Operand.list ? x + poolShift : this.literal(ast, kind[i] as number, x);
        const second = (shape >> 2) & 3;
        if (second !== 0 && y !== 0) y = second === Operand.node ? y + nodeShift : second === Operand.list ? y + poolShift : this.literal(ast, kind[i] as number, y);
        const third = (shape >> 4) & 3;
        // A function whose body waits has its segment there.
        if (third !== 0 && z !== 0 && ((flags[i] as number) & Flag.deferredBody) === 0) z += third === Operand.node ? nodeShift : poolShift;
        const fourth = shape >> 6;
        if (fourth !== 0 && w !== 0) w += fourth === Operand.node ? nodeShift : poolShift;
      }
      const position = base + (start[i] as number);
      ast.kind[node] = kind[i] as number;
      ast.flags[node] = flags[i] as number;
      ast.start[node] = position;
      ast.end[node] = position + (size[i] as number);
      ast.a[node] = x;
      ast.b[node] = y;
      ast.c[node] = z;
      ast.d[node] = w;
    }
    ast.count += to - from;
    let at = ast.poolCount;
    for (let i = poolFrom; i < poolTo; ) {
      let left = pool[i++] as number;
      ast.pool[at++] = left;
      for (; left > 0; left--) ast.pool[at++] = (pool[i++] as number) + nodeShift;
    }
    ast.poolCount = at;
    return ((root[segment] as number) + nodeShift) as Node;
  }

  /** The number in `ast` of a literal of the file. */
  private literal(ast: Ast, kind: number, literal: number): LiteralId {
    const { integers, floats, singles, strings } = (this.literals ??= JSON.parse(new TextDecoder().decode(this.literalBytes)) as CarriedLiterals);
    if (kind === Kind.Integer) {
      const value = integers[literal - 1] as number | string;
      return (ast.integers.push(typeof value === "string" ? BigInt(value) : value) - 1) as LiteralId;
    }
    if (kind === Kind.Float) {
      const single = singles.find(([of]) => of === literal);
      const made = ast.floats.push(floats[literal - 1] as number) - 1;
      if (single !== undefined) ast.singles.set(made, single[1]);
      return made as LiteralId;
    }
    const text = strings[literal - 1] as string;
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return (ast.strings.push(bytes) - 1) as LiteralId;
  }

}
