/** Closures: what they capture, by references or by value. */

import type { Node } from "../../syntax/ast.ts";
import { meaningIndex } from "../checkedProgram.ts";
import { T } from "../types.ts";
import { capturedPlaces } from "./capturedPlaces.ts";
import { Op, StatementFlag } from "./flow.ts";
import { place } from "./lowerPlaces.ts";
import type { Lowering } from "./lowering.ts";
import { fieldStep, noPath, type PathId } from "./paths.ts";

/** Fields of a variable go to the same fields of `to`. */
function takeParts(l: Lowering, variable: PathId, to: PathId, parts: readonly Node[]): void {
  const { paths } = l.flow;
  for (const part of parts) {
    const from = place(l, part);
    if (from === noPath || !l.facts.isTracked(paths.typeOf(from))) continue;
    const steps: PathId[] = [];
    for (let at = from; at !== variable; at = paths.parent(at)) steps.unshift(at);
    l.take(from, to === noPath ? to : steps.reduce<PathId>((at, step) => l.field(at, paths.stepOf(step), paths.typeOf(step)), to), part, StatementFlag.adds);
  }
}

/** A closure holds what it captures: references to variables, or their values. */
export function lowerClosure(l: Lowering, n: Node, to: PathId): void {
  const { program, types } = l.c;
  const captures = program.capturesOf(n);
  if (l.block < 0) return;
  const definition = l.c.definition(meaningIndex(program.meaningOf(n)));
  const f = definition.kind === "function" ? definition : undefined;
  if (f !== undefined && to !== noPath && !l.flow.isLibrary) l.noteFunction(to, f);
  if (captures.length === 0) return;
  if (f !== undefined) l.flow.closures.push(f);
  const value = to === noPath ? l.temporary(program.typeOf(n), n) : to;
  let owned: PathId = noPath;
  const loans: number[][] = [];
  const places: PathId[] = [];
  const variables: PathId[] = [];
  captures.forEach((capture, i) => {
    const { local, mode, node } = capture;
    const path = l.local(local);
    const first = l.flow.loans.length;
    let place: PathId = noPath;
    if (mode === "borrow" || mode === "borrowMut") {
      for (const one of capturedPlaces(l, n, capture)) l.borrow(one.path, one.mutable, value, one.node, StatementFlag.adds, 0 as Node, f, i);
    } else {
      // Its own memory, which lives where the closure does.
      if (owned === noPath) owned = l.temporary(types.tuple(captures.map((one) => program.localType(one.local))), n);
      if (l.facts.isTracked(program.localType(local))) place = l.field(owned, fieldStep(i), program.localType(local));
      if (capture.parts.length === 0) l.take(path, place, node, StatementFlag.adds);
      else takeParts(l, path, place, capture.parts);
    }
    places.push(place);
    variables.push(path);
    // The environment is held by the closure alone, and not by what its body hands on of its captures.
    const borrows = Array.from({ length: mode === "borrow" || mode === "borrowMut" ? l.flow.loans.length - first : 0 }, (_, k) => first + k);
    loans.push(borrows.filter((loan) => !l.flow.frames.has(l.flow.loans[loan]?.place ?? noPath)));
  });
  if (owned !== noPath) {
    l.emit(Op.copy, value, owned, n, StatementFlag.adds);
    l.borrow(owned, false, value, n, StatementFlag.adds, 0 as Node, f);
  }
  if (f === undefined) return;
  l.flow.made.set(f, { loans, owned: places, variables });
  l.flow.calls.push({ node: n, callee: f, rule: "captures", args: owned === noPath ? [value] : [value, owned], parameters: [], result: T.void });
  l.emit(Op.call, 0, l.flow.calls.length - 1, n);
}
