/**
 * Where arguments and results travel.
 *
 * `c`: System V AMD64 (psABI 3.2.3), on Windows its x64 convention: argument n in the nth register of its class, 32 bytes of room above the
 * return address, more registers saved by the callee. Structs arrive already split. A caller extends narrow integers itself before it passes them.
 * `lang`: the same registers first, so that calls to and from C cost no shuffle, then two more; as many results in registers.
 * The callee-saved set is the same in both, but for C on Windows: rbx, rbp, r12 to r15. Upper bits of narrow values are undefined in `lang`.
 */

import type { IrFunction, List } from "../../ir/function.ts";
import type { Signature } from "../../ir/module.ts";
import { Type } from "../../ir/types.ts";
import type { Platform } from "../platform.ts";
import { maskOf } from "../registerFile.ts";
import type { CallPlacements, Placement } from "../selector.ts";
import { R10, R12, R13, R14, R15, R8, R9, RAX, RBP, RBX, RCX, RDI, RDX, RSI } from "../../../encoders/x86_64/registers.ts";

/** Registers have one numbering in the code generator: 0 to 15 integer, 16 to 31 floating. */
export const XMM0 = 16;
const isFloatRegister = (register: number): boolean => register >= XMM0;

/** In a signature's places, as src/cabi numbers them: the upper eight bytes of xmm0. */
const UPPER_XMM0 = 32;

/** Bytes that a caller reserves for the callee above the return address (Windows x64). */
export const SHADOW_SPACE = 32;
const windowsIntegers = [RCX, RDX, R8, R9];
/** What a C function on Windows saves beyond `calleeSaved`. */
export const windowsSaved: readonly number[] = [RDI, RSI];
/** The floating registers that it saves: xmm6 to xmm15. */
export const FIRST_WINDOWS_FLOAT = 6;
export const WINDOWS_FLOATS = 10;

const cIntegers = [RDI, RSI, RDX, RCX, R8, R9];
const langIntegers = [RDI, RSI, RDX, RCX, R8, R9, R10, RAX];
const cResults = [RAX, RDX];
const langResults = [RAX, RDX, RCX, RSI, RDI, R8, R9, R10];

export const calleeSaved: readonly number[] = [RBX, RBP, R12, R13, R14, R15];
/** The same, as bits. */
export const savedMask = maskOf(calleeSaved);

export interface CountedPlacement extends Placement {
  /** How many floating registers are used: al of a variadic call. */
  readonly floatRegisters: number;
}

/**
 * Windows passes what is variadic in both classes: the integer register that a floating argument in `place` is wanted in, too; -1 for none.
 */
export function windowsTwin(place: number): number {
  return place >= XMM0 && place < XMM0 + windowsIntegers.length ? (windowsIntegers[place - XMM0] as number) : -1;
}

/** The parameters of a signature with 128-bit integers as two words. */
function flattened(types: readonly Type[]): readonly Type[] {
  return types.includes(Type.i128) ? types.flatMap((type) => (type === Type.i128 ? [Type.i64, Type.i64] : [type])) : types;
}

/** Places for arguments of these types; for a C variadic call, the types are those of the actual arguments. */
function placeArguments(types: readonly Type[], convention: Signature["convention"], calls: Platform["calls"] = "system"): CountedPlacement {
  if (convention === "c" && calls === "windows") return placeByNumber(flattened(types));
  return place(flattened(types), convention === "c" ? cIntegers : langIntegers, 8, true);
}

function placeResults(types: readonly Type[], convention: Signature["convention"]): CountedPlacement {
  const placement = place(flattened(types), convention === "c" ? cResults : langResults, convention === "c" ? 2 : 8, false);
  if (placement.stackSize > 0) throw new Error("codegen/x86_64/convention.placeResults: more results than registers; return them through a pointer");
  return placement;
}

function place(types: readonly Type[], integers: readonly number[], floats: number, onStack: boolean): CountedPlacement {
  const places = new Int32Array(types.length);
  let integer = 0;
  let float = 0;
  let stack = 0;
  for (let i = 0; i < types.length; i++) {
    const type = types[i] as Type;
    if (type === Type.f32 || type === Type.f64 || type >= Type.v128) {
      if (float < floats) {
        places[i] = XMM0 + float++;
        continue;
      }
    } else if (integer < integers.length) {
      places[i] = integers[integer++] as number;
      continue;
    }
    places[i] = -1 - stack;
    stack += 8;
  }
  if (stack > 0 && !onStack) return { places, stackSize: stack, floatRegisters: float };
  return { places, stackSize: (stack + 15) & ~15, floatRegisters: float };
}

/** Windows x64: the number of an argument chooses its register, whatever its class; the fifth lies above the room for the first four. */
function placeByNumber(types: readonly Type[]): CountedPlacement {
  const places = new Int32Array(types.length);
  for (let i = 0; i < types.length; i++) {
    const type = types[i] as Type;
    const float = type === Type.f32 || type === Type.f64 || type >= Type.v128;
    places[i] = i >= windowsIntegers.length ? -1 - i * 8 : float ? XMM0 + i : (windowsIntegers[i] as number);
  }
  return { places, stackSize: (Math.max(SHADOW_SPACE, types.length * 8) + 15) & ~15, floatRegisters: 0 };
}

/** What the front end has placed already. */
function placedAs({ passing }: Signature): CountedPlacement | undefined {
  return passing && { places: Int32Array.from(passing.parameters), stackSize: passing.stackSize, floatRegisters: passing.parameters.filter(isFloatRegister).length };
}

/** The upper half of xmm0 is a register of its own within a function: xmm1. */
function placedResults(results: readonly number[]): CountedPlacement {
  return { places: Int32Array.from(results, (place) => (place === UPPER_XMM0 ? XMM0 + 1 : place)), stackSize: 0, floatRegisters: 0, inOneRegister: results.includes(UPPER_XMM0) };
}

/** Placements by signature, worked out once. */
export class Placements implements CallPlacements {
  private readonly calls: Platform["calls"];
  private readonly args: (CountedPlacement | undefined)[] = [];
  private readonly results: (CountedPlacement | undefined)[] = [];

  constructor(calls: Platform["calls"]) {
    this.calls = calls;
  }

  argumentsOf(id: number, signature: Signature): CountedPlacement {
    return (this.args[id] ??= placedAs(signature) ?? placeArguments(signature.parameters, signature.convention, this.calls));
  }

  /** Where the arguments of a call go; a variadic call is placed by those that it has. */
  ofCall(f: IrFunction, args: number, id: number, signature: Signature): CountedPlacement {
    return signature.variadic && signature.passing === undefined ? this.variadic(f, args) : this.argumentsOf(id, signature);
  }

  /** A C variadic call: the types are those of the actual arguments, which lie in list `args` of `f`. */
  private variadic(f: IrFunction, args: number): CountedPlacement {
    const types: Type[] = [];
    for (let i = 0; i < f.listLength(args as List); i++) types.push(f.typeOf(f.listItem(args as List, i)));
    return placeArguments(types, "c", this.calls);
  }

  resultsOf(id: number, signature: Signature): CountedPlacement {
    return (this.results[id] ??= signature.passing === undefined
      ? placeResults(signature.results, signature.convention)
      : placedResults(signature.passing.results));
  }
}
