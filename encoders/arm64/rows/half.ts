/** Scalars of half precision: the rows of float.ts whose `ftype` may be 11 if the processor has FEAT_FP16. Names end in `_h`. */
import { floatRows } from "./float.ts";

/** The rows; made when first asked for. */
export function halfRows(): Readonly<Record<string, string>> {
  const rows: Record<string, string> = {
    fmov_h_w: "0 0 0 11110 11 1 00 111 000000 rn:5 rd:5 | fmov Hd, Wn | +fp16", fmov_w_h: "0 0 0 11110 11 1 00 110 000000 rn:5 rd:5 | fmov Wd, Hn | +fp16",
    fmov_h_x: "1 0 0 11110 11 1 00 111 000000 rn:5 rd:5 | fmov Hd, Xn | +fp16", fmov_x_h: "1 0 0 11110 11 1 00 110 000000 rn:5 rd:5 | fmov Xd, Hn | +fp16",
  };
  for (const [name, text] of Object.entries(floatRows)) {
    if (text.includes("ftype:2")) rows[`${name}_h`] = `${text.replace("ftype:2", "11").replaceAll(/\bF(?=[dnma]\b)/g, "H")} | +fp16`;
  }
  return rows;
}
