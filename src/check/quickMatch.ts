/**
 * The matches that most programs have, decided without the matrix: numbers against literals with a last arm for the rest, enums against variants
 * whose parts are only bound. What is unusual, and everything that is to be reported, is left to exhaustive.ts.
 */

import { Kind, UnaryOperator, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import { T, TypeKind, isIntegerType, type TypeId } from "./types.ts";

/** True: the match is exhaustive, and every arm of it can be reached. False: look closer. */
export function isPlainlyExhaustive(c: Checker, n: Node, type: TypeId): boolean {
  let subject = type;
  while (c.types.kindOf(subject) === TypeKind.Reference) subject = c.types.inner(subject);
  if (isIntegerType(subject) || subject === T.char) return coversNumbers(c, n);
  const kind = c.types.kindOf(subject);
  if (subject === T.bool || kind === TypeKind.Optional || kind === TypeKind.Result) return coversVariants(c, n, 2);
  if (kind !== TypeKind.Enum) return false;
  const definition = c.definition(c.types.definition(subject));
  return definition.kind === "enum" && definition.variants.length <= 31 && coversVariants(c, n, definition.variants.length);
}

function isWild(c: Checker, n: Node): boolean {
  const kind = c.ast.kind[n];
  return kind === Kind.WildcardPattern || (kind === Kind.BindingPattern && c.ast.subpattern(n) === 0);
}

const values = new Float64Array(64);

function coversNumbers(c: Checker, n: Node): boolean {
  const { ast } = c;
  const arms = ast.arms(n);
  const count = ast.length(arms);
  let known = 0;
  for (let i = 0; i < count; i++) {
    const arm = ast.item(arms, i);
    const pattern = ast.pattern(arm);
    const isGuarded = ast.guard(arm) !== 0;
    if (isWild(c, pattern)) {
      if (!isGuarded) return i === count - 1;
      continue;
    }
    const isOr = ast.kind[pattern] === Kind.OrPattern;
    const total = isOr ? ast.length(ast.elements(pattern)) : 1;
    for (let j = 0; j < total; j++) {
      const value = literalOf(c, isOr ? ast.item(ast.elements(pattern), j) : pattern);
      if (value === undefined || known === values.length) return false;
      for (let k = 0; k < known; k++) if (values[k] === value) return false;
      if (!isGuarded) values[known++] = value;
    }
  }
  return false;
}

/** The value of a literal pattern that is a small number or a character. */
function literalOf(c: Checker, n: Node): number | undefined {
  const { ast } = c;
  if (ast.kind[n] !== Kind.LiteralPattern) return undefined;
  const literal = ast.operand(n);
  const isNegative = ast.kind[literal] === Kind.Unary && ast.unaryOperator(literal) === UnaryOperator.Negate;
  const at = isNegative ? ast.operand(literal) : literal;
  const kind = ast.kind[at];
  if (kind === Kind.Char || kind === Kind.Byte) return ast.value(at);
  if (kind !== Kind.Integer) return undefined;
  const value = ast.integers[ast.literal(at)];
  if (typeof value !== "number") return undefined;
  return isNegative ? -value : value;
}

function coversVariants(c: Checker, n: Node, total: number): boolean {
  const { ast } = c;
  const arms = ast.arms(n);
  const count = ast.length(arms);
  const all = 2 ** total - 1;
  let covered = 0;
  for (let i = 0; i < count; i++) {
    const arm = ast.item(arms, i);
    const pattern = ast.pattern(arm);
    const isGuarded = ast.guard(arm) !== 0;
    if (isWild(c, pattern)) {
      if (covered === all) return false;
      if (!isGuarded) return i === count - 1;
      continue;
    }
    const isOr = ast.kind[pattern] === Kind.OrPattern;
    const alternatives = isOr ? ast.length(ast.elements(pattern)) : 1;
    for (let j = 0; j < alternatives; j++) {
      const index = variantIndex(c, isOr ? ast.item(ast.elements(pattern), j) : pattern);
      if (index < 0 || (covered & (1 << index)) !== 0) return false;
      if (!isGuarded) covered |= 1 << index;
    }
  }
  return covered === all;
}

/** Which variant a pattern matches whole; -1 if it looks at the parts, or is something else. */
function variantIndex(c: Checker, n: Node): number {
  const { ast, program } = c;
  const kind = ast.kind[n];
  if (kind === Kind.LiteralPattern) return ast.kind[ast.operand(n)] === Kind.Bool ? ast.value(ast.operand(n)) : -1;
  if (kind !== Kind.PathPattern && kind !== Kind.VariantPattern) return -1;
  if (program.typeOf(n) === T.error) return -1;
  const m = program.meaningOf(n);
  if (meaningKind(m) !== MeaningKind.Definition) return -1;
  const definition = c.definition(meaningIndex(m));
  if (definition.kind !== "variant") return -1;
  if (kind === Kind.VariantPattern) {
    const parts = ast.subpatterns(n);
    for (let i = 0; i < ast.length(parts); i++) {
      const part = ast.item(parts, i);
      if (!isWild(c, part) && ast.kind[part] !== Kind.RestPattern) return -1;
    }
  }
  return definition.index;
}
