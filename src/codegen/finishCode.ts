/** The end of a compiler: code and relocations. */
import type { CodeBuffer } from "../../encoders/codeBuffer.ts";
import type { RelocationKind } from "../link/relocationKind.ts";
import type { CompilerContext } from "./target.ts";

/** Turns the code's fixups into relocations of .text, by kind of fixup as in `relocationOf`, and returns the code, which stays in the buffer: nothing may be written there any more. */
export function finishCode(asm: CodeBuffer, relocationOf: Uint8Array, { objects }: CompilerContext): Uint8Array<ArrayBuffer> {
  const relocations = objects.builder.relocations(objects.text);
  relocations.reserve(asm.fixupCount);
  for (let i = 0; i < asm.fixupCount; i++) {
    const kind = relocationOf[asm.fixupKind(i)] as RelocationKind;
    relocations.add(asm.fixupAt(i), kind, objects.objectSymbol(asm.fixupSymbol(i)), asm.fixupAddend(i));
  }
  return asm.bytes.subarray(0, asm.length) as Uint8Array<ArrayBuffer>;
}
