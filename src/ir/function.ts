/**
 * One function of the IR: SSA with block parameters, as columns in typed arrays.
 *
 * An instruction and its result are one number, a `Value`. Its columns: op, type, flags, operands a b c (ops.ts says what they hold),
 * position, block, and links to its neighbours in the block. Constants and addresses float: they belong to no block and exist
 * once, so equal constants are equal numbers. A block's parameters are a linked list of their own.
 * An edge is a column row too (target, arguments), so that an argument can be added without touching the branch.
 * Lists (call arguments, switch tables) lie in `pool`: the count, then the items.
 */

import { FunctionColumns, floatingHash } from "./functionColumns.ts";
import { Effect, Op, opEffects, opListOperand, opValueOperands } from "./ops.ts";
import { substituteOperands } from "./substitute.ts";
import { Type } from "./types.ts";

export type Value = number & { readonly brand: "Value" };
export type Block = number & { readonly brand: "Block" };
export type Edge = number & { readonly brand: "Edge" };
export type List = number & { readonly brand: "IrList" };
export type Slot = number & { readonly brand: "Slot" };
export type SymbolId = number & { readonly brand: "SymbolId" };
export type SignatureId = number & { readonly brand: "SignatureId" };

export const noValue = 0 as Value;
export const noBlock = -1 as Block;
export const emptyList = 0 as List;

/** Facts about a value or an access, kept by passes that copy instructions. */
export const ValueFlag = {
  /** load: the memory does not change while the program runs, or since the store that made it; store: it is that one. */
  constantMemory: 1,
  /** load, store: must be done as written. */
  volatile: 2,
  /** ptr result or parameter: not nil. */
  nonnull: 4,
  /**
   * ptr parameter of the function: while it runs, what is written of the memory behind this pointer is reached only by the pointer and what is
   * computed from it.
   */
  noalias: 8,
  /** ptr parameter of the function: it does not write through it. With `noalias`: what lies behind it does not change while the function runs. */
  readonly: 16,
  /** call: does not return. */
  noreturn: 32,
  /** integer add, sub, mul: proved not to overflow as signed; as unsigned. */
  noSignedWrap: 64,
  noUnsignedWrap: 128,
  /** udiv, urem by a constant: the dividend is not negative as signed; it is below 2^32. Where it is, not wherever it is moved: who moves it clears them. */
  dividendNotNegative: 64,
  dividendNarrow: 128,
} as const;

export class IrFunction extends FunctionColumns {
  /** The same function under another symbol. */
  copy(symbol: SymbolId, signature: SignatureId): IrFunction {
    const to = new IrFunction(symbol, signature, 0);
    this.copyTo(to);
    return to;
  }

  // ── values ──

  /** A new instruction outside of any block; `append` or `insertBefore` puts it somewhere. */
  create(op: Op, type: Type, a: number, b: number, c: number, position: number): Value {
    const v = this.valueCount++;
    if (v >= this.op.length) this.growValues();
    this.op[v] = op;
    this.type[v] = type;
    this.flags[v] = 0;
    this.a[v] = a;
    this.b[v] = b;
    this.c[v] = c;
    this.position[v] = position;
    this.site[v] = this.siteAtHand;
    this.block[v] = -1;
    this.next[v] = 0;
    this.previous[v] = 0;
    return v as Value;
  }

  /** Puts an instruction at the end of a block. */
  append(block: Block, v: Value): Value {
    const before = this.last[block] as number;
    this.block[v] = block;
    this.previous[v] = before;
    this.next[v] = 0;
    if (before === 0) this.first[block] = v;
    else this.next[before] = v;
    this.last[block] = v;
    return v;
  }

  /** Puts an instruction before `place`, in the same block. */
  insertBefore(place: Value, v: Value): Value {
    const block = this.block[place] as number;
    const before = this.previous[place] as number;
    this.block[v] = block;
    this.previous[v] = before;
    this.next[v] = place;
    this.previous[place] = v;
    if (before === 0) this.first[block] = v;
    else this.next[before] = v;
    return v;
  }

  /** Takes an instruction out of its block. Its number stays valid, and it may be put elsewhere. */
  remove(v: Value): void {
    const block = this.block[v] as number;
    const before = this.previous[v] as number;
    const after = this.next[v] as number;
    if (before === 0) this.first[block] = after;
    else this.next[before] = after;
    if (after === 0) this.last[block] = before;
    else this.previous[after] = before;
    this.block[v] = -1;
  }

  opOf(v: Value): Op { return this.op[v] as Op; }
  typeOf(v: Value): Type { return this.type[v] as Type; }
  arg0(v: Value): Value { return this.a[v] as Value; }
  arg1(v: Value): Value { return this.b[v] as Value; }
  arg2(v: Value): Value { return this.c[v] as Value; }
  /** Bits of `Effect`. */
  effects(v: Value): number { return opEffects[this.op[v] as number] as number; }
  blockOf(v: Value): Block { return this.block[v] as Block; }
  firstOf(block: Block): Value { return this.first[block] as Value; }
  terminator(block: Block): Value { return this.last[block] as Value; }
  nextOf(v: Value): Value { return this.next[v] as Value; }
  isConst(v: Value): boolean { return this.op[v] === Op.const; }
  isFloating(v: Value): boolean { return ((opEffects[this.op[v] as number] as number) & Effect.floats) !== 0; }

  /** The integer constant `low | high << 32` of a type up to 64 bits; stored sign-extended to 64 bits, so that equal constants are one value. */
  constant(type: Type, low: number, high: number): Value {
    return this.unique(Op.const, type, low | 0, high | 0, 0);
  }

  /** An integer constant from a JavaScript integer (up to 2^53); truncated to the type and sign-extended. */
  int(type: Type, value: number): Value {
    if (type === Type.i8) value = (value << 24) >> 24;
    else if (type === Type.i16) value = (value << 16) >> 16;
    else if (type === Type.i32) value = value | 0;
    const low = value | 0;
    const high = low === value ? low >> 31 : Math.floor(value / 4294967296) | 0;
    if (type === Type.i128) return this.constant128(low, high, high >> 31, high >> 31);
    return this.constant(type, low, high);
  }

  /** An integer constant of any width. For borders (parser, tests, constant evaluation), not for hot paths. */
  big(type: Type, value: bigint): Value {
    const near = Number(value);
    if (Number.isSafeInteger(near)) return this.int(type, near);
    const bits = type === Type.i8 ? 8 : type === Type.i16 ? 16 : type === Type.i32 ? 32 : type === Type.i128 ? 128 : 64;
    const wrapped = BigInt.asIntN(bits, value);
    if (type !== Type.i128) return this.constant(type, wordOf(wrapped, 0), wordOf(wrapped, 1));
    return this.constant128(wordOf(wrapped, 0), wordOf(wrapped, 1), wordOf(wrapped, 2), wordOf(wrapped, 3));
  }

  /** An integer or vector constant of 128 bits, by words from the lowest. Looks through all values for an equal one: such constants are rare. */
  constant128(word0: number, word1: number, word2: number, word3: number, type: Type = Type.i128): Value {
    for (let at = this.floatingCount === 0 ? this.valueCount : 1; at < this.valueCount; at++) {
      if (this.op[at] !== Op.const || this.type[at] !== type || this.a[at] !== word0 || this.b[at] !== word1) continue;
      const more = this.c[at] as number;
      if (this.pool[more + 1] === word2 && this.pool[more + 2] === word3) return at as Value;
    }
    const more = this.list([word2, word3]);
    this.floatingCount++;
    return this.create(Op.const, type, word0, word1, more, 0);
  }

  /** The value of an integer constant as signed number. */
  bigOf(v: Value): bigint {
    const small = this.smallInt(v);
    if (small === small) return BigInt(small);
    const low = BigInt(this.a[v] as number) & 0xffffffffn;
    const low64 = (BigInt(this.b[v] as number) << 32n) | low;
    if (this.type[v] !== Type.i128) return low64;
    const more = this.c[v] as number;
    const high = (BigInt(this.pool[more + 2] as number) << 32n) | (BigInt(this.pool[more + 1] as number) & 0xffffffffn);
    return (high << 64n) | (low64 & 0xffffffffffffffffn);
  }

  /** The value of an integer constant of up to 64 bits that fits 32, as signed number; NaN for any other value. */
  smallInt(v: Value): number {
    const low = this.a[v] as number;
    return this.op[v] === Op.const && this.type[v] !== Type.i128 && this.b[v] === low >> 31 ? low : NaN;
  }

  /** The constant of a double. */
  f64(value: number): Value {
    float64[0] = value;
    return this.constant(Type.f64, words[0] as number, words[1] as number);
  }

  /** The constant of the single nearest to `value`. */
  f32(value: number): Value {
    float32[0] = value;
    return this.constant(Type.f32, words[0] as number, 0);
  }

  /** The value of a float constant. */
  floatOf(v: Value): number {
    words[0] = this.a[v] as number;
    words[1] = this.b[v] as number;
    return this.type[v] === Type.f32 ? (float32[0] as number) : (float64[0] as number);
  }

  /** The address of a symbol, `offset` bytes on: one value wherever it is used. */
  address(symbol: SymbolId, offset = 0): Value {
    return this.unique(Op.address, Type.ptr, symbol, offset, 0);
  }

  /** The address of a stack slot: one value wherever it is used. */
  slotAddress(slot: Slot): Value {
    return this.unique(Op.slot, Type.ptr, slot, 0, 0);
  }

  /** Bytes of all slots. */
  slotBytes(): number {
    let bytes = 0;
    for (let slot = 0; slot < this.slotCount; slot++) bytes += this.slotSize[slot] as number;
    return bytes;
  }

  /** A stack slot of `size` bytes. */
  slot(size: number, alignment: number): Slot {
    const slot = this.slotCount++;
    if (slot === this.slotSize.length) this.growSlots();
    this.slotSize[slot] = size;
    this.slotAlignment[slot] = alignment;
    return slot as Slot;
  }

  /** Takes out the slots marked in `dead` and numbers the others anew. Their addresses must not be used any more. */
  removeSlots(dead: Uint8Array): void {
    const renumbered = new Int32Array(this.slotCount);
    let kept = 0;
    for (let slot = 0; slot < this.slotCount; slot++) {
      if (dead[slot] === 1) continue;
      renumbered[slot] = kept;
      this.slotSize[kept] = this.slotSize[slot] as number;
      this.slotAlignment[kept++] = this.slotAlignment[slot] as number;
    }
    this.slotCount = kept;
    // Dead addresses stay in the table of floating values: no values any more, they are equal to nothing that is looked for.
    const { floating } = this;
    for (let at = 0; at < floating.length; at++) {
      const v = floating[at] as number;
      if (v === 0 || this.op[v] !== Op.slot) continue;
      const slot = this.a[v] as number;
      if (dead[slot] === 1) this.op[v] = Op.none;
      else this.a[v] = renumbered[slot] as number;
    }
    // The keys of the others have changed, if there are any.
    if (kept > 0) this.refillFloating(this.floating.length);
  }

  private unique(op: Op, type: Type, a: number, b: number, c: number): Value {
    if (this.floatingCount * 2 >= this.floating.length) this.refillFloating(this.floating.length * 2);
    const table = this.floating;
    const mask = table.length - 1;
    let at = floatingHash(op, type, a, b) & mask;
    for (let v = table[at] as number; v !== 0; v = table[at] as number) {
      if (this.a[v] === a && this.b[v] === b && this.op[v] === op && this.type[v] === type) return v as Value;
      at = (at + 1) & mask;
    }
    const v = this.create(op, type, a, b, c, 0);
    table[at] = v;
    this.floatingCount++;
    return v;
  }

  // ── blocks, edges, lists ──

  /** A new block at the end of the order. */
  newBlock(): Block {
    const block = this.blockCount++;
    if (block === this.first.length) this.growBlocks();
    this.first[block] = 0;
    this.last[block] = 0;
    this.firstParam[block] = 0;
    this.order.push(block as Block);
    return block as Block;
  }

  /** Appends a parameter to a block; every edge to it needs one more argument. */
  addParam(block: Block, type: Type, position = 0): Value {
    const v = this.create(Op.param, type, 0, 0, 0, position);
    this.block[v] = block;
    let tail = this.firstParam[block] as number;
    if (tail === 0) {
      this.firstParam[block] = v;
      return v;
    }
    let index = 1;
    while (this.next[tail] !== 0) {
      tail = this.next[tail] as number;
      index++;
    }
    this.next[tail] = v;
    this.previous[v] = tail;
    this.a[v] = index;
    return v;
  }

  /** Bytes behind a pointer that the function was given that may be read as long as it runs; 0: none are promised. */
  readableBehind(param: Value): number { return this.b[param] as number; }

  setReadable(param: Value, bytes: number): void { this.b[param] = bytes; }

  /** How many parameters a block has. */
  paramCount(block: Block): number {
    let count = 0;
    for (let v = this.firstParam[block] as number; v !== 0; v = this.next[v] as number) count++;
    return count;
  }

  /** Parameter `index` of a block. */
  param(block: Block, index: number): Value {
    let v = this.firstParam[block] as number;
    for (let i = 0; i < index; i++) v = this.next[v] as number;
    return v as Value;
  }

  /** An edge to a block, with the arguments for its parameters; an instruction that ends a block names it. Most have none, and an array that is always empty is one of its own kind. */
  edge(target: Block, args?: ArrayLike<number>): Edge {
    const count = args === undefined ? 0 : args.length;
    const edge = this.edgeCount++;
    if (edge === this.edgeTarget.length) this.growEdges();
    this.edgeTarget[edge] = target;
    this.edgeArgCount[edge] = count;
    this.edgeArgs[edge] = this.poolCount;
    if (args === undefined) return edge as Edge;
    this.reservePool(count);
    for (let i = 0; i < count; i++) this.pool[this.poolCount++] = args[i] as number;
    return edge as Edge;
  }

  edgeBlock(edge: Edge): Block { return this.edgeTarget[edge] as Block; }
  edgeArg(edge: Edge, index: number): Value { return this.pool[(this.edgeArgs[edge] as number) + index] as Value; }
  setEdgeArg(edge: Edge, index: number, v: Value): void { this.pool[(this.edgeArgs[edge] as number) + index] = v; }

  /** A further argument, behind the others. */
  addEdgeArg(edge: Edge, v: Value): void {
    const count = this.edgeArgCount[edge] as number;
    const from = this.edgeArgs[edge] as number;
    if (from + count !== this.poolCount) {
      this.reservePool(count + 1);
      this.pool.copyWithin(this.poolCount, from, from + count);
      this.edgeArgs[edge] = this.poolCount;
      this.poolCount += count;
    } else {
      this.reservePool(1);
    }
    this.pool[this.poolCount++] = v;
    this.edgeArgCount[edge] = count + 1;
  }

  /** Removes the block parameters marked in `dead` (by value), and the arguments for them from every edge. Uses must be gone. */
  removeParams(dead: Uint8Array): void {
    for (const block of this.order) {
      const count = this.successorCount(block);
      for (let s = 0; s < count; s++) {
        const edge = this.successor(block, s);
        const from = this.edgeArgs[edge] as number;
        let kept = from;
        let param = this.firstParam[this.edgeTarget[edge] as number] as number;
        for (let i = from, end = from + (this.edgeArgCount[edge] as number); i < end; i++) {
          if (dead[param] !== 1) this.pool[kept++] = this.pool[i] as number;
          param = this.next[param] as number;
        }
        this.edgeArgCount[edge] = kept - from;
      }
    }
    for (const block of this.order) {
      let before = 0;
      let index = 0;
      for (let v = this.firstParam[block] as number; v !== 0; v = this.next[v] as number) {
        if (dead[v] === 1) {
          this.block[v] = -1;
          continue;
        }
        if (before === 0) this.firstParam[block] = v;
        else this.next[before] = v;
        this.previous[v] = before;
        this.a[v] = index++;
        before = v;
      }
      if (before === 0) this.firstParam[block] = 0;
      else this.next[before] = 0;
    }
  }

  /** Numbers in the pool, for instructions with any number of operands. */
  list(items?: ArrayLike<number>): List {
    if (items === undefined || items.length === 0) return emptyList;
    this.reservePool(items.length + 1);
    const list = this.poolCount;
    this.pool[this.poolCount++] = items.length;
    for (let i = 0; i < items.length; i++) this.pool[this.poolCount++] = items[i] as number;
    return list as List;
  }

  listLength(list: List): number { return list === 0 ? 0 : (this.pool[list] as number); }
  listItem(list: List, index: number): Value { return this.pool[list + 1 + index] as Value; }
  setListItem(list: List, index: number, v: Value): void { this.pool[list + 1 + index] = v; }

  /** A switch table: `cases` are (low 32 bits, high 32 bits, edge) triples. It is a list of 3 × count numbers. */
  switchCount(v: Value): number { return this.listLength(this.b[v] as List) / 3; }
  switchLow(v: Value, index: number): number { return this.pool[(this.b[v] as number) + 1 + 3 * index] as number; }
  switchHigh(v: Value, index: number): number { return this.pool[(this.b[v] as number) + 2 + 3 * index] as number; }
  switchEdge(v: Value, index: number): Edge { return this.pool[(this.b[v] as number) + 3 + 3 * index] as Edge; }

  /** Number of edges that leave a block, and each of them; for a switch the default comes last. */
  successorCount(block: Block): number {
    const v = this.last[block] as Value;
    const op = this.op[v];
    return op === Op.jump ? 1 : op === Op.branch ? 2 : op === Op.switch ? this.switchCount(v) + 1 : 0;
  }

  /** Edge `index` of those that leave a block, below `successorCount`. */
  successor(block: Block, index: number): Edge {
    const v = this.last[block] as Value;
    const op = this.op[v];
    if (op === Op.jump) return this.a[v] as Edge;
    if (op === Op.branch) return (index === 0 ? this.b[v] : this.c[v]) as Edge;
    return index < this.switchCount(v) ? this.switchEdge(v, index) : (this.c[v] as Edge);
  }

  /**
   * Writes the edges that leave a block to `into`, from `at` on, and gives the place behind them: for who walks many blocks, one question a block
   * instead of one an edge. `into` needs room for all edges of the function.
   */
  successors(block: Block, into: Int32Array, at: number): number {
    const v = this.last[block] as Value;
    const op = this.op[v];
    if (op === Op.jump) into[at++] = this.a[v] as number;
    else if (op === Op.branch) {
      into[at++] = this.b[v] as number;
      into[at++] = this.c[v] as number;
    } else if (op === Op.switch) {
      for (let i = 0, count = this.switchCount(v); i < count; i++) into[at++] = this.switchEdge(v, i);
      into[at++] = this.c[v] as number;
    }
    return at;
  }

  // ── operands, whatever the operation ──

  /**
   * Replaces operands by `map[operand]` where that is not 0, in all instructions, lists and edges, following chains.
   * This is how passes substitute values: they note replacements in one array and sweep once.
   */
  substitute(map: Int32Array): void {
    substituteOperands(this, map);
  }

  /** Calls `visit` for each value operand of an instruction, edges' arguments included. For tools and tests; hot passes open the columns. */
  forEachOperand(v: Value, visit: (operand: Value) => void): void {
    const op = this.op[v] as number;
    const values = opValueOperands[op] as number;
    if ((values & 1) !== 0) visit(this.a[v] as Value);
    if ((values & 2) !== 0) visit(this.b[v] as Value);
    if ((values & 4) !== 0) visit(this.c[v] as Value);
    const which = opListOperand[op] as number;
    if (which !== 0) {
      const list = (which === 1 ? this.a[v] : which === 2 ? this.b[v] : this.c[v]) as List;
      for (let i = 0; i < this.listLength(list); i++) visit(this.listItem(list, i));
    }
    if (op === Op.jump || op === Op.branch || op === Op.switch) {
      const block = this.block[v] as Block;
      for (let s = 0; s < this.successorCount(block); s++) {
        const edge = this.successor(block, s);
        for (let i = 0; i < (this.edgeArgCount[edge] as number); i++) visit(this.edgeArg(edge, i));
      }
    }
  }
}

const float64 = new Float64Array(1);
const float32 = new Float32Array(float64.buffer);
const words = new Int32Array(float64.buffer);

/** The 32 bits at `index`, counted from the lowest. */
function wordOf(value: bigint, index: number): number {
  return Number(BigInt.asIntN(32, value >> BigInt(32 * index)));
}
