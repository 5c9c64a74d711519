/** What of a shift's amount a processor looks at. */
import { Op } from "../ir/ops.ts";
import type { SelectorBase } from "./selector.ts";

/** The value whose lower bits are those of `v`, an amount modulo `bits`: widenings and masks above them change nothing. */
export function shiftAmount(s: SelectorBase, v: number, bits: number): number {
  const { f } = s;
  let amount = s.strip(v);
  for (;;) {
    const op = f.op[amount];
    const masked = op === Op.and && f.op[f.b[amount]] === Op.const && (f.a[f.b[amount]] & (bits - 1)) === bits - 1;
    if (op !== Op.zext && op !== Op.sext && !masked) return amount;
    amount = s.strip(f.a[amount]);
  }
}
