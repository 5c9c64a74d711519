/** Rows of floating-point code, looked up when the first float is met: most programs have none. Index 0 is f32, 1 is f64. */

import { row } from "../../../encoders/x86_64/table.ts";
import type { RowName } from "../../../encoders/x86_64/table.ts";

function scalar(name: string): Int16Array {
  return Int16Array.of(row(`${name}ss_x_xm32` as RowName), row(`${name}sd_x_xm64` as RowName));
}

function make() {
  return {
    add: scalar("add"), sub: scalar("sub"), mul: scalar("mul"), div: scalar("div"), sqrt: scalar("sqrt"),
    min: scalar("min"), max: scalar("max"), ucomi: scalar("ucomi"),
    round: Int16Array.of(row("roundss_x_xm32_u8"), row("roundsd_x_xm64_u8")),
    promote: row("cvtss2sd_x_xm32"), demote: row("cvtsd2ss_x_xm64"),
    fromI32: Int16Array.of(row("cvtsi2ss_x_rm32"), row("cvtsi2sd_x_rm32")),
    fromI64: Int16Array.of(row("cvtsi2ss_x_rm64"), row("cvtsi2sd_x_rm64")),
    toI32: Int16Array.of(row("cvttss2si_r32_xm32"), row("cvttsd2si_r32_xm64")),
    toI64: Int16Array.of(row("cvttss2si_r64_xm32"), row("cvttsd2si_r64_xm64")),
    toX32: row("movd_x_rm32"), toX64: row("movq_x_r64"), fromX32: row("movd_rm32_x"), fromX64: row("movq_r64_x"),
    and: row("andps_x_xm128"), andNot: row("andnps_x_xm128"), or: row("orps_x_xm128"), xor: row("xorps_x_xm128"),
    fma213: Int16Array.of(row("vfmadd213ss_x_x_xm32"), row("vfmadd213sd_x_x_xm64")),
  };
}

let made: ReturnType<typeof make> | undefined;

/** The rows, looked up at the first call: most programs have no floats. */
export function floatRows(): ReturnType<typeof make> {
  return (made ??= make());
}
