/** Loads and stores: Arm ARM C4.1.94. `#imm12*8` counts in units of 8 bytes, `#simm7*4` is signed and counts in units of 4. */
type Rows = Readonly<Record<string, string>>;

/** The forms of one access: size, V and opc of the diagram, the register's letter, the log of its bytes. */
function forms(name: string, size: string, vector: string, opc: string, register: string, log: number): Rows {
  const stem = `${size} 111 ${vector}`;
  const mnemonic = name.split("_")[0] as string;
  const unscaled = mnemonic.replace("ldr", "ldur").replace("str", "stur");
  return {
    [`${name}_unsigned`]: `${stem} 01 ${opc} imm12:12 rn:5 rt:5 | ${mnemonic} ${register}t, [Xn|SP, #imm12*${1 << log}]`,
    [`${name}_unscaled`]: `${stem} 00 ${opc} 0 simm9:9 00 rn:5 rt:5 | ${unscaled} ${register}t, [Xn|SP, #simm9]`,
    [`${name}_post`]: `${stem} 00 ${opc} 0 simm9:9 01 rn:5 rt:5 | ${mnemonic} ${register}t, [Xn|SP], #simm9`,
    [`${name}_pre`]: `${stem} 00 ${opc} 0 simm9:9 11 rn:5 rt:5 | ${mnemonic} ${register}t, [Xn|SP, #simm9]!`,
    [`${name}_register`]: `${stem} 00 ${opc} 1 rm:5 option:3 s:1 10 rn:5 rt:5 | ${mnemonic} ${register}t, [Xn|SP, INDEX${log}]`,
  };
}

/** The access as the user's mode would make it. */
function unprivileged(name: string, size: string, opc: string, register: string): Rows {
  return { [`${name}_unprivileged`]: `${size} 111 0 00 ${opc} 0 simm9:9 10 rn:5 rt:5 | ${(name.split("_")[0] as string).replace("ldr", "ldtr").replace("str", "sttr")} ${register}t, [Xn|SP, #simm9]` };
}

function pairs(name: string, opc: string, vector: string, load: string, register: string, log: number): Rows {
  const mnemonic = name.split("_")[0] as string;
  const form = (variant: string, code: string, named: string, address: string): readonly [string, string] =>
    [`${name}_${variant}`, `${opc} 101 ${vector} ${code} ${load} simm7:7 rt2:5 rn:5 rt:5 | ${named} ${register}t, ${register}t2, ${address}`];
  const bytes = 1 << log;
  return Object.fromEntries([
    form("offset", "010", mnemonic, `[Xn|SP, #simm7*${bytes}]`), form("post", "001", mnemonic, `[Xn|SP], #simm7*${bytes}`), form("pre", "011", mnemonic, `[Xn|SP, #simm7*${bytes}]!`),
    ...(mnemonic === "ldpsw" ? [] : [form("nontemporal", "000", mnemonic.replace("p", "np"), `[Xn|SP, #simm7*${bytes}]`)]),
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
  ...unprivileged("strb", "00", "00", "W"), ...unprivileged("ldrb", "00", "01", "W"), ...unprivileged("ldrsb_x", "00", "10", "X"), ...unprivileged("ldrsb_w", "00", "11", "W"),
  ...unprivileged("strh", "01", "00", "W"), ...unprivileged("ldrh", "01", "01", "W"), ...unprivileged("ldrsh_x", "01", "10", "X"), ...unprivileged("ldrsh_w", "01", "11", "W"),
  ...unprivileged("str_w", "10", "00", "W"), ...unprivileged("ldr_w", "10", "01", "W"), ...unprivileged("ldrsw", "10", "10", "X"),
  ...unprivileged("str_x", "11", "00", "X"), ...unprivileged("ldr_x", "11", "01", "X"),
  ldr_literal_w: "00 011 0 00 imm19:19 rt:5 | ldr Wt, LABEL",
  ldr_literal_x: "01 011 0 00 imm19:19 rt:5 | ldr Xt, LABEL",
  ldrsw_literal: "10 011 0 00 imm19:19 rt:5 | ldrsw Xt, LABEL",
  ldr_literal_s: "00 011 1 00 imm19:19 rt:5 | ldr St, LABEL",
  ldr_literal_d: "01 011 1 00 imm19:19 rt:5 | ldr Dt, LABEL",
  ldr_literal_q: "10 011 1 00 imm19:19 rt:5 | ldr Qt, LABEL",
  prfm_unsigned: "11 111 0 01 10 imm12:12 rn:5 rt:5 | prfm PREFETCH, [Xn|SP, #imm12*8]",
  prfm_unscaled: "11 111 0 00 10 0 simm9:9 00 rn:5 rt:5 | prfum PREFETCH, [Xn|SP, #simm9]",
  prfm_register: "11 111 0 00 10 1 rm:5 option:3 s:1 10 rn:5 rt:5 | prfm PREFETCH, [Xn|SP, INDEX3]",
  prfm_literal: "11 011 0 00 imm19:19 rt:5 | prfm PREFETCH, LABEL",
};
