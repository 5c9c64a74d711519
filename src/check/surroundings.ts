/** Looking at one declaration in the middle of another: what the checker is at is put aside, and taken up again. */

import type { Checker, Unit } from "./context.ts";
import { noParameters } from "./definitions.ts";
import type { TypeId } from "./types.ts";

/** Where the checker was before it turned to something else, and where that is. */
type Surroundings = Pick<Checker, "unit" | "selfType" | "typeParameters" | "result" | "resultNode" | "functionStart" | "inClosure" | "closureFloor" | "closure" | "inFunction" | "inDefer" | "diverges"> & {
  readonly loopBase: number;
  readonly scope: number;
};

/** Turns to a declaration as if nothing else were being checked: in another module, outside any function. Give what it returns to `turnBack`. */
export function turnTo(c: Checker, unit: Unit, selfType: TypeId): Surroundings {
  const { unit: oldUnit, selfType: oldSelf, typeParameters, result, resultNode, functionStart, inClosure, closureFloor, closure, inFunction, inDefer, diverges, loops } = c;
  c.unit = unit;
  c.selfType = selfType;
  c.typeParameters = noParameters;
  c.functionStart = c.scopes.top;
  c.inClosure = false;
  c.closure = undefined;
  c.inFunction = false;
  c.inDefer = false;
  c.diverges = false;
  const loopBase = loops.base;
  loops.base = loops.depth;
  return { unit: oldUnit, selfType: oldSelf, typeParameters, result, resultNode, functionStart, inClosure, closureFloor, closure, inFunction, inDefer, diverges, loopBase, scope: c.scopes.enter() };
}

/** Goes on where `turnTo` was called. */
export function turnBack(c: Checker, before: Surroundings): void {
  c.scopes.leave(before.scope);
  c.loops.base = before.loopBase;
  c.unit = before.unit;
  c.selfType = before.selfType;
  c.typeParameters = before.typeParameters;
  c.result = before.result;
  c.resultNode = before.resultNode;
  c.functionStart = before.functionStart;
  c.inClosure = before.inClosure;
  c.closureFloor = before.closureFloor;
  c.closure = before.closure;
  c.inFunction = before.inFunction;
  c.inDefer = before.inDefer;
  c.diverges = before.diverges;
}

/** Runs `work` as if nothing else were being checked. */
export function isolated<R>(c: Checker, unit: Unit, selfType: TypeId, work: () => R): R {
  const before = turnTo(c, unit, selfType);
  const value = work();
  turnBack(c, before);
  return value;
}
