/** Expressions: one of any type, made of what is at hand or anew. */

import { closureLiteral } from "./closures.ts";
import { same, type Callee, type Context, type Place } from "./context.ts";
import { bool, has, hasParam, i64, implementsTrait, ints, isCopy, substitute, fieldsOf, variantsOf, type EnumType, type IntType, type Method, type Parameter, type Type, type Mode, type StructType } from "./types.ts";

/** An expression of the type. What it moves is noted. */
export function value(c: Context, type: Type, depth: number): string {
  const { random, scope } = c;
  if (isCopy(type) && random.once(2)) {
    const found = c.readable(same(type));
    if (found.length > 0) {
      const place = random.pick(found);
      scope.read(place.variable);
      return c.get(place);
    }
  }
  if (!isCopy(type) && random.once(2)) {
    const found = c.movable(same(type));
    if (found.length > 0) {
      const place = random.pick(found);
      scope.move(place.variable, place.path);
      return place.text;
    }
  }
  if (has(type, "Clone") && !isCopy(type) && random.once(4)) {
    const cloned = clone(c, type);
    if (cloned !== undefined) return cloned;
  }
  if (depth > 0 && random.once(4)) {
    const called = call(c, (callee) => callee.lends === "none" && callee.result !== undefined && callee.result.name === type.name && (callee.typeParams.length === 0 || !hasParam(callee.result)), depth - 1);
    if (called !== undefined) return called;
  }
  if (depth > 0 && random.once(7) && type.kind !== "func" && type.kind !== "optional" && type.kind !== "result") return choice(c, type, depth - 1);
  return made(c, type, depth);
}

function clone(c: Context, type: Type): string | undefined {
  const found = c.readable(same(type));
  if (found.length === 0) return undefined;
  const place = c.random.pick(found);
  c.scope.read(place.variable);
  // Reached through a reference, the method is looked for in what is behind it.
  return `${place.text}.clone()`;
}

/** `if` as a value; each branch may move something else. */
function choice(c: Context, type: Type, depth: number): string {
  const condition = value(c, bool, depth);
  const before = c.scope.snapshot();
  const a = block(value(c, type, depth));
  const first = c.scope.snapshot();
  c.scope.reset(before);
  const b = block(value(c, type, depth));
  c.scope.merge([first, c.scope.snapshot()]);
  return `(if ${condition} { ${a} } else { ${b} })`;
}

/** What may stand alone in a block. */
const block = (text: string): string => (/^[a-zA-Z_0-9(]/.test(text) ? text : `(${text})`);

/** A new value. */
function made(c: Context, type: Type, depth: number): string {
  const { random, scope } = c;
  const inner = (of: Type): string => value(c, of, Math.max(0, depth - 1));
  switch (type.kind) {
    case "int": return depth === 0 ? literal(c, type) : integer(c, type, depth - 1);
    case "bool": return depth === 0 ? random.pick(["true", "false"]) : condition(c, depth - 1);
    case "char": return random.pick(["'a'", "'é'", "'Z'", "'\\n'", "'0'"]);
    case "str": return random.pick(['""', '"x"', '"héllo"', '"a b,c"', '"42"']);
    case "float": return random.pick(["0.5", "2.25", "-1.5", "1e10"]);
    case "string": return text(c, depth);
    case "list": {
      const count = depth === 0 ? random.between(0, 1) : random.between(0, 3);
      return count === 0 ? `${type.name}.new()` : `list_of_${count}(${Array.from({ length: count }, () => inner(type.item)).join(", ")})`;
    }
    case "deque": return `deque_of(${inner(type.item)}, ${inner(type.item)})`;
    case "set": return random.once(3) ? `${type.name}.new()` : `set_of(${inner(type.item)}, ${inner(type.item)})`;
    case "heap": return random.once(3) ? `${type.name}.new()` : `heap_of(${inner(type.item)}, ${inner(type.item)})`;
    case "map": return random.once(3) ? `${type.name}.new()` : `map_of(${inner(type.first)}, ${inner(type.second)}, ${inner(type.first)}, ${inner(type.second)})`;
    case "box":
      if (type.item.kind === "dyn") {
        const { trait } = type.item;
        const concrete = c.typeWith([trait], 1);
        // A generic call around it would not know that a dyn is wanted.
        return `{ let made ${type.name} = Box.new(${value(c, concrete, 0)}); made }`;
      }
      return `Box.new(${inner(type.item)})`;
    case "rc": return `Rc.new(${inner(type.item)})`;
    case "cell": return `Cell.new(${inner(type.item)})`;
    case "weak": return `${type.name}.new()`;
    case "optional": return random.once(3) ? "None" : `Some(${inner(type.item)})`;
    case "result": return random.once(3) ? `Err(${inner(type.second)})` : `Ok(${inner(type.first)})`;
    case "tuple": return `(${type.parts.map(inner).join(", ")})`;
    case "array": return isCopy(type.item) && random.once(3) ? `[${inner(type.item)}; ${type.length}]` : `[${Array.from({ length: type.length }, () => inner(type.item)).join(", ")}]`;
    case "struct": return structValue(c, type, inner);
    case "enum": return enumValue(c, type, depth);
    case "func": return closureLiteral(c, type, depth);
    case "dyn": throw new Error("language/values.made: a dyn has no values");
    case "param": {
      const clones = has(type, "Clone") ? clone(c, type) : undefined;
      if (clones !== undefined && (random.once(2) || !has(type, "Default"))) return clones;
      if (has(type, "Default")) return `${type.name}.default()`;
      const found = c.movable(same(type));
      const place = found[0];
      if (place === undefined) return `panic("no ${type.name}")`;
      scope.move(place.variable, place.path);
      return place.text;
    }
  }
}

function structValue(c: Context, type: StructType, inner: (of: Type) => string): string {
  if (type.decl === c.tracer) {
    // Each has its number: the order of drops shows.
    return `D.new(${c.fresh("")})`;
  }
  const fields = fieldsOf(type);
  if (type.decl.adds && c.random.once(4)) {
    const places = c.movable(same(type));
    const first = places[0];
    if (first !== undefined) {
      c.scope.move(first.variable, first.path);
      return `(${first.text} + ${type.decl.name} { ${fields.map((field, i) => `f${i}: ${inner(field)}`).join(", ")} })`;
    }
  }
  return `(${type.decl.name} { ${fields.map((field, i) => `f${i}: ${inner(field)}`).join(", ")} })`;
}

function enumValue(c: Context, type: EnumType, depth: number): string {
  const variants = variantsOf(type);
  const flat = variants.filter(({ parts }) => parts.length === 0 || depth > 0 || parts.every((part) => part.kind === "int" || part.kind === "string"));
  const { name, parts } = c.random.pick(flat.length > 0 ? flat : variants);
  return `${type.name}.${name}${parts.length === 0 ? "" : `(${parts.map((part) => value(c, part, Math.max(0, depth - 1))).join(", ")})`}`;
}

export function literal(c: Context, type: IntType): string {
  const { random } = c;
  const largest = (1n << BigInt(type.signed ? type.bits - 1 : type.bits)) - 1n;
  switch (random.between(0, 7)) {
    case 0: return `${largest - BigInt(random.between(0, 2))}${type.name}`;
    case 1: return type.signed ? `(-${random.between(1, 100)}${type.name})` : `0${type.name}`;
    default: return `${random.between(0, 40)}${type === i64 && random.once(2) ? "" : type.name}`;
  }
}

function integer(c: Context, type: IntType, depth: number): string {
  const { random, scope } = c;
  const a = (): string => value(c, type, depth);
  switch (random.between(0, 12)) {
    case 0: case 1: return `(${a()} ${random.pick(["+%", "-%", "*%", "+|", "-|", "*|", "&", "|", "^"])} ${a()})`;
    case 2: return `(${a()} ${random.pick(["/", "%"])} ${random.between(2, 9)})`;
    case 3: return `(${value(c, random.pick([...ints, bool]), depth)} as ${type.name})`;
    case 4: return `${random.pick(["min", "max"])}(${a()}, ${a()})`;
    case 5: {
      const found = c.readable((of) => of.kind === "optional" && of.item.name === type.name);
      if (found.length === 0) return a();
      const place = random.pick(found);
      scope.read(place.variable);
      return `(${c.get(place)} ?? ${a()})`;
    }
    case 6: case 7: {
      if (type !== i64) return a();
      const found = c.readable((of) => ["list", "string", "map", "set", "deque", "heap"].includes(of.kind));
      if (found.length === 0) return a();
      const place = random.pick(found);
      scope.read(place.variable);
      return `${place.text}.len`;
    }
    case 8: {
      const found = c.readable((of) => of.kind === "rc");
      if (found.length === 0 || type !== i64) return a();
      const place = random.pick(found);
      scope.read(place.variable);
      return `${place.text}.${random.pick(["strong_count", "weak_count"])}()`;
    }
    case 9: {
      const found = c.readable((of) => of.kind === "rc" && of.item.kind === "cell" && of.item.item.name === type.name);
      if (found.length === 0) return a();
      const place = random.pick(found);
      scope.read(place.variable);
      return `${place.text}.get()`;
    }
    case 10: case 11: return type === i64 ? (traitCall(c, depth) ?? a()) : a();
    default: return callClosure(c, type, depth) ?? a();
  }
}

/** `x.required(n)` of something that has a trait of the program. */
export function traitCall(c: Context, depth: number): string | undefined {
  const { random, scope } = c;
  if (c.traits.length === 0 || !c.affords(30)) return undefined;
  const trait = random.pick(c.traits);
  const found = c.readable((type) => implementsTrait(type, trait) || (type.kind === "box" && type.item.kind === "dyn" && type.item.trait === trait));
  if (found.length === 0) return undefined;
  const place = random.pick(found);
  c.spend(30);
  const argument = value(c, i64, depth);
  if (!scope.canRead(place.variable, place.path)) return undefined;
  scope.read(place.variable);
  return `${place.text}.${random.pick([trait.required, trait.defaulted])}(${argument})`;
}

/** A call of a function value whose result is of the type. */
function callClosure(c: Context, type: Type, depth: number): string | undefined {
  const { random, scope } = c;
  const found = c.readable((of) => of.kind === "func" && of.result.name === type.name && (!of.changes)).filter(({ text }) => !text.includes("."));
  if (found.length === 0 || !c.affords(30)) return undefined;
  const place = random.pick(found);
  if (place.type.kind !== "func") return undefined;
  c.spend(30);
  scope.borrow(place.variable, "shared");
  return `${place.text.includes("[") ? `(${place.text})` : place.text}(${place.type.params.map((param) => value(c, param, depth)).join(", ")})`;
}

function condition(c: Context, depth: number): string {
  const { random, scope } = c;
  switch (random.between(0, 7)) {
    case 0: return `(${value(c, bool, depth)} ${random.pick(["&&", "||"])} ${value(c, bool, 0)})`;
    case 1: return `!${value(c, bool, depth)}`;
    case 2: case 3: {
      const places = c.readable((type) => has(type, "Eq") && type.kind !== "int" && type.kind !== "float");
      const place = places.length === 0 ? undefined : random.pick(places);
      const other = place === undefined ? [] : c.readable(same(place.type));
      if (place === undefined) return random.pick(["true", "false"]);
      const second = random.pick(other);
      scope.borrow(place.variable, "shared");
      if (!scope.canRead(second.variable, second.path)) return "false";
      scope.borrow(second.variable, "shared");
      const operators = has(place.type, "Ord") ? ["==", "!=", "<", ">="] : ["==", "!="];
      return `(${c.get(place)} ${random.pick(operators)} ${c.get(second)})`;
    }
    case 4: {
      const found = c.readable((type) => ["list", "string", "map", "set", "deque", "heap", "optional", "result"].includes(type.kind));
      if (found.length === 0) return "true";
      const place = random.pick(found);
      scope.read(place.variable);
      return `${place.text}.${place.type.kind === "optional" ? random.pick(["is_some", "is_none"]) : place.type.kind === "result" ? random.pick(["is_ok", "is_err"]) : "is_empty"}()`;
    }
    default: {
      const type = random.pick([i64, i64, random.pick(ints)]);
      return `(${value(c, type, depth)} ${random.pick(["<", "<=", ">", ">=", "==", "!="])} ${value(c, type, depth)})`;
    }
  }
}

/** A `String`. */
function text(c: Context, depth: number): string {
  const { random } = c;
  switch (random.between(0, 6)) {
    case 0: case 1: return `String.from(${random.pick(['"ab"', '""', '"é,x y"', '"17"'])})`;
    case 2: return `f"${formatted(c, random.between(1, 2))}"`;
    case 3: return depth > 0 ? `(${value(c, { kind: "string", name: "String" }, depth - 1)} + ${value(c, { kind: "string", name: "String" }, depth - 1)})` : `String.from("q")`;
    case 4: {
      const place = textPlace(c);
      return place === undefined ? `String.new()` : `${place}.${random.pick(["upper()", "lower()", "repeat(2)", 'replace("a", "bb")', "trim().to_string()", "reversed()", "pad_start(4, '*')"])}`;
    }
    case 5: return `to_string(${value(c, i64, 0)})`;
    default: return `"s${random.between(0, 9)}".to_string()`;
  }
}

/** Something with the methods of `str`, read now. */
export function textPlace(c: Context): string | undefined {
  const found = c.readable((type) => type.kind === "string" || type.kind === "str");
  if (found.length === 0) return undefined;
  const place = c.random.pick(found);
  c.scope.borrow(place.variable, "shared");
  return place.text;
}

/** Pieces of an f-string: only what is looked at. */
export function formatted(c: Context, count: number): string {
  const { random, scope } = c;
  const found = c.readable((type) => has(type, "Show"));
  return Array.from({ length: count }, () => {
    if (found.length === 0) return "-";
    const place = random.pick(found);
    if (!scope.canRead(place.variable, place.path)) return "-";
    scope.borrow(place.variable, "shared");
    const { kind } = place.type;
    const spec = kind === "int" ? random.pick(["", "", "", ":>6", ":x", ":08b", ":+", ":#o", ":*^7"]) : kind === "string" || kind === "str" ? random.pick(["", "", ":>5", ":_<4", ":^7", ":.1"]) : "";
    return `{${place.text}${spec}}`;
  }).join(" ");
}

// ── calls ──

/** A call of a function that fits, with arguments that may be had now. */
export function call(c: Context, fits: (callee: Callee) => boolean, depth: number): string | undefined {
  const { random } = c;
  const found = c.callees.filter((callee) => fits(callee) && c.affords(callee.cost));
  if (found.length === 0) return undefined;
  const callee = random.pick(found);
  const types = new Map<string, Type>();
  for (const { name, bounds } of callee.typeParams) types.set(name, c.typeWith(bounds, 1));
  const params = callee.params.map(({ mode, type }) => ({ mode, type: substitute(type, types) }));
  if (!canPass(c, params)) return undefined;
  c.spend(callee.cost);
  const explicit = callee.typeParams.length === 0 ? "" : `[${callee.typeParams.map(({ name }) => types.get(name)?.name).join(", ")}]`;
  return `${callee.name}${explicit}(${params.map((param) => argument(c, param, depth)).join(", ")})`;
}

/** A call of a method of a struct at hand. */
export function methodCall(c: Context, depth: number): { readonly text: string; readonly result: Type | undefined } | undefined {
  const { random, scope } = c;
  const options: { place: Place; method: Method; type: StructType }[] = [];
  for (const place of c.places()) {
    const { type } = place;
    if (type.kind !== "struct") continue;
    for (const method of type.decl.methods) {
      const usable = method.receiver === "&self" ? scope.canRead(place.variable, place.path) : method.receiver === "&mut self" ? scope.canChange(place.variable, place.path) : place.movable && !isCopy(type) && scope.canMove(place.variable, place.path);
      if (usable && c.affords(method.cost)) options.push({ place, method, type });
    }
  }
  if (options.length === 0) return undefined;
  const { place, method, type } = random.pick(options);
  const types = new Map(type.decl.params.map((name, i) => [name, type.args[i] as Type]));
  const params = method.params.map((param) => ({ mode: param.mode, type: substitute(param.type, types) }));
  if (!canPass(c, params) || params.some(({ mode }) => mode !== "value")) return undefined;
  c.spend(method.cost);
  if (method.receiver === "self") scope.move(place.variable, place.path);
  else scope.borrow(place.variable, method.receiver === "&self" ? "shared" : "mut");
  return { text: `${place.text}.${method.name}(${params.map((param) => argument(c, param, depth)).join(", ")})`, result: method.result === undefined ? undefined : substitute(method.result, types) };
}

/** Whether each argument by reference can be had; what is by value is always made. */
function canPass(c: Context, params: readonly Parameter[]): boolean {
  const taken = new Set<unknown>();
  return params.every(({ mode, type }) => {
    if (mode === "mut" || mode === "slice mut") {
      const found = candidates(c, mode, type).filter(({ variable }) => !taken.has(variable) && ![...taken].some((other) => variable.loans.some(({ of }) => of === other)));
      if (found[0] === undefined || taken.size > 0) return false;
      taken.add(found[0].variable);
    }
    return true;
  });
}

function candidates(c: Context, mode: Mode, type: Type): Place[] {
  const fits = mode === "slice mut" ? (of: Type): boolean => (of.kind === "array" || of.kind === "list") && of.item.name === type.name : same(type);
  return mode === "mut" || mode === "slice mut" ? c.changeable(fits) : c.readable(fits);
}

function argument(c: Context, { mode, type }: Parameter, depth: number): string {
  const { random } = c;
  switch (mode) {
    case "value": case "func": return value(c, type, depth);
    case "mut": case "slice mut": {
      const found = candidates(c, mode, type);
      const place = found.length === 0 ? undefined : random.pick(found);
      if (place === undefined) return mode === "mut" ? `&mut ${value(c, type, 0)}` : `&mut [${value(c, type, 0)}]`;
      return c.borrow(place, "mut");
    }
    case "ref": {
      const found = c.readable(same(type));
      return found.length === 0 || random.once(6) ? `&{ ${block(value(c, type, 0))} }` : c.borrow(random.pick(found), "shared");
    }
    case "slice": {
      const found = c.readable((of) => (of.kind === "array" || of.kind === "list") && of.item.name === type.name);
      if (found.length === 0) return `&[${value(c, type, 0)}, ${value(c, type, 0)}]`;
      const place = random.pick(found);
      const cut = random.once(3);
      const borrowed = c.borrow(place, "shared");
      if (!cut) return borrowed;
      return place.type.kind === "array" ? `&${place.text}[${random.between(0, 1)}..]` : `&${place.text}[..${place.text}.len / 2]`;
    }
    case "dyn": {
      if (type.kind !== "dyn") throw new Error("language/values.argument: a dyn parameter of another type");
      const { trait } = type;
      const found = c.readable((of) => implementsTrait(of, trait) && of.kind !== "param");
      if (found.length > 0) return c.borrow(random.pick(found), "shared");
      return `&${value(c, c.typeWith([trait], 0), 0)}`;
    }
  }
}
