/**
 * Patterns: tests that branch away, and bindings. Patterns look through references by themselves, and a name whose type is a reference to the
 * subject's binds by reference.
 */

import { LocalFlag, meaningIndex } from "../check/checkedProgram.ts";
import type { DefinitionId, LocalId } from "../check/definitions.ts";
import { T, TypeKind, isScalar, type TypeId } from "../check/types.ts";
import type { Block, Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import { BinaryOperator as B, Flag, Kind, type List, type Node } from "../syntax/ast.ts";
import { matchValueOf } from "./blocks.ts";
import { compareValues } from "./compare.ts";
import { convertNumber } from "./convert.ts";
import { emit, finalType } from "./dispatch.ts";
import { dropsOf, variantPart } from "./dropGlue.ts";
import type { Generator } from "./generator.ts";
import { Home } from "./locals.ts";
import { constantValue } from "./nameExpressions.ts";
import { commitMoves, partOf, type Owned } from "./owned.ts";
import { Shape } from "./shape.ts";
import { behindReferences, isVariant, subjectAt, type Subject } from "./subject.ts";

/** In place of the block to fail to: the pattern is known to match. */
const nowhere = -1 as Block;

/** `let pattern = value` as a condition. */
export function matchCondition(g: Generator, n: Node, yes: Block, no: Block): void {
  matchValueOf(g, g.ast.pattern(n), g.ast.conditionValue(n), no);
  g.jump(yes);
}

/** Binds the names of a pattern that always matches. */
export function bindPattern(g: Generator, pattern: Node, subject: Subject): void {
  matchPattern(g, pattern, subject, nowhere);
  commitMoves(g);
}

/** Tests the subject and binds names; where it does not match control goes to `fail`. The current block goes on where it does. */
export function matchPattern(g: Generator, pattern: Node, subject: Subject, fail: Block): void {
  if (!g.reachable) return;
  const { ast, types } = g;
  const kind = ast.kind[pattern];
  if (kind === Kind.WildcardPattern || kind === Kind.RestPattern) return;
  if (kind === Kind.BindingPattern) {
    bind(g, pattern, subject, fail);
    return;
  }
  if (kind === Kind.OrPattern) {
    matchAlternatives(g, ast.elements(pattern), subject, fail);
    return;
  }
  if (types.kindOf(subject.type) === TypeKind.Reference) g.frame.matched = undefined;
  const behind = behindReferences(g, subject);
  const { type, value } = behind;
  switch (kind) {
    case Kind.LiteralPattern:
    case Kind.RangePattern:
    case Kind.PathPattern:
      test(g, pattern, behind, fail);
      return;
    case Kind.TuplePattern:
      matchParts(g, ast.elements(pattern), type, value, partsOfTuple(g, type), fail);
      return;
    case Kind.VariantPattern:
      matchVariant(g, pattern, behind, fail);
      return;
    case Kind.StructPattern:
      matchStruct(g, pattern, behind, fail);
      return;
    case Kind.SlicePattern:
      matchSlice(g, pattern, behind, fail);
      return;
    default:
      throw new Error(`irgen/patterns.matchPattern: ${ast.kindName(pattern)}`);
  }
}

/** Binds a name to the subject, after the pattern behind its `@` if there is one. */
function bind(g: Generator, pattern: Node, subject: Subject, fail: Block): void {
  const { ast, program, types } = g;
  const { type, value, second, inMemory } = subject;
  const sub = ast.subpattern(pattern);
  if (sub !== 0 && ast.kind[sub] !== Kind.RestPattern) matchPattern(g, sub, subject, fail);
  if (!g.reachable) return;
  const local = meaningIndex(program.meaningOf(pattern)) as LocalId;
  const localType = program.localType(local);
  if (localType !== type && types.kindOf(localType) === TypeKind.Reference && types.inner(localType) === type) {
    declare(g, local, inMemory ? value : spilled(g, type, value, second), 0 as Value);
    return;
  }
  // A reference that is wanted as what it refers to, and the other way round, do not occur: the checker gave the local its type.
  if (g.frame.matched !== undefined && g.needsDrop(type)) g.frame.moves.push(g.frame.matched);
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

/** Gives a local its value, in the home that an or-pattern has made or in one of its own. */
function declare(g: Generator, local: LocalId, value: Value, second: Value): void {
  if (!shared.has(local)) {
    g.locals.declare(local, value, second);
    if (g.needsDrop(g.program.localType(local))) g.frame.bound.push(local);
    return;
  }
  if (g.locals.homeOf(local) === Home.Slot) g.storeValue(g.program.localType(local), value, second, g.locals.slotOf(local), 0);
  else g.locals.write(local, value, second);
}

/** The first of the alternatives that matches binds the names, which are the same in all. */
function matchAlternatives(g: Generator, alternatives: List, subject: Subject, fail: Block): void {
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
    matchPattern(g, ast.item(alternatives, i), subject, next);
    g.jump(matched);
    if (last) break;
    b.seal(next);
    g.startBlock(next);
  }
  for (const local of outer) shared.delete(local);
  b.seal(matched);
  g.startBlock(matched);
  for (const local of outer) if (g.needsDrop(g.program.localType(local))) g.frame.bound.push(local);
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

/** Goes on where the condition is not 0, and to `fail` where it is. */
function failUnless(g: Generator, condition: Value, fail: Block): void {
  if (!g.reachable || fail === nowhere) return;
  const next = g.b.block();
  g.branch(condition, next, fail);
  g.b.seal(next);
  g.startBlock(next);
}

/** A literal, a range, a constant, or a variant without parts. */
function test(g: Generator, pattern: Node, { type, value, second, inMemory }: Subject, fail: Block): void {
  if (fail === nowhere) return;
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

/** The end of a range as a value of type `type`. */
function bound(g: Generator, n: Node, type: TypeId): Value {
  const from = finalType(g, n);
  const value = emit(g, n);
  return from === type ? value : convertNumber(g, value, from, type);
}

// ── parts ──

/** The parts of a tuple or variant, in their order. */
interface Parts {
  /** The number of the first one (dropGlue.ts). */
  readonly first: number;
  readonly count: number;
  readonly typeAt: (i: number) => TypeId;
  readonly offsets: readonly number[];
}

function partsOfTuple({ types, layouts }: Generator, type: TypeId): Parts {
  const count = types.kindOf(type) === TypeKind.Tuple ? types.listLength(type) : 0;
  return { first: 0, count, typeAt: (i) => types.listItem(type, i), offsets: layouts.of(type).offsets };
}

/** Patterns against the parts of a value of type `type` in memory; a `..` among them stands for the parts that are left out. */
function matchParts(g: Generator, patterns: List, type: TypeId, address: Value, { first, count, typeAt, offsets }: Parts, fail: Block): void {
  const { ast } = g;
  const { matched } = g.frame;
  const length = ast.length(patterns);
  let skipped = 0;
  for (let i = 0; i < length; i++) {
    const pattern = ast.item(patterns, i);
    if (ast.kind[pattern] === Kind.RestPattern) {
      skipped = count - length;
      continue;
    }
    const part = i + skipped;
    g.frame.matched = partMatched(g, type, matched, first + part);
    if (ast.kind[pattern] !== Kind.WildcardPattern) matchPattern(g, pattern, subjectAt(typeAt(part), g.addressAt(address, offsets[part] as number)), fail);
    if (!g.reachable) return;
  }
  g.frame.matched = matched;
}

/** `Variant(patterns)`. */
function matchVariant(g: Generator, pattern: Node, { type, value, second, inMemory }: Subject, fail: Block): void {
  const { ast, types } = g;
  const definition = g.program.definition(meaningIndex(g.program.meaningOf(pattern)) as DefinitionId);
  if (definition.kind !== "variant") throw new Error("irgen/patterns.matchVariant: no variant");
  const { index } = definition;
  if (fail !== nowhere) failUnless(g, isVariant(g, type, index, value, inMemory), fail);
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
    g.frame.matched = partMatched(g, type, g.frame.matched, variantPart(index, 0));
    if (ast.length(patterns) > 0) matchPattern(g, ast.item(patterns, 0), { type: types.inner(type), value, second, inMemory }, fail);
    return;
  }
  const offsets = layout.variants[index] ?? [];
  matchParts(g, patterns, type, value, { first: variantPart(index, 0), count: offsets.length, typeAt, offsets }, fail);
}

/** `Struct { field: pattern }`, and variants whose fields have names. */
function matchStruct(g: Generator, pattern: Node, { type, value, inMemory }: Subject, fail: Block): void {
  const { ast } = g;
  const definition = g.program.definition(meaningIndex(g.program.meaningOf(pattern)) as DefinitionId);
  const layout = g.layouts.of(type);
  let offsets: readonly number[];
  if (definition.kind === "variant") {
    if (fail !== nowhere) failUnless(g, isVariant(g, type, definition.index, value, inMemory), fail);
    offsets = layout.variants[definition.index] ?? [];
  } else offsets = layout.offsets;
  if (definition.kind !== "variant" && definition.kind !== "struct") throw new Error("irgen/patterns.matchStruct: neither struct nor variant");
  const patterns = ast.subpatterns(pattern);
  for (let i = 0; i < ast.length(patterns) && g.reachable; i++) {
    const field = ast.item(patterns, i);
    const index = meaningIndex(g.program.meaningOf(field));
    const part = definition.fields[index];
    if (part === undefined) throw new Error("irgen/patterns.matchStruct: no such field");
    const owner = g.frame.matched;
    g.frame.matched = partMatched(g, type, owner, definition.kind === "variant" ? variantPart(definition.index, index) : index);
    matchPattern(g, ast.subpattern(field), subjectAt(g.fieldType(type, part.type), g.addressAt(value, offsets[index] as number)), fail);
    g.frame.matched = owner;
  }
}

/** The part of the subject that the pattern within is about. */
function partMatched(g: Generator, type: TypeId, owner: Owned | undefined, number: number): Owned | undefined {
  const part = owner === undefined ? undefined : dropsOf(g, type).find((one) => one.number === number);
  return owner === undefined || part === undefined ? undefined : partOf(owner, part);
}

/** `[a, .., z]` against an array or slice: the length first, then elements from both ends. */
function matchSlice(g: Generator, pattern: Node, { type, value, second, inMemory }: Subject, fail: Block): void {
  const { ast, b, types } = g;
  // The elements of an array are parts of it; nothing moves out of a slice.
  const isArray = types.kindOf(type) === TypeKind.Array;
  const owner = isArray && g.needsDrop(type) ? g.frame.matched : undefined;
  g.frame.matched = undefined;
  const patterns = ast.elements(pattern);
  const count = ast.length(patterns);
  let rest = -1;
  for (let i = 0; i < count; i++) if (isRest(g, ast.item(patterns, i))) rest = i;
  const element = types.inner(type);
  const size = g.layouts.size(element);
  let start = value;
  let length: Value;
  if (isArray) length = b.f.int(Type.i64, types.arrayLength(type));
  else {
    if (inMemory) {
      start = g.loadValue(type, value, 0);
      length = g.second;
    } else length = second;
    if (fail !== nowhere) {
      const needed = b.f.int(Type.i64, rest < 0 ? count : count - 1);
      failUnless(g, b.emit(rest < 0 ? Op.eq : Op.sge, length, needed), fail);
    }
  }
  for (let i = 0; i < count && g.reachable; i++) {
    const item = ast.item(patterns, i);
    if (i === rest) {
      if (ast.kind[item] === Kind.BindingPattern) bindRest(g, item, g.addressAt(start, i * size), length, count - 1);
      continue;
    }
    const at = rest >= 0 && i > rest ? b.emit(Op.sub, length, b.f.int(Type.i64, count - i)) : b.f.int(Type.i64, i);
    const known = b.f.smallInt(at);
    const address = known === known
      ? g.addressAt(start, known * size)
      : b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, at, b.f.int(Type.i64, size)));
    const index = rest >= 0 && i > rest ? types.arrayLength(type) - (count - i) : i;
    g.frame.matched = owner === undefined ? undefined : partOf(owner, { number: index, type: element, offset: index * size });
    matchPattern(g, item, subjectAt(element, address), fail);
  }
  g.frame.matched = owner;
}

/** `..` or `name @ ..`. */
function isRest(g: Generator, pattern: Node): boolean {
  const { ast } = g;
  return ast.kind[pattern] === Kind.RestPattern || (ast.kind[pattern] === Kind.BindingPattern && ast.subpattern(pattern) !== 0 && ast.kind[ast.subpattern(pattern)] === Kind.RestPattern);
}

/** `name @ ..` binds the elements between, all of `length` but `others`, as a slice that begins at `pointer`. */
function bindRest(g: Generator, item: Node, pointer: Value, length: Value, others: number): void {
  const { b, program } = g;
  const local = meaningIndex(program.meaningOf(item)) as LocalId;
  if (g.shapes.of(program.localType(local)) === Shape.Memory) {
    declare(g, local, pointer, 0 as Value);
    return;
  }
  declare(g, local, pointer, b.emit(Op.sub, length, b.f.int(Type.i64, others)));
}
