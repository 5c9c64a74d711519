/**
 * Where arguments and results travel: AAPCS64 for `c`, the same registers and eight results for `lang`. Registers have one numbering in the
 * code generator: 0 to 30 integer, 32 to 63 floating. `lang` functions keep no floating register; C functions keep d8 to d15.
 * Apple's variant packs stack arguments by their own sizes and passes what is variadic on the stack only, a word each; Windows' passes everything
 * in calls of variadic functions as if it were integers.
 */
import type { IrFunction, List } from "../../ir/function.ts";
import type { Signature } from "../../ir/module.ts";
import { Type } from "../../ir/types.ts";
import type { Platform } from "../platform.ts";
import { isFloat, widthOfType } from "../selector.ts";
import type { CallPlacements, Placement } from "../selector.ts";

export const V0 = 32;
export const calleeSaved: readonly number[] = [19, 20, 21, 22, 23, 24, 25, 26, 27, 28];
/** The same, as bits. */
export const savedMask = calleeSaved.reduce((mask, register) => mask | (1 << register), 0);
export const FIRST_C_FLOAT = 8;
export const C_FLOATS = 8;

/** `fixed`: how many of the types belong to declared parameters, where the function is variadic. */
function place(types: readonly Type[], calls: Platform["calls"] = "system", fixed?: number): Placement {
  const flat = types.flatMap((type) => (type === Type.i128 ? [Type.i64, Type.i64] : [type]));
  const places = new Int32Array(flat.length);
  const asIntegers = calls === "windows" && fixed !== undefined;
  let [integer, float, stack] = [0, 0, 0];
  flat.forEach((type, i) => {
    const extra = calls === "apple" && fixed !== undefined && i >= fixed;
    if (!extra && !asIntegers && (isFloat(type) || type >= Type.v128)) {
      if (float < 8) {
        places[i] = V0 + float++;
        return;
      }
    } else if (!extra && integer < 8) {
      places[i] = integer++;
      return;
    }
    const size = calls === "apple" && !extra ? 1 << widthOfType[type] : 8;
    stack = (stack + size - 1) & -size;
    places[i] = -1 - stack;
    stack += size;
  });
  return { places, stackSize: (stack + 15) & ~15 };
}

/** Placements by signature, worked out once. */
export class Placements implements CallPlacements {
  private readonly args: (Placement | undefined)[] = [];
  private readonly results: (Placement | undefined)[] = [];
  private readonly calls: Platform["calls"];

  constructor(calls: Platform["calls"] = "system") {
    this.calls = calls;
  }

  argumentsOf(id: number, signature: Signature): Placement {
    return (this.args[id] ??= signature.passing === undefined
      ? place(signature.parameters, signature.convention === "c" ? this.calls : "system")
      : { places: Int32Array.from(signature.passing.parameters), stackSize: signature.passing.stackSize });
  }

  /** Where the arguments of a call go; a variadic call is placed by those that it has. */
  ofCall(f: IrFunction, args: number, id: number, signature: Signature): Placement {
    return signature.variadic && signature.passing === undefined ? this.variadic(f, args, signature) : this.argumentsOf(id, signature);
  }

  /** A C variadic call: the types are those of the actual arguments. */
  private variadic(f: IrFunction, args: number, signature: Signature): Placement {
    return place(Array.from({ length: f.listLength(args as List) }, (_, i) => f.typeOf(f.listItem(args as List, i))), this.calls, signature.parameters.length);
  }

  resultsOf(id: number, signature: Signature): Placement {
    const made = (this.results[id] ??= signature.passing === undefined ? place(signature.results) : { places: Int32Array.from(signature.passing.results), stackSize: 0 });
    if (made.stackSize > 0) throw new Error("codegen/arm64/convention.resultsOf: more results than registers; return them through a pointer");
    return made;
  }
}
