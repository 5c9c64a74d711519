/** Loads from data that nobody writes are constants. */

import { ValueFlag, noValue, type IrFunction, type SymbolId, type Value } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Type, isFloat, typeSize } from "../ir/types.ts";

/** Tables with more addresses are not searched. */
const MOST_RELOCATIONS = 64;

/** The constant that the load `v` gives, or `noValue`: its place is not known, may be written, or holds an address. */
export function constantLoad(f: IrFunction, v: Value, module: Module): Value {
  const pointer = f.arg0(v);
  const type = f.typeOf(v);
  if (f.op[pointer] !== Op.address || type >= Type.v128 || type === Type.i128 || type === Type.ptr || ((f.flags[v] as number) & ValueFlag.volatile) !== 0) return noValue;
  const data = module.data.get(f.a[pointer] as SymbolId);
  if (data === undefined || data.writable || data.relocations.length > MOST_RELOCATIONS) return noValue;
  const at = (f.b[pointer] as number) + (f.b[v] as number);
  const size = typeSize[type] as number;
  if (at < 0 || at + size > data.size) return noValue;
  for (const { offset } of data.relocations) if (offset < at + size && at < offset + 8) return noValue;
  let [low, high] = [0, 0];
  for (let i = 0; i < size; i++) {
    const byte = data.bytes[at + i] ?? 0;
    if (i < 4) low |= byte << (8 * i);
    else high |= byte << (8 * (i - 4));
  }
  if (size === 8 || isFloat(type)) return f.constant(type, low, high);
  return f.int(type, low);
}
