/**
 * How long an instruction is, be it in the table or not: by its prefixes, its opcode's map and its ModRM byte alone (Intel's manual, volume 2, appendix A). So whoever
 * reads code that others made stays in step at what there are no rows for, as AVX-512.
 */

/**
 * What follows each opcode, sixteen a line: `-` nothing; `b` one byte, `w` two, `3` three, `d` four, `z` four or, with 66, two, `q` as z but eight with REX.W, `o` an address
 * of eight (with 67, four); upper case: the same behind a ModRM byte, which `M` has alone; `G`: of f6 and f7, by the ModRM byte. `p` a prefix, `r` REX, `.` no instruction.
 */
const oneByte =
  "MMMMbz..MMMMbz.." +
  "MMMMbz..MMMMbz.." +
  "MMMMbzp.MMMMbzp." +
  "MMMMbzp.MMMMbzp." +
  "rrrrrrrrrrrrrrrr" +
  "----------------" +
  "...MppppzZbB----" +
  "bbbbbbbbbbbbbbbb" +
  "BZ.BMMMMMMMMMMMM" +
  "----------.-----" +
  "oooo----bz------" +
  "bbbbbbbbqqqqqqqq" +
  "BBw-..BZ3-w--b.-" +
  "MMMM...-MMMMMMMM" +
  "bbbbbbbbdd.b----" +
  "p-pp--GG------MM";

/** Behind 0f. 38 and 3a lead to maps of their own: all of those have a ModRM byte, and those of 3a one byte more. */
const twoBytes =
  "MMMM.-----.-.M-B" +
  "MMMMMMMMMMMMMMMM" +
  "MMMMMMMMMMMMMMMM" +
  "------.-M.B....." +
  "MMMMMMMMMMMMMMMM" +
  "MMMMMMMMMMMMMMMM" +
  "MMMMMMMMMMMMMMMM" +
  "BBBBMMM-MMMMMMMM" +
  "dddddddddddddddd" +
  "MMMMMMMMMMMMMMMM" +
  "---MBM..---MBMMM" +
  "MMMMMMMMMMBMMMMM" +
  "MMBMBBBM--------" +
  "MMMMMMMMMMMMMMMM" +
  "MMMMMMMMMMMMMMMM" +
  "MMMMMMMMMMMMMMMM";

/** The longest instruction that a processor takes. */
const longest = 15;

/** Bytes of the instruction at `at` of `bytes`, which end at `end`; 0 where there is none, or not all of it. */
export function anyInstructionLength(bytes: Uint8Array, at: number, end: number): number {
  let p = at;
  let short = false;
  let narrow = false;
  let wide = false;
  let form = ".";
  let opcode = 0;
  for (;;) {
    if (p >= end || p - at >= longest) return 0;
    const byte = bytes[p++];
    opcode = byte;
    if (byte === 0xc4 || byte === 0xc5 || byte === 0x62) {
      // VEX and EVEX: the map is in the first byte, but C5's is that of 0f.
      const map = byte === 0xc5 ? 1 : (bytes[p] ?? 0) & (byte === 0x62 ? 7 : 31);
      p += byte === 0xc5 ? 1 : byte === 0xc4 ? 2 : 3;
      form = map === 1 ? twoBytes[bytes[p++] ?? 0] : map === 3 ? "B" : "M";
      if (map !== 1) p++;
      break;
    }
    if (byte === 0x0f) {
      const second = bytes[p++] ?? 0;
      form = twoBytes[second];
      if (second === 0x38 || second === 0x3a) p++;
      break;
    }
    form = oneByte[byte];
    if (form === "r") {
      wide = (byte & 8) !== 0;
      form = oneByte[bytes[p] ?? 0];
      // REX counts only right before the opcode.
      if (form === "p" || form === "r") wide = false;
      continue;
    }
    if (form !== "p") break;
    short ||= byte === 0x66;
    narrow ||= byte === 0x67;
  }
  if (form === ".") return 0;
  let behind = form.toLowerCase();
  if (behind !== form) {
    if (p >= end) return 0;
    const modRm = bytes[p];
    p += modRmLength(modRm, bytes[p + 1] ?? 0);
    // Of f6 and f7, test alone has an immediate.
    if (form === "G") behind = (modRm & 0x30) !== 0 ? "-" : opcode === 0xf6 ? "b" : "z";
  }
  p += immediateLength(behind, short && !wide, wide, narrow);
  return p > end || p - at > longest ? 0 : p - at;
}

/** ModRM, SIB and displacement. */
function modRmLength(modRm: number, sib: number): number {
  const mode = modRm >> 6;
  if (mode === 3) return 1;
  const hasSib = (modRm & 7) === 4;
  const displacement = mode === 1 ? 1 : mode === 2 ? 4 : (hasSib ? sib & 7 : modRm & 7) === 5 ? 4 : 0;
  return 1 + (hasSib ? 1 : 0) + displacement;
}

function immediateLength(behind: string, short: boolean, wide: boolean, narrow: boolean): number {
  switch (behind) {
    case "b": return 1;
    case "w": return 2;
    case "3": return 3;
    case "d": return 4;
    case "z": return short ? 2 : 4;
    case "q": return wide ? 8 : short ? 2 : 4;
    case "o": return narrow ? 4 : 8;
    default: return 0;
  }
}
