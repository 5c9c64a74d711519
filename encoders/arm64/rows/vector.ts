/** Integer vectors: Arm ARM C4.1.96, "Advanced SIMD". */

/** Three registers, equally divided. */
const same = (name: string, u: number, opcode: string, arrangements: string): string => `0 Q ${u} 01110 size 1 rm:5 ${opcode} 1 rn:5 rd:5 | ${name} Vd.T, Vn.T, Vm.T | T=${arrangements}`;
/** Bitwise: `size` tells the operations apart. */
const bitwise = (name: string, u: number, size: string): string => `0 Q ${u} 01110 ${size} 1 rm:5 00011 1 rn:5 rd:5 | ${name} Vd.T, Vn.T, Vm.T | T=b`;
/** Two registers. */
const two = (name: string, u: number, opcode: string, arrangements: string): string => `0 Q ${u} 01110 size 10000 ${opcode} 10 rn:5 rd:5 | ${name} Vd.T, Vn.T | T=${arrangements}`;
const zero = (name: string, u: number, opcode: string): string => `0 Q ${u} 01110 size 10000 ${opcode} 10 rn:5 rd:5 | ${name} Vd.T, Vn.T, #0 | T=all`;
const pairwise = (name: string, u: number, opcode: string): string => `0 Q ${u} 01110 size 10000 ${opcode} 10 rn:5 rd:5 | ${name} Vd.Tp, Vn.T | T=bhs`;
const narrow = (name: string, u: number, opcode: string): string => `0 Q ${u} 01110 size 10000 ${opcode} 10 rn:5 rd:5 | ${name}{2} Vd.T, Vn.Ta | T=bhs`;
/** A scalar out of all elements, as wide or twice as wide. */
const across = (name: string, u: number, opcode: string, register: string): string => `0 Q ${u} 01110 size 11000 ${opcode} 10 rn:5 rd:5 | ${name} ${register}d, Vn.T | T=across`;
/** The result has elements twice as wide. */
const long = (name: string, u: number, opcode: string, arrangements = "bhs"): string => `0 Q ${u} 01110 size 1 rm:5 ${opcode} 00 rn:5 rd:5 | ${name}{2} Vd.Ta, Vn.T, Vm.T | T=${arrangements}`;
const wide = (name: string, u: number, opcode: string): string => `0 Q ${u} 01110 size 1 rm:5 ${opcode} 00 rn:5 rd:5 | ${name}{2} Vd.Ta, Vn.Ta, Vm.T | T=bhs`;
const high = (name: string, u: number, opcode: string): string => `0 Q ${u} 01110 size 1 rm:5 ${opcode} 00 rn:5 rd:5 | ${name}{2} Vd.T, Vn.Ta, Vm.Ta | T=bhs`;
/** Scalars in the low 64 bits. */
const scalar = (name: string, u: number, opcode: string): string => `01 ${u} 11110 11 1 rm:5 ${opcode} 1 rn:5 rd:5 | ${name} Dd, Dn, Dm`;
const scalarTwo = (name: string, u: number, opcode: string, last = ""): string => `01 ${u} 11110 11 10000 ${opcode} 10 rn:5 rd:5 | ${name} Dd, Dn${last}`;

export const vectorRows = {
  shadd_T: same("shadd", 0, "00000", "bhs"), uhadd_T: same("uhadd", 1, "00000", "bhs"), sqadd_T: same("sqadd", 0, "00001", "all"), uqadd_T: same("uqadd", 1, "00001", "all"),
  srhadd_T: same("srhadd", 0, "00010", "bhs"), urhadd_T: same("urhadd", 1, "00010", "bhs"), shsub_T: same("shsub", 0, "00100", "bhs"), uhsub_T: same("uhsub", 1, "00100", "bhs"),
  sqsub_T: same("sqsub", 0, "00101", "all"), uqsub_T: same("uqsub", 1, "00101", "all"), cmgt_T: same("cmgt", 0, "00110", "all"), cmhi_T: same("cmhi", 1, "00110", "all"),
  cmge_T: same("cmge", 0, "00111", "all"), cmhs_T: same("cmhs", 1, "00111", "all"), sshl_T: same("sshl", 0, "01000", "all"), ushl_T: same("ushl", 1, "01000", "all"),
  sqshl_T: same("sqshl", 0, "01001", "all"), uqshl_T: same("uqshl", 1, "01001", "all"), srshl_T: same("srshl", 0, "01010", "all"), urshl_T: same("urshl", 1, "01010", "all"),
  sqrshl_T: same("sqrshl", 0, "01011", "all"), uqrshl_T: same("uqrshl", 1, "01011", "all"), smax_T: same("smax", 0, "01100", "bhs"), umax_T: same("umax", 1, "01100", "bhs"),
  smin_T: same("smin", 0, "01101", "bhs"), umin_T: same("umin", 1, "01101", "bhs"), sabd_T: same("sabd", 0, "01110", "bhs"), uabd_T: same("uabd", 1, "01110", "bhs"),
  saba_T: same("saba", 0, "01111", "bhs"), uaba_T: same("uaba", 1, "01111", "bhs"), add_T: same("add", 0, "10000", "all"), sub_T: same("sub", 1, "10000", "all"),
  cmtst_T: same("cmtst", 0, "10001", "all"), cmeq_T: same("cmeq", 1, "10001", "all"), mla_T: same("mla", 0, "10010", "bhs"), mls_T: same("mls", 1, "10010", "bhs"),
  mul_T: same("mul", 0, "10011", "bhs"), pmul_T: same("pmul", 1, "10011", "b"), smaxp_T: same("smaxp", 0, "10100", "bhs"), umaxp_T: same("umaxp", 1, "10100", "bhs"),
  sminp_T: same("sminp", 0, "10101", "bhs"), uminp_T: same("uminp", 1, "10101", "bhs"), sqdmulh_T: same("sqdmulh", 0, "10110", "hs"), sqrdmulh_T: same("sqrdmulh", 1, "10110", "hs"),
  addp_T: same("addp", 0, "10111", "all"),

  and_T: bitwise("and", 0, "00"), bic_T: bitwise("bic", 0, "01"), orr_T: `${bitwise("orr", 0, "10")} | ?rn=rm mov Vd.T, Vn.T`, orn_T: bitwise("orn", 0, "11"),
  eor_T: bitwise("eor", 1, "00"), bsl_T: bitwise("bsl", 1, "01"), bit_T: bitwise("bit", 1, "10"), bif_T: bitwise("bif", 1, "11"),

  rev64_T: two("rev64", 0, "00000", "bhs"), rev32_T: two("rev32", 1, "00000", "bh"), rev16_T: two("rev16", 0, "00001", "b"),
  cls_T: two("cls", 0, "00100", "bhs"), clz_T: two("clz", 1, "00100", "bhs"), cnt_T: two("cnt", 0, "00101", "b"),
  not_T: "0 Q 1 01110 00 10000 00101 10 rn:5 rd:5 | mvn Vd.T, Vn.T | T=b", rbit_T: "0 Q 1 01110 01 10000 00101 10 rn:5 rd:5 | rbit Vd.T, Vn.T | T=b",
  suqadd_T: two("suqadd", 0, "00011", "all"), usqadd_T: two("usqadd", 1, "00011", "all"), sqabs_T: two("sqabs", 0, "00111", "all"), sqneg_T: two("sqneg", 1, "00111", "all"),
  abs_T: two("abs", 0, "01011", "all"), neg_T: two("neg", 1, "01011", "all"),
  cmgt_zero_T: zero("cmgt", 0, "01000"), cmge_zero_T: zero("cmge", 1, "01000"), cmeq_zero_T: zero("cmeq", 0, "01001"), cmle_zero_T: zero("cmle", 1, "01001"), cmlt_zero_T: zero("cmlt", 0, "01010"),
  saddlp_T: pairwise("saddlp", 0, "00010"), uaddlp_T: pairwise("uaddlp", 1, "00010"), sadalp_T: pairwise("sadalp", 0, "00110"), uadalp_T: pairwise("uadalp", 1, "00110"),
  xtn_T: narrow("xtn", 0, "10010"), sqxtun_T: narrow("sqxtun", 1, "10010"), sqxtn_T: narrow("sqxtn", 0, "10100"), uqxtn_T: narrow("uqxtn", 1, "10100"),
  shll_T: "0 Q 1 01110 size 10000 10011 10 rn:5 rd:5 | shll{2} Vd.Ta, Vn.T, #ELEMENTBITS | T=bhs",

  saddlv_T: across("saddlv", 0, "00011", "EE"), uaddlv_T: across("uaddlv", 1, "00011", "EE"), smaxv_T: across("smaxv", 0, "01010", "E"), umaxv_T: across("umaxv", 1, "01010", "E"),
  sminv_T: across("sminv", 0, "11010", "E"), uminv_T: across("uminv", 1, "11010", "E"), addv_T: across("addv", 0, "11011", "E"),

  saddl_T: long("saddl", 0, "0000"), uaddl_T: long("uaddl", 1, "0000"), saddw_T: wide("saddw", 0, "0001"), uaddw_T: wide("uaddw", 1, "0001"),
  ssubl_T: long("ssubl", 0, "0010"), usubl_T: long("usubl", 1, "0010"), ssubw_T: wide("ssubw", 0, "0011"), usubw_T: wide("usubw", 1, "0011"),
  addhn_T: high("addhn", 0, "0100"), raddhn_T: high("raddhn", 1, "0100"), sabal_T: long("sabal", 0, "0101"), uabal_T: long("uabal", 1, "0101"),
  subhn_T: high("subhn", 0, "0110"), rsubhn_T: high("rsubhn", 1, "0110"), sabdl_T: long("sabdl", 0, "0111"), uabdl_T: long("uabdl", 1, "0111"),
  smlal_T: long("smlal", 0, "1000"), umlal_T: long("umlal", 1, "1000"), sqdmlal_T: long("sqdmlal", 0, "1001", "hs"), smlsl_T: long("smlsl", 0, "1010"), umlsl_T: long("umlsl", 1, "1010"),
  sqdmlsl_T: long("sqdmlsl", 0, "1011", "hs"), smull_T: long("smull", 0, "1100"), umull_T: long("umull", 1, "1100"), sqdmull_T: long("sqdmull", 0, "1101", "hs"), pmull_T: long("pmull", 0, "1110", "b"),

  add_d: scalar("add", 0, "10000"), sub_d: scalar("sub", 1, "10000"), cmgt_d: scalar("cmgt", 0, "00110"), cmhi_d: scalar("cmhi", 1, "00110"), cmge_d: scalar("cmge", 0, "00111"),
  cmhs_d: scalar("cmhs", 1, "00111"), sshl_d: scalar("sshl", 0, "01000"), ushl_d: scalar("ushl", 1, "01000"), cmtst_d: scalar("cmtst", 0, "10001"), cmeq_d: scalar("cmeq", 1, "10001"),
  srshl_d: scalar("srshl", 0, "01010"), urshl_d: scalar("urshl", 1, "01010"),
  abs_d: scalarTwo("abs", 0, "01011"), neg_d: scalarTwo("neg", 1, "01011"), cmgt_zero_d: scalarTwo("cmgt", 0, "01000", ", #0"), cmge_zero_d: scalarTwo("cmge", 1, "01000", ", #0"),
  cmeq_zero_d: scalarTwo("cmeq", 0, "01001", ", #0"), cmle_zero_d: scalarTwo("cmle", 1, "01001", ", #0"), cmlt_zero_d: scalarTwo("cmlt", 0, "01010", ", #0"),
  addp_d: "01 0 11110 11 11000 11011 10 rn:5 rd:5 | addp Dd, Vn.2d",
} as const satisfies Record<string, string>;
