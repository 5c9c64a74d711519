/** Vectors of floats, and scalars in vector registers that scalar floating point has no row for: Arm ARM C4.1.96. `a` is the diagram's bit 23. */

const same = (name: string, u: number, a: number, opcode: string): string => `0 Q ${u} 01110 ${a} sz 1 rm:5 ${opcode} 1 rn:5 rd:5 | ${name} Vd.T, Vn.T, Vm.T | T=float`;
const two = (name: string, u: number, a: number, opcode: string): string => `0 Q ${u} 01110 ${a} sz 10000 ${opcode} 10 rn:5 rd:5 | ${name} Vd.T, Vn.T | T=float`;
const zero = (name: string, u: number, opcode: string): string => `0 Q ${u} 01110 1 sz 10000 ${opcode} 10 rn:5 rd:5 | ${name} Vd.T, Vn.T, #0.0 | T=float`;
const across = (name: string, a: number, opcode: string): string => `0 Q 1 01110 ${a} sz 11000 ${opcode} 10 rn:5 rd:5 | ${name} Ed, Vn.T | T=quads`;
const element = (name: string, u: number, opcode: string): string => `0 Q ${u} 01111 1 sz BY ${opcode} h:1 0 rn:5 rd:5 | ${name} Vd.T, Vn.T, ELEMENT.Te[BYNUMBER] | T=float`;
/** Scalars; `sz` is 0 for single, 1 for double. */
const scalar = (name: string, u: number, a: number, opcode: string): string => `01 ${u} 11110 ${a} sz:1 1 rm:5 ${opcode} 1 rn:5 rd:5 | ${name} Pd, Pn, Pm`;
const scalarTwo = (name: string, u: number, a: number, opcode: string, last = ""): string => `01 ${u} 11110 ${a} sz:1 10000 ${opcode} 10 rn:5 rd:5 | ${name} Pd, Pn${last}`;
const pair = (name: string, a: number, opcode: string): string => `01 1 11110 ${a} sz:1 11000 ${opcode} 10 rn:5 rd:5 | ${name} Pd, PAIR`;

export const vectorFloatRows = {
  fmaxnm_T: same("fmaxnm", 0, 0, "11000"), fmla_T: same("fmla", 0, 0, "11001"), fadd_T: same("fadd", 0, 0, "11010"), fmulx_T: same("fmulx", 0, 0, "11011"), fcmeq_T: same("fcmeq", 0, 0, "11100"),
  fmax_T: same("fmax", 0, 0, "11110"), frecps_T: same("frecps", 0, 0, "11111"), fminnm_T: same("fminnm", 0, 1, "11000"), fmls_T: same("fmls", 0, 1, "11001"), fsub_T: same("fsub", 0, 1, "11010"),
  fmin_T: same("fmin", 0, 1, "11110"), frsqrts_T: same("frsqrts", 0, 1, "11111"), fmaxnmp_T: same("fmaxnmp", 1, 0, "11000"), faddp_T: same("faddp", 1, 0, "11010"), fmul_T: same("fmul", 1, 0, "11011"),
  fcmge_T: same("fcmge", 1, 0, "11100"), facge_T: same("facge", 1, 0, "11101"), fmaxp_T: same("fmaxp", 1, 0, "11110"), fdiv_T: same("fdiv", 1, 0, "11111"), fminnmp_T: same("fminnmp", 1, 1, "11000"),
  fabd_T: same("fabd", 1, 1, "11010"), fcmgt_T: same("fcmgt", 1, 1, "11100"), facgt_T: same("facgt", 1, 1, "11101"), fminp_T: same("fminp", 1, 1, "11110"),

  frintn_T: two("frintn", 0, 0, "11000"), frintm_T: two("frintm", 0, 0, "11001"), fcvtns_T: two("fcvtns", 0, 0, "11010"), fcvtms_T: two("fcvtms", 0, 0, "11011"), fcvtas_T: two("fcvtas", 0, 0, "11100"),
  scvtf_T: two("scvtf", 0, 0, "11101"), frinta_T: two("frinta", 1, 0, "11000"), frintx_T: two("frintx", 1, 0, "11001"), fcvtnu_T: two("fcvtnu", 1, 0, "11010"), fcvtmu_T: two("fcvtmu", 1, 0, "11011"),
  fcvtau_T: two("fcvtau", 1, 0, "11100"), ucvtf_T: two("ucvtf", 1, 0, "11101"), fabs_T: two("fabs", 0, 1, "01111"), frintp_T: two("frintp", 0, 1, "11000"), frintz_T: two("frintz", 0, 1, "11001"),
  fcvtps_T: two("fcvtps", 0, 1, "11010"), fcvtzs_T: two("fcvtzs", 0, 1, "11011"), frecpe_T: two("frecpe", 0, 1, "11101"), fneg_T: two("fneg", 1, 1, "01111"), frinti_T: two("frinti", 1, 1, "11001"),
  fcvtpu_T: two("fcvtpu", 1, 1, "11010"), fcvtzu_T: two("fcvtzu", 1, 1, "11011"), frsqrte_T: two("frsqrte", 1, 1, "11101"), fsqrt_T: two("fsqrt", 1, 1, "11111"),
  fcmgt_zero_T: zero("fcmgt", 0, "01100"), fcmge_zero_T: zero("fcmge", 1, "01100"), fcmeq_zero_T: zero("fcmeq", 0, "01101"), fcmle_zero_T: zero("fcmle", 1, "01101"), fcmlt_zero_T: zero("fcmlt", 0, "01110"),
  fcvtn_T: "0 Q 0 01110 0 nsz 10000 10110 10 rn:5 rd:5 | fcvtn{2} Vd.T, Vn.Ta | T=hs", fcvtl_T: "0 Q 0 01110 0 nsz 10000 10111 10 rn:5 rd:5 | fcvtl{2} Vd.Ta, Vn.T | T=hs",
  fcvtxn_T: "0 Q 1 01110 0 nsz 10000 10110 10 rn:5 rd:5 | fcvtxn{2} Vd.T, Vn.Ta | T=s",
  fmaxnmv_T: across("fmaxnmv", 0, "01100"), fmaxv_T: across("fmaxv", 0, "01111"), fminnmv_T: across("fminnmv", 1, "01100"), fminv_T: across("fminv", 1, "01111"),
  fmla_element_T: element("fmla", 0, "0001"), fmls_element_T: element("fmls", 0, "0101"), fmul_element_T: element("fmul", 0, "1001"), fmulx_element_T: element("fmulx", 1, "1001"),

  fcmeq_scalar: scalar("fcmeq", 0, 0, "11100"), fcmge_scalar: scalar("fcmge", 1, 0, "11100"), fcmgt_scalar: scalar("fcmgt", 1, 1, "11100"), facge_scalar: scalar("facge", 1, 0, "11101"),
  facgt_scalar: scalar("facgt", 1, 1, "11101"), fabd_scalar: scalar("fabd", 1, 1, "11010"), fmulx_scalar: scalar("fmulx", 0, 0, "11011"), frecps_scalar: scalar("frecps", 0, 0, "11111"), frsqrts_scalar: scalar("frsqrts", 0, 1, "11111"),
  fcmgt_zero_scalar: scalarTwo("fcmgt", 0, 1, "01100", ", #0.0"), fcmge_zero_scalar: scalarTwo("fcmge", 1, 1, "01100", ", #0.0"), fcmeq_zero_scalar: scalarTwo("fcmeq", 0, 1, "01101", ", #0.0"),
  fcmle_zero_scalar: scalarTwo("fcmle", 1, 1, "01101", ", #0.0"), fcmlt_zero_scalar: scalarTwo("fcmlt", 0, 1, "01110", ", #0.0"),
  scvtf_scalar: scalarTwo("scvtf", 0, 0, "11101"), ucvtf_scalar: scalarTwo("ucvtf", 1, 0, "11101"), fcvtns_scalar: scalarTwo("fcvtns", 0, 0, "11010"), fcvtnu_scalar: scalarTwo("fcvtnu", 1, 0, "11010"),
  fcvtms_scalar: scalarTwo("fcvtms", 0, 0, "11011"), fcvtmu_scalar: scalarTwo("fcvtmu", 1, 0, "11011"), fcvtas_scalar: scalarTwo("fcvtas", 0, 0, "11100"), fcvtau_scalar: scalarTwo("fcvtau", 1, 0, "11100"),
  fcvtps_scalar: scalarTwo("fcvtps", 0, 1, "11010"), fcvtpu_scalar: scalarTwo("fcvtpu", 1, 1, "11010"), fcvtzs_scalar: scalarTwo("fcvtzs", 0, 1, "11011"), fcvtzu_scalar: scalarTwo("fcvtzu", 1, 1, "11011"),
  frecpe_scalar: scalarTwo("frecpe", 0, 1, "11101"), frecpx_scalar: scalarTwo("frecpx", 0, 1, "11111"), frsqrte_scalar: scalarTwo("frsqrte", 1, 1, "11101"),
  faddp_scalar: pair("faddp", 0, "01101"), fmaxp_scalar: pair("fmaxp", 0, "01111"), fmaxnmp_scalar: pair("fmaxnmp", 0, "01100"), fminp_scalar: pair("fminp", 1, "01111"), fminnmp_scalar: pair("fminnmp", 1, "01100"),
} as const satisfies Record<string, string>;
