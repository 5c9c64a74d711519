/** Statements of random programs that go through slices, references, closures, traits and early exits. */

import type { Statements } from "./statements.ts";
import { bool, i64, integers, type IntegerType, type Type, type Variable } from "./types.ts";

/** Writes one if what it needs is at hand; gives whether. */
export function wideStatement(w: Statements): boolean {
  const { random } = w;
  const nested = w.depth < 4;
  switch (random.between(0, 15)) {
    case 0: return sum(w);
    case 1: return change(w);
    case 2: return bump(w);
    case 3: return closure(w);
    case 4: return changingClosure(w);
    case 5: return each(w);
    case 6: return functionValue(w);
    case 7: return matchValue(w);
    case 8: return nested && ifLet(w);
    case 9: return letElse(w);
    case 10: return coalesce(w);
    case 11: return nested && w.loopDepth < 2 && loopWithValue(w);
    case 12: return nested && w.loopDepth < 1 && labelled(w);
    case 13: return throughTrait(w);
    case 14: return nested && w.loopDepth < 2 && whileLet(w);
    default: return exchange(w);
  }
}

function helped(w: Statements): IntegerType {
  return w.random.pick(w.helperTypes);
}

function declare(w: Statements, type: Type, text: string): void {
  const name = w.fresh("v");
  const mutable = w.random.once(2);
  w.line(`${mutable ? "var" : "let"} ${name} ${type.name} = ${text}`);
  w.variables.push({ name, type, mutable });
}

/** Variables and parts of them, but no globals: those are not borrowed. */
function localPlaces(w: Statements, fits: (type: Type) => boolean, mutable = false): Variable[] {
  const found: Variable[] = [];
  for (const variable of w.variables) if (!mutable || (variable.mutable && !w.lent.includes(variable.name))) w.places(variable, 2, found);
  return found.filter(({ type }) => fits(type));
}

function isArrayOf(element: Type): (type: Type) => boolean {
  return (type) => type.kind === "array" && type.element.name === element.name;
}

/** A constant in a variable's place: what is borrowed may not be read beside. */
function before(w: Statements, type: Type): string {
  const name = w.fresh("b");
  w.line(`let ${name} ${type.name} = ${w.value(type, 2)}`);
  return name;
}

function slice(w: Statements, { name, type }: Variable): string {
  if (type.kind !== "array" || w.random.once(2)) return name;
  const from = w.random.between(0, type.length);
  return w.random.once(2) ? `${name}[${from}..]` : `${name}[${Math.min(1, from)}..${from}]`;
}

function sum(w: Statements): boolean {
  const type = helped(w);
  const places = localPlaces(w, isArrayOf(type));
  if (places.length === 0) declare(w, { kind: "array", name: `[6]${type.name}`, element: type, length: 6 }, `[${Array.from({ length: 6 }, () => w.value(type, 1)).join(", ")}]`);
  else declare(w, type, `sum_${type.name}(&${slice(w, w.random.pick(places))})`);
  w.cost += w.rounds * 8;
  return true;
}

function change(w: Statements): boolean {
  const type = helped(w);
  const places = localPlaces(w, isArrayOf(type), true);
  if (places.length === 0) return false;
  const by = before(w, type);
  w.line(`change_${type.name}(&mut ${slice(w, w.random.pick(places))}, ${by})`);
  w.cost += w.rounds * 8;
  return true;
}

function bump(w: Statements): boolean {
  const type = helped(w);
  const places = localPlaces(w, ({ name }) => name === type.name, true);
  if (places.length === 0) return false;
  const by = before(w, type);
  declare(w, type, `bump_${type.name}(&mut ${w.random.pick(places).name}, ${by})`);
  return true;
}

/** The body of a closure with its parameters in sight. It leaves nothing early. */
function body(w: Statements, parameters: readonly Variable[], result: Type, depth: number): string {
  const kept = w.variables.length;
  w.variables.push(...parameters);
  const before = w.result;
  w.result = bool;
  const text = w.value(result, depth);
  w.result = before;
  w.variables.length = kept;
  return `(${text})`;
}

function closure(w: Statements): boolean {
  const { random } = w;
  const result = w.anyType(1);
  const parameters = Array.from({ length: random.between(0, 3) }, () => ({ name: w.fresh("c"), type: w.anyType(1), mutable: false }));
  const name = w.fresh("v");
  w.open(`let ${name} ${result.name} = {`);
  const text = body(w, parameters, result, 3);
  const f = w.fresh("f");
  w.line(`let ${f} func(${parameters.map(({ type }) => type.name).join(", ")}) ${result.name} = ${random.once(3) ? "move " : ""}|${parameters.map((parameter) => `${parameter.name}${random.once(2) ? ` ${parameter.type.name}` : ""}`).join(", ")}| ${text}`);
  const call = `${f}(${parameters.map(({ type }) => body(w, [], type, 1)).join(", ")})`;
  if (random.once(2)) w.line(`println(f"{${f}(${parameters.map(({ type }) => w.constant(type)).join(", ")})}")`);
  w.line(call);
  w.close();
  w.variables.push({ name, type: result, mutable: false });
  return true;
}

function changingClosure(w: Statements): boolean {
  const type = helped(w);
  const places = localPlaces(w, ({ name }) => name === type.name, true).filter(({ name }) => !name.includes("["));
  if (places.length === 0) return false;
  const place = w.random.pick(places).name;
  const f = w.fresh("f");
  w.open("{");
  w.line(`var ${f} = |x ${type.name}| { ${place} = ${w.random.pick([`${place} +% x`, `(${place} ^ x) *% 3`, `x -% ${place}`])} }`);
  for (let i = w.random.between(1, 3); i > 0; i--) w.line(`${f}(${w.constant(type)})`);
  w.close();
  return true;
}

function each(w: Statements): boolean {
  const type = helped(w);
  const arrays = localPlaces(w, isArrayOf(type));
  const places = localPlaces(w, ({ name }) => name === type.name, true).filter(({ name }) => !name.includes("["));
  if (arrays.length === 0 || places.length === 0) return false;
  const array = w.random.pick(arrays);
  const place = w.random.pick(places).name;
  const root = (name: string): string => name.replace(/[.[].*/, "");
  if (root(array.name) === root(place) || array.name.includes(root(place))) return false;
  w.line(`each_${type.name}(&${slice(w, array)}, |x| ${place} = ${place} *% 3 +% x)`);
  w.cost += w.rounds * 8;
  return true;
}

function functionValue(w: Statements): boolean {
  const { random } = w;
  const type = helped(w);
  switch (random.between(0, 2)) {
    case 0:
      declare(w, type, `twice_${type.name}(|x| ${body(w, [{ name: "x", type, mutable: false }], type, 2)}, ${body(w, [], type, 1)})`);
      return true;
    case 1: {
      const f = w.fresh("f");
      const choose = (): string => `choose_${type.name}(${w.value(i64, 1)}, ${w.value(type, 1)})`;
      w.line(`let ${f} = ${random.once(2) ? choose() : `if ${w.value(bool, 1)} { ${choose()} } else { ${choose()} }`}`);
      declare(w, type, `${f}(${w.value(type, 1)}) ^ ${f}(${w.constant(type)})`);
      return true;
    }
    default:
      declare(w, type, `dig_${type.name}(${random.between(0, 6)}, ${w.value(type, 1)})`);
      return true;
  }
}

function matchValue(w: Statements): boolean {
  const { random } = w;
  const result = w.anyType(1);
  const [a, b] = [random.pick(integers), random.once(2) ? bool : random.pick(integers)];
  const name = w.fresh("v");
  const bound = w.fresh("m");
  const start = random.between(0, 9);
  w.open(`let ${name} ${result.name} = match (${w.value(a, 2)}, ${w.value(b, 2)}) {`);
  const arm = (pattern: string, variables: readonly Variable[]): void => {
    const kept = w.variables.length;
    w.variables.push(...variables);
    w.line(`${pattern} => ${w.last(result)}`);
    w.variables.length = kept;
  };
  if (random.once(2)) arm(`(${start}, _)`, []);
  if (b === bool) {
    arm(`(${start}..=${start + 20}, true)`, []);
    arm(`(${bound}, false)`, [{ name: bound, type: a, mutable: false }]);
  } else {
    arm(`(${bound} @ ${start}..=${start + 60}, ${random.between(0, 4)}..)`, [{ name: bound, type: a, mutable: false }]);
    const both = w.fresh("m");
    if (random.once(2)) {
      const kept = w.variables.length;
      w.variables.push({ name: both, type: b, mutable: false });
      const guard = w.value(bool, 1);
      w.variables.length = kept;
      arm(`(_, ${both}) if ${guard}`, [{ name: both, type: b, mutable: false }]);
    }
  }
  arm("_", []);
  w.close();
  w.variables.push({ name, type: result, mutable: false });
  return true;
}

/** An optional at hand: a place, or a call. */
function optional(w: Statements): { readonly text: string; readonly inner: Type } {
  const places = localPlaces(w, ({ kind }) => kind === "optional");
  if (places.length > 0 && w.random.once(2)) {
    const { name, type } = w.random.pick(places);
    if (type.kind === "optional") return { text: name, inner: type.inner };
  }
  const type = helped(w);
  return { text: w.random.once(3) ? `three_${type.name}(${w.value(type, 1)}, ${w.value(type, 1)}, ${w.value(type, 0)})` : `even_${type.name}(${w.value(type, 1)})`, inner: type };
}

function withVariable(w: Statements, variable: Variable, write: () => void): void {
  const kept = w.variables.length;
  w.variables.push(variable);
  write();
  w.variables.length = kept;
}

function ifLet(w: Statements): boolean {
  const { text, inner } = optional(w);
  const name = w.fresh("m");
  const isGuarded = w.random.once(3);
  w.open(`if let Some(${name}) = ${text}${isGuarded ? ` && ${w.value(bool, 1)}` : ""} {`);
  withVariable(w, { name, type: inner, mutable: false }, () => w.statements(w.random.between(1, 2)));
  if (w.random.once(2)) {
    w.lines.push(`${"    ".repeat(w.depth - 1)}} else {`);
    w.statements(1);
  }
  w.close();
  return true;
}

function letElse(w: Statements): boolean {
  const { text, inner } = optional(w);
  const name = w.fresh("m");
  const leaves = w.loopDepth > 0 && w.random.once(2) ? w.random.pick(["break", "continue"]) : w.result.kind === "tuple" && w.result.parts.length === 0 ? "return" : `return ${w.value(w.result, 1)}`;
  // In `main` nothing else would come behind it.
  if (leaves === "return" && w.depth < 2) return coalesce(w);
  w.line(`let Some(${name}) = ${text} else { ${leaves} }`);
  w.variables.push({ name, type: inner, mutable: false });
  return true;
}

function coalesce(w: Statements): boolean {
  const { text, inner } = optional(w);
  if (w.result.kind === "optional" && w.random.once(2)) declare(w, inner, `(${text})?`);
  else declare(w, inner, `${text} ?? ${w.value(inner, 1)}`);
  return true;
}

function loopWithValue(w: Statements): boolean {
  const type = w.anyType(1);
  const [name, count] = [w.fresh("v"), w.fresh("w")];
  w.line(`var ${count} i64 = 0`);
  w.open(`let ${name} ${type.name} = loop {`);
  w.line(`${count} += 1`);
  const { loopDepth } = w;
  w.inLoop(3, () => {
    // A `break` of this loop has a value.
    w.loopDepth = 0;
    withVariable(w, { name: count, type: i64, mutable: false }, () => {
      w.statements(w.random.between(0, 2));
      w.line(`if ${count} > 2 { break ${w.value(type, 1)} }`);
      w.line(`if ${w.value(bool, 1)} { break ${w.value(type, 1)} }`);
    });
    w.loopDepth = loopDepth + 1;
  });
  w.close();
  w.variables.push({ name, type, mutable: false });
  return true;
}

function labelled(w: Statements): boolean {
  const label = w.fresh("outer");
  const [i, j] = [w.fresh("i"), w.fresh("i")];
  w.open(`${label}: for ${i} in 0..${w.random.between(1, 4)} {`);
  w.inLoop(4, () => withVariable(w, { name: i, type: i64, mutable: false }, () => {
    w.open(`for ${j} in ${i}..4 {`);
    w.inLoop(4, () => withVariable(w, { name: j, type: i64, mutable: false }, () => {
      w.statements(w.random.between(1, 2));
      w.line(`if ${w.value(bool, 1)} { ${w.random.pick(["break", "continue"])} ${label} }`);
      w.statements(w.random.between(0, 1));
    }));
    w.close();
  }));
  w.close();
  return true;
}

function whileLet(w: Statements): boolean {
  const type = helped(w);
  const [at, count, name] = [w.fresh("v"), w.fresh("w"), w.fresh("m")];
  w.line(`var ${at} ${type.name} = ${w.value(type, 2)}`);
  w.line(`var ${count} i64 = 0`);
  w.open(`while ${count} < 4 && let Some(${name}) = even_${type.name}(${at}) {`);
  w.line(`${count} += 1`);
  w.line(`${at} = ${name} / 2`);
  w.inLoop(4, () => withVariable(w, { name, type, mutable: false }, () => w.statements(w.random.between(0, 2))));
  w.close();
  w.variables.push({ name: at, type, mutable: true });
  return true;
}

function throughTrait(w: Statements): boolean {
  const places = localPlaces(w, ({ kind }) => kind === "struct" || kind === "enum");
  if (places.length === 0) return false;
  const { name } = w.random.pick(places);
  declare(w, i64, w.random.pick([`number_of(&${name})`, `number_behind(&${name})`, `${name}.doubled()`, `${name}.number() -% number_behind(&${name})`]));
  return true;
}

/** Two places of one type, of variables that have nothing in common. */
function exchange(w: Statements): boolean {
  const mutable = w.variables.filter((variable) => variable.mutable && !w.lent.includes(variable.name));
  const first = mutable.length === 0 ? undefined : w.random.pick(mutable);
  const second = mutable.find((other) => other !== first && other.type.name === first?.type.name && other.name !== first.name);
  if (first === undefined || second === undefined) return false;
  w.line(`swap(&mut ${first.name}, &mut ${second.name})`);
  return true;
}
