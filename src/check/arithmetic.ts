/** Integer arithmetic as the language defines it, on values that are known while compiling. */

import { BinaryOperator as Op, Kind, UnaryOperator, binaryOperators, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import { isIntegerType, isSignedType, scalarSize, T, type TypeId } from "./types.ts";

/** An integer's value where the compiler knows it. */
export type Known = number | bigint | undefined;

export type Outcome = { readonly value: bigint } | { readonly failure: "overflow" | "zero" | "shift" };

/** The least and the greatest value of an integer type, or of `char`. */
export function range(type: TypeId): { readonly least: bigint; readonly most: bigint } {
  if (!isIntegerType(type)) return { least: 0n, most: 0x10ffffn };
  const bits = BigInt(scalarSize(type) * 8);
  return isSignedType(type) ? { least: -(1n << (bits - 1n)), most: (1n << (bits - 1n)) - 1n } : { least: 0n, most: (1n << bits) - 1n };
}

/** An integer is within the range of an integer type. */
export function fits(value: number | bigint, type: TypeId): boolean {
  if (typeof value === "number") {
    // Integers up to 2^53 come as numbers.
    const size = scalarSize(type);
    if (!isSignedType(type)) return value >= 0 && (size >= 8 || value < 2 ** (size * 8));
    if (size >= 8) return true;
    const half = 2 ** (size * 8 - 1);
    return value >= -half && value < half;
  }
  const { least, most } = range(type);
  return value >= least && value <= most;
}

/** The low bits of a value, read as `type`. */
export function wrap(value: bigint, type: TypeId): bigint {
  const bits = scalarSize(type) * 8;
  return isSignedType(type) ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
}

/** `left op right` in the integer type `type`, or why it would panic. Undefined for operators that give no integer. */
export function integerBinary(operator: number, left: bigint, right: bigint, type: TypeId): Outcome | undefined {
  const checked = (value: bigint): Outcome => (fits(value, type) ? { value } : { failure: "overflow" });
  const saturated = (value: bigint): Outcome => {
    const { least, most } = range(type);
    return { value: value < least ? least : value > most ? most : value };
  };
  switch (operator) {
    case Op.Add: return checked(left + right);
    case Op.Subtract: return checked(left - right);
    case Op.Multiply: return checked(left * right);
    case Op.Divide: return right === 0n ? { failure: "zero" } : checked(left / right);
    case Op.Remainder: return right === 0n ? { failure: "zero" } : right === -1n && left === range(type).least && isSignedType(type) ? { failure: "overflow" } : { value: left % right };
    case Op.AddWrap: return { value: wrap(left + right, type) };
    case Op.SubtractWrap: return { value: wrap(left - right, type) };
    case Op.MultiplyWrap: return { value: wrap(left * right, type) };
    case Op.AddSaturate: return saturated(left + right);
    case Op.SubtractSaturate: return saturated(left - right);
    case Op.MultiplySaturate: return saturated(left * right);
    case Op.ShiftLeft:
    case Op.ShiftRight:
      if (right < 0n || right >= BigInt(scalarSize(type) * 8)) return { failure: "shift" };
      return { value: operator === Op.ShiftLeft ? wrap(left << right, type) : left >> right };
    case Op.And: return { value: left & right };
    case Op.Or: return { value: left | right };
    case Op.Xor: return { value: left ^ right };
    default: return undefined;
  }
}

/** The result of comparing two values that `<` orders. Undefined for other operators. */
export function compareValues<V extends bigint | number | string | boolean>(operator: number, left: V, right: V): boolean | undefined {
  switch (operator) {
    case Op.Equal: return left === right;
    case Op.NotEqual: return left !== right;
    case Op.Less: return left < right;
    case Op.LessEqual: return left <= right;
    case Op.Greater: return left > right;
    case Op.GreaterEqual: return left >= right;
    default: return undefined;
  }
}

/**
 * Reports `left op right` where it would certainly panic: division by zero and shifts out of range need only the right side, overflow both.
 * Gives the value if it is known and fine. `n` is the operation, its type `type`.
 */
export function knownBinary(c: Checker, n: Node, operator: number, left: Known, right: Known, type: TypeId): Known {
  if (right === undefined || !isIntegerType(type)) return undefined;
  if (left === undefined) {
    if (operator === Op.Divide || operator === Op.Remainder) {
      if (right == 0) reportFailure(c, n, operator, "zero", type, "", "");
    } else if (operator === Op.ShiftLeft || operator === Op.ShiftRight) {
      if (right < 0 || right >= scalarSize(type) * 8) reportFailure(c, n, operator, "shift", type, "", `${right}`);
    }
    return undefined;
  }
  // A literal that does not fit was reported.
  if (!fits(left, type) || (operator !== Op.ShiftLeft && operator !== Op.ShiftRight && !fits(right, type))) return undefined;
  const outcome = integerBinary(operator, BigInt(left), BigInt(right), type);
  if (outcome === undefined) return undefined;
  if ("failure" in outcome) {
    reportFailure(c, n, operator, outcome.failure, type, `${left}`, `${right}`);
    return undefined;
  }
  return outcome.value;
}

/** Reports what arithmetic of `n` on values written `left` and `right` came to grief on. */
export function reportFailure(c: Checker, n: Node, operator: number, failure: "overflow" | "zero" | "shift", type: TypeId, left: string, right: string): void {
  const spelling = binaryOperators[operator] ?? "";
  if (failure === "zero") {
    c.error("E0606", n, operator === Op.Remainder ? "remainder by zero" : "division by zero");
  } else if (failure === "shift") {
    c.error("E0609", n, `the shift count ${right} is out of range for ${c.typeName(type)}`, { advice: [`it goes from 0 to ${scalarSize(type) * 8 - 1}`] });
  } else {
    const { least, most } = range(type);
    const advice = [`${c.typeName(type)} goes from ${least} to ${most}`];
    if (operator === Op.Add || operator === Op.Subtract || operator === Op.Multiply) advice.push(`${spelling}% wraps, ${spelling}| saturates`);
    c.error("E0605", n, `${left} ${spelling} ${right} overflows ${c.typeName(type)}`, { advice });
  }
}

/** The integer that the checked expression `n` certainly has, looking only a few levels deep: literals, constants already computed, operators on them. */
export function knownInteger(c: Checker, n: Node, depth = 0): Known {
  const { ast, program } = c;
  const kind = ast.kind[n];
  if (kind === Kind.Name && meaningKind(program.meaningOf(n)) === MeaningKind.Local) return undefined;
  switch (kind) {
    case Kind.Integer: {
      const value = ast.integers[ast.literal(n)];
      return isIntegerType(program.typeOf(n)) ? value : undefined;
    }
    case Kind.Byte:
    case Kind.Char:
      return ast.value(n);
    case Kind.Paren:
      return knownInteger(c, ast.operand(n), depth);
    case Kind.Unary: {
      if (ast.unaryOperator(n) !== UnaryOperator.Negate || depth > 6) return undefined;
      const value = knownInteger(c, ast.operand(n), depth + 1);
      if (value === undefined) return undefined;
      const negated = value === 0 ? 0 : -value;
      return fits(negated, program.typeOf(n)) ? negated : undefined;
    }
    case Kind.Binary: {
      if (depth > 6) return undefined;
      const right = knownInteger(c, ast.right(n), depth + 1);
      if (right === undefined) return undefined;
      const left = knownInteger(c, ast.left(n), depth + 1);
      const type = program.typeOf(n);
      if (left === undefined || !isIntegerType(type)) return undefined;
      const outcome = integerBinary(ast.operator(n), BigInt(left), BigInt(right), type);
      return outcome !== undefined && "value" in outcome ? outcome.value : undefined;
    }
    case Kind.Name:
    case Kind.Field: {
      const m = program.meaningOf(n);
      if (meaningKind(m) !== MeaningKind.Definition) return undefined;
      const definition = c.definition(meaningIndex(m));
      if (definition.kind !== "const" || definition.type === T.bool) return undefined;
      return definition.value?.integer;
    }
    default:
      return undefined;
  }
}
