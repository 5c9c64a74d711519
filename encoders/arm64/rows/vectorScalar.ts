/** Scalars of every size in vector registers, and scalars by an element: Arm ARM C4.1.96. Names end in `_b`, `_h`, `_s` or `_d`. */
import { arranged } from "../arrangements.ts";
import type { ArrangementName } from "../arrangements.ts";

const carriers: Readonly<Record<string, ArrangementName>> = { b: "16b", h: "8h", s: "4s", d: "2d" };

/** The rows; made when first asked for. */
export function vectorScalarRows(): Readonly<Record<string, string>> {
  const rows: Record<string, string> = {};
  const add = (name: string, letters: string, diagram: string, text: string): void => {
    for (const letter of letters) rows[`${name}_${letter}`] = arranged(`${diagram} | ${text}`, carriers[letter] as ArrangementName);
  };
  for (const [u, s] of [[0, "s"], [1, "u"]] as const) {
    for (const [stem, opcode] of [["qadd", "00001"], ["qsub", "00101"], ["qshl", "01001"], ["qrshl", "01011"]] as const) {
      add(`${s}${stem}_scalar`, "bhsd", `01 ${u} 11110 size 1 rm:5 ${opcode} 1 rn:5 rd:5`, `${s}${stem} Ed, En, Em`);
    }
    add(`${s}qshl_immediate_scalar`, "bhsd", `01 ${u} 111110 SHIFT 01110 1 rn:5 rd:5`, `${s}qshl Ed, En, #imm`);
    for (const [stem, opcode] of [["qshrn", "10010"], ["qrshrn", "10011"]] as const) add(`${s}${stem}_scalar`, "bhs", `01 ${u} 111110 SHIFT ${opcode} 1 rn:5 rd:5`, `${s}${stem} Ed, EEn, RIGHT`);
    add(`${s}qxtn_scalar`, "bhs", `01 ${u} 11110 size 10000 10100 10 rn:5 rd:5`, `${s}qxtn Ed, EEn`);
    add(`${s}cvtf_fixed_scalar`, "sd", `01 ${u} 111110 SHIFT 11100 1 rn:5 rd:5`, `${s}cvtf Ed, En, RIGHT`);
    add(`fcvtz${s}_fixed_scalar`, "sd", `01 ${u} 111110 SHIFT 11111 1 rn:5 rd:5`, `fcvtz${s} Ed, En, RIGHT`);
    add(`${s}rsra`, "d", `01 ${u} 111110 SHIFT 00110 1 rn:5 rd:5`, `${s}rsra Dd, Dn, RIGHT`);
  }
  for (const [name, u, opcode] of [["suqadd", 0, "00011"], ["usqadd", 1, "00011"], ["sqabs", 0, "00111"], ["sqneg", 1, "00111"]] as const) {
    add(`${name}_scalar`, "bhsd", `01 ${u} 11110 size 10000 ${opcode} 10 rn:5 rd:5`, `${name} Ed, En`);
  }
  add("sqshlu_scalar", "bhsd", "01 1 111110 SHIFT 01100 1 rn:5 rd:5", "sqshlu Ed, En, #imm");
  add("sqshrun_scalar", "bhs", "01 1 111110 SHIFT 10000 1 rn:5 rd:5", "sqshrun Ed, EEn, RIGHT");
  add("sqrshrun_scalar", "bhs", "01 1 111110 SHIFT 10001 1 rn:5 rd:5", "sqrshrun Ed, EEn, RIGHT");
  add("sqxtun_scalar", "bhs", "01 1 11110 size 10000 10010 10 rn:5 rd:5", "sqxtun Ed, EEn");
  add("fcvtxn_scalar", "s", "01 1 11110 01 10000 10110 10 rn:5 rd:5", "fcvtxn Sd, Dn");
  for (const [name, u] of [["sqdmulh", 0], ["sqrdmulh", 1]] as const) add(`${name}_scalar`, "hs", `01 ${u} 11110 size 1 rm:5 10110 1 rn:5 rd:5`, `${name} Ed, En, Em`);
  for (const [name, opcode] of [["sqdmlal", "1001"], ["sqdmlsl", "1011"], ["sqdmull", "1101"]] as const) add(`${name}_scalar`, "hs", `01 0 11110 size 1 rm:5 ${opcode} 00 rn:5 rd:5`, `${name} EEd, En, Em`);
  for (const [name, u, opcode] of [["fmla", 0, "0001"], ["fmls", 0, "0101"], ["fmul", 0, "1001"], ["fmulx", 1, "1001"]] as const) {
    add(`${name}_element_scalar`, "sd", `01 ${u} 11111 1 sz BY ${opcode} h:1 0 rn:5 rd:5`, `${name} Ed, En, ELEMENT.Te[BYNUMBER]`);
  }
  for (const [name, opcode] of [["sqdmulh", "1100"], ["sqrdmulh", "1101"]] as const) add(`${name}_element_scalar`, "hs", `01 0 11111 size BY ${opcode} h:1 0 rn:5 rd:5`, `${name} Ed, En, ELEMENT.Te[BYNUMBER]`);
  for (const [name, opcode] of [["sqdmlal", "0011"], ["sqdmlsl", "0111"], ["sqdmull", "1011"]] as const) add(`${name}_element_scalar`, "hs", `01 0 11111 size BY ${opcode} h:1 0 rn:5 rd:5`, `${name} EEd, En, ELEMENT.Te[BYNUMBER]`);
  return rows;
}
