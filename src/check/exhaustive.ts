/**
 * Whether patterns cover every value of a type, and whether one of them adds anything: the matrix algorithm of Maranget ("Warnings for pattern
 * matching", 2007). A row is a vector of patterns, one for each value still to be looked at; a step takes the first column apart by
 * constructor. Integers are cut at the ends of the ranges that occur; slices are told apart by length as far as patterns do.
 */

import { Kind, type Node } from "../syntax/ast.ts";
import type { ErrorCode } from "../source/errorCodes.ts";
import { Names } from "../source/interner.ts";
import { range as rangeOf } from "./arithmetic.ts";
import { constantInteger } from "./constants.ts";
import type { Checker } from "./context.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { VariantDefinition } from "./definitions.ts";
import { ensureStructure } from "./signatures.ts";
import { any, lower, type Constructor, type Pattern } from "./lowerPatterns.ts";
import { judgeNumbers } from "./numberMatch.ts";
import { PatternRows, type Row } from "./patternRows.ts";
import { isPlainlyExhaustive } from "./quickMatch.ts";
import { fieldTypeIn } from "./substitute.ts";
import { T, TypeKind, isIntegerType, type TypeId } from "./types.ts";

/** Patterns that multiply too much are taken for exhaustive rather than looked at for ever. */
const stepLimit = 200_000;

/** A let's or for's pattern matches whatever it is given; a quick answer for the usual forms. */
export function isIrrefutable(c: Checker, n: Node): boolean {
  const { ast } = c;
  switch (ast.kind[n]) {
    case Kind.WildcardPattern:
    case Kind.RestPattern:
    case Kind.Error:
      return true;
    case Kind.BindingPattern:
      return ast.subpattern(n) === 0 || isIrrefutable(c, ast.subpattern(n));
    case Kind.TuplePattern: {
      const list = ast.elements(n);
      for (let i = 0; i < ast.length(list); i++) if (!isIrrefutable(c, ast.item(list, i))) return false;
      return true;
    }
    default:
      return c.program.typeOf(n) === T.error || missed(c, [[lower(c, n)]], [c.program.typeOf(n)]) === undefined;
  }
}

/** Checks the arms of a Match, or the one pattern of a let, for or parameter. */
export function checkExhaustive(c: Checker, n: Node, type: TypeId, code: ErrorCode): void {
  if (c.learning) return;
  const { ast } = c;
  if (ast.kind[n] !== Kind.Match) {
    const witness = missed(c, [[lower(c, n)]], [type]);
    if (witness !== undefined) {
      const m = c.program.meaningOf(n);
      const named = meaningKind(m) === MeaningKind.Definition ? c.definition(meaningIndex(m)) : undefined;
      const isConstant = named?.kind === "const";
      c.error(code, n, `this pattern does not match ${witness}`, {
        labels: isConstant ? c.declaredAt(named) : [],
        advice: [isConstant ? `${c.nameText(named.name)} is a constant here: a variable needs another name` : "use if let, let … else or match"],
      });
    }
    return;
  }
  if (isPlainlyExhaustive(c, n, type)) return;
  const arms = ast.arms(n);
  if (hasReportedPattern(c, n)) return;
  for (let i = 0; i < ast.length(arms); i++) if (hasError(c, ast.pattern(ast.item(arms, i)))) return;
  const subject = behind(c, type);
  if (isIntegerType(subject) || subject === T.char) {
    const judged = judgeNumbers(c, n, subject);
    if (judged !== undefined) {
      for (const node of judged.unreachable) c.warning("W0104", c.span(node), "what stands above matches everything that this would");
      if (judged.missed !== undefined) reportMissed(c, n, code, ast.length(arms) === 0 ? "any value" : scalarText(subject, judged.missed));
      return;
    }
  }
  const rows = new PatternRows([], false);
  for (let i = 0; i < ast.length(arms); i++) {
    const arm = ast.item(arms, i);
    const node = ast.pattern(arm);
    const lowered = lower(c, node);
    unreachable(c, node, lowered, rows, type);
    if (ast.guard(arm) === 0) rows.add([lowered]);
  }
  const witness = missed(c, rows.all(), [type]);
  if (witness !== undefined) reportMissed(c, n, code, witness);
}

function reportMissed(c: Checker, n: Node, code: ErrorCode, witness: string): void {
  c.error(code, n, `the match does not cover ${witness}`, { advice: ["add an arm for it, or _ => for the rest"] });
}

/** Warns about an arm, or an alternative of one, that the arms above leave nothing to. */
function unreachable(c: Checker, node: Node, lowered: Pattern, rows: PatternRows, type: TypeId): void {
  const { ast } = c;
  if (lowered.kind !== "or") {
    if (useful(c, rows.near(lowered), [lowered], [type], { left: stepLimit }) === undefined) c.warning("W0104", c.span(node), "the arms above match everything that this one would");
    return;
  }
  const list = ast.elements(node);
  const before = new PatternRows([], false);
  lowered.alternatives.forEach((alternative, i) => {
    const above = [...rows.near(alternative), ...before.near(alternative)];
    if (useful(c, above, [alternative], [type], { left: stepLimit }) === undefined) c.warning("W0104", c.span(ast.item(list, i)), "what stands above matches everything that this would");
    before.add([alternative]);
  });
}

/** A pattern of the match was refused: what the arms cover is not known. */
function hasReportedPattern(c: Checker, n: Node): boolean {
  const { diagnostics, ast } = c;
  if (diagnostics.errorCount === 0) return false;
  const [from, to] = [ast.start[n] as number, ast.end[n] as number];
  return diagnostics.list.some((one) => one.code >= "E0503" && one.code < "E0600" && one.span.start >= from && one.span.end <= to);
}

function hasError(c: Checker, n: Node): boolean {
  const { ast } = c;
  if (c.program.typeOf(n) === T.error) return true;
  const kind = ast.kind[n];
  const list = kind === Kind.TuplePattern || kind === Kind.OrPattern || kind === Kind.SlicePattern ? ast.elements(n) : kind === Kind.VariantPattern || kind === Kind.StructPattern ? ast.subpatterns(n) : undefined;
  if (list !== undefined) {
    for (let i = 0; i < ast.length(list); i++) if (hasError(c, ast.item(list, i))) return true;
    return false;
  }
  if (kind === Kind.FieldPattern || (kind === Kind.BindingPattern && ast.subpattern(n) !== 0)) return hasError(c, ast.subpattern(n));
  if (kind === Kind.LiteralPattern) return c.program.typeOf(ast.operand(n)) === T.error;
  if (kind === Kind.RangePattern) return isUnknown(c, ast.left(n), c.program.typeOf(n)) || isUnknown(c, ast.right(n), c.program.typeOf(n));
  if (kind === Kind.PathPattern) {
    const m = c.program.meaningOf(n);
    return meaningKind(m) === MeaningKind.Definition && c.definition(meaningIndex(m)).kind === "const" && isUnknown(c, ast.path(n), c.program.typeOf(n));
  }
  return false;
}

/** A constant that has no value: after a mistake anywhere, functions that it calls may be incomplete, and it is not evaluated. */
function isUnknown(c: Checker, n: Node, type: TypeId): boolean {
  return n !== 0 && (isIntegerType(type) || type === T.char || type === T.bool) && constantInteger(c, n) === undefined;
}

// ── the matrix ──

/** A value of the types that no row matches, as text; undefined if there is none. */
function missed(c: Checker, rows: readonly Row[], types: readonly TypeId[]): string | undefined {
  return useful(c, rows, types.map(() => any), types, { left: stepLimit })?.join(", ");
}

/** Values that `row` matches and none of `rows` does, one text for each column; undefined if there are none. */
function useful(c: Checker, rows: readonly Row[], row: Row, types: readonly TypeId[], steps: { left: number }): string[] | undefined {
  if (row.length === 0) return rows.length === 0 ? [] : undefined;
  if (steps.left-- <= 0) return undefined;
  const head = row[0] as Pattern;
  if (head.kind === "or") {
    for (const alternative of head.alternatives) {
      const found = useful(c, rows, [alternative, ...row.slice(1)], types, steps);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const expanded = rows.some((one) => (one[0] as Pattern).kind === "or") ? rows.flatMap(expand) : rows;
  const type = behind(c, types[0] as TypeId);
  const column: Constructor[] = [];
  for (const one of expanded) {
    const first = one[0] as Pattern;
    if (first.kind === "made") column.push(first.by);
  }
  if (head.kind === "any" && column.length === 0) {
    const rest = useful(c, expanded.map((one) => one.slice(1)), row.slice(1), types.slice(1), steps);
    return rest === undefined ? undefined : ["_", ...rest];
  }
  const whole = head.kind === "made" ? split(c, type, head.by, [head.by, ...column]) : all(c, type, column);
  const byConstructor = whole.length > 2 && expanded.length > 8 && isToldByKey(whole) ? new PatternRows(expanded, true) : undefined;
  for (const constructor of whole) {
    const partTypes = partTypesOf(c, type, constructor);
    const inner: Row[] = [];
    for (const one of byConstructor?.of(constructor) ?? expanded) {
      const special = specialise(one, constructor, partTypes.length);
      if (special !== undefined) inner.push(special);
    }
    const next = specialise(row, constructor, partTypes.length);
    if (next === undefined) continue;
    const found = useful(c, inner, next, [...partTypes, ...types.slice(1)], steps);
    if (found !== undefined) {
      return [text(c, type, constructor, found.slice(0, partTypes.length)), ...found.slice(partTypes.length)];
    }
  }
  return undefined;
}

/** Of slices, rows of one length may match another. */
function isToldByKey(whole: readonly Constructor[]): boolean {
  return whole[0]?.kind !== "slice" && whole[0]?.kind !== "single";
}

function expand(row: Row): Row[] {
  const head = row[0] as Pattern;
  if (head.kind !== "or") return [row];
  return head.alternatives.flatMap((alternative) => expand([alternative, ...row.slice(1)]));
}

/** The row without its first pattern but with that one's parts, if it matches what `constructor` makes. */
function specialise(row: Row, constructor: Constructor, arity: number): Row | undefined {
  const head = row[0] as Pattern;
  if (head.kind === "any") return [...new Array<Pattern>(arity).fill(any), ...row.slice(1)];
  if (head.kind === "or") throw new Error("check/exhaustive.specialise: an alternative was not expanded");
  const { by } = head;
  if (by.kind === "slice" && constructor.kind === "slice") {
    const length = constructor.prefix + constructor.suffix;
    const given = by.prefix + by.suffix;
    if (by.open ? given > length : constructor.open || given !== length) return undefined;
    const middle = new Array<Pattern>(length - given).fill(any);
    return [...head.parts.slice(0, by.prefix), ...middle, ...head.parts.slice(by.prefix), ...row.slice(1)];
  }
  return covers(by, constructor) ? [...head.parts, ...row.slice(1)] : undefined;
}

function covers(by: Constructor, constructor: Constructor): boolean {
  switch (by.kind) {
    case "single": return true;
    case "variant": return constructor.kind === "variant" && by.index === constructor.index;
    case "range": return constructor.kind === "range" && by.from <= constructor.from && by.to >= constructor.to;
    case "literal": return constructor.kind === "literal" && by.key === constructor.key;
    case "slice": case "others": return false;
  }
}

function behind(c: Checker, type: TypeId): TypeId {
  let at = type;
  while (c.types.kindOf(at) === TypeKind.Reference) at = c.types.inner(at);
  return at;
}

function isSingle(c: Checker, type: TypeId): boolean {
  const kind = c.types.kindOf(type);
  return kind === TypeKind.Tuple || kind === TypeKind.Struct || kind === TypeKind.Array;
}

/** All constructors of a type, cut so that each pattern of the column covers one wholly or not at all. Those that no pattern has come first. */
function all(c: Checker, type: TypeId, column: readonly Constructor[]): Constructor[] {
  const { types } = c;
  const kind = types.kindOf(type);
  if (type === T.bool || kind === TypeKind.Optional || kind === TypeKind.Result || kind === TypeKind.Enum) {
    const variants: Constructor[] = [];
    const total = kind === TypeKind.Enum ? variantsOf(c, type).length : 2;
    for (let index = 0; index < total; index++) variants.push({ kind: "variant", index });
    const there = new Set<number>();
    for (const by of column) if (by.kind === "variant") there.add(by.index);
    const missing = variants.find((_, index) => !there.has(index));
    return [...(missing === undefined ? [] : [missing]), ...variants.filter((_, index) => there.has(index))];
  }
  if (isIntegerType(type) || type === T.char) {
    const whole = rangeOf(type);
    // Surrogates are no chars.
    const pieces: [bigint, bigint][] = type === T.char ? [[0n, 0xd7ffn], [0xe000n, 0x10ffffn]] : [[whole.least, whole.most]];
    const cut = pieces.flatMap(([from, to]) => cutRange(from, to, column));
    const { covered, missing } = coveredRanges(cut, column);
    // Of what is missing the least that is not negative says most.
    const best = missing.find((one) => one.to >= 0n) ?? missing[0];
    return [...(best === undefined ? [] : [best]), ...covered];
  }
  if (kind === TypeKind.Slice || kind === TypeKind.Array) return slices(c, type, column);
  if (isSingle(c, type)) return [{ kind: "single" }];
  // Texts, floats and pointers: never all of them.
  const seen = new Map<string, Constructor>();
  for (const by of column) if (by.kind === "literal") seen.set(by.key, by);
  return [{ kind: "others" }, ...seen.values()];
}

function split(c: Checker, type: TypeId, by: Constructor, column: readonly Constructor[]): Constructor[] {
  if (by.kind === "range") return cutRange(by.from, by.to, column);
  if (by.kind === "slice") {
    return slices(c, type, column).filter((one) => one.kind === "slice" && (by.open ? by.prefix + by.suffix <= one.prefix + one.suffix : !one.open && by.prefix === one.prefix + one.suffix));
  }
  return [by];
}

type Range = Extract<Constructor, { readonly kind: "range" }>;

/** Parts the pieces, which ascend and are cut wherever a range of the column begins or ends, into those that one covers and the rest. */
function coveredRanges(pieces: readonly Range[], column: readonly Constructor[]): { readonly covered: Range[]; readonly missing: Range[] } {
  const ranges = column.filter((by) => by.kind === "range").sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const covered: Range[] = [];
  const missing: Range[] = [];
  let next = 0;
  let reach: bigint | undefined;
  for (const piece of pieces) {
    for (; next < ranges.length && (ranges[next] as Range).from <= piece.from; next++) {
      const { to } = ranges[next] as Range;
      if (reach === undefined || to > reach) reach = to;
    }
    (reach !== undefined && reach >= piece.to ? covered : missing).push(piece);
  }
  return { covered, missing };
}

function cutRange(from: bigint, to: bigint, column: readonly Constructor[]): Range[] {
  const starts = new Set<bigint>([from]);
  for (const by of column) {
    if (by.kind !== "range") continue;
    if (by.from > from && by.from <= to) starts.add(by.from);
    if (by.to + 1n > from && by.to + 1n <= to) starts.add(by.to + 1n);
  }
  const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
  return sorted.map((start, i) => ({ kind: "range", from: start, to: (sorted[i + 1] ?? to + 1n) - 1n }));
}

function slices(c: Checker, type: TypeId, column: readonly Constructor[]): Constructor[] {
  let prefix = 0;
  let suffix = 0;
  let longest = 0;
  for (const by of column) {
    if (by.kind !== "slice") continue;
    if (by.open) {
      prefix = Math.max(prefix, by.prefix);
      suffix = Math.max(suffix, by.suffix);
    } else {
      longest = Math.max(longest, by.prefix + 1);
    }
  }
  const least = Math.max(longest, prefix + suffix);
  if (c.types.kindOf(type) === TypeKind.Array) {
    const length = c.types.arrayLength(type);
    return [length <= least ? { kind: "slice", prefix: length, suffix: 0, open: false } : { kind: "slice", prefix: least, suffix: 0, open: true }];
  }
  const found: Constructor[] = [];
  for (let length = 0; length < least; length++) found.push({ kind: "slice", prefix: length, suffix: 0, open: false });
  found.push({ kind: "slice", prefix: least, suffix: 0, open: true });
  return found;
}

function variantsOf(c: Checker, type: TypeId): readonly VariantDefinition[] {
  const definition = c.definition(c.types.definition(type));
  if (definition.kind !== "enum") return [];
  ensureStructure(c, definition);
  return definition.variants;
}

function partTypesOf(c: Checker, type: TypeId, constructor: Constructor): readonly TypeId[] {
  const { types } = c;
  switch (constructor.kind) {
    case "variant":
      if (type === T.bool) return [];
      switch (types.kindOf(type)) {
        case TypeKind.Optional: return constructor.index === 0 ? [] : [types.inner(type)];
        case TypeKind.Result: return [constructor.index === 0 ? types.inner(type) : types.errorType(type)];
        default: return variantsOf(c, type)[constructor.index]?.fields.map((field) => fieldTypeIn(types, c.definitions, type, field.type)) ?? [];
      }
    case "single": {
      if (types.kindOf(type) === TypeKind.Tuple) return types.items(type);
      const definition = c.definition(types.definition(type));
      return definition.kind === "struct" ? definition.fields.map((field) => fieldTypeIn(types, c.definitions, type, field.type)) : [];
    }
    case "slice":
      return new Array<TypeId>(constructor.prefix + constructor.suffix).fill(types.inner(type));
    default:
      return [];
  }
}

// ── values as text ──

function text(c: Checker, type: TypeId, constructor: Constructor, parts: readonly string[]): string {
  const { types } = c;
  switch (constructor.kind) {
    case "variant": {
      const kind = types.kindOf(type);
      if (type === T.bool) return constructor.index === 0 ? "false" : "true";
      const inside = parts.length === 0 ? "" : `(${parts.join(", ")})`;
      if (kind === TypeKind.Optional) return constructor.index === 0 ? "None" : `Some${inside}`;
      if (kind === TypeKind.Result) return `${c.nameText(constructor.index === 0 ? Names.Ok : Names.Err)}${inside}`;
      return `${c.nameText((variantsOf(c, type)[constructor.index] as VariantDefinition).name)}${inside}`;
    }
    case "single": {
      if (types.kindOf(type) === TypeKind.Tuple) return `(${parts.join(", ")})`;
      const definition = c.definition(types.definition(type));
      if (definition.kind !== "struct") return "_";
      return `${c.nameText(definition.name)} { ${definition.fields.map((field, i) => `${c.nameText(field.name)}: ${parts[i] ?? "_"}`).join(", ")} }`;
    }
    case "range":
      // The value nearest to zero is the one that says most.
      return scalarText(type, constructor.from <= 0n && constructor.to >= 0n ? 0n : constructor.from > 0n ? constructor.from : constructor.to);
    case "literal":
      return type === T.str ? `"${constructor.key}"` : "_";
    case "others":
      return type === T.str ? "every other text" : "_";
    case "slice":
      return `[${parts.join(", ")}${constructor.open ? (parts.length === 0 ? ".." : ", ..") : ""}]`;
  }
}

function scalarText(type: TypeId, value: bigint): string {
  if (type !== T.char) return `${value}`;
  const shown = value < 0x20n || (value >= 0x7fn && value < 0xa0n) ? `\\u{${value.toString(16)}}` : String.fromCodePoint(Number(value));
  return `'${shown}'`;
}
