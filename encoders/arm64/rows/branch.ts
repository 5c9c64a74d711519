/** Branches, exceptions, hints, barriers, system registers: Arm ARM C4.1.93. */
export const branchRows = {
  b: "0 00101 imm26:26 | b LABEL",
  bl: "1 00101 imm26:26 | bl LABEL",
  b_cond: "01010100 imm19:19 0 cond:4 | b.COND LABEL",
  cbz: "sf:1 011010 0 imm19:19 rt:5 | cbz Rt, LABEL",
  cbnz: "sf:1 011010 1 imm19:19 rt:5 | cbnz Rt, LABEL",
  tbz: "b5:1 011011 0 b40:5 imm14:14 rt:5 | tbz TESTED, #b5.b40, LABEL",
  tbnz: "b5:1 011011 1 b40:5 imm14:14 rt:5 | tbnz TESTED, #b5.b40, LABEL",
  br: "1101011 0000 11111 000000 rn:5 00000 | br Xn",
  blr: "1101011 0001 11111 000000 rn:5 00000 | blr Xn",
  ret: "1101011 0010 11111 000000 rn:5 00000 | ret Xn | ?rn=30 ret",

  svc: "11010100 000 imm16:16 00001 | svc #imm16",
  hvc: "11010100 000 imm16:16 00010 | hvc #imm16",
  smc: "11010100 000 imm16:16 00011 | smc #imm16",
  brk: "11010100 001 imm16:16 00000 | brk #imm16",
  hlt: "11010100 010 imm16:16 00000 | hlt #imm16",
  udf: "0000000000000000 imm16:16 | udf #imm16",
  eret: "1101011 0100 11111 000000 11111 00000 | eret",

  hint: "1101 0101 0000 0011 0010 number:7 11111 | hint #number",
  nop: "1101 0101 0000 0011 0010 0000 000 11111 | nop",
  yield: "1101 0101 0000 0011 0010 0000 001 11111 | yield",
  wfe: "1101 0101 0000 0011 0010 0000 010 11111 | wfe",
  wfi: "1101 0101 0000 0011 0010 0000 011 11111 | wfi",
  sev: "1101 0101 0000 0011 0010 0000 100 11111 | sev",
  sevl: "1101 0101 0000 0011 0010 0000 101 11111 | sevl",
  clrex: "1101 0101 0000 0011 0011 crm:4 0 10 11111 | clrex #crm | ?crm=15 clrex",
  dsb: "1101 0101 0000 0011 0011 crm:4 1 00 11111 | dsb BARRIER",
  dmb: "1101 0101 0000 0011 0011 crm:4 1 01 11111 | dmb BARRIER",
  isb: "1101 0101 0000 0011 0011 crm:4 1 10 11111 | isb #crm | ?crm=15 isb",

  mrs: "1101 0101 0011 sysreg:15 rt:5 | mrs Xt, SYSREG",
  msr: "1101 0101 0001 sysreg:15 rt:5 | msr SYSREG, Xt",
  sys: "1101 0101 0000 1 op1:3 crn:4 crm:4 op2:3 rt:5 | sys #op1, CRN, CRM, #op2, Xt"
    + " | ?op1=3&crn=7&crm=4&op2=1 dc zva, Xt | ?op1=3&crn=7&crm=10&op2=1 dc cvac, Xt | ?op1=3&crn=7&crm=11&op2=1 dc cvau, Xt"
    + " | ?op1=3&crn=7&crm=14&op2=1 dc civac, Xt | ?op1=3&crn=7&crm=5&op2=1 ic ivau, Xt",
} as const satisfies Record<string, string>;
