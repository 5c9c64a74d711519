/** `match` and its kin: patterns nested in one another, over values that move and over references. */

import type { Context, Place } from "./context.ts";
import type { Variable } from "./scope.ts";
import { statements } from "./statements.ts";
import { bool, fieldsOf, isCopy, variantsOf, type EnumType, type Type } from "./types.ts";
import { value } from "./values.ts";

interface Binding {
  readonly name: string;
  readonly type: Type;
}

/** How bindings behave: parts of a value, or references to parts. */
type By = "value" | "shared" | "mut";

interface Pattern {
  readonly text: string;
  readonly bindings: readonly Binding[];
  /** Matches every value of its type. */
  readonly total: boolean;
}

const any: Pattern = { text: "_", bindings: [], total: true };

/** A pattern for the type, in which nothing is refutable unless `refutable`. */
function pattern(c: Context, type: Type, depth: number, refutable: boolean): Pattern {
  const { random } = c;
  const bind = (): Pattern => {
    const name = c.fresh("m");
    return { text: name, bindings: [{ name, type }], total: true };
  };
  if (depth === 0 || random.once(3)) return random.once(4) ? any : bind();
  const join = (parts: readonly Pattern[], text: (inner: string) => string, total: boolean): Pattern =>
    ({ text: text(parts.map((part) => part.text).join(", ")), bindings: parts.flatMap(({ bindings }) => bindings), total: total && parts.every((part) => part.total) });
  switch (type.kind) {
    case "tuple": return join(type.parts.map((part) => pattern(c, part, depth - 1, refutable)), (inner) => `(${inner})`, true);
    case "struct": {
      if (type.decl.drops) return bind();
      const fields = fieldsOf(type).map((field, i) => ({ i, inner: pattern(c, field, depth - 1, refutable) })).filter(() => !random.once(4));
      return { text: `${type.decl.name} { ${[...fields.map(({ i, inner }) => `f${i}: ${inner.text}`), ".."].join(", ")} }`, bindings: fields.flatMap(({ inner }) => inner.bindings), total: fields.every(({ inner }) => inner.total) };
    }
    case "optional":
      if (!refutable) return bind();
      return random.once(3) ? { text: "None", bindings: [], total: false } : join([pattern(c, type.item, depth - 1, true)], (inner) => `Some(${inner})`, false);
    case "result":
      if (!refutable) return bind();
      return random.once(3) ? join([pattern(c, type.second, depth - 1, true)], (inner) => `Err(${inner})`, false) : join([pattern(c, type.first, depth - 1, true)], (inner) => `Ok(${inner})`, false);
    case "enum": {
      if (!refutable) return bind();
      return variant(c, type, random.between(0, type.decl.variants.length - 1), depth, true);
    }
    case "int": return refutable && random.once(2) ? { text: random.pick(["0", "1..=9", "5 | 7", "40.."]), bindings: [], total: false } : bind();
    case "bool": return refutable && random.once(2) ? { text: "true", bindings: [], total: false } : bind();
    case "string": return bind();
    default: return random.once(4) ? any : bind();
  }
}

function variant(c: Context, type: EnumType, at: number, depth: number, refutable: boolean): Pattern {
  const { name, parts } = variantsOf(type)[at] as { name: string; parts: readonly Type[] };
  const inner = parts.map((part) => pattern(c, part, depth - 1, refutable));
  return {
    text: `${type.decl.name}.${name}${inner.length === 0 ? "" : `(${inner.map(({ text }) => text).join(", ")})`}`,
    bindings: inner.flatMap(({ bindings }) => bindings), total: type.decl.variants.length === 1 && inner.every(({ total }) => total),
  };
}

/** Patterns that together match everything. */
function arms(c: Context, type: Type): Pattern[] {
  const { random } = c;
  const found: Pattern[] = [];
  const some = (): boolean => random.once(2);
  switch (type.kind) {
    case "enum":
      type.decl.variants.forEach((_, at) => {
        if (some()) found.push(variant(c, type, at, 3, true));
        found.push(variant(c, type, at, 2, false));
      });
      return found;
    case "optional":
      if (some()) found.push(pattern(c, type, 3, true));
      return [...found, wrapped(c, "Some", type.item), { text: "None", bindings: [], total: false }];
    case "result":
      if (some()) found.push(pattern(c, type, 3, true));
      return [...found, wrapped(c, "Ok", type.first), wrapped(c, "Err", type.second)];
    default:
      for (let i = 0; i < 2; i++) {
        const made = pattern(c, type, 3, true);
        if (!made.total) found.push(made);
      }
      return [...found, pattern(c, type, 2, false)];
  }
}

function wrapped(c: Context, name: string, type: Type): Pattern {
  const inner = pattern(c, type, 2, false);
  return { ...inner, text: `${name}(${inner.text})`, total: false };
}

const matched = (type: Type): boolean => type.kind === "enum" || type.kind === "optional" || type.kind === "result" || type.kind === "tuple" || (type.kind === "struct" && !type.decl.drops);

function declare(c: Context, bindings: readonly Binding[], by: By, of: Variable): void {
  for (const { name, type } of bindings) {
    if (by === "value") c.scope.declare(name, type);
    else c.scope.declare(name, type, { reference: by, loans: [{ of, kind: by }] });
  }
}

/** What is matched, and how; what an arm moves of it is noted by `leave`. */
interface Subject {
  readonly text: string;
  readonly type: Type;
  readonly by: By;
  readonly place: Place;
}

function subject(c: Context): Subject | undefined {
  const { random, scope } = c;
  const kind = random.between(0, 3);
  if (kind <= 1) {
    const found = c.readable(matched);
    if (found.length === 0) return undefined;
    const place = random.pick(found);
    scope.read(place.variable);
    return { text: !place.isReference ? `&${place.text}` : place.variable.reference === "mut" ? `&*${place.text}` : place.text, type: place.type, by: "shared", place };
  }
  if (kind === 2) {
    const found = c.changeable(matched);
    if (found.length === 0) return undefined;
    const place = random.pick(found);
    scope.change(place.variable);
    return { text: place.isReference ? place.text : `&mut ${place.text}`, type: place.type, by: "mut", place };
  }
  const found = c.movable(matched);
  if (found.length === 0) return undefined;
  const place = random.pick(found);
  return { text: place.text, type: place.type, by: "value", place };
}

/** A `match` with an arm for everything, some with guards. */
export function match(c: Context): boolean {
  const chosen = subject(c);
  return chosen !== undefined && matchSubject(c, chosen);
}

/** The same over a new value, which is dropped behind the match. */
export function matchValue(c: Context, type: Type): boolean {
  const text = value(c, type, 2);
  const variable: Variable = { name: "", type, reference: "none", slice: false, mutable: false, depth: c.scope.depth, pinned: false, moved: new Set(), dead: false, loans: [] };
  const place: Place = { text, type, variable, path: "", movable: true, isReference: false };
  return matchSubject(c, { text: `({ let made ${type.name} = ${text}; made })`, type, by: "value", place });
}

function matchSubject(c: Context, { text, type, by, place }: Subject): boolean {
  const { random, scope } = c;
  if (by === "value") scope.change(place.variable);
  c.open(`match ${text} {`);
  const before = scope.snapshot();
  const ends: ReturnType<typeof scope.snapshot>[] = [];
  for (const { text: written, bindings } of arms(c, type)) {
    const guarded = random.once(4);
    const moves = by === "value" && bindings.some((binding) => !isCopy(binding.type));
    if (guarded) {
      // The guard looks; the place itself may not be named while it is matched.
      const guard = scope.looking(() => {
        declare(c, bindings, by === "value" ? "shared" : by, place.variable);
        for (const { name } of bindings) {
          const bound = scope.variables.find((variable) => variable.name === name);
          // Seen by value or by reference: only the arm says.
          if (bound !== undefined) bound.dead = true;
        }
        scope.hidden.add(place.variable);
        const condition = value(c, bool, 1);
        scope.hidden.delete(place.variable);
        return condition;
      });
      c.open(`${written} if ${guard} => {`);
    } else c.open(`${written} => {`);
    const ended = scope.block(() => {
      if (moves) scope.move(place.variable, place.path);
      declare(c, bindings, by, place.variable);
      return statements(c, random.between(0, 2));
    });
    c.close();
    if (!ended) ends.push(scope.snapshot());
    scope.reset(before);
    if (guarded) {
      // The same pattern without the guard follows only as another arm of all that is left.
      const fresh = written.replace(/\bm\d+\b/g, "_");
      c.line(`${fresh} => {}`);
      ends.push(scope.snapshot());
    }
  }
  c.close();
  if (ends.length === 0) ends.push(before);
  scope.merge(ends);
  return true;
}

/** `if let … else`, `let … else`, over optionals, results and enums. */
export function ifLet(c: Context): boolean {
  const { random, scope } = c;
  const chosen = subject(c);
  if (chosen === undefined || chosen.type.kind === "tuple" || chosen.type.kind === "struct") return false;
  const { text, type, by, place } = chosen;
  const made = pattern(c, type, 3, true);
  if (made.total) return false;
  const moves = by === "value" && made.bindings.some((binding) => !isCopy(binding.type));
  c.open(`if let ${made.text} = ${text} {`);
  if (by === "value") scope.change(place.variable);
  const before = scope.snapshot();
  const first = scope.block(() => {
    if (moves) scope.move(place.variable, place.path);
    declare(c, made.bindings, by, place.variable);
    return statements(c, random.between(1, 3));
  });
  const then = scope.snapshot();
  scope.reset(before);
  let second = false;
  if (random.once(2)) {
    c.between("} else {");
    second = scope.block(() => statements(c, random.between(1, 2)));
  }
  c.close();
  const ends = [...(first ? [] : [then]), ...(second ? [] : [scope.snapshot()])];
  scope.merge(ends.length > 0 ? ends : [before]);
  return true;
}

/** `let Some(x) = e else { leave }`. */
export function letElse(c: Context): boolean {
  const { random, scope } = c;
  if (c.result === undefined && c.loopDepth === 0) return false;
  const found = c.readable((type) => type.kind === "optional");
  if (found.length === 0) return false;
  const place = random.pick(found);
  if (place.type.kind !== "optional") return false;
  const name = c.fresh("m");
  scope.read(place.variable);
  const before = scope.snapshot();
  const leave = c.loopDepth > 0 && random.once(2) ? random.pick(["break", "continue"]) : c.result === undefined ? "return" : `return ${value(c, c.result, 1)}`;
  scope.reset(before);
  c.line(`let Some(${name}) = ${place.isReference ? `&*${place.text}` : `&${place.text}`} else { ${leave} }`);
  scope.declare(name, place.type.item, { reference: "shared", loans: [{ of: place.variable, kind: "shared" }] });
  return true;
}

/** `let (a, b) = t`: a value taken apart. */
export function takeApart(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind === "tuple" || (type.kind === "struct" && !type.decl.drops));
  if (found.length === 0) return false;
  const place = random.pick(found);
  const made = pattern(c, place.type, 2, false);
  if (made.bindings.length === 0) return false;
  if (made.bindings.some((binding) => !isCopy(binding.type))) scope.move(place.variable, place.path);
  else scope.read(place.variable);
  c.line(`let ${made.text} = ${place.text}`);
  declare(c, made.bindings, "value", place.variable);
  return true;
}
