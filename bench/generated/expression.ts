/**
 * Expressions in three languages at once, with the range of values that they can have: an operation is only made where its result fits its
 * type, so no generated program overflows, divides by zero or indexes out of bounds, and the programs of the three languages print the same.
 */

import type { Random } from "./random.ts";

export type Integer = "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64";
export type Scalar = Integer | "f64";

export interface Texts {
  readonly lang: string;
  readonly c: string;
  readonly go: string;
}

export interface Expression extends Texts {
  readonly type: Scalar;
  /** All values lie between these. */
  readonly low: number;
  readonly high: number;
  /** What an operator may stand beside without parentheses. */
  readonly tight: boolean;
}

const goTypes: Readonly<Record<Scalar, string>> = { i8: "int8", i16: "int16", i32: "int32", i64: "int64", u8: "uint8", u16: "uint16", u32: "uint32", u64: "uint64", f64: "float64" };

export function typeTexts(type: Scalar): Texts {
  return { lang: type, c: type === "f64" ? "double" : `${goTypes[type]}_t`, go: goTypes[type] };
}

/** The largest value that the generator lets a type have: 64-bit types stay where a JavaScript number is exact. */
const limits: Readonly<Record<Integer, readonly [number, number]>> = {
  i8: [-128, 127], i16: [-32768, 32767], i32: [-(2 ** 31), 2 ** 31 - 1], i64: [-(2 ** 50), 2 ** 50],
  u8: [0, 255], u16: [0, 65535], u32: [0, 2 ** 32 - 1], u64: [0, 2 ** 50],
};

export function fits(type: Scalar, low: number, high: number): boolean {
  if (type === "f64") return Math.abs(low) < 1e12 && Math.abs(high) < 1e12;
  return low >= limits[type][0] && high <= limits[type][1];
}

export function literal(type: Scalar, value: number): Expression {
  const text = type === "f64" ? (Number.isInteger(value) ? `${value}.0` : `${value}`) : `${value}`;
  return { lang: text, c: text, go: text, type, low: value, high: value, tight: value >= 0 };
}

export function name(text: string, type: Scalar, low: number, high: number): Expression {
  return { lang: text, c: text, go: text, type, low, high, tight: true };
}

/** The same operator in all three; operands that are not tight get parentheses. */
export function binary(left: Expression, op: string, right: Expression, low: number, high: number): Expression {
  const make = (l: string, r: string) => `${left.tight ? l : `(${l})`} ${op} ${right.tight ? r : `(${r})`}`;
  return { lang: make(left.lang, right.lang), c: make(left.c, right.c), go: make(left.go, right.go), type: left.type, low, high, tight: false };
}

/** `as` another type that holds all its values. */
export function cast(e: Expression, type: Scalar): Expression {
  if (e.type === type) return e;
  const inner = (text: string) => (e.tight ? text : `(${text})`);
  const to = typeTexts(type);
  return { lang: `${inner(e.lang)} as ${type}`, c: `(${to.c})${inner(e.c)}`, go: `${to.go}(${e.go})`, type, low: e.low, high: e.high, tight: false };
}

/** Brings an integer into 0..=mask, a power of two less one. */
export function masked(e: Expression, mask: number): Expression {
  if (e.low >= 0 && e.high <= mask) return e;
  if (e.type !== "f64") mask = Math.min(mask, limits[e.type][1]);
  return binary(e, "&", literal(e.type, mask), 0, mask);
}

/** Brings an integer of any type into what a parameter wants. */
export function fitted(e: Expression, type: Scalar, mask: number): Expression {
  return cast(masked(e, mask), type);
}

function product(a: Expression, b: Expression): readonly [number, number] {
  const all = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return [Math.min(...all), Math.max(...all)];
}

/** Addition, subtraction, multiplication; undefined where the result might not fit. */
export function arithmetic(op: "+" | "-" | "*", a: Expression, b: Expression): Expression | undefined {
  const [low, high] = op === "+" ? [a.low + b.low, a.high + b.high] : op === "-" ? [a.low - b.high, a.high - b.low] : product(a, b);
  return fits(a.type, low, high) ? binary(a, op, b, low, high) : undefined;
}

/** A wrapping multiplication or addition, brought back below `mask`. Only for unsigned types, whose operators wrap in C and Go. */
export function wrapped(op: "*" | "+", a: Expression, b: Expression, mask: number): Expression {
  const side = (e: Expression, text: string) => (e.tight ? text : `(${text})`);
  const plain = (l: string, r: string) => `(${l} ${op} ${r})`;
  return {
    lang: `(${side(a, a.lang)} ${op}% ${side(b, b.lang)}) & ${mask}`,
    c: `${plain(side(a, a.c), side(b, b.c))} & ${mask}`,
    go: `${plain(side(a, a.go), side(b, b.go))} & ${mask}`,
    type: a.type, low: 0, high: mask, tight: false,
  };
}

/** A random integer expression of `type` over `variables` (of any type). */
export function integer(random: Random, type: Integer, variables: readonly Expression[], depth: number): Expression {
  if (depth === 0 || random.once(5)) return leaf(random, type, variables);
  const a = integer(random, type, variables, depth - 1);
  for (let attempt = 0; attempt < 4; attempt++) {
    const made = operation(random, type, a, variables, depth);
    if (made !== undefined) return made;
  }
  return a;
}

function leaf(random: Random, type: Integer, variables: readonly Expression[]): Expression {
  const same = variables.filter((v) => v.type === type);
  if (same.length > 0 && !random.once(6)) return random.pick(same);
  const other = variables.filter((v) => v.type !== type && v.type !== "f64" && fits(type, v.low, v.high));
  if (other.length > 0 && random.once(2)) return cast(random.pick(other), type);
  if (same.length > 0) return random.pick(same);
  return literal(type, random.between(1, type === "i8" ? 60 : 100));
}

function operation(random: Random, type: Integer, a: Expression, variables: readonly Expression[], depth: number): Expression | undefined {
  const small = () => literal(type, random.between(2, type === "i8" || type === "u8" ? 9 : 40));
  switch (random.between(0, 10)) {
    case 0:
    case 1:
    case 2:
      return arithmetic("+", a, integer(random, type, variables, depth - 1));
    case 3: {
      const b = random.once(2) ? small() : integer(random, type, variables, depth - 1);
      return b.lang === a.lang ? undefined : arithmetic("-", a, b);
    }
    case 4:
      return arithmetic("*", a, random.once(3) ? integer(random, type, variables, depth - 1) : small());
    case 5: {
      const by = random.between(2, 9);
      return binary(a, "/", literal(type, by), Math.trunc(a.low / by), Math.trunc(a.high / by));
    }
    case 6: {
      const by = random.between(3, 97);
      return binary(a, "%", literal(type, by), a.low < 0 ? 1 - by : 0, a.high > 0 ? by - 1 : 0);
    }
    case 7: {
      const by = random.between(1, 4);
      if (a.low < 0 || !fits(type, a.low, a.high * 2 ** by)) return undefined;
      return binary(a, "<<", literal(type, by), a.low * 2 ** by, a.high * 2 ** by);
    }
    case 8: {
      const by = random.between(1, 5);
      return binary(a, ">>", literal(type, by), Math.floor(a.low / 2 ** by), Math.floor(a.high / 2 ** by));
    }
    case 9: {
      const b = integer(random, type, variables, depth - 1);
      if (a.low < 0 || b.low < 0 || a.lang === b.lang) return undefined;
      const high = 2 ** Math.ceil(Math.log2(Math.max(a.high, b.high) + 1)) - 1;
      return fits(type, 0, high) ? binary(a, random.pick(["|", "^"]), b, 0, high) : undefined;
    }
    default:
      if (type === "u32" || type === "u64") return wrapped(random.pick(["*", "+"]), a, literal(type, random.between(1000, 2 ** 31 - 1)), 0xffff);
      return a.high > 63 ? masked(a, random.pick([15, 31, 63])) : undefined;
  }
}

/** A random float expression; constants are exact in binary, so that all compilers agree. */
export function float(random: Random, variables: readonly Expression[], depth: number): Expression {
  const floats = variables.filter((v) => v.type === "f64");
  const constant = () => literal("f64", random.between(1, 40) / 8);
  if (depth === 0 || random.once(6)) return floats.length > 0 && !random.once(4) ? random.pick(floats) : constant();
  const a = float(random, variables, depth - 1);
  const op = random.pick(["+", "-", "*", "+", "*", "/"] as const);
  if (op === "/") {
    const by = random.pick([1.5, 2, 2.5, 4]);
    return binary(a, "/", literal("f64", by), a.low / by, a.high / by);
  }
  const b = random.once(2) ? constant() : float(random, variables, depth - 1);
  return arithmetic(op, a, b) ?? a;
}

/** A random condition. The operators of comparisons and connectives are the same in all three. */
export function condition(random: Random, type: Integer, variables: readonly Expression[]): Texts {
  const one = (): Expression => {
    const a = integer(random, type, variables, 1);
    if (a.low >= 0 && a.high > 8 && random.once(3)) {
      const by = random.between(2, 5);
      return binary(binary(a, "%", literal(type, by), 0, by - 1), "==", literal(type, random.between(0, by - 1)), 0, 1);
    }
    // Compared with something in the middle of what the left side can be.
    const middle = Math.trunc(a.low + ((a.high - a.low) * random.between(2, 14)) / 16);
    const right = random.once(2) ? literal(type, fits(type, middle, middle) ? middle : 7) : integer(random, type, variables, 1);
    return binary(a, random.pick(["<", ">", "<=", ">=", "==", "!="]), right, 0, 1);
  };
  if (!random.once(3)) return one();
  const [a, b] = [one(), one()];
  const op = random.pick(["&&", "||"]);
  return { lang: `${a.lang} ${op} ${b.lang}`, c: `${a.c} ${op} ${b.c}`, go: `${a.go} ${op} ${b.go}` };
}
