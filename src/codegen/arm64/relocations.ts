/** What the linker is to do about a fixup. */
import { FIXUP_ADD12, FIXUP_CALL26, FIXUP_JUMP26, FIXUP_LDST128, FIXUP_LDST8, FIXUP_PAGE21 } from "../../../encoders/arm64/fixups.ts";
import { RelocationKind } from "../../link/relocationKind.ts";

/** By kind of fixup. */
export const relocationOf = new Uint8Array(16);
relocationOf[FIXUP_CALL26] = RelocationKind.arm64Call26;
relocationOf[FIXUP_JUMP26] = RelocationKind.arm64Call26;
relocationOf[FIXUP_PAGE21] = RelocationKind.arm64Page21;
relocationOf[FIXUP_ADD12] = RelocationKind.arm64Add12;
relocationOf.fill(RelocationKind.arm64Load12, FIXUP_LDST8, FIXUP_LDST128 + 1);
