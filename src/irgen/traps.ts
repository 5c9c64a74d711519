/** The checks that a program makes as it runs, and the function of std/panic.lang that each calls when it fails. */

const rows = [
  ["overflow.add", "lang_panic_add"],
  ["overflow.sub", "lang_panic_sub"],
  ["overflow.mul", "lang_panic_mul"],
  ["overflow.neg", "lang_panic_neg"],
  ["overflow.div", "lang_panic_div"],
  ["overflow.rem", "lang_panic_rem"],
  ["zero.div", "lang_panic_zero_div"],
  ["zero.rem", "lang_panic_zero_rem"],
  ["shift", "lang_panic_shift"],
  /** Operands: index, length (i64). */
  ["bounds", "lang_panic_bounds"],
  /** Operands: from, to, length (i64). */
  ["slice", "lang_panic_slice"],
  ["boundary", "lang_panic_boundary"],
  ["unwrap.none", "lang_panic_unwrap_none"],
  ["unwrap.err", "lang_panic_unwrap_err"],
  ["nil", "lang_panic_nil"],
  ["assert", "lang_panic_assert"],
  ["assume", "lang_panic_assume"],
  ["unreachable", "lang_panic_unreachable"],
] as const;

export type TrapName = (typeof rows)[number][0];
export const trapRows: readonly (readonly [TrapName, string])[] = rows;
/** Trap codes of every module that irgen makes. */
export const Trap = Object.fromEntries(rows.map(([name], index) => [name, index])) as { readonly [K in TrapName]: number };
