/** What a C convention is asked, and what it answers. */

/** A scalar within a value. */
export interface Field {
  readonly offset: number;
  readonly size: number;
  readonly float: boolean;
}

/** An argument or a result. Its fields need not be listed where it is larger than 64 bytes. */
export interface CValue {
  readonly size: number;
  readonly alignment: number;
  readonly aggregate: boolean;
  readonly fields: readonly Field[];
}

/** The upper eight bytes of xmm0, beside the numbers of registers: where Windows has them of a result of 128 bits. */
export const UPPER_XMM0 = 32;

/** Bytes of a value that travel in a register. `float`: a floating register, or bits that go to one. */
export interface Part {
  readonly offset: number;
  readonly size: number;
  readonly float: boolean;
  readonly register: number;
}

/** The last word of an argument that begins in the last register. */
export interface StackPart {
  readonly from: number;
  readonly offset: number;
}

/** How an argument travels. `address`: a copy's address does, in `part` or, if that is undefined, at `offset` of the stack. */
export type Passage =
  | { readonly kind: "registers"; readonly parts: readonly Part[]; readonly rest?: StackPart }
  | { readonly kind: "stack"; readonly offset: number }
  | { readonly kind: "address"; readonly register: number; readonly offset: number };

/** How a result travels. `memory`: the caller gives an address in `register`; the callee returns it in `returned`, if that is not negative. */
export type ResultPassage =
  | { readonly kind: "registers"; readonly parts: readonly Part[] }
  | { readonly kind: "memory"; readonly register: number; readonly returned: number };

export interface PlacedCall {
  readonly arguments: readonly Passage[];
  readonly result: ResultPassage;
  /** Bytes of stack arguments, a multiple of 16, with what the callee is owed in front of them (Windows x64: 32 bytes). */
  readonly stackSize: number;
  readonly firstStackArgument: number;
}

/** Of a call: the result is undefined for void; `fixed` arguments come before the variable ones of a variadic function. */
export interface CCall {
  readonly arguments: readonly CValue[];
  readonly result: CValue | undefined;
  readonly variadic: boolean;
  readonly fixed: number;
}

export const nothing = { kind: "registers", parts: [] } as const;

/** The least multiple of `alignment`, in bytes, that is not below `offset`. */
export function alignUp(offset: number, alignment: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

/** The parts of a value as whole words; `registers` has one for each. */
export function words(value: CValue, isFloat: (word: number) => boolean, register: (word: number) => number): readonly Part[] {
  const parts: Part[] = [];
  for (let offset = 0; offset < value.size; offset += 8) {
    parts.push({ offset, size: Math.min(8, value.size - offset), float: isFloat(offset / 8), register: register(offset / 8) });
  }
  return parts;
}
