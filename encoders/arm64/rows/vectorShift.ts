/** Shifts of vectors by an immediate: Arm ARM C4.1.96. `SHIFT` is immh:immb, from which the size shows; a shift right counts down from it. */

const by = (q: string, u: number, opcode: string): string => `0 ${q} ${u} 011110 SHIFT ${opcode} 1 rn:5 rd:5`;
const right = (name: string, u: number, opcode: string, arrangements = "all"): string => `${by("Q", u, opcode)} | ${name} Vd.T, Vn.T, RIGHT | T=${arrangements}`;
const left = (name: string, u: number, opcode: string): string => `${by("Q", u, opcode)} | ${name} Vd.T, Vn.T, #imm | T=all`;
const narrow = (name: string, u: number, opcode: string): string => `${by("Q", u, opcode)} | ${name}{2} Vd.T, Vn.Ta, RIGHT | T=bhs`;
const long = (name: string, u: number, alias: string): string => `${by("Q", u, "10100")} | ${name}{2} Vd.Ta, Vn.T, #imm | T=bhs | ?imm=0 ${alias}{2} Vd.Ta, Vn.T`;
/** Scalars in the low 64 bits. */
const scalar = (name: string, u: number, opcode: string, amount = "RIGHT"): string => `01 ${u} 111110 1 imm:6 ${opcode} 1 rn:5 rd:5 | ${name} Dd, Dn, ${amount}`;

export const vectorShiftRows = {
  sshr_T: right("sshr", 0, "00000"), ushr_T: right("ushr", 1, "00000"), ssra_T: right("ssra", 0, "00010"), usra_T: right("usra", 1, "00010"),
  srshr_T: right("srshr", 0, "00100"), urshr_T: right("urshr", 1, "00100"), srsra_T: right("srsra", 0, "00110"), ursra_T: right("ursra", 1, "00110"), sri_T: right("sri", 1, "01000"),
  shl_T: left("shl", 0, "01010"), sli_T: left("sli", 1, "01010"), sqshl_immediate_T: left("sqshl", 0, "01110"), uqshl_immediate_T: left("uqshl", 1, "01110"), sqshlu_T: left("sqshlu", 1, "01100"),
  shrn_T: narrow("shrn", 0, "10000"), sqshrun_T: narrow("sqshrun", 1, "10000"), rshrn_T: narrow("rshrn", 0, "10001"), sqrshrun_T: narrow("sqrshrun", 1, "10001"),
  sqshrn_T: narrow("sqshrn", 0, "10010"), uqshrn_T: narrow("uqshrn", 1, "10010"), sqrshrn_T: narrow("sqrshrn", 0, "10011"), uqrshrn_T: narrow("uqrshrn", 1, "10011"),
  sshll_T: long("sshll", 0, "sxtl"), ushll_T: long("ushll", 1, "uxtl"),
  scvtf_fixed_T: right("scvtf", 0, "11100", "float"), ucvtf_fixed_T: right("ucvtf", 1, "11100", "float"), fcvtzs_fixed_T: right("fcvtzs", 0, "11111", "float"), fcvtzu_fixed_T: right("fcvtzu", 1, "11111", "float"),
  sshr_d: scalar("sshr", 0, "00000"), ushr_d: scalar("ushr", 1, "00000"), ssra_d: scalar("ssra", 0, "00010"), usra_d: scalar("usra", 1, "00010"),
  srshr_d: scalar("srshr", 0, "00100"), urshr_d: scalar("urshr", 1, "00100"), sri_d: scalar("sri", 1, "01000"), shl_d: scalar("shl", 0, "01010", "#imm"), sli_d: scalar("sli", 1, "01010", "#imm"),
} as const satisfies Record<string, string>;
