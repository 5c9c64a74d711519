/** Lists, maps, sets, queues, texts: changes, loops over them, and chains of iterators. */

import { inlineBody, keyOver, testOver } from "./closures.ts";
import type { Context, Place } from "./context.ts";
import { statements } from "./statements.ts";
import { has, i64, isCopy, mayHold, string, tuple, wrap, type Type } from "./types.ts";
import { value } from "./values.ts";

const collections: readonly string[] = ["list", "string", "map", "set", "deque", "heap"];

/** One method that changes a collection. */
export function changeCollection(c: Context): boolean {
  const { random, scope } = c;
  const found = c.changeable((type) => collections.includes(type.kind));
  if (found.length === 0) return false;
  const place = random.pick(found);
  const { type, text, variable } = place;
  // What is passed is made first: the receiver is borrowed behind the arguments.
  const pass = (of: Type): string => {
    const passed = value(c, of, 2);
    return passed;
  };
  const finish = (line: string): boolean => {
    if (!scope.canChange(variable, place.path)) return false;
    scope.change(variable);
    c.line(line);
    return true;
  };
  const taken = (line: string, of: Type): boolean => {
    const name = c.fresh("v");
    if (!finish(`let ${name} = ${line}`)) return false;
    scope.declare(name, of, { mutable: false });
    return true;
  };
  switch (type.kind) {
    case "list": {
      const { item } = type;
      switch (random.between(0, 14)) {
        case 0: case 1: case 2: return attempt(c, () => finish(`${text}.push(${pass(item)})`));
        case 3: return taken(`${text}.pop()`, wrap("optional", item));
        case 4: return attempt(c, () => finish(`${text}.insert(0, ${pass(item)})`));
        case 5: return finish(`if ${text}.len > 1 { consume(${text}.${random.pick(["remove", "swap_remove"])}(${random.between(0, 1)})) }`);
        case 6: return finish(`${text}.reverse()`);
        case 7: return finish(`${text}.truncate(${random.between(1, 3)})`);
        case 8: {
          const test = testOver(c, item);
          return finish(`${text}.retain(${test})`);
        }
        case 9: return finish(has(item, "Ord") ? `${text}.sort()` : `${text}.sort_by_key(${keyOver(c, item, true)})`);
        case 10: return finish(has(item, "Eq") ? `${text}.dedup()` : `${text}.clear()`);
        case 11: return attempt(c, () => finish(`${text}.extend(${pass(type)}.into_iter())`));
        case 12: return taken(`${text}.drain(0, ${text}.len / 2)`, type);
        case 13: return finish(`if ${text}.len > 1 { ${text}.swap(0, ${text}.len - 1) }`);
        default: return attempt(c, () => {
          const fresh = pass(item);
          return finish(`if ${text}.len > 0 { ${text}[0] = ${fresh} }`);
        });
      }
    }
    case "string":
      switch (random.between(0, 6)) {
        case 0: return attempt(c, () => finish(`${text}.push_str(${random.pick(['"zz"', '"é"', '""'])})`));
        case 1: return finish(`${text}.push('${random.pick(["q", "ü", "_"])}')`);
        case 2: return taken(`${text}.pop()`, wrap("optional", { kind: "char", name: "char" }));
        case 3: return finish(random.pick([`${text}.make_upper()`, `${text}.clear()`, `${text}.truncate(0)`]));
        case 4: return finish(`if ${text}.len < 200 { ${place.isReference ? "*" : ""}${text} = ${text}.repeat(2) }`);
        case 5: return finish(`${text}.insert(0, 'i')`);
        default: return finish(`${text}.retain(|ch| ch != 'a')`);
      }
    case "map": {
      const { first, second } = type;
      switch (random.between(0, 6)) {
        case 0: case 1: return attempt(c, () => {
          const name = c.fresh("v");
          const line = `let ${name} = ${text}.insert(${pass(first)}, ${pass(second)})`;
          if (!finish(line)) return false;
          scope.declare(name, wrap("optional", second));
          return true;
        });
        case 2: return attempt(c, () => {
          const key = pass(first);
          return taken(`${text}.remove(&{ ${key} })`, wrap("optional", second));
        });
        case 3: return attempt(c, () => {
          // What is assigned is made before the place.
          const assigned = pass(second);
          const key = pass(first);
          return finish(`*${text}.get_or_insert(${key}, ${pass(second)}) = ${assigned}`);
        });
        case 4: return taken(`${text}.pop_last()`, wrap("optional", tuple([first, second])));
        case 5: return attempt(c, () => {
          const key = pass(first);
          const made = pass(second);
          const fresh = c.fresh("v");
          const name = c.fresh("v");
          const line = "    ".repeat(c.indent);
          // The key may be a part of the map, which is lent out for it.
          return finish(`let ${name} ${first.name} = ${key}\n${line}let ${fresh} ${second.name} = ${made}\n${line}if let Some(at) = ${text}.get_mut(&${name}) { *at = ${fresh} }`);
        });
        default: {
          if (!has(first, "Show") || !has(second, "Show")) return finish(`${text}.clear()`);
          return finish(`println(f"{${text}}")`);
        }
      }
    }
    case "set": return attempt(c, () => {
      const item = pass(type.item);
      return finish(random.once(3) ? `println(${text}.remove(&{ ${item} }))` : `println(${text}.insert(${item}))`);
    });
    case "deque":
      if (random.once(3)) return taken(`${text}.${random.pick(["pop_front", "pop_back"])}()`, wrap("optional", type.item));
      return attempt(c, () => finish(`${text}.${random.pick(["push_back", "push_front"])}(${pass(type.item)})`));
    case "heap":
      if (random.once(3)) return taken(`${text}.pop()`, wrap("optional", type.item));
      return attempt(c, () => finish(`${text}.push(${pass(type.item)})`));
    default: return false;
  }
}

/** What was noted for a line that is not written after all is undone. */
function attempt(c: Context, write: () => boolean): boolean {
  const before = c.scope.snapshot();
  if (write()) return true;
  c.scope.reset(before);
  return false;
}

interface Items {
  readonly text: string;
  readonly type: Type;
  readonly reference: boolean;
}

/** A `for` over a collection: borrowed, changed, or consumed. */
export function forEach(c: Context): boolean {
  const { random, scope } = c;
  const how = random.between(0, 3);
  const name = c.fresh("e");
  const body = (declare: () => void): boolean => {
    c.inLoop(3, () => {
      declare();
      statements(c, random.between(1, 3));
    });
    c.close();
    return true;
  };
  if (how === 0) {
    const found = c.movable((type) => type.kind === "list" || type.kind === "map" || type.kind === "deque");
    const place = found.length === 0 ? undefined : random.pick(found);
    if (place === undefined) return false;
    scope.move(place.variable, place.path);
    if (place.type.kind === "map") {
      const { first, second } = place.type;
      const other = c.fresh("e");
      c.open(`for (${name}, ${other}) in ${place.text}.into_iter() {`);
      return body(() => {
        scope.declare(name, first);
        scope.declare(other, second);
      });
    }
    if (place.type.kind !== "list" && place.type.kind !== "deque") return false;
    const { item } = place.type;
    c.open(`for ${name} in ${place.text}.into_iter() {`);
    return body(() => scope.declare(name, item));
  }
  if (how === 1) {
    const found = c.changeable((type) => type.kind === "list" || type.kind === "array" || type.kind === "map");
    const place = found.length === 0 ? undefined : random.pick(found);
    if (place === undefined) return false;
    scope.change(place.variable);
    const loans = [{ of: place.variable, kind: "mut" as const }];
    if (place.type.kind === "map") {
      const { second } = place.type;
      c.open(`for ${name} in ${place.text}.values_mut() {`);
      return body(() => held(c, place, () => scope.declare(name, second, { reference: "mut", loans })));
    }
    if (place.type.kind !== "list" && place.type.kind !== "array") return false;
    const { item } = place.type;
    c.open(`for ${name} in ${place.isReference ? place.text : `&mut ${place.text}`} {`.replace(/in (r\d+|p\d+|self) \{/, "in &mut *$1 {"));
    return body(() => held(c, place, () => scope.declare(name, item, { reference: "mut", loans })));
  }
  const found = c.readable((type) => ["list", "array", "map", "set", "deque"].includes(type.kind));
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place === undefined) return false;
  scope.read(place.variable);
  const loans = [{ of: place.variable, kind: "shared" as const }];
  if (place.type.kind === "map") {
    const { first, second } = place.type;
    const other = c.fresh("e");
    c.open(`for (${name}, ${other}) in ${place.text}.iter() {`);
    return body(() => {
      lent(c, place);
      scope.declare(name, first, { reference: "shared", loans });
      scope.declare(other, second, { reference: "shared", loans });
    });
  }
  if (place.type.kind !== "list" && place.type.kind !== "array" && place.type.kind !== "set" && place.type.kind !== "deque") return false;
  const { item } = place.type;
  if (place.type.kind === "list" && random.once(3)) {
    const at = c.fresh("e");
    c.open(`for (${at}, ${name}) in ${place.text}.iter().enumerate() {`);
    return body(() => {
      lent(c, place);
      scope.declare(at, i64);
      scope.declare(name, item, { reference: "shared", loans });
    });
  }
  c.open(`for ${name} in ${place.text}.iter() {`.replace(".iter()", place.type.kind === "array" && !place.isReference ? "" : ".iter()"));
  return body(() => {
    lent(c, place);
    scope.declare(name, item, { reference: "shared", loans });
  });
}

/** The iterator of a loop holds the place to its end: a reference of an outer depth keeps it so. */
function lent(c: Context, place: Place): void {
  const holder = c.scope.declare(c.fresh("held"), i64, { loans: [{ of: place.variable, kind: "shared" }], depth: -1 });
  holder.moved = new Set([""]);
}

function held(c: Context, place: Place, then: () => void): void {
  const holder = c.scope.declare(c.fresh("held"), i64, { loans: [{ of: place.variable, kind: "mut" }], depth: -1 });
  holder.moved = new Set([""]);
  then();
}

/** `let x = xs.iter().map(…)…collect()`. */
export function chain(c: Context): boolean {
  const { random, scope } = c;
  let items = source(c);
  if (items === undefined) return false;
  for (let i = 0; i < random.between(0, 3); i++) items = adapted(c, items);
  const { text, type, reference } = items;
  const name = c.fresh("v");
  const owned = !reference;
  switch (random.between(0, 7)) {
    case 0: c.line(`let ${name} = ${text}.count()`); scope.declare(name, i64); return true;
    case 1: {
      const { names, body } = inlineBody(c, [{ type: i64, reference: false }, { type, reference }], i64, 1);
      c.line(`let ${name} i64 = ${text}.fold(${random.between(0, 5)}, |${names.join(", ")}| ${body})`);
      scope.declare(name, i64);
      return true;
    }
    case 2: {
      const { names, body } = inlineBody(c, [{ type, reference }], { kind: "bool", name: "bool" }, 1);
      c.line(`let ${name} bool = ${text}.${random.pick(["any", "all"])}(|${names.join(", ")}| ${body})`);
      scope.declare(name, { kind: "bool", name: "bool" });
      return true;
    }
    case 3: {
      if (!owned) break;
      c.line(`let ${name} = ${text}.${has(type, "Ord") ? random.pick(["min()", "max()", "last()"]) : "last()"}`);
      scope.declare(name, wrap("optional", type));
      return true;
    }
    case 4: {
      if (!owned || !has(type, "Hash") || !has(type, "Eq")) break;
      c.line(`let ${name} Set[${type.name}] = ${text}.collect()`);
      scope.declare(name, wrap("set", type));
      return true;
    }
    default:
  }
  if (owned) {
    const kind = random.once(4) ? "deque" : "list";
    const made = wrap(kind, type);
    c.line(`${"var"} ${name} ${made.name} = ${text}.collect()`);
    scope.declare(name, made, { mutable: true });
    return true;
  }
  const { names, body } = inlineBody(c, [{ type, reference }], i64, 1);
  c.line(`let ${name} List[i64] = ${text}.map(|${names.join(", ")}| ${body}).collect()`);
  scope.declare(name, wrap("list", i64));
  return true;
}

function source(c: Context): Items | undefined {
  const { random, scope } = c;
  if (random.once(4)) return { text: `(${random.between(0, 2)}..${random.between(3, 6)})`, type: i64, reference: false };
  if (random.once(3)) {
    const found = c.movable((type) => type.kind === "list" || type.kind === "deque" || type.kind === "set");
    if (found.length > 0) {
      const place = random.pick(found);
      if (place.type.kind !== "list" && place.type.kind !== "deque" && place.type.kind !== "set") return undefined;
      scope.move(place.variable, place.path);
      return { text: `${place.text}.into_iter()`, type: place.type.item, reference: false };
    }
  }
  const found = c.readable((type) => type.kind === "list" || type.kind === "set" || type.kind === "map" || type.kind === "string");
  if (found.length === 0) return undefined;
  const place = random.pick(found);
  scope.borrow(place.variable, "shared");
  switch (place.type.kind) {
    case "map": return random.once(2) ? { text: `${place.text}.keys()`, type: place.type.first, reference: true } : { text: `${place.text}.values()`, type: place.type.second, reference: true };
    case "string": return { text: `${place.text}.chars()`, type: { kind: "char", name: "char" }, reference: false };
    case "list": case "set": {
      const copied = isCopy(place.type.item) && random.once(2);
      const cloned = !copied && has(place.type.item, "Clone") && random.once(2);
      return { text: `${place.text}.iter()${copied ? ".copied()" : cloned ? ".cloned()" : ""}`, type: place.type.item, reference: !copied && !cloned };
    }
    default: return undefined;
  }
}

/** One more adapter. */
function adapted(c: Context, items: Items): Items {
  const { random } = c;
  const { text, type, reference } = items;
  switch (random.between(0, 8)) {
    case 0: case 1: case 2: {
      const to = random.pick([i64, string, c.anyType(1), i64]);
      if (to.kind === "param" || mayHold(to)) return items;
      const { names, body } = inlineBody(c, [{ type, reference }], to, 2);
      return { ...items, text: `${text}.map(|${names.join(", ")}| ${coerced(body, to)})`, type: to, reference: false };
    }
    case 3: {
      if (reference) return { ...items, text: `${text}.take(${random.between(1, 4)})` };
      return { ...items, text: `${text}.filter(${testOver(c, type)})` };
    }
    case 4: return { ...items, text: `${text}.take(${random.between(0, 3)})` };
    case 5: return { ...items, text: `${text}.skip(${random.between(0, 2)})` };
    case 6: return reference ? items : { ...items, text: `${text}.enumerate()`, type: tuple([i64, type]) };
    case 7: return reference ? { ...items, text: `${text}.step_by(2)` } : { ...items, text: `${text}.zip(${random.between(0, 3)}..9)`, type: tuple([type, i64]) };
    default: return !reference && type.name === i64.name ? { ...items, text: `${text}.chain(7..9)` } : items;
  }
}

/** A value whose type its text does not tell gets it by a variable. */
function coerced(body: string, to: Type): string {
  return `{ let made ${to.name} = ${body}; made }`;
}

