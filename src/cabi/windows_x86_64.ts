/** Microsoft's x64 convention: the number of an argument chooses its register; what has not 1, 2, 4 or 8 bytes goes by the address of a copy. */

import { R8, R9, RAX, RCX, RDX } from "../../encoders/x86_64/registers.ts";
import { alignUp, nothing, UPPER_XMM0, type CCall, type CValue, type Part, type Passage, type PlacedCall, type ResultPassage } from "./value.ts";

const XMM0 = 16;
const integers = [RCX, RDX, R8, R9];
/** Room for the arguments in registers, above the return address. */
const shadowSpace = 32;

const fits = ({ size }: CValue): boolean => size === 1 || size === 2 || size === 4 || size === 8;
const isFloat = (value: CValue): boolean => !value.aggregate && value.fields[0]?.float === true;

/** Microsoft's x64 convention: each argument has one of four registers by its number, or a word of the stack. Offsets are bytes from the first word, where rcx would be saved. */
export function placeWindows(call: CCall): PlacedCall {
  const result = placeResult(call.result);
  let number = result.kind === "memory" ? 1 : 0;
  const passages = call.arguments.map((value, index): Passage => {
    if (value.size === 0) return nothing;
    const at = number++;
    const register = integers[at];
    if (!fits(value)) return { kind: "address", register: register ?? -1, offset: at * 8 };
    if (register === undefined) return { kind: "stack", offset: at * 8 };
    const whole = { offset: 0, size: value.size };
    const parts: Part[] = [];
    if (isFloat(value)) parts.push({ ...whole, float: true, register: XMM0 + at });
    // A variable argument is in both: its callee does not know which to read.
    if (!isFloat(value) || (call.variadic && index >= call.fixed)) parts.push({ ...whole, float: false, register });
    return { kind: "registers", parts };
  });
  return { arguments: passages, result, stackSize: alignUp(Math.max(shadowSpace, number * 8), 16), firstStackArgument: shadowSpace };
}

function placeResult(value: CValue | undefined): ResultPassage {
  if (value === undefined || value.size === 0) return nothing;
  // Microsoft has no such number; gcc and clang return one as a vector.
  if (!value.aggregate && value.size === 16) return { kind: "registers", parts: [XMM0, UPPER_XMM0].map((register, i) => ({ offset: 8 * i, size: 8, float: true, register })) };
  if (!fits(value)) return { kind: "memory", register: RCX, returned: RAX };
  return { kind: "registers", parts: [{ offset: 0, size: value.size, float: isFloat(value), register: isFloat(value) ? XMM0 : RAX }] };
}
