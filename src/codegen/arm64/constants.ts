/** How constants are made: what one instruction can do. */
import { encodeBitmask } from "../../../encoders/arm64/bitmask.ts";
import { encodeFloat8 } from "../../../encoders/arm64/float8.ts";
import { Type } from "../../ir/types.ts";

const view = new DataView(new ArrayBuffer(8));

/** Whether movz, movn or orr makes the integer. */
export function isShortInteger(low: number, high: number): boolean {
  return nonZeroParts(low, high) <= 1 || nonZeroParts(~low, ~high) <= 1 || encodeBitmask(low, high, true) >= 0;
}

/** How many of the four 16-bit parts are not 0. */
export function nonZeroParts(low: number, high: number): number {
  return ((low & 0xffff) === 0 ? 0 : 1) + (low >>> 16 === 0 ? 0 : 1) + ((high & 0xffff) === 0 ? 0 : 1) + (high >>> 16 === 0 ? 0 : 1);
}

/** The eight bits of fmov's immediate for a float with these bits; -1 if there are none. */
export function floatBits8(type: number, low: number, high: number): number {
  view.setInt32(0, low, true);
  view.setInt32(4, high, true);
  const value = type === Type.f64 ? view.getFloat64(0, true) : view.getFloat32(0, true);
  return value === 0 ? -1 : encodeFloat8(value);
}

/** Whether one instruction makes the float. */
export function isShortFloat(type: number, low: number, high: number): boolean {
  return (low === 0 && (high === 0 || type === Type.f32)) || floatBits8(type, low, high) >= 0;
}
