/** Closures: literals where one is wanted, and ones kept in variables with what they capture. */

import type { Context } from "./context.ts";
import type { Variable } from "./scope.ts";
import { bool, i64, isCopy, type FuncType, type Type } from "./types.ts";
import { literal, value } from "./values.ts";

/** Writes a body over parameters of the types; what it names of the variables around is only looked at. */
function bodyOver(c: Context, params: readonly { readonly type: Type; readonly reference: boolean }[], result: Type, depth: number): { readonly names: readonly string[]; readonly body: string; readonly captured: readonly Variable[] } {
  const before = c.scope.log;
  const log = new Set<Variable>();
  c.scope.log = log;
  const names: string[] = [];
  const own: Variable[] = [];
  const rounds = c.rounds;
  // It may be called in a loop that is not seen from here.
  c.rounds *= 4;
  const body = c.scope.looking(() => {
    for (const { type, reference } of params) {
      const name = c.fresh("a");
      names.push(name);
      own.push(c.scope.declare(name, type, { reference: reference ? "shared" : "none" }));
    }
    return value(c, result, depth);
  });
  c.rounds = rounds;
  c.scope.log = before;
  const captured = [...log].filter((variable) => !own.includes(variable));
  for (const variable of captured) before?.add(variable);
  return { names, body, captured };
}

/** As `bodyOver`, for a closure that lasts to the end of the statement. */
export function inlineBody(c: Context, params: readonly { readonly type: Type; readonly reference: boolean }[], result: Type, depth: number): { readonly names: readonly string[]; readonly body: string } {
  const { names, body, captured } = bodyOver(c, params, result, depth);
  for (const variable of captured) c.scope.borrow(variable, "shared");
  return { names, body };
}

/** A closure where one is wanted for good: it captures nothing that it would borrow. */
export function closureLiteral(c: Context, type: FuncType, depth: number): string {
  // Only variables that are copied, or none: an owned environment without moves.
  const hidden = c.scope.variables.filter((variable) => !c.scope.hidden.has(variable) && !(isCopy(variable.type) && variable.reference === "none" && variable.type.kind !== "struct"));
  for (const variable of hidden) c.scope.hidden.add(variable);
  const { names, body } = bodyOver(c, type.params.map((param) => ({ type: param, reference: false })), type.result, Math.min(depth, 1));
  for (const variable of hidden) c.scope.hidden.delete(variable);
  return `move |${names.map((name, i) => `${name} ${type.params[i]?.name}`).join(", ")}| ${body}`;
}

/** A closure in a variable that borrows what it looks at, or moves it. */
export function letClosure(c: Context): void {
  const { random, scope } = c;
  const type = c.funcType();
  const name = c.fresh("call");
  if (type.changes) {
    changing(c, type, name);
    return;
  }
  const moves = random.once(2);
  const params = type.params.map((param) => ({ type: param, reference: false }));
  if (!moves) {
    const { names, body, captured } = bodyOver(c, params, type.result, 2);
    c.line(`let ${name} = |${names.map((given, i) => `${given} ${type.params[i]?.name}`).join(", ")}| ${body}`);
    scope.declare(name, type, { pinned: true, loans: captured.map((of) => ({ of, kind: "shared" as const })) });
    return;
  }
  // What it moves must be movable before the body is written.
  const canMoveIn = (variable: Variable): boolean => {
    if (variable.reference === "mut" || variable.name.includes(".")) return false;
    if (isCopy(variable.type) || variable.reference === "shared") return true;
    return scope.canMove(variable) && variable.loans.length === 0 && !scope.isHeld(variable);
  };
  const hidden = scope.variables.filter((variable) => !scope.hidden.has(variable) && !canMoveIn(variable));
  for (const variable of hidden) c.scope.hidden.add(variable);
  const { names, body, captured } = bodyOver(c, params, type.result, 2);
  for (const variable of hidden) c.scope.hidden.delete(variable);
  const loans = captured.filter(({ reference }) => reference === "shared").flatMap(({ loans }) => loans);
  for (const variable of captured) if (variable.reference === "none" && !isCopy(variable.type)) scope.move(variable);
  c.line(`let ${name} = move |${names.map((given, i) => `${given} ${type.params[i]?.name}`).join(", ")}| ${body}`);
  scope.declare(name, type, { loans });
}

/** A closure that changes one variable around it. */
function changing(c: Context, type: FuncType, name: string): void {
  const { random, scope } = c;
  const places = c.changeable((of) => of.kind === "int" || of.kind === "string" || (of.kind === "list" && of.item.kind === "int")).filter(({ text }) => !text.includes("[") && !text.includes("."));
  if (places.length === 0) return;
  const place = random.pick(places);
  const { variable } = place;
  scope.change(variable);
  const hidden = scope.variables.filter((other) => !scope.hidden.has(other) && (other === variable || other.loans.some(({ of }) => of === variable) || variable.loans.some(({ of }) => of === other)));
  for (const other of hidden) scope.hidden.add(other);
  const { names, body, captured } = bodyOver(c, type.params.map((param) => ({ type: param, reference: false })), type.result, 1);
  const change = place.type.kind === "int" ? `${c.get(place)} = ${c.get(place)} +% 1` : place.type.kind === "string" ? `${place.text}.push('+')` : place.type.kind === "list" && place.type.item.kind === "int" ? `${place.text}.push(${literal(c, place.type.item)})` : "";
  for (const other of hidden) scope.hidden.delete(other);
  c.line(`var ${name} = |${names.map((given, i) => `${given} ${type.params[i]?.name}`).join(", ")}| { ${change}; ${/^[a-zA-Z_0-9(]/.test(body) ? body : `(${body})`} }`);
  scope.declare(name, type, { mutable: true, pinned: true, loans: [{ of: variable, kind: "mut" }, ...captured.map((of) => ({ of, kind: "shared" as const }))] });
}

/** Calls a `mut func` at hand. */
export function callChanging(c: Context): boolean {
  const { random, scope } = c;
  const found = c.changeable((type) => type.kind === "func" && type.changes).filter(({ text }) => !text.includes("[") && !text.includes("."));
  if (found.length === 0 || !c.affords(20)) return false;
  const place = random.pick(found);
  if (place.type.kind !== "func") return false;
  c.spend(20);
  scope.borrow(place.variable, "mut");
  const name = c.fresh("v");
  c.line(`let ${name} ${place.type.result.name} = ${place.text}(${place.type.params.map((param) => value(c, param, 1)).join(", ")})`);
  scope.declare(name, place.type.result);
  return true;
}

/** A condition over one item behind a reference, as `filter` wants it. */
export function testOver(c: Context, item: Type): string {
  const { names, body } = inlineBody(c, [{ type: item, reference: true }], bool, 1);
  return `|${names.join(", ")}| ${body}`;
}

/** A closure from an item to an i64. */
export function keyOver(c: Context, item: Type, reference: boolean): string {
  const { names, body } = inlineBody(c, [{ type: item, reference }], i64, 1);
  return `|${names.join(", ")}| ${body}`;
}
