/** Unary and binary operators, checked, wrapping and saturating; comparisons. */

import { T, TypeKind, isFloatType, isSignedType, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import { BinaryOperator as B, Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { compareValues } from "./compare.ts";
import { derefed } from "./deref.ts";
import { emitConditionValue, mayAssign } from "./conditions.ts";
import { convertNumber, emitCast, resize } from "./convert.ts";
import { emit, emitInto, emitPlace, emitTyped, finalType } from "./dispatch.ts";
import { register, registerMemory } from "./emitters.ts";
import { coalesce, coalesceInto } from "./failing.ts";
import type { Generator } from "./generator.ts";
import { overloadOf, overloadedBinary, overloadedUnary } from "./overloaded.ts";
import { floatLiteral, integerConstant } from "./literals.ts";
import { borrow } from "./places.ts";
import { Shape } from "./shape.ts";
import { Trap } from "./traps.ts";

register({ [Kind.Unary]: unary, [Kind.Binary]: binary, [Kind.Cast]: emitCast });

registerMemory({
  // Between numbers and addresses a cast computes; what lies in memory it only told its type.
  [Kind.Cast]: (g, n, pointer, offset) => emitInto(g, g.ast.operand(n), pointer, offset),
  [Kind.Binary]: (g, n, pointer, offset) => {
    const method = overloadOf(g, n);
    if (method === undefined) coalesceInto(g, n, pointer, offset);
    else overloadedBinary(g, n, method, g.addressAt(pointer, offset));
  },
  [Kind.Unary]: (g, n, pointer, offset) => {
    const method = overloadOf(g, n);
    if (method !== undefined) overloadedUnary(g, n, method, g.addressAt(pointer, offset));
    else {
      // What a reference points to, as a value.
      const from = emitPlace(g, n);
      g.storeValue(g.program.typeOf(n), g.addressAt(from, g.offset), 0 as Value, pointer, offset);
    }
  },
});

function unary(g: Generator, n: Node): Value {
  const { ast, b } = g;
  const operand = ast.operand(n);
  switch (ast.unaryOperator(n)) {
    case UnaryOperator.Negate: {
      const method = overloadOf(g, n);
      if (method !== undefined) return overloadedUnary(g, n, method, 0 as Value);
      const type = g.program.typeOf(n);
      // A minus directly before a literal belongs to it.
      if (ast.kind[operand] === Kind.Integer) return integerConstant(g, ast.integers[ast.literal(operand)] as number | bigint, type, true);
      if (ast.kind[operand] === Kind.Float) return floatLiteral(g, operand, type, true);
      const value = scalarOperand(g, operand, type);
      b.position = ast.start[n] as number;
      if (isFloatType(type)) return b.emit(Op.fneg, value);
      const zero = b.f.int(b.f.typeOf(value), 0);
      if (g.options.unchecked || !g.reachable) return b.emit(Op.sub, zero, value);
      return b.emit(Op["ssub.trap"], zero, value, g.useTrap(Trap["overflow.neg"]));
    }
    case UnaryOperator.Not:
    case UnaryOperator.Complement: {
      const type = g.program.typeOf(n);
      const value = scalarOperand(g, operand, type);
      return b.emit(Op.xor, value, type === T.bool ? b.f.int(Type.i8, 1) : b.f.int(b.f.typeOf(value), -1));
    }
    case UnaryOperator.Dereference: {
      const pointer = emitPlace(g, n);
      return g.loadValue(g.program.typeOf(n), pointer, g.offset);
    }
    default:
      // `&xs[a..b]` is the slice itself, and so is `&text[a..b]` the text.
      return g.program.typeOf(n) === T.str || g.types.kindOf(g.program.typeOf(n)) === TypeKind.Slice ? emit(g, operand) : borrow(g, operand);
  }
}

/** An operand of an operator on scalars, read through references, in the operator's type. */
export function scalarOperand(g: Generator, n: Node, type: TypeId): Value {
  if (g.program.plainType(n) === type) {
    // Most are numbers of the very type.
    const own = emitTyped(g, n, type);
    return g.reachable ? own : g.nothing(type);
  }
  let from = finalType(g, n);
  let value = emit(g, n);
  while (g.types.kindOf(from) === TypeKind.Reference) {
    from = g.types.inner(from);
    value = g.loadValue(from, value, 0);
  }
  if (!g.reachable) return g.nothing(type);
  return from === type || g.types.kindOf(from) === TypeKind.Pointer ? value : convertNumber(g, value, from, type);
}

const spines: Node[] = [];

function binary(g: Generator, n: Node, type: TypeId): Value {
  const { ast } = g;
  const operator = ast.operator(n);
  if (operator === B.LogicalAnd || operator === B.LogicalOr) return emitConditionValue(g, n);
  if (operator === B.Coalesce) return coalesce(g, n);
  if (operator >= B.Equal && operator <= B.GreaterEqual) return comparison(g, n);
  const method = overloadOf(g, n);
  if (method !== undefined) return overloadedBinary(g, n, method, 0 as Value);
  // A chain of operators leans to the left: walk down its spine instead of recursing, so that its length does not matter.
  let spine = n;
  let depth = 0;
  while (ast.kind[ast.left(spine)] === Kind.Binary && isPlainArithmetic(g, ast.left(spine))) {
    spine = ast.left(spine);
    depth++;
  }
  if (depth === 0) return arithmeticNode(g, n, type, 0 as Value, false);
  // Chains within chains share one stack.
  const base = spines.length;
  for (let at = n, i = 0; i <= depth; i++, at = ast.left(at)) spines.push(at);
  let value = arithmeticNode(g, spine, g.program.typeOf(spine), 0 as Value, false);
  for (let i = depth - 1; i >= 0; i--) {
    const left = spines[base + i + 1] as Node;
    const from = g.program.typeOf(left);
    const wanted = g.program.wantedOf(left);
    if (wanted !== 0 && wanted !== from && g.reachable) value = convertNumber(g, value, from, wanted);
    const node = spines[base + i] as Node;
    value = arithmeticNode(g, node, i === 0 ? type : g.program.typeOf(node), value, true);
  }
  spines.length = base;
  return value;
}

function isPlainArithmetic(g: Generator, n: Node): boolean {
  const operator = g.ast.operator(n);
  if (operator >= B.Equal) return operator === B.Xor;
  const type = g.program.typeOf(n);
  return g.types.kindOf(type) === TypeKind.Scalar && type !== T.str && overloadOf(g, n) === undefined;
}

/** An arithmetic operator, whose result is of type `type`; `left` is its left operand's value already, if `given`. */
function arithmeticNode(g: Generator, n: Node, type: TypeId, left: Value, given: boolean): Value {
  const { ast } = g;
  const operator = ast.operator(n);
  const rightNode = ast.right(n);
  if (g.types.kindOf(type) === TypeKind.Pointer) return pointerArithmetic(g, n, type, operator);
  const a = given ? left : scalarOperand(g, ast.left(n), type);
  const isShift = operator === B.ShiftLeft || operator === B.ShiftRight;
  const rightType = isShift ? scalarTypeOf(g, rightNode) : type;
  const b = scalarOperand(g, rightNode, rightType);
  if (!g.reachable) return g.nothing(type);
  g.b.position = ast.start[n] as number;
  return arithmetic(g, operator, type, a, b, rightType);
}

/** The type of an operand behind all references. */
export function scalarTypeOf(g: Generator, n: Node): TypeId {
  let type = finalType(g, n);
  while (g.types.kindOf(type) === TypeKind.Reference) type = g.types.inner(type);
  return type;
}

/** `p + n`, `p - n` in elements. */
function pointerArithmetic(g: Generator, n: Node, type: TypeId, operator: number): Value {
  const { ast, b } = g;
  const pointer = emit(g, ast.left(n));
  const rightType = scalarTypeOf(g, ast.right(n));
  const right = emit(g, ast.right(n));
  if (!g.reachable) return g.nothing(type);
  const size = g.layouts.size(g.types.inner(type));
  let count = resize(g, right, Type.i64, isSignedType(rightType));
  if (operator === B.Subtract) count = b.emit(Op.sub, b.f.int(Type.i64, 0), count);
  const bytes = size === 1 ? count : b.emit(Op.mul, count, b.f.int(Type.i64, size));
  return b.typed(Op["ptr.add"], Type.ptr, pointer, bytes);
}

/** `a operator b` in a number type; the right side of a shift has a type of its own. */
export function arithmetic(g: Generator, operator: number, type: TypeId, a: Value, b: Value, rightType: TypeId): Value {
  const { b: build } = g;
  if (!g.reachable) return g.nothing(type);
  if (isFloatType(type)) return floatArithmetic(g, operator, a, b);
  const signed = isSignedType(type);
  const unchecked = g.options.unchecked;
  switch (operator) {
    case B.Add:
      return unchecked ? build.emit(Op.add, a, b) : build.emit(signed ? Op["sadd.trap"] : Op["uadd.trap"], a, b, g.useTrap(Trap["overflow.add"]));
    case B.Subtract:
      return unchecked ? build.emit(Op.sub, a, b) : build.emit(signed ? Op["ssub.trap"] : Op["usub.trap"], a, b, g.useTrap(Trap["overflow.sub"]));
    case B.Multiply:
      return unchecked ? build.emit(Op.mul, a, b) : build.emit(signed ? Op["smul.trap"] : Op["umul.trap"], a, b, g.useTrap(Trap["overflow.mul"]));
    case B.Divide:
      checkDivision(g, signed, a, b, Trap["zero.div"], Trap["overflow.div"]);
      return build.emit(signed ? Op.sdiv : Op.udiv, a, b);
    case B.Remainder:
      checkDivision(g, signed, a, b, Trap["zero.rem"], Trap["overflow.rem"]);
      return build.emit(signed ? Op.srem : Op.urem, a, b);
    case B.AddWrap: return build.emit(Op.add, a, b);
    case B.SubtractWrap: return build.emit(Op.sub, a, b);
    case B.MultiplyWrap: return build.emit(Op.mul, a, b);
    case B.AddSaturate: case B.SubtractSaturate: case B.MultiplySaturate:
      return saturating(g, operator, signed, a, b);
    case B.And: return build.emit(Op.and, a, b);
    case B.Or: return build.emit(Op.or, a, b);
    case B.Xor: return build.emit(Op.xor, a, b);
    case B.ShiftLeft: case B.ShiftRight:
      return shift(g, operator, signed, a, b, rightType);
    default:
      throw new Error(`irgen/operators.arithmetic: operator ${operator}`);
  }
}

function floatArithmetic(g: Generator, operator: number, a: Value, b: Value): Value {
  const { b: build } = g;
  switch (operator) {
    case B.Add: return build.emit(Op.fadd, a, b);
    case B.Subtract: return build.emit(Op.fsub, a, b);
    case B.Multiply: return build.emit(Op.fmul, a, b);
    case B.Divide: return build.emit(Op.fdiv, a, b);
    case B.Remainder: {
      // The remainder of truncating division, exact: std/numbers.lang.
      const isSingle = build.f.typeOf(a) === Type.f32;
      const x = isSingle ? build.emit(Op.fpromote, a) : a;
      const y = isSingle ? build.emit(Op.fpromote, b) : b;
      const result = build.call(g.runtime("f64_remainder"), [x, y]);
      return isSingle ? build.emit(Op.fdemote, result) : result;
    }
    default:
      throw new Error(`irgen/operators.floatArithmetic: operator ${operator}`);
  }
}

function checkDivision(g: Generator, signed: boolean, a: Value, b: Value, zero: number, overflow: number): void {
  const { b: build } = g;
  const { f } = build;
  const type = f.typeOf(b);
  const isKnown = f.isConst(b);
  const known = isKnown && type === Type.i128 ? Number(f.bigOf(b)) : f.smallInt(b);
  // Division stays checked under --unchecked.
  if (!isKnown || known === 0) g.trapIf(build.emit(Op.eq, b, f.int(type, 0)), zero);
  if (signed && (!isKnown || known === -1)) {
    const bits = 8 * (typeSize[type] as number);
    const lowest = f.big(type, -(1n << BigInt(bits - 1)));
    g.trapIf(build.emit(Op.and, build.emit(Op.eq, a, lowest), build.emit(Op.eq, b, f.int(type, -1))), overflow);
  }
}

function saturating(g: Generator, operator: number, signed: boolean, a: Value, b: Value): Value {
  const { b: build } = g;
  const { f } = build;
  const type = f.typeOf(a);
  const bits = BigInt(8 * (typeSize[type] as number));
  const [plain, overflows] =
    operator === B.AddSaturate ? [Op.add, signed ? Op["sadd.overflows"] : Op["uadd.overflows"]]
    : operator === B.SubtractSaturate ? [Op.sub, signed ? Op["ssub.overflows"] : Op["usub.overflows"]]
    : [Op.mul, signed ? Op["smul.overflows"] : Op["umul.overflows"]];
  const value = build.emit(plain, a, b);
  const overflow = build.emit(overflows, a, b);
  if (!signed) return build.typed(Op.select, type, overflow, f.int(type, operator === B.SubtractSaturate ? 0 : -1), value);
  const lowest = f.big(type, -(1n << (bits - 1n)));
  const highest = f.big(type, (1n << (bits - 1n)) - 1n);
  // The true result's sign: of a for sums and differences that overflow; of a xor b for products.
  const sign = operator === B.MultiplySaturate ? build.emit(Op.xor, a, b) : a;
  const limit = build.typed(Op.select, type, build.emit(Op.slt, sign, f.int(type, 0)), lowest, highest);
  return build.typed(Op.select, type, overflow, limit, value);
}

function shift(g: Generator, operator: number, signed: boolean, a: Value, b: Value, rightType: TypeId): Value {
  const { b: build } = g;
  const { f } = build;
  const type = f.typeOf(a);
  const bits = 8 * (typeSize[type] as number);
  const known = f.smallInt(b);
  // An unsigned comparison in the amount's own type finds negative amounts too.
  if (!g.options.unchecked && !(known >= 0 && known < bits) && amountMayExceed(f.typeOf(b), bits))
    g.trapIf(build.emit(Op.uge, b, f.int(f.typeOf(b), bits)), Trap.shift);
  const amount = resize(g, b, type, isSignedType(rightType));
  return build.emit(operator === B.ShiftLeft ? Op.shl : signed ? Op.ashr : Op.lshr, a, amount);
}

function amountMayExceed(type: Type, bits: number): boolean {
  return bits <= 255 || (typeSize[type] as number) > 1;
}

// ── comparisons ──

function comparison(g: Generator, n: Node): Value {
  const { ast, types } = g;
  let left = finalType(g, ast.left(n));
  let right = finalType(g, ast.right(n));
  let a = emit(g, ast.left(n));
  let aSecond = g.second;
  if (g.reachable && g.shapes.of(left) === Shape.Memory && !g.needsDrop(left) && mayAssign(g, ast.right(n))) {
    // The left side is what it was before the right side changed it.
    const aside = g.temporary(left);
    g.storeValue(left, a, 0 as Value, aside, 0);
    a = aside;
  }
  let b = emit(g, ast.right(n));
  let bSecond = g.second;
  while (types.kindOf(left) === TypeKind.Reference) {
    left = types.inner(left);
    a = g.loadValue(left, a, 0);
    aSecond = g.second;
  }
  while (types.kindOf(right) === TypeKind.Reference) {
    right = types.inner(right);
    b = g.loadValue(right, b, 0);
    bSecond = g.second;
  }
  if (!g.reachable) return g.nothing(T.bool);
  if (left !== right) {
    // A String beside a str, a list beside a slice or an array.
    [left, a, aSecond] = asView(g, left, a, aSecond);
    [right, b, bSecond] = asView(g, right, b, bSecond);
    if (!g.reachable) return g.nothing(T.bool);
  }
  g.b.position = ast.start[n] as number;
  return compareValues(g, ast.operator(n), left, a, aSecond, b, bSecond);
}

/** What derefs to a slice or text as that, an array as a slice; others as they are. */
function asView(g: Generator, type: TypeId, value: Value, second: Value): readonly [TypeId, Value, Value] {
  const { types } = g;
  if (types.kindOf(type) === TypeKind.Array) return [types.slice(types.inner(type), false), value, g.b.f.int(Type.i64, types.arrayLength(type))];
  const target = g.shapes.of(type) === Shape.Memory ? g.program.derefTarget(type) : (0 as TypeId);
  if (target === 0) return [type, value, second];
  const found = g.loadValue(target, derefed(g, type, target, value), 0);
  return [target, found, g.second];
}
