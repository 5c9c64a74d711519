/** Procedure Call Standard for the Arm 64-bit Architecture, section 6.8, and what Apple and Microsoft do otherwise. */

import { alignUp, nothing, words, type CCall, type CValue, type Part, type Passage, type PlacedCall, type ResultPassage } from "./value.ts";

const V0 = 32;
const registers = 8;
/** Where the address for a large result goes (6.9). */
const resultRegister = 8;

export interface Variant {
  /** Apple: stack arguments take no more room than they need, and variable ones are all on the stack. */
  readonly packsStack: boolean;
  readonly variableOnStack: boolean;
  /** Windows: a variadic function gets everything as integers, fixed arguments too. */
  readonly variadicAsIntegers: boolean;
  /** What is aligned to 16 begins in a register of an even number (C.10); not so Apple's. */
  readonly evenPairs: boolean;
}

export const aapcs64: Variant = { packsStack: false, variableOnStack: false, variadicAsIntegers: false, evenPairs: true };
export const appleArm64: Variant = { packsStack: true, variableOnStack: true, variadicAsIntegers: false, evenPairs: false };
export const windowsArm64: Variant = { packsStack: false, variableOnStack: false, variadicAsIntegers: true, evenPairs: true };

/** A homogeneous floating-point aggregate has one to four fields of one floating type, and nothing else. */
function isHomogeneous({ aggregate, size, fields }: CValue): boolean {
  const [first] = fields;
  return aggregate && first !== undefined && fields.length <= 4 && fields.length * first.size === size && fields.every((field) => field.float && field.size === first.size);
}

/** AAPCS64, sections 6.8 and 6.9 (stages A to C), as the variant changes it. Offsets are bytes from the first stack argument. */
export function placeArm64(call: CCall, variant: Variant): PlacedCall {
  let integer = 0;
  let float = 0;
  let stack = 0;
  const passages = call.arguments.map((value, index): Passage => {
    if (value.size === 0) return nothing;
    const asIntegers = variant.variadicAsIntegers && call.variadic;
    const inMemory = variant.variableOnStack && call.variadic && index >= call.fixed;
    const homogeneous = isHomogeneous(value);
    const onStack = (size: number, alignment: number): number => {
      const packed = variant.packsStack && !inMemory;
      const offset = alignUp(stack, packed ? alignment : Math.max(8, alignment));
      stack = offset + (packed ? size : alignUp(size, 8));
      return offset;
    };
    if (!asIntegers && (homogeneous || (!value.aggregate && value.fields[0]?.float === true))) {
      if (!inMemory && float + value.fields.length <= registers) return { kind: "registers", parts: value.fields.map((field): Part => ({ ...field, register: V0 + float++ })) };
      if (!inMemory) float = registers;
      return { kind: "stack", offset: onStack(value.size, value.alignment) };
    }
    if (value.aggregate && value.size > 16) {
      if (!inMemory && integer < registers) return { kind: "address", register: integer++, offset: 0 };
      return { kind: "address", register: -1, offset: onStack(8, 8) };
    }
    const count = Math.ceil(value.size / 8);
    if (!inMemory && variant.evenPairs && value.alignment === 16) integer = alignUp(integer, 2);
    if (!inMemory && integer + count <= registers) return { kind: "registers", parts: words(value, () => false, () => integer++) };
    // A variadic function on Windows reads its variable arguments as one piece of memory, registers and stack: the last register is not left empty.
    if (asIntegers && index >= call.fixed && value.aggregate && integer < registers) {
      const parts = [{ offset: 0, size: 8, float: false, register: integer++ }];
      return { kind: "registers", parts, rest: { from: 8, offset: onStack(8, 8) } };
    }
    if (!inMemory) integer = registers;
    // Apple packs scalars; a composite's words stay words.
    return { kind: "stack", offset: value.aggregate ? onStack(alignUp(value.size, 8), Math.max(8, value.alignment)) : onStack(value.size, value.alignment) };
  });
  return { arguments: passages, result: placeResult(call.result), stackSize: alignUp(stack, 16), firstStackArgument: 0 };
}

function placeResult(value: CValue | undefined): ResultPassage {
  if (value === undefined || value.size === 0) return nothing;
  if (isHomogeneous(value) || (!value.aggregate && value.fields[0]?.float === true)) {
    return { kind: "registers", parts: value.fields.map((field, i) => ({ ...field, register: V0 + i })) };
  }
  if (value.size > 16) return { kind: "memory", register: resultRegister, returned: -1 };
  return { kind: "registers", parts: words(value, () => false, (i) => i) };
}
