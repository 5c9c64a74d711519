/** Scalar constants: what a checked expression of literals, constants and operators gives. */

import { BinaryOperator as Op, Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { singleOfInteger } from "../syntax/singles.ts";
import { compareValues, fits, integerBinary, range, reportFailure, wrap } from "./arithmetic.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import { valueOf } from "./constants.ts";
import type { Checker } from "./context.ts";
import type { ConstantValue } from "./definitions.ts";
import { T, TypeKind, isFloatType, isIntegerType, isSignedType, scalarSize, type TypeId } from "./types.ts";

/** Integers and chars, floats, bools, texts. */
export type Scalar = bigint | number | boolean | Uint8Array;

/** The value could be folded but for a mistake, which is reported. */
export const failed = Symbol("failed");

/** The value of a checked expression, if operators on constants give it; undefined if more is to be known. */
export function foldScalar(c: Checker, n: Node): Scalar | typeof failed | undefined {
  const { ast, program } = c;
  const type = program.typeOf(n);
  switch (ast.kind[n]) {
    case Kind.Integer: {
      const value = ast.integers[ast.literal(n)] as number | bigint;
      if (isFloatType(type)) return type === T.f32 ? singleOfInteger(value) : Number(value);
      return BigInt(value);
    }
    case Kind.Float: return ast.floatOf(n, type === T.f32);
    case Kind.Bool: return ast.value(n) !== 0;
    case Kind.Char:
    case Kind.Byte: return BigInt(ast.value(n));
    case Kind.String: return ast.strings[ast.literal(n)];
    case Kind.Paren: return foldScalar(c, ast.operand(n));
    case Kind.Unary: return foldUnary(c, n, type);
    case Kind.Binary: return foldChain(c, n);
    case Kind.Cast: return foldCast(c, n, type);
    case Kind.Name:
    case Kind.Field: return foldName(c, n, type);
    case Kind.Intrinsic: {
      const name = c.nameText(ast.name(n));
      if (name !== "sizeof" && name !== "alignof") return undefined;
      const subject = program.typeOf(ast.item(ast.arguments(n), 0));
      if (subject === T.error || c.infinite) return undefined;
      return BigInt(name === "sizeof" ? c.layouts.size(subject) : c.layouts.alignment(subject));
    }
    default: return undefined;
  }
}

function foldName(c: Checker, n: Node, type: TypeId): Scalar | typeof failed | undefined {
  const m = c.program.meaningOf(n);
  if (meaningKind(m) !== MeaningKind.Definition) return undefined;
  const definition = c.definition(meaningIndex(m));
  if (definition.kind !== "const") return undefined;
  const value = valueOf(c, definition);
  return value === undefined ? failed : readScalar(value, type);
}

/** A scalar from memory. */
function readScalar(value: ConstantValue, type: TypeId): Scalar | undefined {
  const { bytes } = value;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === T.f32) return view.getFloat32(0, true);
  if (type === T.f64) return view.getFloat64(0, true);
  if (type === T.bool) return bytes[0] !== 0;
  if (type === T.str) {
    const text = value.references[0];
    if (text === undefined || "function" in text.target) return undefined;
    return text.target.bytes.subarray(text.addend, text.addend + Number(view.getBigInt64(8, true)));
  }
  if (isIntegerType(type) || type === T.char) {
    let bits = 0n;
    const size = scalarSize(type);
    for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[i] as number);
    return isSignedType(type) ? BigInt.asIntN(size * 8, bits) : bits;
  }
  return undefined;
}

function foldUnary(c: Checker, n: Node, type: TypeId): Scalar | typeof failed | undefined {
  const { ast } = c;
  const operator = ast.unaryOperator(n);
  if (operator > UnaryOperator.Complement) return undefined;
  const value = foldScalar(c, ast.operand(n));
  if (typeof value === "boolean") return operator === UnaryOperator.Not ? !value : undefined;
  if (typeof value === "number") return operator === UnaryOperator.Negate ? -value : undefined;
  if (typeof value !== "bigint") return value === failed ? failed : undefined;
  if (operator === UnaryOperator.Complement) return wrap(~value, type);
  if (fits(-value, type)) return -value;
  c.error("E0605", n, `-(${value}) overflows ${c.typeName(type)}`);
  return failed;
}

/** A chain of operators, from the lowest left side up. */
function foldChain(c: Checker, n: Node): Scalar | typeof failed | undefined {
  const { ast } = c;
  let depth = 0;
  let bottom = n;
  for (; ast.kind[bottom] === Kind.Binary; bottom = ast.left(bottom)) depth++;
  const spine = new Int32Array(depth);
  for (let at = n, i = depth - 1; i >= 0; i--, at = ast.left(at)) spine[i] = at;
  let value = foldScalar(c, bottom);
  for (let i = 0; i < depth && value !== undefined && value !== failed; i++) value = foldBinary(c, spine[i] as Node, value);
  return value;
}

function foldBinary(c: Checker, n: Node, left: Scalar): Scalar | typeof failed | undefined {
  const { ast, program } = c;
  const operator = ast.operator(n);
  if (operator === Op.LogicalAnd || operator === Op.LogicalOr) {
    if (typeof left !== "boolean") return undefined;
    if (left === (operator === Op.LogicalOr)) return left;
    return foldScalar(c, ast.right(n));
  }
  const right = foldScalar(c, ast.right(n));
  if (right === undefined || right === failed) return right;
  if (operator >= Op.Equal && operator <= Op.GreaterEqual) return compare(operator, left, right);
  if (typeof left === "boolean" && typeof right === "boolean") {
    return operator === Op.And ? left && right : operator === Op.Or ? left || right : operator === Op.Xor ? left !== right : undefined;
  }
  const type = program.typeOf(n);
  if (typeof left === "number" && typeof right === "number") {
    const round = (value: number): number => (type === T.f32 ? Math.fround(value) : value);
    switch (operator) {
      case Op.Add: return round(left + right);
      case Op.Subtract: return round(left - right);
      case Op.Multiply: return round(left * right);
      case Op.Divide: return round(left / right);
      case Op.Remainder: return round(left % right);
      default: return undefined;
    }
  }
  if (typeof left !== "bigint" || typeof right !== "bigint" || !isIntegerType(type)) return undefined;
  const outcome = integerBinary(operator, left, right, type);
  if (outcome === undefined) return undefined;
  if ("value" in outcome) return outcome.value;
  reportFailure(c, n, operator, outcome.failure, type, `${left}`, `${right}`);
  return failed;
}

function compare(operator: number, left: Scalar, right: Scalar): boolean | undefined {
  if (typeof left === "bigint" && typeof right === "bigint") return compareValues(operator, left, right);
  if (typeof left === "number" && typeof right === "number") return compareValues(operator, left, right);
  if (typeof left === "boolean" && typeof right === "boolean") return compareValues(operator, left, right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return compareValues(operator, compareBytes(left, right), 0);
  return undefined;
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i] as number) - (right[i] as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function foldCast(c: Checker, n: Node, type: TypeId): Scalar | typeof failed | undefined {
  const { ast } = c;
  const value = foldScalar(c, ast.operand(n));
  if (value === undefined || value === failed || value instanceof Uint8Array) return value === failed ? failed : undefined;
  if (c.types.kindOf(type) !== TypeKind.Scalar) return undefined;
  if (isIntegerType(type)) {
    if (typeof value === "number") return floatToInteger(value, type);
    return wrap(BigInt(value), type);
  }
  if (type === T.char) return typeof value === "bigint" ? value : undefined;
  if (type === T.bool) return typeof value === "boolean" ? value : undefined;
  if (isFloatType(type)) {
    const number = Number(value);
    return type === T.f32 ? singleOfInteger(typeof value === "boolean" ? number : value) : number;
  }
  return undefined;
}

/** Saturates; NaN gives 0. */
function floatToInteger(value: number, type: TypeId): bigint {
  if (Number.isNaN(value)) return 0n;
  const { least, most } = range(type);
  if (value === Infinity) return most;
  if (value === -Infinity) return least;
  const whole = BigInt(Math.trunc(value));
  return whole < least ? least : whole > most ? most : whole;
}
