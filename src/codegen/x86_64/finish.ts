/** The end of both compilers: code and relocations. */

import type { Assembler } from "../../../encoders/x86_64/assembler.ts";
import {
  FIXUP_ABS32, FIXUP_ABS32S, FIXUP_ABS64, FIXUP_GOTPCREL, FIXUP_GOTPCRELX, FIXUP_PC32, FIXUP_PLT32, FIXUP_REX_GOTPCRELX,
} from "../../../encoders/x86_64/fixups.ts";
import { RelocationKind } from "../../link/relocationKind.ts";
import type { CompilerContext } from "../target.ts";

const relocationOf = new Uint8Array(16);
relocationOf[FIXUP_PC32] = RelocationKind.pc32;
relocationOf[FIXUP_PLT32] = RelocationKind.call32;
relocationOf[FIXUP_ABS32] = RelocationKind.abs32;
relocationOf[FIXUP_ABS32S] = RelocationKind.abs32signed;
relocationOf[FIXUP_ABS64] = RelocationKind.abs64;
relocationOf[FIXUP_GOTPCREL] = RelocationKind.gotpcrel;
relocationOf[FIXUP_GOTPCRELX] = RelocationKind.gotpcrelx;
relocationOf[FIXUP_REX_GOTPCRELX] = RelocationKind.gotpcrelxRex;

/** Turns the code's fixups into relocations of .text, and returns the code. */
export function finishCode(asm: Assembler, { objects }: CompilerContext): Uint8Array<ArrayBuffer> {
  const relocations = objects.builder.relocations(objects.text);
  relocations.reserve(asm.fixupCount);
  for (let i = 0; i < asm.fixupCount; i++) {
    const kind = relocationOf[asm.fixupKind(i)] as RelocationKind;
    relocations.add(asm.fixupAt(i), kind, objects.objectSymbol(asm.fixupSymbol(i)), asm.fixupAddend(i));
  }
  return asm.bytes.slice(0, asm.length);
}
