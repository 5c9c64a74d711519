/**
 * Numbers as the nearest f32, ties to even, rounded once. By way of f64 a number would be rounded twice, which is wrong where it lies near, and its f64 at,
 * the middle between two f32s.
 */

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The f32s on both sides of the number that was asked about last. */
let below = 0;
let above = 0;

/** Whether a number that is not negative lies exactly in the middle between two f32s. Behind the greatest one stands infinity. */
export function isBetweenSingles(size: number): boolean {
  single[0] = size;
  const near = single[0] as number;
  if (near === size || !(size <= 2 ** 128)) return false;
  if (near > size) bits[0] = (bits[0] as number) - 1;
  below = single[0] as number;
  bits[0] = (bits[0] as number) + 1;
  above = single[0] as number;
  return (below + (above === Infinity ? 2 ** 128 : above)) / 2 === size;
}

/** The f32 nearest to the decimal number `text`, if that is not the one nearest to its f64, which is `value`. */
export function singleOfText(text: string, value: number): number | undefined {
  if (!isBetweenSingles(value)) return undefined;
  const side = compareText(text, value);
  return side < 0 ? below : side > 0 ? above : undefined;
}

/** The f32 nearest to an integer. */
export function singleOfInteger(integer: bigint | number): number {
  if (typeof integer === "number") return Math.fround(integer);
  const size = integer < 0n ? -integer : integer;
  const value = Number(size);
  const rest = size - BigInt(value);
  const nearest = rest === 0n || !isBetweenSingles(value) ? Math.fround(value) : rest < 0n ? below : above;
  return integer < 0n ? -nearest : nearest;
}

/** Below, at or above 0: how a decimal number compares with a float, exactly. */
function compareText(text: string, value: number): number {
  const [mantissa = "", exponentText] = text.replaceAll("_", "").toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const exponent = Number(exponentText ?? "0") - fraction.length;
  let left = BigInt(`${whole}${fraction}`);
  // A middle between f32s has at most 25 bits, and no bit below 2^-150.
  const scaled = value * 2 ** 150;
  let right = BigInt(scaled);
  if (exponent > 0) left *= 10n ** BigInt(exponent);
  else right *= 10n ** BigInt(-exponent);
  left <<= 150n;
  return left < right ? -1 : left > right ? 1 : 0;
}
