/** Loads and stores of several vector registers, elements dealt out in turn: Arm ARM C4.1.94, "Advanced SIMD load/store". */

/** The rows; made when first asked for. */
export function structureRows(): Readonly<Record<string, string>> {
  const rows: Record<string, string> = {};
  /** Whole registers: `ld1_1_T` has one register, `ld4_4_T` four. Opcodes by mnemonic and registers. */
  for (const [digit, count, opcode] of [[1, 1, "0111"], [1, 2, "1010"], [1, 3, "0110"], [1, 4, "0010"], [2, 2, "1000"], [3, 3, "0100"], [4, 4, "0000"]] as const) {
    for (const [mnemonic, load] of [[`st${digit}`, 0], [`ld${digit}`, 1]] as const) {
      const arrangements = digit === 1 ? "every" : "all";
      const stem = `${mnemonic}_${count}`;
      rows[`${stem}_T`] = `0 Q 0011000 ${load} 000000 ${opcode} size rn:5 rt:5 | ${mnemonic} LIST${count}t.T, [Xn|SP] | T=${arrangements}`;
      rows[`${stem}_post_T`] = `0 Q 0011001 ${load} 0 rm:5 ${opcode} size rn:5 rt:5 | ${mnemonic} LIST${count}t.T, [Xn|SP], Xm | T=${arrangements} | ?rm=31 ${mnemonic} LIST${count}t.T, [Xn|SP], PRODUCT${count}*VECTORBYTES`;
    }
  }

  /** One element to each register: to all of its elements, or to one. Bits as in the manual's R and opcode. */
  for (const [count, r, o] of [[1, 0, 0], [2, 1, 0], [3, 0, 1], [4, 1, 1]] as const) {
    const all = `LIST${count}t.T`;
    const replicate = `ld${count}r`;
    rows[`${replicate}_T`] = `0 Q 0011010 1 ${r} 00000 11${o} 0 size rn:5 rt:5 | ${replicate} ${all}, [Xn|SP] | T=every`;
    rows[`${replicate}_post_T`] = `0 Q 0011011 1 ${r} rm:5 11${o} 0 size rn:5 rt:5 | ${replicate} ${all}, [Xn|SP], Xm | T=every | ?rm=31 ${replicate} ${all}, [Xn|SP], PRODUCT${count}*ELEMENTBYTES`;
    for (const [mnemonic, load] of [[`st${count}`, 0], [`ld${count}`, 1]] as const) {
      for (const [letter, bytes, opcode, tail, number] of [["b", 1, "00", "s:1 size:2", "q.s.size"], ["h", 2, "01", "s:1 size:1 0", "q.s.size"], ["s", 4, "10", "s:1 00", "q.s"], ["d", 8, "10", "0 01", "q"]] as const) {
        const list = `LIST${count}t.${letter}[${number}]`;
        rows[`${mnemonic}_lane_${letter}`] = `0 q:1 0011010 ${load} ${r} 00000 ${opcode}${o} ${tail} rn:5 rt:5 | ${mnemonic} ${list}, [Xn|SP]`;
        rows[`${mnemonic}_lane_${letter}_post`] = `0 q:1 0011011 ${load} ${r} rm:5 ${opcode}${o} ${tail} rn:5 rt:5 | ${mnemonic} ${list}, [Xn|SP], Xm | ?rm=31 ${mnemonic} ${list}, [Xn|SP], PRODUCT${count}*${bytes}`;
      }
    }
  }

  return rows;
}
