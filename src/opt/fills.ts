/**
 * Loops that write the same bytes to one place after the other (`for i in 0..n { xs[i] = 0 }`) become one `fill`, which goes by words. A loop of one block that
 * does nothing else: the address goes by the size of what is stored, a counter by 1 up to what it is compared with.
 */

import { countUses } from "../analysis/uses.ts";
import { IntColumn } from "../analysis/columns.ts";
import { ValueFlag, noValue, type Block, type Edge, type IrFunction, type Value } from "../ir/function.ts";
import { runtimeFunctions } from "../ir/module.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const fills: FunctionPass = { name: "fills", over: "function", upon: Subject.flow, needs: ["reachable"], settles: true, run };

const usesColumn = new IntColumn();

function run(f: IrFunction, context: PassContext): boolean {
  // What fills memory is no call of itself.
  if (!context.controlFlow(f).hasLoops || f.symbol === context.module.find(runtimeFunctions.fill)) return false;
  const found: FillLoop[] = [];
  for (const block of f.order) {
    const one = fillLoop(f, block);
    if (one !== undefined) found.push(one);
  }
  if (found.length === 0) return false;
  const uses = countUses(f, usesColumn);
  const chosen = found.filter((one) => staysInside(f, one, uses) && context.allow());
  for (const one of chosen) write(f, one);
  if (chosen.length > 0) context.controlFlowChanged();
  return chosen.length > 0;
}

interface FillLoop {
  readonly block: Block;
  readonly store: Value;
  readonly byte: Value;
  /** How often it turns: until `counter`, the parameter, has come to `bound` by steps of 1. */
  readonly counter: Value;
  readonly bound: Value;
  readonly below: typeof Op.slt | typeof Op.ult;
  /** Where it goes on behind the loop. */
  readonly exit: Edge;
}

function fillLoop(f: IrFunction, block: Block): FillLoop | undefined {
  const branch = f.terminator(block);
  if (f.op[branch] !== Op.branch) return undefined;
  const [onTrue, onFalse] = [f.b[branch] as Edge, f.c[branch] as Edge];
  // Turned loops go on while the comparison holds.
  if (f.edgeTarget[onTrue] !== block || f.edgeTarget[onFalse] === block) return undefined;
  let store = noValue;
  for (let v = f.firstOf(block); v !== branch; v = f.nextOf(v)) {
    const op = f.opOf(v);
    if (op === Op.store && store === noValue) store = v;
    else if (((opEffects[op] as number) & (Effect.writes | Effect.reads | Effect.traps | Effect.calls)) !== 0) return undefined;
  }
  if (store === noValue || ((f.flags[store] as number) & ValueFlag.volatile) !== 0) return undefined;
  const byte = byteOf(f, f.arg0(store), block);
  const condition = f.arg0(branch);
  const below = f.opOf(condition);
  if (byte === noValue || (below !== Op.slt && below !== Op.ult) || f.typeOf(f.arg1(condition)) !== Type.i64) return undefined;
  const counter = steppedBy(f, f.arg0(condition), block, onTrue, 1);
  // That what is compared does not wrap makes the bound the last one.
  const flag = below === Op.slt ? ValueFlag.noSignedWrap : ValueFlag.noUnsignedWrap;
  if (counter === noValue || ((f.flags[f.arg0(condition)] as number) & flag) === 0 || isWithin(f, f.arg1(condition), block)) return undefined;
  const size = typeSize[f.typeOf(f.arg0(store))] as number;
  if (!goesBy(f, f.arg1(store), block, onTrue, size)) return undefined;
  return { block, store, byte, counter, bound: f.arg1(condition), below, exit: onFalse };
}

function isWithin(f: IrFunction, v: Value, block: Block): boolean {
  return !f.isFloating(v) && f.block[v] === block;
}

/** The byte that a stored value repeats, as a value of 8 bits; none if it does not, or changes in the block. */
function byteOf(f: IrFunction, stored: Value, block: Block): Value {
  const type = f.typeOf(stored);
  if (!f.isConst(stored)) return type === Type.i8 && !isWithin(f, stored, block) ? stored : noValue;
  const size = typeSize[type] as number;
  if (size > 8) return noValue;
  const [low, high] = [f.a[stored] as number, f.b[stored] as number];
  const byte = (low << 24) >> 24;
  const word = Math.imul(byte & 0xff, 0x01010101);
  const repeats = size === 1 || (size === 2 ? (low & 0xffff) === (word & 0xffff) : low === word && (size === 4 || high === word));
  return repeats ? f.int(Type.i8, byte) : noValue;
}

/** The parameter of the block that `next` is `step` more than, if it is what the next turn is given for it; else none. */
function steppedBy(f: IrFunction, next: Value, block: Block, back: Edge, step: number): Value {
  const op = f.op[next];
  if ((op !== Op.add && op !== Op["ptr.add"]) || f.smallInt(f.arg1(next)) !== step) return noValue;
  const from = f.arg0(next);
  return f.op[from] === Op.param && f.block[from] === block && f.edgeArg(back, f.a[from] as number) === next ? from : noValue;
}

/** Each turn, the address is `size` bytes further: a pointer that steps so, or one that a counter was added to. */
function goesBy(f: IrFunction, address: Value, block: Block, back: Edge, size: number): boolean {
  const isParam = (v: Value): boolean => f.op[v] === Op.param && f.block[v] === block;
  if (isParam(address)) return steppedBy(f, f.edgeArg(back, f.a[address] as number), block, back, size) === address;
  if (f.op[address] !== Op["ptr.add"] || isWithin(f, f.arg0(address), block)) return false;
  const by = f.arg1(address);
  const isShifted = f.op[by] === Op.shl && size > 1 && f.smallInt(f.arg1(by)) === Math.log2(size);
  const counter = isShifted ? f.arg0(by) : by;
  return (isShifted || size === 1) && isParam(counter) && steppedBy(f, f.edgeArg(back, f.a[counter] as number), block, back, 1) === counter;
}

/** Nothing that the block computes is used behind the loop. */
function staysInside(f: IrFunction, { block }: FillLoop, uses: Int32Array): boolean {
  const inside = new Map<Value, number>();
  const count = (v: Value): void => {
    if (isWithin(f, v, block)) inside.set(v, (inside.get(v) ?? 0) + 1);
  };
  const branch = f.terminator(block);
  for (let v = f.firstOf(block); v !== branch; v = f.nextOf(v)) f.forEachOperand(v, count);
  count(f.arg0(branch));
  const back = f.b[branch] as Edge;
  for (let i = 0; i < (f.edgeArgCount[back] as number); i++) count(f.edgeArg(back, i));
  const isInside = (v: Value): boolean => uses[v] === (inside.get(v) ?? 0);
  for (let v = f.firstOf(block); v !== noValue; v = f.nextOf(v)) if (!isInside(v)) return false;
  for (let p = f.firstParam[block] as Value; p !== noValue; p = f.nextOf(p)) if (!isInside(p)) return false;
  return true;
}

/** The block, run once: its parameters are the first turn's. It turns once at least, as it asks at its end. */
function write(f: IrFunction, { block, store, byte, counter, bound, below, exit }: FillLoop): void {
  const branch = f.terminator(block);
  const position = f.position[store] as number;
  const make = (op: Op, type: Type, a: Value, b: Value, c = 0): Value => {
    const v = f.insertBefore(branch, f.create(op, type, a, b, c, position));
    f.site[v] = f.site[store] as number;
    return v;
  };
  const size = typeSize[f.typeOf(f.arg0(store))] as number;
  const distance = make(Op.sub, Type.i64, bound, counter);
  const turns = make(Op.select, Type.i64, make(below, Type.i8, counter, bound), distance, f.int(Type.i64, 1));
  const bytes = size === 1 ? turns : make(Op.shl, Type.i64, turns, f.int(Type.i64, Math.log2(size)));
  const offset = f.c[store] as number;
  const address = offset === 0 ? f.arg1(store) : make(Op["ptr.add"], Type.ptr, f.arg1(store), f.int(Type.i64, offset));
  make(Op.fill, Type.void, address, byte, bytes);
  f.remove(store);
  f.op[branch] = Op.jump;
  f.type[branch] = Type.void;
  f.a[branch] = exit;
  f.b[branch] = 0;
  f.c[branch] = 0;
}
