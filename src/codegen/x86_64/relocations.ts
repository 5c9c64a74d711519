/** What the linker is to do about a fixup. */
import {
  FIXUP_ABS32, FIXUP_ABS32S, FIXUP_ABS64, FIXUP_GOTPCREL, FIXUP_GOTPCRELX, FIXUP_PC32, FIXUP_PLT32, FIXUP_REX_GOTPCRELX,
} from "../../../encoders/x86_64/fixups.ts";
import { RelocationKind } from "../../link/relocationKind.ts";

/** By kind of fixup. */
export const relocationOf = new Uint8Array(16);
relocationOf[FIXUP_PC32] = RelocationKind.pc32;
relocationOf[FIXUP_PLT32] = RelocationKind.call32;
relocationOf[FIXUP_ABS32] = RelocationKind.abs32;
relocationOf[FIXUP_ABS32S] = RelocationKind.abs32signed;
relocationOf[FIXUP_ABS64] = RelocationKind.abs64;
relocationOf[FIXUP_GOTPCREL] = RelocationKind.gotpcrel;
relocationOf[FIXUP_GOTPCRELX] = RelocationKind.gotpcrelx;
relocationOf[FIXUP_REX_GOTPCRELX] = RelocationKind.gotpcrelxRex;
