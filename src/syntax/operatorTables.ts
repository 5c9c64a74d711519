/** Operators by their tokens: tables that the lexer and the parser of expressions look things up in. The bundle carries them computed. */

import { BinaryOperator, UnaryOperator } from "./ast.ts";
import { T, operatorSpellings, type TokenName } from "./token.ts";

/** Numbers by the kind of token, 0 for all that are not named. */
function byToken(rows: readonly (readonly [name: string, value: number])[]): Uint8Array {
  const table = new Uint8Array(128);
  for (const [name, value] of rows) table[T[name as TokenName]] = value;
  return table;
}

/** From loose to tight. Unary and postfix operators are tighter than all. */
const levels: readonly (readonly TokenName[])[] = [
  ["|>"], ["??"], ["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="], ["..", "..="], ["|"], ["^"], ["&"], ["<<", ">>"],
  ["+", "-", "+%", "-%", "+|", "-|"], ["*", "/", "%", "*%", "*|"], ["as"],
];
export const Level = { pipe: 1, coalesce: 2, comparison: 5, range: 6, cast: 13 } as const;

/** The level of each binary operator, from 1. */
export const precedence = byToken(levels.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));

const operators: Partial<Record<TokenName, number>> = {
  "+": BinaryOperator.Add, "-": BinaryOperator.Subtract, "*": BinaryOperator.Multiply, "/": BinaryOperator.Divide, "%": BinaryOperator.Remainder,
  "+%": BinaryOperator.AddWrap, "-%": BinaryOperator.SubtractWrap, "*%": BinaryOperator.MultiplyWrap,
  "+|": BinaryOperator.AddSaturate, "-|": BinaryOperator.SubtractSaturate, "*|": BinaryOperator.MultiplySaturate,
  "<<": BinaryOperator.ShiftLeft, ">>": BinaryOperator.ShiftRight, "&": BinaryOperator.And, "|": BinaryOperator.Or, "^": BinaryOperator.Xor,
  "==": BinaryOperator.Equal, "!=": BinaryOperator.NotEqual, "<": BinaryOperator.Less, "<=": BinaryOperator.LessEqual,
  ">": BinaryOperator.Greater, ">=": BinaryOperator.GreaterEqual, "&&": BinaryOperator.LogicalAnd, "||": BinaryOperator.LogicalOr, "??": BinaryOperator.Coalesce,
};
export const operatorOf = byToken(Object.entries(operators));

/** Assignments: the operator plus 1, so that plain `=` is 1. `<` and `>` with `=` are comparisons. */
export const assignmentOf = byToken([["=", 1], ...Object.entries(operators).flatMap(([name, operator]) => (T[`${name}=` as TokenName] === undefined || "<>".includes(name) ? [] : [[`${name}=`, operator + 1] as const]))]);

/** Left-associative operators about which nothing else is to be said. */
const special: readonly number[] = [Level.pipe, Level.coalesce, Level.comparison, Level.range, Level.cast];
export const plainOperator = byToken(levels.flatMap((names, index) => (special.includes(index + 1) ? [] : names.map((name) => [name, 1] as const))));

/** What can follow an operand within an expression: operators, and all that belongs to the operand. */
export const followsOperand = byToken([...levels.flat(), "(", "[", ".", "?", "!", "{", ":"].map((name) => [name, 1]));

/** Operands of one token. */
export const singleOperand = byToken(["Name", "Integer", "Float", "String", "Character", "Byte", "true", "false", "nil", "self", "Self"].map((name) => [name, 1]));

/** The operator that each kind of token is before an operand, 0 if none; 255: a range without its start. */
export const prefixOperator = byToken([
  ["-", UnaryOperator.Negate], ["!", UnaryOperator.Not], ["~", UnaryOperator.Complement], ["*", UnaryOperator.Dereference],
  ["&", UnaryOperator.Borrow], ["&&", UnaryOperator.Borrow], ["..", 255], ["..=", 255],
]);

/** For the lexer, the kind of a one-byte operator or bracket by its byte, 0 for all others. */
export const operatorOfByte = Uint8Array.from({ length: 256 }, (_, byte) => T[String.fromCharCode(byte) as TokenName] ?? 0);

/** Longer operators, three numbers each: the kind that all but the last byte are, that byte, the kind of the whole. Every longer operator's beginning is an operator too. */
export const longerOperators = Int16Array.of(...operatorSpellings.flatMap((s) => (s.length === 1 ? [] : [T[s.slice(0, -1) as TokenName], s.charCodeAt(s.length - 1), T[s]])));
