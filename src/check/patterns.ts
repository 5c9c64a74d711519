/**
 * Patterns: their types, what they bind and how. `mode` says whether parts are bound by value or by reference; going through a reference
 * changes it (section 6: matching through a reference binds the parts as references).
 */

import { Names } from "../source/interner.ts";
import { Flag, Kind, type NameId, type Node } from "../syntax/ast.ts";
import { LocalFlag, MeaningKind, meaning } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import { aggregateType, literalTargetOf } from "./structLiterals.ts";
import { isOf, literalPattern, partsOf, rangePattern, resolveIn } from "./patternConstants.ts";
import type { LocalId } from "./definitions.ts";
import { fieldTypeIn } from "./substitute.ts";
import { checkFieldNamed } from "./members.ts";
import { definitionValue } from "./nameExpressions.ts";
import { suggest } from "../source/suggest.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

export const Mode = { value: 0, reference: 1, mutableReference: 2 } as const;

interface Bound {
  readonly name: NameId;
  readonly local: LocalId;
  readonly node: Node;
}

/** What a whole pattern binds, and which names the alternatives before this one bound. */
interface Binder {
  bound: Bound[];
  earlier: readonly Bound[] | undefined;
  readonly flags: number;
}

/** Types a pattern against a value of type `type` and declares its names in the innermost scope; `mutable` for `var`. */
export function bindPattern(c: Checker, n: Node, type: TypeId, mode: number, mutable: boolean): void {
  const flags = mutable ? LocalFlag.mutable | LocalFlag.declaredVar | LocalFlag.declaredTogether : 0;
  const binder: Binder = { bound: [], earlier: undefined, flags };
  pattern(c, binder, n, type, mode);
}

function pattern(c: Checker, binder: Binder, n: Node, type: TypeId, mode: number): void {
  const { ast, program, types } = c;
  const kind = ast.kind[n];
  if (kind === Kind.WildcardPattern || kind === Kind.RestPattern) {
    program.setType(n, type);
    return;
  }
  if (kind === Kind.BindingPattern) {
    binding(c, binder, n, type, mode);
    return;
  }
  if (kind === Kind.OrPattern) {
    alternatives(c, binder, n, type, mode);
    return;
  }
  // Look through references.
  let inner = type;
  let innerMode = mode;
  while (types.kindOf(inner) === TypeKind.Reference) {
    innerMode = types.isMutable(inner) && innerMode !== Mode.reference ? Mode.mutableReference : Mode.reference;
    inner = types.inner(inner);
  }
  program.setType(n, inner);
  switch (kind) {
    case Kind.LiteralPattern:
      literalPattern(c, n, ast.operand(n), inner);
      return;
    case Kind.RangePattern:
      rangePattern(c, n, inner);
      return;
    case Kind.PathPattern:
      path(c, n, inner);
      return;
    case Kind.TuplePattern:
      tuple(c, binder, n, inner, innerMode);
      return;
    case Kind.VariantPattern:
      variant(c, binder, n, inner, innerMode);
      return;
    case Kind.StructPattern:
      struct(c, binder, n, inner, innerMode);
      return;
    case Kind.SlicePattern:
      slice(c, binder, n, inner, innerMode);
      return;
    case Kind.Error:
      program.setType(n, T.error);
      return;
    default:
      throw new Error(`check/patterns.pattern: a ${ast.kindName(n)} is no pattern`);
  }
}

function binding(c: Checker, binder: Binder, n: Node, type: TypeId, mode: number): void {
  const { ast, program, types } = c;
  const sub = ast.subpattern(n);
  if (sub !== 0) pattern(c, binder, sub, type, mode);
  program.setType(n, type);
  if (mode === Mode.mutableReference) c.boundMutably = true;
  const localType = type === T.error || mode === Mode.value ? type : types.reference(type, mode === Mode.mutableReference);
  declareBound(c, binder, n, localType);
}

function declareBound(c: Checker, binder: Binder, n: Node, type: TypeId): void {
  const { program, scopes } = c;
  const name = c.ast.name(n);
  const twin = binder.bound.find((one) => one.name === name);
  if (twin !== undefined) {
    c.error("E0506", n, `${c.nameText(name)} is bound twice in this pattern`, { labels: [c.label(twin.node, "first bound here")], advice: ["to compare two parts use a guard"] });
    program.setMeaning(n, meaning(MeaningKind.Local, twin.local));
    return;
  }
  const shared = binder.earlier?.find((one) => one.name === name);
  if (shared !== undefined) {
    const known = program.localType(shared.local);
    if (known !== type && known !== T.error && type !== T.error) {
      c.error("E0505", n, `${c.nameText(name)} is ${c.typeName(type)} here and ${c.typeName(known)} in another alternative`, { labels: [c.label(shared.node, "bound here")] });
    }
    program.setMeaning(n, meaning(MeaningKind.Local, shared.local));
    binder.bound.push({ name, local: shared.local, node: n });
    return;
  }
  if (binder.earlier !== undefined) {
    c.error("E0505", n, `${c.nameText(name)} is not bound in the other alternatives`);
  } else {
    const there = scopes.find(name);
    if (there !== 0 && scopes.isInnermost(there)) {
      c.error("E0203", n, `${c.nameText(name)} is declared twice in this scope`, {
        labels: [c.label(program.localNode(scopes.local(there)), "first declared here")], advice: ["give it another name, or open a block"],
      });
    }
  }
  const local = program.addLocal(type, binder.flags, n);
  program.setMeaning(n, meaning(MeaningKind.Local, local));
  scopes.bind(name, local);
  binder.bound.push({ name, local, node: n });
}

/** `A | B`: all alternatives bind the same names. */
function alternatives(c: Checker, binder: Binder, n: Node, type: TypeId, mode: number): void {
  const { ast } = c;
  const list = ast.elements(n);
  const outer = binder.bound;
  const outerEarlier = binder.earlier;
  binder.bound = [];
  for (let i = 0; i < ast.length(list); i++) {
    const alternative = ast.item(list, i);
    if (i === 0) {
      pattern(c, binder, alternative, type, mode);
      continue;
    }
    const first = binder.bound;
    binder.bound = [];
    binder.earlier = first;
    pattern(c, binder, alternative, type, mode);
    const missing = first.filter((one) => !binder.bound.some((other) => other.name === one.name));
    if (missing.length > 0) {
      c.error("E0505", n, `an alternative does not bind ${missing.map((one) => c.nameText(one.name)).join(", ")}`, {
        labels: [c.label(alternative, "this one"), ...missing.map((one) => c.label(one.node, "bound here"))],
      });
    }
    binder.bound = first;
    binder.earlier = outerEarlier;
  }
  c.program.setType(n, type);
  const found = binder.bound;
  binder.bound = outer;
  for (const one of found) {
    const twin = outer.find((other) => other.name === one.name);
    if (twin !== undefined) c.error("E0506", one.node, `${c.nameText(one.name)} is bound twice in this pattern`, { labels: [c.label(twin.node, "first bound here")] });
    else outer.push(one);
  }
}

function path(c: Checker, n: Node, type: TypeId): void {
  const { ast, program } = c;
  const at = ast.path(n);
  const definition = resolveIn(c, at, type);
  if (definition === undefined) {
    program.setType(n, T.error);
    return;
  }
  c.setDefinition(at, definition);
  c.setDefinition(n, definition);
  if (definition.kind === "variant") {
    if (!isOf(c, n, definition, type)) {
      program.setType(n, T.error);
      return;
    }
    program.setType(at, type);
    const parts = partsOf(c, definition, type);
    if (parts.length > 0) {
      c.error("E0504", n, `${c.nameText(definition.name)} has ${parts.length === 1 ? "a part" : `${parts.length} parts`}`, { advice: [`write ${c.nameText(definition.name)}(${parts.length === 1 ? "_" : ".."})`] });
    }
    return;
  }
  if (definition.kind === "const") {
    const found = definitionValue(c, at, definition, type);
    program.setType(at, found);
    if (found !== T.error && type !== T.error && found !== type) {
      c.error("E0503", n, `the constant ${c.nameText(definition.name)} is ${c.aType(found)}, and ${c.aType(type)} is matched`, { labels: c.declaredAt(definition) });
      program.setType(n, T.error);
    }
    return;
  }
  if (c.refused[definition.id] !== true) c.error("E0512", n, `${c.nameText(definition.name)} is no variant and no constant`, { labels: c.declaredAt(definition) });
  program.setType(n, T.error);
}

function tuple(c: Checker, binder: Binder, n: Node, type: TypeId, mode: number): void {
  const { ast, types } = c;
  const list = ast.elements(n);
  if (type === T.void && ast.length(list) === 0) return;
  if (types.kindOf(type) !== TypeKind.Tuple) {
    const isOfLoop = /\bfor\s*$/.test(c.sources.lineBefore(ast.start[n] as number));
    if (type !== T.error) c.error("E0503", n, `a tuple never matches ${c.aType(type)}`, { advice: isOfLoop && ast.length(list) === 2 ? ["for their numbers beside the items: for (i, x) in xs.iter().enumerate()"] : [] });
    c.program.setType(n, T.error);
    parts(c, binder, n, list, undefined, mode);
    return;
  }
  parts(c, binder, n, list, types.items(type), mode);
}

function variant(c: Checker, binder: Binder, n: Node, type: TypeId, mode: number): void {
  const { ast, program } = c;
  const at = ast.path(n);
  const definition = resolveIn(c, at, type);
  const list = ast.subpatterns(n);
  if (definition === undefined || definition.kind !== "variant" || !isOf(c, n, definition, type)) {
    if (definition !== undefined && definition.kind !== "variant" && c.refused[definition.id] !== true) {
      c.error("E0512", n, `${c.nameText(definition.name)} is no variant`, { labels: c.declaredAt(definition) });
    }
    program.setType(n, T.error);
    parts(c, binder, n, list, undefined, mode);
    return;
  }
  c.setDefinition(at, definition);
  c.setDefinition(n, definition);
  program.setType(at, type);
  parts(c, binder, n, list, c.hasSyntaxError(definition.node) ? undefined : partsOf(c, definition, type), mode);
}

/** Sub-patterns against the parts' types (undefined: unknown after an error), `..` among them once. */
function parts(c: Checker, binder: Binder, n: Node, list: ReturnType<Checker["ast"]["elements"]>, wanted: readonly TypeId[] | undefined, mode: number): void {
  const { ast } = c;
  const length = ast.length(list);
  let rest = -1;
  for (let i = 0; i < length; i++) {
    if (ast.kind[ast.item(list, i)] !== Kind.RestPattern) continue;
    if (rest >= 0) c.error("E0510", ast.item(list, i), ".. stands once in a pattern");
    else rest = i;
  }
  const given = rest < 0 ? length : length - 1;
  if (wanted !== undefined && (rest < 0 ? given !== wanted.length : given > wanted.length)) {
    c.error("E0504", n, `expected ${wanted.length === 1 ? "1 part" : `${wanted.length} parts`}, found ${given}`, { advice: given < wanted.length ? [".. stands for the rest"] : [] });
    wanted = undefined;
    c.program.setType(n, T.error);
  }
  let skipped = 0;
  for (let i = 0; i < length; i++) {
    const item = ast.item(list, i);
    if (ast.kind[item] === Kind.RestPattern) {
      if (i === rest && wanted !== undefined) skipped = wanted.length - length;
      continue;
    }
    pattern(c, binder, item, wanted === undefined ? T.error : (wanted[i + skipped] ?? T.error), mode);
  }
}

function struct(c: Checker, binder: Binder, n: Node, type: TypeId, mode: number): void {
  const { ast, program } = c;
  const at = ast.path(n);
  const list = ast.subpatterns(n);
  const target = literalTargetOf(c, at, type);
  const aggregate = target === undefined ? undefined : aggregateType(c, target);
  const { types } = c;
  const fits = aggregate !== undefined && (aggregate.owner.typeParameters.length === 0
    ? aggregate.type === type
    : types.kindOf(aggregate.type) === types.kindOf(type) && types.definition(type) === aggregate.owner.id);
  if (target !== undefined && aggregate !== undefined && !fits && type !== T.error) {
    c.error("E0503", n, `${c.nameText(target.name)} never matches ${c.aType(type)}`);
  }
  if (target !== undefined) c.setDefinition(n, target);
  if (!fits) program.setType(n, T.error);
  const fields = aggregate?.fields ?? [];
  const seen = new Map<number, Node>();
  for (let i = 0; i < ast.length(list); i++) {
    const field = ast.item(list, i);
    if (ast.kind[field] !== Kind.FieldPattern) continue;
    const name = ast.name(field);
    const index = fields.findIndex((one) => one.name === name);
    const start = ast.start[field] as number;
    const nameSpan = { start, end: start + new TextEncoder().encode(c.nameText(name)).length };
    const declared = fields[index];
    if (declared === undefined) {
      if (target !== undefined && aggregate !== undefined && !c.isIncomplete(target)) {
        const near = suggest(c.nameText(name), fields.map((one) => c.nameText(one.name)));
        c.errorAt("E0204", nameSpan, `${c.nameText(target.name)} has no field ${c.nameText(name)}`, { labels: c.declaredAt(target), advice: near === undefined ? [] : [`did you mean ${near}?`] });
      }
    } else {
      const twin = seen.get(index);
      if (twin !== undefined) c.errorAt("E0212", nameSpan, `the field ${c.nameText(name)} is matched twice`, { labels: [c.label(twin, "first here")] });
      seen.set(index, field);
      if (target?.kind === "struct") checkFieldNamed(c, target, declared.node, nameSpan, name);
    }
    program.setMeaning(field, meaning(MeaningKind.Field, Math.max(index, 0)));
    const partType = declared === undefined || !fits || aggregate === undefined ? T.error : fieldTypeIn(types, c.definitions, type, declared.type);
    program.setType(field, partType);
    pattern(c, binder, ast.subpattern(field), partType, mode);
  }
  if (target !== undefined && aggregate !== undefined && !ast.has(n, Flag.rest) && seen.size < fields.length) {
    const missing = fields.filter((_, index) => !seen.has(index)).map((field) => c.nameText(field.name));
    c.error("E0509", n, `${missing.length === 1 ? "the field" : "the fields"} ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`, { labels: c.declaredAt(target), advice: ["name them, or end the pattern with .."] });
  }
}

function slice(c: Checker, binder: Binder, n: Node, type: TypeId, mode: number): void {
  const { ast, types, program } = c;
  const list = ast.elements(n);
  const length = ast.length(list);
  const kind = types.kindOf(type);
  let element: TypeId = T.error;
  let elementMode = mode;
  if (kind === TypeKind.Slice) {
    element = types.inner(type);
    elementMode = types.isMutable(type) && mode !== Mode.reference ? Mode.mutableReference : Mode.reference;
  } else if (kind === TypeKind.Array) {
    element = types.inner(type);
  } else if (type !== T.error) {
    const owner = c.definitionBehind(type);
    const advice = owner?.name === Names.List && c.unitOfFile[owner.file] === c.prelude ? ["match its items as a slice: ….as_slice()"] : [];
    c.error("E0514", n, `[ ] matches arrays and slices, not ${c.typeName(type)}`, { advice });
    program.setType(n, T.error);
  }
  let rest = -1;
  for (let i = 0; i < length; i++) {
    const item = ast.item(list, i);
    if (!isRest(c, item)) continue;
    if (rest >= 0) c.error("E0510", item, ".. stands once in a pattern");
    else rest = i;
  }
  if (kind === TypeKind.Array) {
    const size = types.arrayLength(type);
    if (rest < 0 ? length !== size : length - 1 > size) {
      c.error("E0504", n, `the array has ${size} elements, and the pattern ${rest < 0 ? length : length - 1}`, { advice: length < size ? [".. stands for the rest"] : [] });
      program.setType(n, T.error);
    }
  }
  for (let i = 0; i < length; i++) {
    const item = ast.item(list, i);
    if (ast.kind[item] === Kind.RestPattern) continue;
    if (isRest(c, item)) {
      // `rest @ ..` is a slice of the elements between.
      program.setType(item, type);
      if (mode === Mode.value && kind === TypeKind.Array) c.boundByReference = true;
      if (elementMode === Mode.mutableReference) c.boundMutably = true;
      declareBound(c, binder, item, element === T.error ? T.error : types.slice(element, elementMode === Mode.mutableReference));
      continue;
    }
    pattern(c, binder, item, element, elementMode);
  }
}

/** `..` or `name @ ..` */
export function isRest(c: Checker, n: Node): boolean {
  const { ast } = c;
  return ast.kind[n] === Kind.RestPattern || (ast.kind[n] === Kind.BindingPattern && ast.subpattern(n) !== 0 && ast.kind[ast.subpattern(n)] === Kind.RestPattern);
}
