/** System V AMD64 ABI, section 3.2.3: eightbytes of class INTEGER or SSE in registers, what is larger than two or not aligned in memory. A number of 128 bits is a struct of two words, but aligned to 16 in memory. */

import { RAX, RCX, RDI, RDX, RSI, R8, R9 } from "../../encoders/x86_64/registers.ts";
import { alignUp, nothing, words, type CCall, type CValue, type Passage, type PlacedCall, type ResultPassage } from "./value.ts";

const XMM0 = 16;
const integers = [RDI, RSI, RDX, RCX, R8, R9];
const floats = 8;

/** Whether each eightbyte is SSE; undefined for class MEMORY. */
function eightbytes(value: CValue): readonly boolean[] | undefined {
  if (value.size > 16) return undefined;
  const classes: boolean[] = Array.from({ length: Math.ceil(value.size / 8) }, () => true);
  for (const { offset, size, float } of value.fields) {
    if (offset % size !== 0) return undefined;
    if (!float) classes.fill(false, offset >> 3, (offset + size + 7) >> 3);
  }
  return classes;
}

/** System V AMD64, psABI 3.2.3. Offsets are bytes from the first stack argument. */
export function placeSysV(call: CCall): PlacedCall {
  let integer = 0;
  let float = 0;
  let stack = 0;
  const result = placeResult(call.result);
  if (result.kind === "memory") integer++;
  const passages = call.arguments.map((value): Passage => {
    if (value.size === 0) return nothing;
    const classes = eightbytes(value);
    const wantsFloat = classes?.filter((isFloat) => isFloat).length ?? 0;
    if (classes !== undefined && float + wantsFloat <= floats && integer + classes.length - wantsFloat <= integers.length) {
      return { kind: "registers", parts: words(value, (i) => classes[i] as boolean, (i) => (classes[i] === true ? XMM0 + float++ : (integers[integer++] as number))) };
    }
    const offset = alignUp(stack, Math.max(8, value.alignment));
    stack = offset + alignUp(value.size, 8);
    return { kind: "stack", offset };
  });
  return { arguments: passages, result, stackSize: alignUp(stack, 16), firstStackArgument: 0 };
}

function placeResult(value: CValue | undefined): ResultPassage {
  if (value === undefined || value.size === 0) return nothing;
  const classes = eightbytes(value);
  if (classes === undefined) return { kind: "memory", register: RDI, returned: RAX };
  let integer = 0;
  let float = 0;
  return { kind: "registers", parts: words(value, (i) => classes[i] as boolean, (i) => (classes[i] === true ? XMM0 + float++ : integer++ === 0 ? RAX : RDX)) };
}
