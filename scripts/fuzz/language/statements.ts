/** Statements: declarations, moves, borrows, branches, loops. What a statement does to the variables is noted in the scope. */

import { callChanging, letClosure } from "./closures.ts";
import { chain, changeCollection, forEach } from "./collections.ts";
import { same, type Context } from "./context.ts";
import { loop } from "./loops.ts";
import { temporary } from "./temporaries.ts";
import { ifLet, letElse, match, takeApart } from "./patterns.ts";
import { bool, has, i64, isCopy, string, wrap, type Type } from "./types.ts";
import { call, formatted, methodCall, textPlace, traitCall, value } from "./values.ts";

/** So many statements; whether the last one leaves the block. */
export function statements(c: Context, count: number): boolean {
  for (let i = 0; i < count; i++) {
    c.scope.newStatement();
    if (c.scope.nested(() => statement(c))) return true;
  }
  return false;
}

/** One statement; true if what follows is not reached. */
function statement(c: Context): boolean {
  const { random, scope } = c;
  c.spend(1);
  const nested = c.indent < 6;
  switch (random.between(0, 38)) {
    case 0: case 1: case 2: case 3: declareVariable(c); return false;
    case 4: case 5: assign(c); return false;
    case 6: print(c); return false;
    case 7: case 8: if (nested) branch(c); return false;
    case 9: case 10: case 11: if (!nested || !match(c)) declareVariable(c); return false;
    case 12: if (!nested || !ifLet(c)) print(c); return false;
    case 13: if (nested && c.loopDepth < 2) loop(c); return false;
    case 14: case 15: if (!nested || c.loopDepth >= 2 || !forEach(c)) print(c); return false;
    case 16: case 17: if (!borrow(c)) declareVariable(c); return false;
    case 18: letClosure(c); return false;
    case 19: if (!callChanging(c)) letClosure(c); return false;
    case 20: case 21: case 22: if (!changeCollection(c)) declareVariable(c); return false;
    case 23: if (!chain(c)) print(c); return false;
    case 24: case 25: callStatement(c); return false;
    case 26: if (!partialMove(c)) takeApart(c); return false;
    case 27: if (!letElse(c)) consume(c); return false;
    case 28: consume(c); return false;
    case 29: if (!counted(c)) print(c); return false;
    case 30: lend(c); return false;
    case 31: return leave(c);
    case 32: {
      if (!nested) return false;
      c.open("{");
      const ended = scope.block(() => statements(c, random.between(1, 3)));
      c.close();
      return ended;
    }
    case 33: oddities(c); return false;
    default: if (!nested || !temporary(c)) print(c); return false;
  }
}

function declareVariable(c: Context): void {
  const type = c.anyType(2);
  declareOf(c, type);
}

function declareOf(c: Context, type: Type): void {
  const name = c.fresh("v");
  const mutable = !c.random.once(3);
  c.line(`${mutable ? "var" : "let"} ${name} ${type.name} = ${value(c, type, 3)}`);
  c.scope.declare(name, type, { mutable });
}

/** An assignment, to what moved as well: the old value is dropped if it is there. */
function assign(c: Context): void {
  const { random, scope } = c;
  const moved = scope.variables.filter((variable) => variable.mutable && variable.reference === "none" && variable.moved.size > 0 && scope.canAssign(variable));
  if (moved.length > 0 && random.once(2)) {
    const variable = random.pick(moved);
    const text = value(c, variable.type, 2);
    if (scope.canAssign(variable)) {
      scope.change(variable);
      c.line(`${variable.name} = ${text}`);
      scope.restore(variable);
    }
    return;
  }
  const places = c.changeable((type) => type.kind !== "func" && type.kind !== "param").filter(({ text }) => !text.includes("["));
  if (places.length === 0) return declareVariable(c);
  const place = random.pick(places);
  const at = c.lines.length;
  const text = value(c, place.type, 2);
  // The value may have moved the place or a part of it, or borrowed it.
  if (!scope.canAssign(place.variable) || (place.path !== "" && !scope.canChange(place.variable, place.path)) || c.lines.length !== at) {
    const name = c.fresh("v");
    c.line(`let ${name} ${place.type.name} = ${text}`);
    scope.declare(name, place.type);
    return;
  }
  scope.change(place.variable);
  c.line(`${place.isReference ? "*" : ""}${place.text} = ${text}`);
  if (place.path === "" && !place.isReference) scope.restore(place.variable);
}

export function print(c: Context): void {
  c.line(`println(f"${c.fresh("t")} ${formatted(c, c.random.between(1, 3))}")`);
}

function branch(c: Context): void {
  const { random, scope } = c;
  const condition = value(c, bool, 2);
  c.open(`if ${condition} {`);
  const before = scope.snapshot();
  const first = scope.block(() => statements(c, random.between(1, 3)));
  const then = scope.snapshot();
  scope.reset(before);
  let second = false;
  if (random.once(2)) {
    c.between("} else {");
    second = scope.block(() => statements(c, random.between(1, 3)));
  }
  c.close();
  const ends = [...(first ? [] : [then]), ...(second ? [] : [scope.snapshot()])];
  scope.merge(ends.length > 0 ? ends : [before]);
}

/** A reference that is kept for later. */
function borrow(c: Context): boolean {
  const { random, scope } = c;
  const shared = !random.once(2);
  const found = shared ? c.readable((type) => type.kind !== "func") : c.changeable((type) => type.kind !== "func");
  if (found.length === 0) return false;
  const place = random.pick(found);
  const name = c.fresh("r");
  const kind = shared ? "shared" : "mut";
  if (shared && random.once(4)) {
    const view = c.structs.length;
    if (view > 0 && place.type.kind !== "param") {
      scope.read(place.variable);
      c.line(`let ${name} = View { r: ${place.isReference ? place.text : `&${place.text}`}, n: ${random.between(0, 9)} }`);
      c.line(`println(${name}.n +% ${random.between(0, 9)})`);
      scope.declare(`${name}.r`, place.type, { reference: "shared", loans: [{ of: place.variable, kind: "shared" }] });
      return true;
    }
  }
  const lender = random.once(2) ? c.callees.filter((callee) => callee.lends === kind && c.affords(callee.cost)) : [];
  if (lender.length > 0) {
    const callee = random.pick(lender);
    const param = callee.params[0];
    const targets = param === undefined ? [] : (shared ? c.readable(same(param.type)) : c.changeable(same(param.type)));
    if (targets.length > 0 && callee.result !== undefined) {
      const first = random.pick(targets);
      c.spend(callee.cost);
      const a = c.borrow(first, kind);
      let b = "";
      const loans = [{ of: first.variable, kind } as const];
      if (callee.params.length > 1) {
        const more = shared ? c.readable(same(param?.type ?? i64)) : c.changeable(same(param?.type ?? i64));
        if (more.length === 0) return false;
        const second = random.pick(more);
        b = `, ${c.borrow(second, kind)}`;
        loans.push({ of: second.variable, kind });
      }
      c.line(`let ${name} = ${callee.name}(${a}${b})`);
      scope.declare(name, callee.result, { reference: kind, loans });
      return true;
    }
  }
  if (shared) scope.read(place.variable);
  else scope.change(place.variable);
  // A copy of a shared reference refers to what that refers to; `&mut` is borrowed on.
  const copied = place.isReference && place.variable.reference === "shared";
  c.line(`let ${name} = ${place.isReference ? (shared ? (copied ? place.text : `&*${place.text}`) : `&mut *${place.text}`) : `${shared ? "&" : "&mut "}${place.text}`}`);
  scope.declare(name, place.type, { reference: kind, loans: copied ? place.variable.loans : [{ of: place.variable, kind }] });
  return true;
}

function callStatement(c: Context): void {
  const { random } = c;
  const method = random.once(2) ? methodCall(c, 1) : undefined;
  if (method !== undefined) {
    if (method.result === undefined) c.line(method.text);
    else {
      const name = c.fresh("v");
      c.line(`let ${name} ${method.result.name} = ${method.text}`);
      c.scope.declare(name, method.result);
    }
    return;
  }
  const text = call(c, (callee) => callee.result === undefined, 2);
  if (text !== undefined) {
    c.line(text);
    return;
  }
  const seen = traitCall(c, 1);
  if (seen !== undefined) c.line(`println(${seen})`);
}

/** A field moves out of its struct, whose other fields stay. */
function partialMove(c: Context): boolean {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind !== "func" && type.kind !== "param").filter(({ path }) => path !== "");
  if (found.length === 0) return false;
  const place = random.pick(found);
  scope.move(place.variable, place.path);
  const name = c.fresh("v");
  const mutable = random.once(2);
  c.line(`${mutable ? "var" : "let"} ${name} = ${place.text}`);
  scope.declare(name, place.type, { mutable });
  return true;
}

/** Something is given away, perhaps on one path only. */
function consume(c: Context): void {
  const { random, scope } = c;
  const found = c.movable((type) => type.kind !== "param");
  if (found.length === 0) return;
  const place = random.pick(found);
  if (random.once(2)) {
    const condition = scope.looking(() => value(c, bool, 1));
    if (!scope.canMove(place.variable, place.path)) return;
    scope.move(place.variable, place.path);
    c.line(`if ${condition} { consume(${place.text}) }`);
  } else {
    scope.move(place.variable, place.path);
    c.line(`consume(${place.text})`);
  }
}

/** Rc, Weak, Cell. */
function counted(c: Context): boolean {
  const { random, scope } = c;
  const found = c.readable((type) => type.kind === "rc" || type.kind === "weak" || type.kind === "cell");
  if (found.length === 0) {
    declareOf(c, wrap("rc", random.once(2) ? wrap("cell", random.pick([i64, string])) : c.anyType(1)));
    return true;
  }
  const place = random.pick(found);
  const { type } = place;
  scope.read(place.variable);
  const name = c.fresh("v");
  if (type.kind === "weak") {
    c.line(`let ${name} = ${place.text}.upgrade()`);
    scope.declare(name, wrap("optional", wrap("rc", type.item)));
    return true;
  }
  const cell = type.kind === "cell" ? type : type.kind === "rc" && type.item.kind === "cell" ? type.item : undefined;
  if (cell !== undefined && random.once(2)) {
    if (isCopy(cell.item) && random.once(3)) c.line(`let ${name} = ${place.text}.get()`);
    else if (random.once(2)) {
      c.line(`let ${name} = ${place.text}.replace(${value(c, cell.item, 1)})`);
    } else {
      scope.borrow(place.variable, "shared");
      c.line(`${place.text}.set(${value(c, cell.item, 1)})`);
      return true;
    }
    scope.declare(name, cell.item);
    return true;
  }
  if (type.kind !== "rc") return false;
  const weak = random.once(2);
  c.line(`let ${name} = ${place.text}.${weak ? "downgrade" : "clone"}()`);
  scope.declare(name, weak ? wrap("weak", type.item) : type);
  return true;
}

/** A call that changes what it is lent. */
function lend(c: Context): void {
  const { random } = c;
  const found = c.changeable((type) => type.kind !== "func");
  const first = found.length === 0 ? undefined : random.pick(found);
  if (first === undefined) return;
  const others = c.changeable(same(first.type)).filter(({ variable }) => variable !== first.variable && !first.variable.loans.some(({ of }) => of === variable) && !variable.loans.some(({ of }) => of === first.variable));
  const a = c.borrow(first, "mut");
  const second = others.filter(({ variable, path }) => c.scope.canChange(variable, path))[0];
  if (second !== undefined) c.line(`swap(${a}, ${c.borrow(second, "mut")})`);
  else if (first.type.kind === "optional") {
    const name = c.fresh("v");
    c.line(`let ${name} = ${first.text}.take()`);
    c.scope.declare(name, first.type);
  } else c.line(`renew(${a}, ${value(c, first.type, 1)})`);
}

/** Whether what follows is reached is known to the writer only where nothing is asked. */
function leave(c: Context): boolean {
  const { random } = c;
  if (c.indent < 2) return false;
  if (c.loopDepth > 0 && random.once(2)) {
    c.line(random.pick(["break", "continue"]));
    return true;
  }
  if (!random.once(3)) return false;
  c.line(c.result === undefined ? "return" : `return ${value(c, c.result, 1)}`);
  return true;
}

function oddities(c: Context): void {
  const { random, scope } = c;
  switch (random.between(0, 5)) {
    case 0: c.line(`defer println("deferred ${c.fresh("d")}")`); return;
    case 1: {
      const place = textPlace(c);
      if (place !== undefined) c.line(random.pick([`for part in ${place}.split(",") { println(f"[{part:>3}]") }`, `println(${place}.parse_i64() ?? -1)`, `println(f"{${place}.char_count()} {${place}.find("b")}")`, `for ch in ${place}.chars() { print(f"{ch}.") }`]));
      return;
    }
    case 2: {
      const found = c.readable((type) => has(type, "Clone") && !isCopy(type));
      const place = found.length === 0 ? undefined : random.pick(found);
      if (place === undefined) return;
      scope.read(place.variable);
      c.line(`consume(${place.text}.clone())`);
      return;
    }
    case 3: c.line(`let _ = ${value(c, c.anyType(1), 2)}`.replace(/^let _ = (.*)$/, "consume($1)").replace(/consume\(None\)|consume\(.*(None|Ok|Err).*\)/, "println()")); return;
    case 4: {
      const found = c.readable((type) => type.kind === "optional" && isCopy(type));
      const place = found.length === 0 ? undefined : random.pick(found);
      if (place === undefined || place.type.kind !== "optional") return;
      scope.read(place.variable);
      c.line(`if ${c.get(place)}.is_some() { println(f"some {${c.get(place)}!}") }`);
      return;
    }
    default: {
      const found = c.movable((type) => type.kind === "optional");
      const place = found.length === 0 ? undefined : random.pick(found);
      if (place === undefined || place.type.kind !== "optional") return;
      const name = c.fresh("v");
      scope.move(place.variable, place.path);
      c.line(`let ${name} ${place.type.item.name} = ${place.text} ?? ${value(c, place.type.item, 1)}`);
      scope.declare(name, place.type.item);
    }
  }
}
