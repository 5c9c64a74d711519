/** Numbers: `42 1_000 0xff 0o17 0b1010 42u8 3.14 1e9 2.5f32`. */

import { Names, hashStep, numberTypes } from "../source/interner.ts";
import { Byte, ByteClass, byteClass } from "./byteClass.ts";
import type { Lexer } from "./lexer.ts";
import { nameCharacter } from "./lexText.ts";
import { isBetweenSingles, singleOfText } from "./singles.ts";
import { T, TokenFlag } from "./token.ts";

const firstSuffix = Names.i8;
const firstFloatSuffix = numberTypes.indexOf("f32") + 1;

/** Powers of ten that a double holds exactly. */
const powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

const decoder = new TextDecoder();
const largest = (1n << 128n) - 1n;

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Reads the number that starts at `from`, for `numberKind` and `number` of the lexer; returns where it ends. */
export function lexNumber(l: Lexer, from: number): number {
  const { bytes } = l;
  let at = from;
  let value = 0;
  let byte = bytes[at] as number;
  while (isDigit(byte)) {
    value = value * 10 + (byte - Byte.zero);
    byte = bytes[++at] as number;
  }
  // Most numbers are these digits alone; what is more, or may have to be warned of, is read anew.
  if ((byteClass[byte] as number) <= ByteClass.digit || (byte === Byte.point && isDigit(bytes[at + 1] as number)) || byte >= 0x80 || (value > 7 && bytes[from] === Byte.zero)) return lexLongNumber(l, from);
  setNumber(l, T.Integer, integerLiteral(l, from, at, value, 10), 0);
  return at;
}

/** A number with a prefix, underscores, a fraction, an exponent or a suffix. */
function lexLongNumber(l: Lexer, from: number): number {
  const { bytes } = l;
  // Behind a dot stands the number of a tuple's part, so that `t.0.1` is no float.
  const isPart = l.lastKind() === T["."];
  if (bytes[from] === Byte.zero && !isPart) {
    const letter = (bytes[from + 1] as number) | 0x20;
    if (letter === Byte.x) return based(l, from, 16, "a hexadecimal");
    if (letter === Byte.o) return based(l, from, 8, "an octal");
    if (letter === Byte.b) return based(l, from, 2, "a binary");
  }
  let at = from;
  let value = 0;
  let byte = bytes[at] as number;
  while (isDigit(byte) || byte === Byte.underscore) {
    if (byte !== Byte.underscore) value = value * 10 + (byte - Byte.zero);
    byte = bytes[++at] as number;
  }
  let fraction = 0;
  let isFloat = false;
  if (byte === Byte.point && isDigit(bytes[at + 1] as number) && !isPart) {
    isFloat = true;
    byte = bytes[++at] as number;
    while (isDigit(byte) || byte === Byte.underscore) {
      if (byte !== Byte.underscore) {
        value = value * 10 + (byte - Byte.zero);
        fraction++;
      }
      byte = bytes[++at] as number;
    }
  }
  let exponent = 0;
  if ((byte | 0x20) === Byte.e && !isPart) {
    const signed = bytes[at + 1] === Byte.plus || bytes[at + 1] === Byte.minus;
    let to = at + (signed ? 2 : 1);
    while (bytes[to] === Byte.underscore) to++;
    if (isDigit(bytes[to] as number)) {
      isFloat = true;
      const negative = bytes[at + 1] === Byte.minus;
      for (byte = bytes[to] as number; isDigit(byte) || byte === Byte.underscore; byte = bytes[++to] as number) if (byte !== Byte.underscore && exponent < 100000) exponent = exponent * 10 + (byte - Byte.zero);
      if (negative) exponent = -exponent;
      at = to;
    } else if (byteClass[bytes[at + 1] as number] !== ByteClass.letter && byteClass[bytes[at + 1] as number] !== ByteClass.digit) {
      l.error("E0110", from, to, "the exponent has no digits", "write 1e9 or 1.5e-3");
      l.ast.floats.push(value);
      setNumber(l, T.Float, l.ast.floats.length - 1, 0);
      return to;
    }
  }
  const digitsEnd = at;
  if (bytes[from] === Byte.zero && !isFloat && !isPart && value > 7) warnLeadingZero(l, from, at);
  let suffix = 0;
  if (byteClass[byte] === ByteClass.letter || (byte >= 0x80 && nameCharacter(l, at) !== 0)) {
    if (isPart) {
      l.error("E0110", from, at, "behind a dot stands the number of a part or a name");
    } else {
      at = skipName(l, at);
      suffix = readSuffix(l, digitsEnd, at, isFloat ? "a number with a point or an exponent takes f32 or f64" : "", isFloat);
    }
  }
  if (isFloat || suffix >= firstFloatSuffix) {
    const double = floatValue(l, from, digitsEnd, value, exponent - fraction);
    l.ast.floats.push(double);
    if (isBetweenSingles(double)) noteSingle(l, decoder.decode(bytes.subarray(from, digitsEnd)), double);
    setNumber(l, T.Float, l.ast.floats.length - 1, suffix);
  } else setNumber(l, T.Integer, integerLiteral(l, from, digitsEnd, value, 10), suffix);
  return at;
}

/** `0755` is 755. What has a 9 or an 8 is not taken for an octal number. */
function warnLeadingZero(l: Lexer, from: number, to: number): void {
  const digits = decoder.decode(l.bytes.subarray(from, to));
  if (/[89]/.test(digits)) return;
  const plain = digits.replace(/^[0_]+/, "");
  l.diagnostics.warning("W0111", { start: l.base + from, end: l.base + to }, `this is ${plain}, not an octal number`, { advice: [`write 0o${plain} if octal is meant, else ${plain}`] });
}

/** `0x…`, `0o…`, `0b…`. */
function based(l: Lexer, from: number, base: number, name: string): number {
  const { bytes } = l;
  let at = from + 2;
  let value = 0;
  let digits = 0;
  let wrong = -1;
  for (; ; at++) {
    const byte = bytes[at] as number;
    if (byte === Byte.underscore) continue;
    let digit = -1;
    if (isDigit(byte)) digit = byte - Byte.zero;
    else if (base === 16) {
      const lower = byte | 0x20;
      if (lower >= 0x61 && lower <= 0x66) digit = lower - 0x61 + 10;
    }
    if (digit < 0) break;
    if (digit >= base && wrong < 0) wrong = at;
    value = value * base + digit;
    digits++;
  }
  const digitsEnd = at;
  at = skipName(l, at);
  const suffix = at > digitsEnd && digits > 0 ? readSuffix(l, digitsEnd, at, `${name} number takes only the suffixes i8 to i128, isize, u8 to u128 and usize`, false) : 0;
  let literal = 0;
  if (wrong >= 0) l.error("E0110", wrong, wrong + 1, `this digit does not belong to ${name} number`);
  else if (digits === 0) l.error("E0110", from, at, `${name} number has at least one digit`, `write ${base === 16 ? "0xff" : base === 8 ? "0o17" : "0b1010"}`);
  else literal = integerLiteral(l, from, digitsEnd, value, base);
  setNumber(l, T.Integer, literal, suffix >= firstFloatSuffix ? 0 : suffix);
  return at;
}

function skipName(l: Lexer, at: number): number {
  let byte = l.bytes[at] as number;
  for (;;) {
    if (byte >= 0x80) {
      const size = nameCharacter(l, at);
      if (size === 0) return at;
      byte = l.bytes[(at += size)] as number;
    } else if ((byteClass[byte] as number) <= ByteClass.digit) byte = l.bytes[++at] as number;
    else return at;
  }
}

/** The suffix `[from, to)` as its index in `numberTypes` plus 1. `limited`: what to say where only some are allowed; "" allows all. */
function readSuffix(l: Lexer, from: number, to: number, limited: string, isFloat: boolean): number {
  let hash = l.bytes[from] as number;
  for (let i = from + 1; i < to; i++) hash = hashStep(hash, l.bytes[i] as number);
  const index = l.names.internBytes(l.bytes, from, to, hash) - firstSuffix + 1;
  const known = index >= 1 && index <= numberTypes.length;
  if (known && (limited === "" || index >= firstFloatSuffix === isFloat)) return index;
  const advice = limited !== "" ? limited : "the suffixes are i8 to i128, isize, u8 to u128, usize, f32 and f64";
  l.error("E0111", from, to, `a number cannot end in \`${decoder.decode(l.bytes.subarray(from, to))}\``, advice);
  return 0;
}

/** The next token is this number. */
function setNumber(l: Lexer, kind: number, literal: number, suffix: number): void {
  l.numberKind = kind;
  l.number = literal;
  if (suffix !== 0) l.tokens.flags[l.tokens.count] = suffix << TokenFlag.suffixShift;
}

/** Adds an integer to the tree's literals; small ones share their row. `value` is exact up to 2^53. */
function integerLiteral(l: Lexer, from: number, to: number, value: number, base: number): number {
  const { integers, smallIntegers } = l.ast;
  if (value < 256) {
    const known = smallIntegers[value] as number;
    if (known !== 0) return known;
    smallIntegers[value] = integers.length;
  }
  return value <= Number.MAX_SAFE_INTEGER ? integers.push(value) - 1 : largeLiteral(l, from, to, base);
}

function largeLiteral(l: Lexer, from: number, to: number, base: number): number {
  // BigInt takes time square in the digits: of a number that fits no type, reading some is enough.
  const digits = decoder.decode(l.bytes.subarray(from, to)).replaceAll("_", "").toLowerCase();
  const significant = digits.replace(/^0[xob]/, "").replace(/^0+/, "");
  const exact = significant.length > 128 ? largest + 1n : BigInt(base === 10 ? significant : digits.slice(0, 2) + significant);
  if (exact > largest) {
    l.error("E0112", from, to, "this integer is too large for any type", `the largest is ${largest}u128; a float may be larger: 1e40`);
    return 0;
  }
  return l.ast.integers.push(exact) - 1;
}

/** Notes the f32 of the literal that was added last, where that is not the one nearest to its f64. */
function noteSingle(l: Lexer, text: string, double: number): void {
  const single = singleOfText(text, double);
  if (single !== undefined) l.ast.singles.set(l.ast.floats.length - 1, single);
}

/** `digits` × 10^`exponent`, correctly rounded: exactly representable factors by one operation (Clinger), all others by the host. */
function floatValue(l: Lexer, from: number, to: number, digits: number, exponent: number): number {
  if (digits <= Number.MAX_SAFE_INTEGER && exponent >= -22 && exponent <= 22) {
    return exponent < 0 ? digits / (powers[-exponent] as number) : digits * (powers[exponent] as number);
  }
  return Number(decoder.decode(l.bytes.subarray(from, to)).replaceAll("_", ""));
}
