/** Names that stand in fields other than registers': barriers, prefetches, system registers. Arm ARM C6.2 and D19. */

/** By CRm of dmb and dsb; "" where there is only a number. */
export const barrierNames = ["", "oshld", "oshst", "osh", "", "nshld", "nshst", "nsh", "", "ishld", "ishst", "ish", "", "ld", "st", "sy"];

/** By the five bits of prfm; undefined where there is only a number. */
export function prefetchName(bits: number): string | undefined {
  const type = ["pld", "pli", "pst"][bits >> 3];
  const level = (bits >> 1) & 3;
  return type === undefined || level === 3 ? undefined : `${type}l${level + 1}${(bits & 1) === 0 ? "keep" : "strm"}`;
}

const system = (op0: number, op1: number, crn: number, crm: number, op2: number): number => ((op0 & 1) << 14) | (op1 << 11) | (crn << 7) | (crm << 3) | op2;

/** The fifteen bits of a system register, from `o0` down. */
export const TPIDR_EL0 = system(3, 3, 13, 0, 2);
export const TPIDRRO_EL0 = system(3, 3, 13, 0, 3);
export const FPCR = system(3, 3, 4, 4, 0);
export const FPSR = system(3, 3, 4, 4, 1);
export const NZCV = system(3, 3, 4, 2, 0);
export const CTR_EL0 = system(3, 3, 0, 0, 1);
export const DCZID_EL0 = system(3, 3, 0, 0, 7);
export const CNTFRQ_EL0 = system(3, 3, 14, 0, 0);
export const CNTVCT_EL0 = system(3, 3, 14, 0, 2);

const writable = new Map([[TPIDR_EL0, "tpidr_el0"], [FPCR, "fpcr"], [FPSR, "fpsr"], [NZCV, "nzcv"]]);
const readable = new Map([...writable, [TPIDRRO_EL0, "tpidrro_el0"], [CTR_EL0, "ctr_el0"], [DCZID_EL0, "dczid_el0"], [CNTFRQ_EL0, "cntfrq_el0"], [CNTVCT_EL0, "cntvct_el0"]]);

/** The register's name, or its numbers: `s3_3_c13_c0_2`. */
export function systemRegisterName(bits: number, reading: boolean): string {
  const named = (reading ? readable : writable).get(bits);
  return named ?? `s${2 + (bits >> 14)}_${(bits >> 11) & 7}_c${(bits >> 7) & 15}_c${(bits >> 3) & 15}_${bits & 7}`;
}
