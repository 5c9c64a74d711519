/**
 * The variables of functions, taken down for debuggers while their code is made (`-g -O0`, where each has a stack slot). In columns, of the shape
 * that `src/debug/variableInput.ts` asks for.
 */

import type { LocalId } from "../check/definitions.ts";
import type { TypeId } from "../check/types.ts";
import { Op } from "../ir/ops.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Kind, type Ast, type NameId, type Node } from "../syntax/ast.ts";
import { DebugTypes } from "./debugTypes.ts";
import type { Generator } from "./generator.ts";
import { Shape } from "./shape.ts";

const PARAMETER = 1;
const INDIRECT = 2;

export class DebugVariables {
  count = 0;
  type = new Int32Array(256);
  slot = new Int32Array(256);
  flags = new Uint8Array(256);
  from = new Int32Array(256);
  to = new Int32Array(256);
  private nameOf = new Int32Array(256);
  readonly globals: { readonly name: string; readonly type: number; readonly symbol: SymbolId }[] = [];
  private readonly functions = new Map<number, readonly [first: number, end: number, beginning: number]>();
  private readonly g: Generator;
  private readonly describe: DebugTypes;

  /** Of the function at hand: its first variable, and the homes of its locals. */
  private first = 0;
  private readonly homes = new Map<LocalId, Value>();
  private readonly nodes: Node[] = [];

  constructor(g: Generator) {
    this.g = g;
    this.describe = new DebugTypes(g);
  }

  get types(): DebugTypes["all"] {
    return this.describe.all;
  }

  range(functionSymbol: number): readonly [number, number] {
    const [first, end] = this.functions.get(functionSymbol) ?? nothing;
    return [first, end];
  }

  beginning(functionSymbol: number): number {
    return this.functions.get(functionSymbol)?.[2] ?? 0;
  }

  name(variable: number): string {
    return this.g.names.name(this.nameOf[variable] as NameId);
  }

  /** A global variable, under a symbol of the module. */
  addGlobal(name: string, type: TypeId, symbol: SymbolId): void {
    if (this.g.shapes.of(type) !== Shape.Void) this.globals.push({ name, type: this.describe.of(type), symbol });
  }

  /** A function begins. */
  begin(): void {
    this.first = this.count;
    this.homes.clear();
    this.nodes.length = 0;
  }

  /** The slot that a local has already: code that is made twice uses the same. */
  homeOf(local: LocalId): Value | undefined {
    return this.homes.get(local);
  }

  /** A local lives at `address`, of a slot or of other memory. */
  add(local: LocalId, type: TypeId, address: Value): void {
    if (this.homes.has(local)) return;
    this.homes.set(local, address);
    const { g } = this;
    const node = g.program.localNode(local);
    const name = g.ast.name(node);
    const isParameter = g.ast.kind[node] === Kind.Parameter;
    // What the compiler itself makes has no name.
    if (name === 0 || g.names.name(name) === "_") return;
    if (this.count === this.type.length) this.grow();
    const v = this.count++;
    this.nodes.push(node);
    this.nameOf[v] = name;
    this.type[v] = this.describe.of(type);
    this.flags[v] = isParameter ? PARAMETER : 0;
    this.from[v] = 0;
    this.to[v] = 0x7fff_ffff;
    const { f } = g.b;
    if (f.op[address] === Op.slot) {
      this.slot[v] = f.a[address] as number;
      return;
    }
    const pointer = f.slot(8, 8);
    if (g.reachable) g.b.store(address, f.slotAddress(pointer), 0);
    this.slot[v] = pointer;
    this.flags[v] = (this.flags[v] as number) | INDIRECT;
  }

  /** The function at hand, declared at `beginning`, ends: it is known where its variables are in scope. */
  end(symbol: SymbolId, beginning: number, body: Node): void {
    this.functions.set(symbol, [this.first, this.count, beginning]);
    if (this.count === this.first) return;
    const variables = new Map<Node, number>();
    this.nodes.forEach((node, i) => variables.set(node, this.first + i));
    this.findScopes(this.g.ast, body, variables);
  }

  /** Walks the nodes of a body from the last, so that each comes before its parts, with the scopes that are open there. */
  private findScopes(ast: Ast, body: Node, variables: ReadonlyMap<Node, number>): void {
    const open: { readonly start: number; readonly from: number; readonly to: number; readonly isLet: boolean }[] = [];
    const first = ast.start[body] as number;
    for (let n = body as number; n > 0 && (ast.start[n] as number) >= first; n--) {
      const start = ast.start[n] as number;
      while (open.length > 0 && (open[open.length - 1] as { start: number }).start > start) open.pop();
      const v = variables.get(n as Node);
      if (v !== undefined) {
        const inner = open[open.length - 1];
        const scope = inner?.isLet === true ? open[open.length - 2] : inner;
        this.from[v] = inner?.isLet === true ? inner.from : start;
        this.to[v] = scope?.to ?? (ast.end[body] as number);
      }
      const to = scopeEnd(ast, n as Node);
      if (to > 0) open.push({ start, from: start, to, isLet: false });
      else if (ast.kind[n] === Kind.Let) open.push({ start, from: ast.end[n] as number, to: 0, isLet: true });
    }
  }

  private grow(): void {
    const larger = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(from.length * 2);
      to.set(from);
      return to;
    };
    this.type = larger(this.type);
    this.slot = larger(this.slot);
    this.from = larger(this.from);
    this.to = larger(this.to);
    this.nameOf = larger(this.nameOf);
    const flags = new Uint8Array(this.flags.length * 2);
    flags.set(this.flags);
    this.flags = flags;
  }
}

/** Where the names that are bound directly in `n` end to mean anything; 0 for a node that opens no scope. */
function scopeEnd(ast: Ast, n: Node): number {
  switch (ast.kind[n]) {
    case Kind.Block:
    case Kind.Arm:
    case Kind.For:
    case Kind.Closure:
      return ast.end[n] as number;
    case Kind.While:
      return ast.end[ast.body(n)] as number;
    case Kind.If:
      return ast.end[ast.thenBlock(n)] as number;
    default:
      return 0;
  }
}

const nothing: readonly [number, number] = [0, 0];
