/** Which type an operand must have: what printer, parser and verifier need to agree on, stated once. */

import type { Block, IrFunction, Value } from "./function.ts";
import type { Module } from "./module.ts";
import { Op, opOperands, opResult } from "./ops.ts";
import { Type } from "./types.ts";

/**
 * The type of value operand `index` (0, 1, 2 for columns a, b, c) of an operation whose type column is `type`; `first` is the type of
 * operand a where that is known. `void`: the operation accepts several, so a constant there must state its own.
 */
export function operandType(op: Op, index: number, type: Type, first: Type): Type {
  if (opResult[op] === "same") return type;
  switch (op) {
    case Op.select: return index === 0 ? Type.i8 : type;
    case Op["ptr.add"]: return index === 0 ? Type.ptr : Type.i64;
    case Op.load:
    case Op["atomic.load"]:
    case Op["call.indirect"]: return Type.ptr;
    case Op.store:
    case Op["atomic.store"]: return index === 0 ? Type.void : Type.ptr;
    case Op["atomic.add"]:
    case Op["atomic.swap"]:
    case Op["atomic.cas"]: return index === 0 ? Type.ptr : type;
    case Op.copy:
    case Op.move: return index === 2 ? Type.i64 : Type.ptr;
    case Op.fill: return index === 0 ? Type.ptr : index === 1 ? Type.i8 : Type.i64;
    case Op["trap.if"]:
    case Op.branch: return Type.i8;
    case Op.fpromote: return Type.f32;
    case Op.fdemote: return Type.f64;
    default:
      // Comparisons and overflow tests: both operands have one type, which the first one tells.
      return opOperands[op] === "vv-" && opResult[op] === "i8" && index === 1 ? first : Type.void;
  }
}

/** The type of item `index` of an instruction's list, `void` where any is accepted (variable arguments, a trap's operands). */
export function listItemType(module: Module, f: IrFunction, v: Value, index: number): Type {
  switch (f.opOf(v)) {
    // What is no function has no signature: the verifier says so.
    case Op.call: return module.signatures[module.functionSignatures[f.a[v] as number] as number]?.parameters[index] ?? Type.void;
    case Op["call.indirect"]: return module.signatures[f.c[v] as number]?.parameters[index] ?? Type.void;
    case Op.return: return module.signatures[f.signature]?.results[index] ?? Type.void;
    case Op.syscall: return Type.i64;
    default: return Type.void;
  }
}

/** Types of a block's parameters. */
export function paramTypes(f: IrFunction, block: Block): Type[] {
  const types: Type[] = [];
  for (let v = f.firstParam[block] as number; v !== 0; v = f.next[v] as number) types.push(f.type[v] as Type);
  return types;
}

/** Whether an instruction has a result that others may use; `store` keeps the stored value's type in its column and has none. */
export function hasResult(f: IrFunction, v: Value): boolean {
  return opResult[f.op[v] as number] !== "none" && f.type[v] !== Type.void;
}
