/** What is made and given on within one statement: matched, called, tried, taken apart; and values that begin or end their life in odd places. */

import { inlineBody, testOver } from "./closures.ts";
import type { Context } from "./context.ts";
import { matchValue } from "./patterns.ts";
import { statements } from "./statements.ts";
import { bool, fieldsOf, has, i64, isCopy, result, string, wrap, type StructType, type Type } from "./types.ts";
import { value } from "./values.ts";

/** One statement of these kinds; false if what it needs is not at hand. */
export function temporary(c: Context): boolean {
  const { random } = c;
  switch (random.between(0, 13)) {
    case 0: return matchValue(c, wrap("optional", c.anyType(1)));
    case 1: return matchValue(c, random.once(2) ? result(c.anyType(1), string) : c.declaredType(1));
    case 2: return updated(c);
    case 3: return arrayApart(c);
    case 4: return tried(c);
    case 5: return setLater(c);
    case 6: return deferred(c);
    case 7: return throughBox(c);
    case 8: return combined(c);
    case 9: return partlyIterated(c);
    case 10: return slicePattern(c);
    case 11: return lookedAt(c);
    case 12: return shortCircuit(c);
    default: return leftEarly(c);
  }
}

/** `S { f0: …, ..old }`: what is not given moves out of the old one. */
function updated(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind === "struct" && !type.decl.drops && type.decl.fields.length > 1);
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place?.type.kind !== "struct") return false;
  const type: StructType = place.type;
  const fields = fieldsOf(type);
  const given = random.between(0, fields.length - 1);
  const text = value(c, fields[given] as Type, 1);
  if (!scope.canMove(place.variable, place.path)) {
    // Nothing but the call would tell what a None in it is of.
    c.line(/\b(None|Ok|Err)\b/.test(text) ? `consume(${text} as ${(fields[given] as Type).name})` : `consume(${text})`);
    return true;
  }
  fields.forEach((field, i) => {
    if (i !== given && !isCopy(field)) scope.move(place.variable, place.path === "" ? `${i}` : `${place.path}.${i}`);
  });
  const name = c.fresh("v");
  c.line(`let ${name} ${type.name} = ${type.decl.name} { f${given}: ${text}, ..${place.text} }`);
  scope.declare(name, type);
  return true;
}

function arrayApart(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind === "array");
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place?.type.kind !== "array") return false;
  const { item, length } = place.type;
  const names = Array.from({ length }, () => c.fresh("m"));
  scope.move(place.variable, place.path);
  c.line(`let [${names.join(", ")}] = ${place.text}`);
  for (const name of names) scope.declare(name, item);
  return true;
}

/** `?` where the function's result allows it, with values at hand that are dropped if it leaves. */
function tried(c: Context): boolean {
  const { random, scope } = c;
  const inner = random.pick([i64, string, c.anyType(1)]);
  const type = c.result?.kind === "optional" ? wrap("optional", inner) : c.result?.kind === "result" ? result(inner, c.result.second) : undefined;
  if (type === undefined) return false;
  const made = c.fresh("v");
  const name = c.fresh("v");
  c.line(`let ${made} ${type.name} = ${value(c, type, 2)}`);
  c.line(`let ${name} = (${value(c, wrap("box", c.simpleType()), 0)}, ${made}?)`.replace(/\(Box\.new\(.*\), /, (text) => (random.once(2) ? text : "(0, ")));
  scope.declare(`${name}.1`, inner, { pinned: true });
  return true;
}

/** A variable that moved gets a value on each path. */
function setLater(c: Context): boolean {
  const { scope } = c;
  const type = c.anyType(1);
  const name = c.fresh("v");
  c.line(`var ${name} ${type.name} = ${value(c, type, 1)}`);
  scope.newStatement();
  const condition = value(c, bool, 1);
  c.line(`consume(${name})`);
  c.open(`if ${condition} {`);
  const before = scope.snapshot();
  scope.block(() => {
    scope.newStatement();
    c.line(`${name} = ${value(c, type, 1)}`);
  });
  const first = scope.snapshot();
  scope.reset(before);
  c.between("} else {");
  scope.block(() => {
    scope.newStatement();
    c.line(`${name} = ${value(c, type, 1)}`);
  });
  c.close();
  scope.merge([first, scope.snapshot()]);
  scope.declare(name, type, { mutable: true });
  return true;
}

/** What is deferred takes a value to the end of the block. */
function deferred(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind !== "param").filter(({ path }) => path === "");
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place === undefined) return false;
  scope.move(place.variable);
  // It counts as used until then.
  (place.variable as { pinned: boolean }).pinned = true;
  place.variable.dead = true;
  c.line(`defer consume(${place.text})`);
  return true;
}

function throughBox(c: Context): boolean {
  const { random, scope } = c;
  if (random.once(2)) {
    const found = c.movable((type) => type.kind === "box" && type.item.kind !== "dyn");
    const place = found.length === 0 ? undefined : random.pick(found);
    if (place?.type.kind !== "box") return false;
    scope.move(place.variable, place.path);
    const name = c.fresh("v");
    c.line(`let ${name} = ${place.text}.into_inner()`);
    scope.declare(name, place.type.item);
    return true;
  }
  const found = c.changeable((type) => type.kind === "box" && type.item.kind !== "dyn").filter(({ isReference, text }) => !isReference && !text.includes("["));
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place?.type.kind !== "box") return false;
  const text = value(c, place.type.item, 1);
  if (!scope.canChange(place.variable, place.path)) {
    const name = c.fresh("v");
    c.line(`let ${name} ${place.type.item.name} = ${text}`);
    scope.declare(name, place.type.item);
    return true;
  }
  scope.change(place.variable);
  c.line(`*${place.text} = ${text}`);
  return true;
}

/** `map`, `and_then`, `filter`, `unwrap_or` of an optional that is consumed. */
function combined(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind === "optional");
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place?.type.kind !== "optional") return false;
  const { item } = place.type;
  scope.move(place.variable, place.path);
  const name = c.fresh("v");
  switch (random.between(0, 4)) {
    case 0: {
      const { names, body } = inlineBody(c, [{ type: item, reference: false }], i64, 1);
      c.line(`let ${name} ?i64 = ${place.text}.map(|${names.join(", ")}| ${body})`);
      scope.declare(name, wrap("optional", i64));
      return true;
    }
    case 1:
      c.line(`let ${name} = ${place.text}.filter(${testOver(c, item)})`);
      scope.declare(name, place.type);
      return true;
    case 2:
      c.line(`let ${name} = ${place.text}.unwrap_or(${value(c, item, 1)})`);
      scope.declare(name, item);
      return true;
    case 3:
      c.line(`let ${name} = ${place.text}.ok_or(${value(c, string, 0)})`);
      scope.declare(name, result(item, string));
      return true;
    default:
      c.line(`let ${name} = ${place.text}.or(${random.once(2) ? "None" : `Some(${value(c, item, 0)})`})`);
      scope.declare(name, place.type);
      return true;
  }
}

/** An iterator that owns its items is left half way. */
function partlyIterated(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind === "list" || type.kind === "deque" || type.kind === "set");
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place?.type.kind !== "list" && place?.type.kind !== "deque" && place?.type.kind !== "set") return false;
  scope.move(place.variable, place.path);
  const { item } = place.type;
  const iterator = c.fresh("it");
  const name = c.fresh("v");
  c.line(`var ${iterator} = ${place.text}.into_iter()${random.once(3) ? ".peekable()" : ""}`);
  c.line(`let ${name} = ${iterator}.next()`);
  scope.declare(name, wrap("optional", item));
  if (random.once(2)) {
    const rest = c.fresh("m");
    c.open(`while let Some(${rest}) = ${iterator}.next() {`);
    c.inLoop(2, () => {
      scope.declare(rest, item);
      if (!statements(c, random.between(0, 2))) c.line("break");
    });
    c.close();
  }
  return true;
}

function slicePattern(c: Context): boolean {
  const { random, scope } = c;
  const found = c.readable((type) => type.kind === "list");
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place?.type.kind !== "list") return false;
  const { item } = place.type;
  scope.read(place.variable);
  const loans = [{ of: place.variable, kind: "shared" as const }];
  c.open(`match ${place.text}.as_slice() {`);
  const before = scope.snapshot();
  const ends: ReturnType<typeof scope.snapshot>[] = [];
  const arm = (pattern: (name: string) => string): void => {
    const name = c.fresh("m");
    c.open(`${pattern(name)} => {`);
    const ended = scope.block(() => {
      scope.declare(name, item, { reference: "shared", loans });
      return statements(c, random.between(0, 2));
    });
    c.close();
    if (!ended) ends.push(scope.snapshot());
    scope.reset(before);
  };
  c.line("[] => {}");
  ends.push(before);
  arm((name) => `[${name}]`);
  arm((name) => random.pick([`[${name}, ..]`, `[.., ${name}]`, `[_, ${name}, ..]`]));
  c.line("_ => {}");
  c.close();
  scope.merge(ends);
  return true;
}

/** A value that is only looked at, and dropped with the statement. */
function lookedAt(c: Context): boolean {
  const { random } = c;
  switch (random.between(0, 4)) {
    case 0: {
      const type = wrap("list", c.anyType(1));
      c.line(`println({ let made ${type.name} = ${value(c, type, 1)}; made }.len)`);
      return true;
    }
    case 1: c.line(`println({ let made ?D = ${value(c, wrap("optional", c.typeOfTracer()), 1)}; made }.is_some())`); return true;
    case 2: c.line(`println(D.new(${c.fresh("")}).f0 +% ${value(c, i64, 1)})`); return true;
    case 3: {
      const type = c.typeWith(["Show"], 2);
      if (!has(type, "Show")) return false;
      c.line(`println(f"{({ let made ${type.name} = ${value(c, type, 1)}; made })}")`);
      return true;
    }
    default: {
      const type = c.typeWith(["Eq"], 1);
      c.line(`println({ let made ${type.name} = ${value(c, type, 1)}; made } == { let made ${type.name} = ${value(c, type, 1)}; made })`);
      return true;
    }
  }
}

/** A move that happens only if the left side lets it. */
function shortCircuit(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind !== "param");
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place === undefined) return false;
  const left = scope.looking(() => value(c, bool, 1));
  if (!scope.canMove(place.variable, place.path)) return false;
  scope.move(place.variable, place.path);
  const name = c.fresh("v");
  c.line(`let ${name} = ${left} ${random.pick(["&&", "||"])} taken(${place.text})`);
  scope.declare(name, bool);
  return true;
}

/** `?? return`, `?? continue`: what is at hand is dropped on that way. */
function leftEarly(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind === "optional" || type.kind === "result");
  const place = found.length === 0 ? undefined : random.pick(found);
  if (place === undefined || !("item" in place.type || "first" in place.type)) return false;
  const type = "item" in place.type ? place.type.item : place.type.first;
  const before = scope.snapshot();
  scope.move(place.variable, place.path);
  const after = scope.snapshot();
  const leave = c.loopDepth > 0 && random.once(2) ? random.pick(["break", "continue"]) : c.indent < 2 ? undefined : c.result === undefined ? "return" : `return ${value(c, c.result, 1)}`;
  if (leave === undefined) {
    scope.reset(before);
    return false;
  }
  scope.reset(after);
  const name = c.fresh("v");
  c.line(`let ${name} ${type.name} = ${place.text} ?? ${leave}`);
  scope.declare(name, type);
  return true;
}
