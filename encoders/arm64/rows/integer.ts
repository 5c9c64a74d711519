/** Arithmetic, logic, bit fields and moves: Arm ARM C4.1.92 and C4.1.95. */
export const integerRows = {
  // Add and subtract
  add_immediate: "sf:1 0 0 100010 sh:1 imm12:12 rn:5 rd:5 | add Rd|SP, Rn|SP, IMM12 | ?imm12=0&sh=0&rd=31 mov Rd|SP, Rn|SP | ?imm12=0&sh=0&rn=31 mov Rd|SP, Rn|SP",
  adds_immediate: "sf:1 0 1 100010 sh:1 imm12:12 rn:5 rd:5 | adds Rd, Rn|SP, IMM12 | ?rd=31 cmn Rn|SP, IMM12",
  sub_immediate: "sf:1 1 0 100010 sh:1 imm12:12 rn:5 rd:5 | sub Rd|SP, Rn|SP, IMM12",
  subs_immediate: "sf:1 1 1 100010 sh:1 imm12:12 rn:5 rd:5 | subs Rd, Rn|SP, IMM12 | ?rd=31 cmp Rn|SP, IMM12",
  add_shifted: "sf:1 0 0 01011 shift:2 0 rm:5 imm6:6 rn:5 rd:5 | add Rd, Rn, Rm, SHIFT",
  adds_shifted: "sf:1 0 1 01011 shift:2 0 rm:5 imm6:6 rn:5 rd:5 | adds Rd, Rn, Rm, SHIFT | ?rd=31 cmn Rn, Rm, SHIFT",
  sub_shifted: "sf:1 1 0 01011 shift:2 0 rm:5 imm6:6 rn:5 rd:5 | sub Rd, Rn, Rm, SHIFT | ?rn=31 neg Rd, Rm, SHIFT",
  subs_shifted: "sf:1 1 1 01011 shift:2 0 rm:5 imm6:6 rn:5 rd:5 | subs Rd, Rn, Rm, SHIFT | ?rd=31 cmp Rn, Rm, SHIFT | ?rn=31 negs Rd, Rm, SHIFT",
  add_extended: "sf:1 0 0 01011 00 1 rm:5 option:3 imm3:3 rn:5 rd:5 | add Rd|SP, Rn|SP, EXTENDED",
  adds_extended: "sf:1 0 1 01011 00 1 rm:5 option:3 imm3:3 rn:5 rd:5 | adds Rd, Rn|SP, EXTENDED | ?rd=31 cmn Rn|SP, EXTENDED",
  sub_extended: "sf:1 1 0 01011 00 1 rm:5 option:3 imm3:3 rn:5 rd:5 | sub Rd|SP, Rn|SP, EXTENDED",
  subs_extended: "sf:1 1 1 01011 00 1 rm:5 option:3 imm3:3 rn:5 rd:5 | subs Rd, Rn|SP, EXTENDED | ?rd=31 cmp Rn|SP, EXTENDED",
  adc: "sf:1 0 0 11010000 rm:5 000000 rn:5 rd:5 | adc Rd, Rn, Rm",
  adcs: "sf:1 0 1 11010000 rm:5 000000 rn:5 rd:5 | adcs Rd, Rn, Rm",
  sbc: "sf:1 1 0 11010000 rm:5 000000 rn:5 rd:5 | sbc Rd, Rn, Rm | ?rn=31 ngc Rd, Rm",
  sbcs: "sf:1 1 1 11010000 rm:5 000000 rn:5 rd:5 | sbcs Rd, Rn, Rm | ?rn=31 ngcs Rd, Rm",

  // Logic
  and_immediate: "sf:1 00 100100 bits:13 rn:5 rd:5 | and Rd|SP, Rn, BITMASK",
  orr_immediate: "sf:1 01 100100 bits:13 rn:5 rd:5 | orr Rd|SP, Rn, BITMASK | ?rn=31&notMoveWide mov Rd|SP, BITMASK",
  eor_immediate: "sf:1 10 100100 bits:13 rn:5 rd:5 | eor Rd|SP, Rn, BITMASK",
  ands_immediate: "sf:1 11 100100 bits:13 rn:5 rd:5 | ands Rd, Rn, BITMASK | ?rd=31 tst Rn, BITMASK",
  and_shifted: "sf:1 00 01010 shift:2 0 rm:5 imm6:6 rn:5 rd:5 | and Rd, Rn, Rm, ROTATE",
  bic_shifted: "sf:1 00 01010 shift:2 1 rm:5 imm6:6 rn:5 rd:5 | bic Rd, Rn, Rm, ROTATE",
  orr_shifted: "sf:1 01 01010 shift:2 0 rm:5 imm6:6 rn:5 rd:5 | orr Rd, Rn, Rm, ROTATE | ?rn=31&shift=0&imm6=0 mov Rd, Rm",
  orn_shifted: "sf:1 01 01010 shift:2 1 rm:5 imm6:6 rn:5 rd:5 | orn Rd, Rn, Rm, ROTATE | ?rn=31 mvn Rd, Rm, ROTATE",
  eor_shifted: "sf:1 10 01010 shift:2 0 rm:5 imm6:6 rn:5 rd:5 | eor Rd, Rn, Rm, ROTATE",
  eon_shifted: "sf:1 10 01010 shift:2 1 rm:5 imm6:6 rn:5 rd:5 | eon Rd, Rn, Rm, ROTATE",
  ands_shifted: "sf:1 11 01010 shift:2 0 rm:5 imm6:6 rn:5 rd:5 | ands Rd, Rn, Rm, ROTATE | ?rd=31 tst Rn, Rm, ROTATE",
  bics_shifted: "sf:1 11 01010 shift:2 1 rm:5 imm6:6 rn:5 rd:5 | bics Rd, Rn, Rm, ROTATE",

  // Wide immediates
  movn: "sf:1 00 100101 hw:2 imm16:16 rd:5 | movn Rd, IMM16 | ?plainInverted mov Rd, INVERTEDIMM16",
  movz: "sf:1 10 100101 hw:2 imm16:16 rd:5 | movz Rd, IMM16 | ?plain mov Rd, PLAINIMM16",
  movk: "sf:1 11 100101 hw:2 imm16:16 rd:5 | movk Rd, IMM16",
  adr: "0 immlo:2 10000 immhi:19 rd:5 | adr Xd, NEAR",
  adrp: "1 immlo:2 10000 immhi:19 rd:5 | adrp Xd, PAGE",

  // Bit fields; N equals sf
  sbfm: "sf:1 00 100110 sf immr:6 imms:6 rn:5 rd:5 | sbfm Rd, Rn, #immr, #imms | ?toTop asr Rd, Rn, #immr"
    + " | ?immr=0&imms=7 sxtb Rd, Wn | ?immr=0&imms=15 sxth Rd, Wn | ?immr=0&imms=31&sf=1 sxtw Rd, Wn"
    + " | ?imms<immr sbfiz Rd, Rn, INSERTED, WIDTH | ?always sbfx Rd, Rn, #immr, EXTRACTED",
  bfm: "sf:1 01 100110 sf immr:6 imms:6 rn:5 rd:5 | bfm Rd, Rn, #immr, #imms | ?imms<immr bfi Rd, Rn, INSERTED, WIDTH | ?always bfxil Rd, Rn, #immr, EXTRACTED",
  ubfm: "sf:1 10 100110 sf immr:6 imms:6 rn:5 rd:5 | ubfm Rd, Rn, #immr, #imms | ?toTop lsr Rd, Rn, #immr | ?isLeft lsl Rd, Rn, INSERTED"
    + " | ?immr=0&imms=7&sf=0 uxtb Rd, Wn | ?immr=0&imms=15&sf=0 uxth Rd, Wn"
    + " | ?imms<immr ubfiz Rd, Rn, INSERTED, WIDTH | ?always ubfx Rd, Rn, #immr, EXTRACTED",
  extr: "sf:1 00 100111 sf 0 rm:5 imms:6 rn:5 rd:5 | extr Rd, Rn, Rm, #imms | ?rn=rm ror Rd, Rn, #imms",

  // Two sources
  udiv: "sf:1 0 0 11010110 rm:5 000010 rn:5 rd:5 | udiv Rd, Rn, Rm",
  sdiv: "sf:1 0 0 11010110 rm:5 000011 rn:5 rd:5 | sdiv Rd, Rn, Rm",
  lslv: "sf:1 0 0 11010110 rm:5 001000 rn:5 rd:5 | lsl Rd, Rn, Rm",
  lsrv: "sf:1 0 0 11010110 rm:5 001001 rn:5 rd:5 | lsr Rd, Rn, Rm",
  asrv: "sf:1 0 0 11010110 rm:5 001010 rn:5 rd:5 | asr Rd, Rn, Rm",
  rorv: "sf:1 0 0 11010110 rm:5 001011 rn:5 rd:5 | ror Rd, Rn, Rm",
  crc32b: "0 0 0 11010110 rm:5 010000 rn:5 rd:5 | crc32b Wd, Wn, Wm | +crc",
  crc32h: "0 0 0 11010110 rm:5 010001 rn:5 rd:5 | crc32h Wd, Wn, Wm | +crc",
  crc32w: "0 0 0 11010110 rm:5 010010 rn:5 rd:5 | crc32w Wd, Wn, Wm | +crc",
  crc32x: "1 0 0 11010110 rm:5 010011 rn:5 rd:5 | crc32x Wd, Wn, Xm | +crc",
  crc32cb: "0 0 0 11010110 rm:5 010100 rn:5 rd:5 | crc32cb Wd, Wn, Wm | +crc",
  crc32ch: "0 0 0 11010110 rm:5 010101 rn:5 rd:5 | crc32ch Wd, Wn, Wm | +crc",
  crc32cw: "0 0 0 11010110 rm:5 010110 rn:5 rd:5 | crc32cw Wd, Wn, Wm | +crc",
  crc32cx: "1 0 0 11010110 rm:5 010111 rn:5 rd:5 | crc32cx Wd, Wn, Xm | +crc",

  // One source
  rbit: "sf:1 1 0 11010110 00000 000000 rn:5 rd:5 | rbit Rd, Rn",
  rev16: "sf:1 1 0 11010110 00000 000001 rn:5 rd:5 | rev16 Rd, Rn",
  rev_w: "0 1 0 11010110 00000 000010 rn:5 rd:5 | rev Wd, Wn",
  rev32: "1 1 0 11010110 00000 000010 rn:5 rd:5 | rev32 Xd, Xn",
  rev_x: "1 1 0 11010110 00000 000011 rn:5 rd:5 | rev Xd, Xn",
  clz: "sf:1 1 0 11010110 00000 000100 rn:5 rd:5 | clz Rd, Rn",
  cls: "sf:1 1 0 11010110 00000 000101 rn:5 rd:5 | cls Rd, Rn",

  // Three sources
  madd: "sf:1 00 11011 000 rm:5 0 ra:5 rn:5 rd:5 | madd Rd, Rn, Rm, Ra | ?ra=31 mul Rd, Rn, Rm",
  msub: "sf:1 00 11011 000 rm:5 1 ra:5 rn:5 rd:5 | msub Rd, Rn, Rm, Ra | ?ra=31 mneg Rd, Rn, Rm",
  smaddl: "1 00 11011 001 rm:5 0 ra:5 rn:5 rd:5 | smaddl Xd, Wn, Wm, Xa | ?ra=31 smull Xd, Wn, Wm",
  smsubl: "1 00 11011 001 rm:5 1 ra:5 rn:5 rd:5 | smsubl Xd, Wn, Wm, Xa | ?ra=31 smnegl Xd, Wn, Wm",
  umaddl: "1 00 11011 101 rm:5 0 ra:5 rn:5 rd:5 | umaddl Xd, Wn, Wm, Xa | ?ra=31 umull Xd, Wn, Wm",
  umsubl: "1 00 11011 101 rm:5 1 ra:5 rn:5 rd:5 | umsubl Xd, Wn, Wm, Xa | ?ra=31 umnegl Xd, Wn, Wm",
  smulh: "1 00 11011 010 rm:5 0 11111 rn:5 rd:5 | smulh Xd, Xn, Xm",
  umulh: "1 00 11011 110 rm:5 0 11111 rn:5 rd:5 | umulh Xd, Xn, Xm",

  // Conditions
  csel: "sf:1 0 0 11010100 rm:5 cond:4 00 rn:5 rd:5 | csel Rd, Rn, Rm, COND",
  csinc: "sf:1 0 0 11010100 rm:5 cond:4 01 rn:5 rd:5 | csinc Rd, Rn, Rm, COND | ?rn=31&rm=31&cond<14 cset Rd, INVERSE | ?rn=rm&notZero&cond<14 cinc Rd, Rn, INVERSE",
  csinv: "sf:1 1 0 11010100 rm:5 cond:4 00 rn:5 rd:5 | csinv Rd, Rn, Rm, COND | ?rn=31&rm=31&cond<14 csetm Rd, INVERSE | ?rn=rm&notZero&cond<14 cinv Rd, Rn, INVERSE",
  csneg: "sf:1 1 0 11010100 rm:5 cond:4 01 rn:5 rd:5 | csneg Rd, Rn, Rm, COND | ?rn=rm&cond<14 cneg Rd, Rn, INVERSE",
  ccmp_register: "sf:1 1 1 11010010 rm:5 cond:4 0 0 rn:5 0 nzcv:4 | ccmp Rn, Rm, #nzcv, COND",
  ccmp_immediate: "sf:1 1 1 11010010 imm5:5 cond:4 1 0 rn:5 0 nzcv:4 | ccmp Rn, #imm5, #nzcv, COND",
  ccmn_register: "sf:1 0 1 11010010 rm:5 cond:4 0 0 rn:5 0 nzcv:4 | ccmn Rn, Rm, #nzcv, COND",
  ccmn_immediate: "sf:1 0 1 11010010 imm5:5 cond:4 1 0 rn:5 0 nzcv:4 | ccmn Rn, #imm5, #nzcv, COND",
} as const satisfies Record<string, string>;
