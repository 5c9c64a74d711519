/** The x86_64 side of assembly text: the encoders' listing, told about our relocations. */
import {
  FIXUP_ABS32, FIXUP_ABS32S, FIXUP_ABS64, FIXUP_GOTPCREL, FIXUP_GOTPCRELX, FIXUP_PC32, FIXUP_PLT32, FIXUP_REX_GOTPCRELX,
} from "../../encoders/x86_64/fixups.ts";
import { listRegion } from "../../encoders/x86_64/listing.ts";
import { listingOf } from "./assembly.ts";
import type { AssemblyOptions, CodeListing } from "./assembly.ts";
import { relocationKindNames } from "./relocationKind.ts";
import type { RelocationKindName } from "./relocationKind.ts";

const fixupKind: Partial<Record<RelocationKindName, number>> = {
  pc32: FIXUP_PC32, call32: FIXUP_PLT32, abs32: FIXUP_ABS32, abs32signed: FIXUP_ABS32S, abs64: FIXUP_ABS64,
  gotpcrel: FIXUP_GOTPCREL, gotpcrelx: FIXUP_GOTPCRELX, gotpcrelxRex: FIXUP_REX_GOTPCRELX,
};

/** Names that `as` takes for something else in Intel syntax: registers, operators and sizes. */
const reserved = new Set([
  ..."al cl dl bl ah ch dh bh ax cx dx bx sp bp si di eax ecx edx ebx esp ebp esi edi rax rcx rdx rbx rsp rbp rsi rdi spl bpl sil dil".split(" "),
  ..."cs ds es fs gs ss ip eip rip st flat near far short offset ptr byte word dword fword qword tbyte oword xmmword ymmword zmmword mmword".split(" "),
  ..."and or xor not mod shl shr eq ne lt le gt ge".split(" "),
]);

function isReserved(name: string): boolean {
  return reserved.has(name.toLowerCase()) || /^(?:r\d+[bwd]?|[xyz]?mm\d+|[cdt]r\d+|k[0-7]|bnd[0-3])$/i.test(name);
}

function printCode(code: CodeListing): readonly string[] {
  const lines = listRegion(listingOf(code, (i) => {
    const name = relocationKindNames[code.relocations.kind[i]];
    const kind = fixupKind[name];
    if (kind === undefined) throw new Error(`link/assembly_x86_64.printCode: ${name} in code`);
    return kind;
  }));
  return [...lines, ...(code.linesAt(code.content.length) ?? [])];
}

/** For `printAssembly` of an x86_64 object. */
export const x86_64Assembly: AssemblyOptions = { printCode, isReserved, before: ["\t.intel_syntax noprefix"], after: ["\t.att_syntax prefix"] };
