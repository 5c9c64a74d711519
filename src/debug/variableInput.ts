/**
 * What is known of variables, for DWARF. A front end's table has this shape (`src/irgen/debugVariables.ts`); it stands here so that this folder
 * needs to know no language.
 */

import type { LineInput } from "./traceInput.ts";

/** Number of a type in `VariableInput.types`. */
export type DebugTypeId = number;

export interface DebugMember {
  readonly name: string;
  readonly type: DebugTypeId;
  readonly offset: number;
}

export type DebugType =
  | { readonly kind: "base"; readonly name: string; readonly size: number; readonly encoding: "signed" | "unsigned" | "float" | "boolean" | "byte" | "character" }
  /** `target` undefined: nobody knows what lies there. */
  | { readonly kind: "pointer"; readonly target: DebugTypeId | undefined }
  | { readonly kind: "array"; readonly element: DebugTypeId; readonly count: number }
  | { readonly kind: "struct"; readonly name: string; readonly size: number; readonly members: readonly DebugMember[] }
  | { readonly kind: "enumeration"; readonly name: string; readonly size: number; readonly values: readonly string[] }
  /** One of several, by the number at `tag.offset`: variant i has the number i. */
  | { readonly kind: "variants"; readonly name: string; readonly size: number; readonly tag: DebugMember; readonly variants: readonly { readonly name: string; readonly members: readonly DebugMember[] }[] };

export const VariableFlag = {
  parameter: 1,
  /** Its slot holds its address. */
  indirect: 2,
} as const;

export interface VariableInput {
  /** The first and the end of a function's variables. */
  range(functionSymbol: number): readonly [first: number, end: number];
  /** The position of the function's beginning: code that has it puts parameters into their slots. 0: unknown. */
  beginning(functionSymbol: number): number;
  name(variable: number): string;
  readonly type: Int32Array;
  /** The stack slot that it lives in. */
  readonly slot: Int32Array;
  readonly flags: Uint8Array;
  /** The positions between which its name means it: [from, to). */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly types: readonly DebugType[];
  /** Variables outside of functions, by the front end's number of the symbol. */
  readonly globals: readonly { readonly name: string; readonly type: DebugTypeId; readonly symbol: number }[];
}

/** With the places of stack slots. */
export interface SlotInput extends LineInput {
  /** Those of function f end where those of f + 1 begin. */
  readonly functionFirstSlot: Int32Array;
  readonly slotCount: number;
  /** Bytes from the canonical frame address (the stack pointer before the call) to the slot: negative. */
  readonly slotOffset: Int32Array;
}
