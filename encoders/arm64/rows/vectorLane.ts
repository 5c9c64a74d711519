/** Elements of vectors: copies, permutations, table look-ups, products by an element, immediates: Arm ARM C4.1.96. */

const permute = (name: string, opcode: string): string => `0 Q 0 01110 size 0 rm:5 0 ${opcode} 10 rn:5 rd:5 | ${name} Vd.T, Vn.T, Vm.T | T=all`;
const look = (name: string, op: number, count: number): string =>
  `0 Q 0 01110 000 rm:5 0 ${(count - 1).toString(2).padStart(2, "0")} ${op} 00 rn:5 rd:5 | ${name} Vd.T, LIST${count}n.16b, Vm.T | T=b`;
const element = (name: string, u: number, opcode: string): string => `0 Q ${u} 01111 size BY ${opcode} h:1 0 rn:5 rd:5 | ${name} Vd.T, Vn.T, ELEMENT.Te[BYNUMBER] | T=hs`;
const longElement = (name: string, u: number, opcode: string): string => `0 Q ${u} 01111 size BY ${opcode} h:1 0 rn:5 rd:5 | ${name}{2} Vd.Ta, Vn.T, ELEMENT.Te[BYNUMBER] | T=hs`;
/** The eight bits lie apart. `cmode` says how they become an element. */
const immediate = (q: string, op: number, cmode: string, text: string): string => `0 ${q} ${op} 0111100000 abc:3 ${cmode} 01 defgh:5 rd:5 | ${text}`;

export const vectorLaneRows = {
  dup_T: "0 Q 0 01110000 LANE0 0 0001 1 rn:5 rd:5 | dup Vd.T, Gn | T=all",
  dup_lane_T: "0 Q 0 01110000 LANE 0 0000 1 rn:5 rd:5 | dup Vd.T, Vn.Te[lane] | T=all",
  dup_b: "01 0 11110000 lane:4 1 0 0000 1 rn:5 rd:5 | mov Bd, Vn.b[lane]", dup_h: "01 0 11110000 lane:3 10 0 0000 1 rn:5 rd:5 | mov Hd, Vn.h[lane]",
  dup_s: "01 0 11110000 lane:2 100 0 0000 1 rn:5 rd:5 | mov Sd, Vn.s[lane]", dup_d: "01 0 11110000 lane:1 1000 0 0000 1 rn:5 rd:5 | mov Dd, Vn.d[lane]",
  umov_b: "0 0 0 01110000 lane:4 1 0 0111 1 rn:5 rd:5 | umov Wd, Vn.b[lane]", umov_h: "0 0 0 01110000 lane:3 10 0 0111 1 rn:5 rd:5 | umov Wd, Vn.h[lane]",
  umov_s: "0 0 0 01110000 lane:2 100 0 0111 1 rn:5 rd:5 | mov Wd, Vn.s[lane]", umov_d: "0 1 0 01110000 lane:1 1000 0 0111 1 rn:5 rd:5 | mov Xd, Vn.d[lane]",
  smov_w_b: "0 0 0 01110000 lane:4 1 0 0101 1 rn:5 rd:5 | smov Wd, Vn.b[lane]", smov_w_h: "0 0 0 01110000 lane:3 10 0 0101 1 rn:5 rd:5 | smov Wd, Vn.h[lane]",
  smov_x_b: "0 1 0 01110000 lane:4 1 0 0101 1 rn:5 rd:5 | smov Xd, Vn.b[lane]", smov_x_h: "0 1 0 01110000 lane:3 10 0 0101 1 rn:5 rd:5 | smov Xd, Vn.h[lane]",
  smov_x_s: "0 1 0 01110000 lane:2 100 0 0101 1 rn:5 rd:5 | smov Xd, Vn.s[lane]",
  ins_b: "0 1 0 01110000 lane:4 1 0 0011 1 rn:5 rd:5 | mov Vd.b[lane], Wn", ins_h: "0 1 0 01110000 lane:3 10 0 0011 1 rn:5 rd:5 | mov Vd.h[lane], Wn",
  ins_s: "0 1 0 01110000 lane:2 100 0 0011 1 rn:5 rd:5 | mov Vd.s[lane], Wn", ins_d: "0 1 0 01110000 lane:1 1000 0 0011 1 rn:5 rd:5 | mov Vd.d[lane], Xn",
  ins_lane_b: "0 1 1 01110000 lane:4 1 0 from:4 1 rn:5 rd:5 | mov Vd.b[lane], Vn.b[from]", ins_lane_h: "0 1 1 01110000 lane:3 10 0 from:3 0 1 rn:5 rd:5 | mov Vd.h[lane], Vn.h[from]",
  ins_lane_s: "0 1 1 01110000 lane:2 100 0 from:2 00 1 rn:5 rd:5 | mov Vd.s[lane], Vn.s[from]", ins_lane_d: "0 1 1 01110000 lane:1 1000 0 from:1 000 1 rn:5 rd:5 | mov Vd.d[lane], Vn.d[from]",

  uzp1_T: permute("uzp1", "001"), trn1_T: permute("trn1", "010"), zip1_T: permute("zip1", "011"), uzp2_T: permute("uzp2", "101"), trn2_T: permute("trn2", "110"), zip2_T: permute("zip2", "111"),
  ext_8b: "0 0 1 01110 000 rm:5 0 0 index:3 0 rn:5 rd:5 | ext Vd.8b, Vn.8b, Vm.8b, #index", ext_16b: "0 1 1 01110 000 rm:5 0 index:4 0 rn:5 rd:5 | ext Vd.16b, Vn.16b, Vm.16b, #index",
  tbl1_T: look("tbl", 0, 1), tbl2_T: look("tbl", 0, 2), tbl3_T: look("tbl", 0, 3), tbl4_T: look("tbl", 0, 4),
  tbx1_T: look("tbx", 1, 1), tbx2_T: look("tbx", 1, 2), tbx3_T: look("tbx", 1, 3), tbx4_T: look("tbx", 1, 4),

  mla_element_T: element("mla", 1, "0000"), mls_element_T: element("mls", 1, "0100"), mul_element_T: element("mul", 0, "1000"), sqdmulh_element_T: element("sqdmulh", 0, "1100"),
  sqrdmulh_element_T: element("sqrdmulh", 0, "1101"), smlal_element_T: longElement("smlal", 0, "0010"), umlal_element_T: longElement("umlal", 1, "0010"), smlsl_element_T: longElement("smlsl", 0, "0110"),
  umlsl_element_T: longElement("umlsl", 1, "0110"), smull_element_T: longElement("smull", 0, "1010"), umull_element_T: longElement("umull", 1, "1010"), sqdmull_element_T: longElement("sqdmull", 0, "1011"),
  sqdmlal_element_T: longElement("sqdmlal", 0, "0011"), sqdmlsl_element_T: longElement("sqdmlsl", 0, "0111"),

  movi_T: immediate("Q", 0, "1110", "movi Vd.T, #abc.defgh | T=b"),
  movi_lsl_T: immediate("Q", 0, "CMODE 0", "movi Vd.T, #abc.defgh, LEFT8 | T=hs"), mvni_lsl_T: immediate("Q", 1, "CMODE 0", "mvni Vd.T, #abc.defgh, LEFT8 | T=hs"),
  orr_immediate_T: immediate("Q", 0, "CMODE 1", "orr Vd.T, #abc.defgh, LEFT8 | T=hs"), bic_immediate_T: immediate("Q", 1, "CMODE 1", "bic Vd.T, #abc.defgh, LEFT8 | T=hs"),
  movi_msl_T: immediate("Q", 0, "110 amount:1", "movi Vd.T, #abc.defgh, ONES8 | T=s"), mvni_msl_T: immediate("Q", 1, "110 amount:1", "mvni Vd.T, #abc.defgh, ONES8 | T=s"),
  movi_d: immediate("0", 1, "1110", "movi Dd, BYTEMASK"), movi_2d: immediate("1", 1, "1110", "movi Vd.2d, BYTEMASK"),
  fmov_vector_T: immediate("Q", 0, "1111", "fmov Vd.T, FLOAT8 | T=s"), fmov_vector_2d: immediate("1", 1, "1111", "fmov Vd.2d, FLOAT8"),
} as const satisfies Record<string, string>;
