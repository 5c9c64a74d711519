/** Loads and stores: Arm ARM C4.1.94. `#uimm12:3` counts in units of 8 bytes, `#simm7:2` in units of 4. */
type Rows = Readonly<Record<string, string>>;

/** The forms of one access: size, opc and V of the diagram, the register's letter, the log of its bytes. */
function forms(name: string, size: string, vector: string, opc: string, register: string, log: number): Rows {
  const stem = `${size} 111 ${vector}`;
  const mnemonic = name.split("_")[0] as string;
  const unscaled = mnemonic.replace("ldr", "ldur").replace("str", "stur");
  return {
    [`${name}_unsigned`]: `${stem} 01 ${opc} imm12:12 rn:5 rt:5 | ${mnemonic} ${register}t, [Xn|SP, #uimm12:${log}]`,
    [`${name}_unscaled`]: `${stem} 00 ${opc} 0 imm9:9 00 rn:5 rt:5 | ${unscaled} ${register}t, [Xn|SP, #simm9]`,
    [`${name}_post`]: `${stem} 00 ${opc} 0 imm9:9 01 rn:5 rt:5 | ${mnemonic} ${register}t, [Xn|SP], #simm9`,
    [`${name}_pre`]: `${stem} 00 ${opc} 0 imm9:9 11 rn:5 rt:5 | ${mnemonic} ${register}t, [Xn|SP, #simm9]!`,
    [`${name}_register`]: `${stem} 00 ${opc} 1 rm:5 option:3 s:1 10 rn:5 rt:5 | ${mnemonic} ${register}t, [Xn|SP, INDEX:${log}]`,
  };
}

function pairs(name: string, opc: string, vector: string, load: string, register: string, log: number): Rows {
  const mnemonic = name.split("_")[0] as string;
  const form = (variant: string, code: string, address: string): readonly [string, string] =>
    [`${name}_${variant}`, `${opc} 101 ${vector} ${code} ${load} imm7:7 rt2:5 rn:5 rt:5 | ${mnemonic} ${register}t, ${register}t2, ${address}`];
  return Object.fromEntries([
    form("offset", "010", `[Xn|SP, #simm7:${log}]`), form("post", "001", `[Xn|SP], #simm7:${log}`), form("pre", "011", `[Xn|SP, #simm7:${log}]!`),
  ]);
}

export const memoryRows: Rows = {
  ...forms("strb", "00", "0", "00", "W", 0), ...forms("ldrb", "00", "0", "01", "W", 0), ...forms("ldrsb_x", "00", "0", "10", "X", 0), ...forms("ldrsb_w", "00", "0", "11", "W", 0),
  ...forms("strh", "01", "0", "00", "W", 1), ...forms("ldrh", "01", "0", "01", "W", 1), ...forms("ldrsh_x", "01", "0", "10", "X", 1), ...forms("ldrsh_w", "01", "0", "11", "W", 1),
  ...forms("str_w", "10", "0", "00", "W", 2), ...forms("ldr_w", "10", "0", "01", "W", 2), ...forms("ldrsw", "10", "0", "10", "X", 2),
  ...forms("str_x", "11", "0", "00", "X", 3), ...forms("ldr_x", "11", "0", "01", "X", 3),
  ...forms("str_b", "00", "1", "00", "B", 0), ...forms("ldr_b", "00", "1", "01", "B", 0), ...forms("str_h", "01", "1", "00", "H", 1), ...forms("ldr_h", "01", "1", "01", "H", 1),
  ...forms("str_s", "10", "1", "00", "S", 2), ...forms("ldr_s", "10", "1", "01", "S", 2), ...forms("str_d", "11", "1", "00", "D", 3), ...forms("ldr_d", "11", "1", "01", "D", 3),
  ...forms("str_q", "00", "1", "10", "Q", 4), ...forms("ldr_q", "00", "1", "11", "Q", 4),
  ...pairs("stp_w", "00", "0", "0", "W", 2), ...pairs("ldp_w", "00", "0", "1", "W", 2), ...pairs("ldpsw", "01", "0", "1", "X", 2),
  ...pairs("stp_x", "10", "0", "0", "X", 3), ...pairs("ldp_x", "10", "0", "1", "X", 3), ...pairs("stp_s", "00", "1", "0", "S", 2), ...pairs("ldp_s", "00", "1", "1", "S", 2),
  ...pairs("stp_d", "01", "1", "0", "D", 3), ...pairs("ldp_d", "01", "1", "1", "D", 3), ...pairs("stp_q", "10", "1", "0", "Q", 4), ...pairs("ldp_q", "10", "1", "1", "Q", 4),
  ldr_literal_w: "00 011 0 00 imm19:19 rt:5 | ldr Wt, LABEL19",
  ldr_literal_x: "01 011 0 00 imm19:19 rt:5 | ldr Xt, LABEL19",
  ldrsw_literal: "10 011 0 00 imm19:19 rt:5 | ldrsw Xt, LABEL19",
  ldr_literal_d: "01 011 1 00 imm19:19 rt:5 | ldr Dt, LABEL19",

  // Exclusive, acquire and release; rows of each size follow one another
  ...sized("stlxr", "001000 000 rs:5 1 11111 rn:5 rt:5", "Ws, Vt, [Xn|SP]"), ...sized("ldaxr", "001000 010 11111 1 11111 rn:5 rt:5", "Vt, [Xn|SP]"),
  ...sized("stxr", "001000 000 rs:5 0 11111 rn:5 rt:5", "Ws, Vt, [Xn|SP]"), ...sized("ldxr", "001000 010 11111 0 11111 rn:5 rt:5", "Vt, [Xn|SP]"),
  ...sized("stlr", "001000 100 11111 1 11111 rn:5 rt:5", "Vt, [Xn|SP]"), ...sized("ldar", "001000 110 11111 1 11111 rn:5 rt:5", "Vt, [Xn|SP]"),
  // Large System Extensions (feature lse)
  ...sized("casal", "001000 111 rs:5 1 11111 rn:5 rt:5", "Vs, Vt, [Xn|SP]"), ...sized("swpal", "111000 111 rs:5 1 000 00 rn:5 rt:5", "Vs, Vt, [Xn|SP]"),
  ...sized("ldaddal", "111000 111 rs:5 0 000 00 rn:5 rt:5", "Vs, Vt, [Xn|SP]"), ...sized("ldclral", "111000 111 rs:5 0 001 00 rn:5 rt:5", "Vs, Vt, [Xn|SP]"),
  ...sized("ldeoral", "111000 111 rs:5 0 010 00 rn:5 rt:5", "Vs, Vt, [Xn|SP]"), ...sized("ldsetal", "111000 111 rs:5 0 011 00 rn:5 rt:5", "Vs, Vt, [Xn|SP]"),
};

function sized(name: string, diagram: string, operands: string): Rows {
  return Object.fromEntries(["b", "h", "", ""].map((ending, size) => {
    const register = size === 3 ? "X" : "W";
    return [`${name}_${8 << size}`, `${size.toString(2).padStart(2, "0")} ${diagram} | ${name}${ending} ${operands.replaceAll("V", register)}`];
  }));
}
