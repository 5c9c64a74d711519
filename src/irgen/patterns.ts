/**
 * Patterns: tests that branch away, and bindings. What is matched (the subject) is either a value at hand (Scalar or Pair) or the address
 * of a place; patterns look through references by themselves, and a name whose type is a reference to the subject's binds by reference.
 */

import { LocalFlag, meaningIndex } from "../check/checkedProgram.ts";
import type { DefinitionId, LocalId } from "../check/definitions.ts";
import { T, TypeKind, isScalar, type TypeId } from "../check/types.ts";
import type { Block, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { BinaryOperator as B, Flag, Kind, UnaryOperator, type List, type Node } from "../syntax/ast.ts";
import { compareValues, loadTag } from "./compare.ts";
import { convertNumber } from "./convert.ts";
import { emit, finalType } from "./dispatch.ts";
import { dropsOf, variantPart } from "./dropGlue.ts";
import type { Generator } from "./generator.ts";
import { Home } from "./locals.ts";
import { commitMoves, partOf, type Owned } from "./owned.ts";
import { constantValue } from "./nameExpressions.ts";
import { Shape } from "./shape.ts";
import { matchValueOf } from "./blocks.ts";

/** An expression that denotes a place in memory (or a local that may live in a register). */
export function isPlace(g: Generator, n: Node): boolean {
  const { ast } = g;
  switch (ast.kind[n]) {
    case Kind.Paren:
      return isPlace(g, ast.operand(n));
    case Kind.Name: {
      const means = g.program.meaningOf(n);
      return (means & 7) === 1 ? g.locals.homeOf((means >> 3) as LocalId) === Home.Slot : true;
    }
    case Kind.TupleField:
    case Kind.Field:
      return true;
    case Kind.Index:
      return ast.kind[ast.item(ast.arguments(n), 0)] !== Kind.Range;
    case Kind.Unary:
      return ast.unaryOperator(n) === UnaryOperator.Dereference;
    default:
      return false;
  }
}

/** `let pattern = value` as a condition. */
export function matchCondition(g: Generator, n: Node, yes: Block, no: Block): void {
  matchValueOf(g, g.ast.pattern(n), g.ast.conditionValue(n), no);
  g.jump(yes);
}

/** Binds the names of a pattern that always matches. `inMemory`: `value` is the subject's address. */
export function bindPattern(g: Generator, pattern: Node, type: TypeId, value: Value, second: Value, inMemory: boolean): void {
  matchPattern(g, pattern, type, value, second, inMemory, -1 as Block);
  commitMoves(g);
}

/** Tests the subject and binds names; where it does not match control goes to `fail`. The current block goes on where it does. */
export function matchPattern(g: Generator, pattern: Node, type: TypeId, value: Value, second: Value, inMemory: boolean, fail: Block): void {
  if (!g.reachable) return;
  const { ast, types } = g;
  const kind = ast.kind[pattern];
  if (kind === Kind.WildcardPattern || kind === Kind.RestPattern) return;
  if (kind === Kind.BindingPattern) {
    bind(g, pattern, type, value, second, inMemory, fail);
    return;
  }
  if (kind === Kind.OrPattern) {
    matchAlternatives(g, ast.elements(pattern), type, value, second, inMemory, fail);
    return;
  }
  // Look through references.
  while (types.kindOf(type) === TypeKind.Reference) {
    if (inMemory) value = g.b.load(Type.ptr, value, 0);
    type = types.inner(type);
    inMemory = true;
    g.matched = undefined;
  }
  switch (kind) {
    case Kind.LiteralPattern:
    case Kind.RangePattern:
    case Kind.PathPattern:
      test(g, pattern, type, value, second, inMemory, fail);
      return;
    case Kind.TuplePattern: {
      const { offsets } = g.layouts.of(type);
      matchParts(g, ast.elements(pattern), type, 0, (i) => types.listItem(type, i), offsets, types.kindOf(type) === TypeKind.Tuple ? types.listLength(type) : 0, value, fail);
      return;
    }
    case Kind.VariantPattern:
      matchVariant(g, pattern, type, value, second, inMemory, fail);
      return;
    case Kind.StructPattern:
      matchStruct(g, pattern, type, value, inMemory, fail);
      return;
    case Kind.SlicePattern:
      matchSlice(g, pattern, type, value, second, inMemory, fail);
      return;
    default:
      throw new Error(`irgen/patterns.matchPattern: ${ast.kindName(pattern)}`);
  }
}

function bind(g: Generator, pattern: Node, type: TypeId, value: Value, second: Value, inMemory: boolean, fail: Block): void {
  const { ast, program, types } = g;
  const sub = ast.subpattern(pattern);
  if (sub !== 0 && ast.kind[sub] !== Kind.RestPattern) matchPattern(g, sub, type, value, second, inMemory, fail);
  if (!g.reachable) return;
  const local = meaningIndex(program.meaningOf(pattern)) as LocalId;
  const localType = program.localType(local);
  if (localType !== type && types.kindOf(localType) === TypeKind.Reference && types.inner(localType) === type) {
    declare(g, local, inMemory ? value : spilled(g, type, value, second), 0 as Value);
    return;
  }
  // A reference that is wanted as what it refers to, and the other way round, do not occur: the checker gave the local its type.
  if (g.matched !== undefined && g.needsDrop(type)) g.moves.push(g.matched);
  if (inMemory) {
    const loaded = g.loadValue(type, value, 0);
    declare(g, local, loaded, g.second);
  } else declare(g, local, value, second);
}

/** A value put into memory so that it can be referred to. */
function spilled(g: Generator, type: TypeId, value: Value, second: Value): Value {
  const address = g.temporary(type);
  g.storeValue(type, value, second, address, 0);
  return address;
}

/** Local homes that an or-pattern has already made: its other alternatives write to the same. */
const shared = new Set<LocalId>();

function declare(g: Generator, local: LocalId, value: Value, second: Value): void {
  if (!shared.has(local)) {
    g.locals.declare(local, value, second);
    if (g.needsDrop(g.program.localType(local))) g.bound.push(local);
    return;
  }
  if (g.locals.homeOf(local) === Home.Slot) g.storeValue(g.program.localType(local), value, second, g.locals.slotOf(local), 0);
  else g.locals.write(local, value, second);
}

function matchAlternatives(g: Generator, alternatives: List, type: TypeId, value: Value, second: Value, inMemory: boolean, fail: Block): void {
  const { ast, b } = g;
  const matched = b.block();
  const count = ast.length(alternatives);
  // All alternatives bind the same names: their homes are made once, before.
  const made: LocalId[] = [];
  for (let i = 0; i < count; i++) collectBindings(g, ast.item(alternatives, i), made);
  const outer = made.filter((local) => !shared.has(local));
  for (const local of outer) {
    const localType = g.program.localType(local);
    const shape = g.shapes.of(localType);
    if (shape === Shape.Memory || g.program.localHas(local, LocalFlag.addressTaken) || g.needsDrop(localType)) g.locals.declareSlot(local);
    else if (shape !== Shape.Void) g.locals.declareVariables(local);
    shared.add(local);
  }
  for (let i = 0; i < count; i++) {
    const last = i === count - 1;
    const next = last ? fail : b.block();
    matchPattern(g, ast.item(alternatives, i), type, value, second, inMemory, next);
    g.jump(matched);
    if (last) break;
    b.seal(next);
    g.startBlock(next);
  }
  for (const local of outer) shared.delete(local);
  b.seal(matched);
  g.startBlock(matched);
  for (const local of outer) if (g.needsDrop(g.program.localType(local))) g.bound.push(local);
}

/** The locals that a pattern's names declare. Alternatives of one or-pattern share them. */
function collectBindings(g: Generator, pattern: Node, into: LocalId[]): void {
  const { ast } = g;
  const list = (items: List) => {
    for (let i = 0; i < ast.length(items); i++) collectBindings(g, ast.item(items, i), into);
  };
  switch (ast.kind[pattern]) {
    case Kind.BindingPattern: {
      const local = meaningIndex(g.program.meaningOf(pattern)) as LocalId;
      if (!into.includes(local)) into.push(local);
      if (ast.subpattern(pattern) !== 0) collectBindings(g, ast.subpattern(pattern), into);
      return;
    }
    case Kind.FieldPattern:
      collectBindings(g, ast.subpattern(pattern), into);
      return;
    case Kind.TuplePattern: case Kind.OrPattern: case Kind.SlicePattern:
      list(ast.elements(pattern));
      return;
    case Kind.VariantPattern: case Kind.StructPattern:
      list(ast.subpatterns(pattern));
  }
}

// ── tests ──

function failUnless(g: Generator, condition: Value, fail: Block): void {
  // Without a place to fail to, the pattern is known to match.
  if (!g.reachable || fail < 0) return;
  const next = g.b.block();
  g.branch(condition, next, fail);
  g.b.seal(next);
  g.startBlock(next);
}

function test(g: Generator, pattern: Node, type: TypeId, value: Value, second: Value, inMemory: boolean, fail: Block): void {
  if (fail < 0) return;
  const { ast } = g;
  const kind = ast.kind[pattern];
  if (kind === Kind.PathPattern) {
    const definition = g.program.definition(meaningIndex(g.program.meaningOf(pattern)) as DefinitionId);
    if (definition.kind === "variant") {
      failUnless(g, isVariant(g, type, definition.index, value, inMemory), fail);
      return;
    }
    if (definition.kind !== "const") throw new Error("irgen/patterns.test: neither variant nor constant");
    const subject = inMemory ? g.loadValue(type, value, 0) : value;
    const subjectSecond = inMemory ? g.second : second;
    let constant = constantValue(g, definition);
    if (isScalar(definition.type) && isScalar(type) && definition.type !== type && type !== T.str) constant = convertNumber(g, constant, definition.type, type);
    failUnless(g, compareValues(g, B.Equal, type, subject, subjectSecond, constant, g.second), fail);
    return;
  }
  const subject = inMemory ? g.loadValue(type, value, 0) : value;
  const subjectSecond = inMemory ? g.second : second;
  if (kind === Kind.LiteralPattern) {
    const literal = ast.operand(pattern);
    const wanted = emit(g, literal);
    failUnless(g, compareValues(g, B.Equal, type, subject, subjectSecond, wanted, g.second), fail);
    return;
  }
  const from = ast.left(pattern);
  const to = ast.right(pattern);
  if (from !== 0) failUnless(g, compareValues(g, B.GreaterEqual, type, subject, 0 as Value, bound(g, from, type), 0 as Value), fail);
  if (to !== 0 && g.reachable) {
    const operator = ast.has(pattern, Flag.inclusive) ? B.LessEqual : B.Less;
    failUnless(g, compareValues(g, operator, type, subject, 0 as Value, bound(g, to, type), 0 as Value), fail);
  }
}

function bound(g: Generator, n: Node, type: TypeId): Value {
  const from = finalType(g, n);
  const value = emit(g, n);
  return from === type ? value : convertNumber(g, value, from, type);
}

/** Is the subject this variant? 0 or 1. */
function isVariant(g: Generator, type: TypeId, index: number, value: Value, inMemory: boolean): Value {
  const { b } = g;
  const tag = tagOf(g, type, value, inMemory);
  return b.emit(Op.eq, tag, b.f.int(b.f.typeOf(tag), index));
}

/** The number of the subject's variant. */
export function tagOf(g: Generator, type: TypeId, value: Value, inMemory: boolean): Value {
  const { b } = g;
  if (inMemory || g.shapes.of(type) === Shape.Memory) {
    return g.shapes.isPlainEnum(type) ? b.load(g.shapes.scalar(type), value, 0) : loadTag(g, type, value, 0);
  }
  if (g.shapes.isPlainEnum(type)) return value;
  return b.emit(Op.ne, value, b.f.int(Type.ptr, 0));
}

// ── parts ──

/** Sub-patterns against parts in memory; a `..` among them stands for the parts that are left out. */
/** The patterns of parts; `first`: the number of part 0 of `type` (dropGlue.ts). */
function matchParts(g: Generator, patterns: List, type: TypeId, first: number, typeAt: (i: number) => TypeId, offsets: readonly number[], count: number, address: Value, fail: Block): void {
  const { ast, matched } = g;
  const length = ast.length(patterns);
  let skipped = 0;
  for (let i = 0; i < length; i++) {
    const pattern = ast.item(patterns, i);
    if (ast.kind[pattern] === Kind.RestPattern) {
      skipped = count - length;
      continue;
    }
    const part = i + skipped;
    g.matched = partMatched(g, type, matched, first + part);
    matchPattern(g, pattern, typeAt(part), needsPart(g, pattern) ? g.addressAt(address, offsets[part] as number) : address, 0 as Value, true, fail);
    if (!g.reachable) return;
  }
  g.matched = matched;
}

function needsPart(g: Generator, pattern: Node): boolean {
  return g.ast.kind[pattern] !== Kind.WildcardPattern;
}

function matchVariant(g: Generator, pattern: Node, type: TypeId, value: Value, second: Value, inMemory: boolean, fail: Block): void {
  const { ast, types } = g;
  const definition = g.program.definition(meaningIndex(g.program.meaningOf(pattern)) as DefinitionId);
  if (definition.kind !== "variant") throw new Error("irgen/patterns.matchVariant: no variant");
  const { index } = definition;
  if (fail >= 0) failUnless(g, isVariant(g, type, index, value, inMemory), fail);
  if (!g.reachable) return;
  const patterns = ast.subpatterns(pattern);
  const kind = types.kindOf(type);
  const layout = g.layouts.of(type);
  const typeAt = (i: number): TypeId =>
    kind === TypeKind.Optional ? types.inner(type)
    : kind === TypeKind.Result ? (index === 0 ? types.inner(type) : types.errorType(type))
    : g.fieldType(type, (definition.fields[i] as { type: TypeId }).type);
  if (layout.tag?.kind === "niche") {
    // The payload is the value itself.
    g.matched = partMatched(g, type, g.matched, variantPart(index, 0));
    if (ast.length(patterns) > 0) matchPattern(g, ast.item(patterns, 0), types.inner(type), value, second, inMemory, fail);
    return;
  }
  const offsets = layout.variants[index] ?? [];
  matchParts(g, patterns, type, variantPart(index, 0), typeAt, offsets, offsets.length, value, fail);
}

function matchStruct(g: Generator, pattern: Node, type: TypeId, value: Value, inMemory: boolean, fail: Block): void {
  const { ast } = g;
  const definition = g.program.definition(meaningIndex(g.program.meaningOf(pattern)) as DefinitionId);
  const layout = g.layouts.of(type);
  let offsets: readonly number[];
  if (definition.kind === "variant") {
    if (fail >= 0) failUnless(g, isVariant(g, type, definition.index, value, inMemory), fail);
    offsets = layout.variants[definition.index] ?? [];
  } else offsets = layout.offsets;
  if (definition.kind !== "variant" && definition.kind !== "struct") throw new Error("irgen/patterns.matchStruct: neither struct nor variant");
  const patterns = ast.subpatterns(pattern);
  for (let i = 0; i < ast.length(patterns) && g.reachable; i++) {
    const field = ast.item(patterns, i);
    const index = meaningIndex(g.program.meaningOf(field));
    const part = definition.fields[index];
    if (part === undefined) throw new Error("irgen/patterns.matchStruct: no such field");
    const owner = g.matched;
    g.matched = partMatched(g, type, owner, definition.kind === "variant" ? variantPart(definition.index, index) : index);
    matchPattern(g, ast.subpattern(field), g.fieldType(type, part.type), g.addressAt(value, offsets[index] as number), 0 as Value, true, fail);
    g.matched = owner;
  }
}

/** The part of the subject that the pattern within is about. */
function partMatched(g: Generator, type: TypeId, owner: Owned | undefined, number: number): Owned | undefined {
  const part = owner === undefined ? undefined : dropsOf(g, type).find((one) => one.number === number);
  return owner === undefined || part === undefined ? undefined : partOf(owner, part);
}

/** `[a, .., z]` against an array or slice: the length first, then elements from both ends. */
function matchSlice(g: Generator, pattern: Node, type: TypeId, value: Value, second: Value, inMemory: boolean, fail: Block): void {
  const { ast, b, types } = g;
  // The elements of an array are parts of it; nothing moves out of a slice.
  const isArray = types.kindOf(type) === TypeKind.Array;
  const owner = isArray && g.needsDrop(type) ? g.matched : undefined;
  g.matched = undefined;
  const patterns = ast.elements(pattern);
  const count = ast.length(patterns);
  let rest = -1;
  for (let i = 0; i < count; i++) if (isRest(g, ast.item(patterns, i))) rest = i;
  const element = types.inner(type);
  const size = g.layouts.size(element);
  let start = value;
  let length: Value;
  if (types.kindOf(type) === TypeKind.Array) length = b.f.int(Type.i64, types.arrayLength(type));
  else {
    if (inMemory) {
      start = g.loadValue(type, value, 0);
      second = g.second;
    }
    length = second;
    if (fail >= 0) {
      const needed = b.f.int(Type.i64, rest < 0 ? count : count - 1);
      failUnless(g, b.emit(rest < 0 ? Op.eq : Op.sge, length, needed), fail);
    }
  }
  for (let i = 0; i < count && g.reachable; i++) {
    const item = ast.item(patterns, i);
    if (i === rest) {
      bindRest(g, item, start, length, i, count - 1, size);
      continue;
    }
    const at = rest >= 0 && i > rest ? b.emit(Op.sub, length, b.f.int(Type.i64, count - i)) : b.f.int(Type.i64, i);
    const known = b.f.smallInt(at);
    const address = known === known
      ? g.addressAt(start, known * size)
      : b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, at, b.f.int(Type.i64, size)));
    const index = rest >= 0 && i > rest ? types.arrayLength(type) - (count - i) : i;
    g.matched = owner === undefined ? undefined : partOf(owner, { number: index, type: element, offset: index * size });
    matchPattern(g, item, element, address, 0 as Value, true, fail);
  }
  g.matched = owner;
}

function isRest(g: Generator, pattern: Node): boolean {
  const { ast } = g;
  return ast.kind[pattern] === Kind.RestPattern || (ast.kind[pattern] === Kind.BindingPattern && ast.subpattern(pattern) !== 0 && ast.kind[ast.subpattern(pattern)] === Kind.RestPattern);
}

/** `name @ ..` binds the elements between as a slice. */
function bindRest(g: Generator, item: Node, start: Value, length: Value, from: number, others: number, size: number): void {
  const { ast, b, program } = g;
  if (ast.kind[item] !== Kind.BindingPattern) return;
  const local = meaningIndex(program.meaningOf(item)) as LocalId;
  const pointer = g.addressAt(start, from * size);
  if (g.shapes.of(program.localType(local)) === Shape.Memory) {
    declare(g, local, pointer, 0 as Value);
    return;
  }
  declare(g, local, pointer, b.emit(Op.sub, length, b.f.int(Type.i64, others)));
}
