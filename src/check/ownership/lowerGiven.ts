/** Function values that are, for certain, what the body at hand was given: parameters, and fields of parameters that nobody can change. */

import { Kind, UnaryOperator, type Node } from "../../syntax/ast.ts";
import { LocalFlag, MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { LocalId } from "../definitions.ts";
import { TypeKind } from "../types.ts";
import { bodyOf } from "./functions.ts";
import type { Lowering } from "./lowering.ts";

/** The value of `n`, or the function values in it, came in by a parameter. A closure's captures do not count: the function around it may have made them. */
export function isGiven(l: Lowering, n: Node): boolean {
  const { c: { ast, program, types }, flow: { definition, isLibrary } } = l;
  if (isLibrary || ast.kind[definition.node] === Kind.Closure) return false;
  for (let at = n; ; ) {
    const type = program.typeOf(at);
    if (types.kindOf(type) === TypeKind.Reference && types.isMutable(type)) return false;
    const kind = ast.kind[at];
    if (kind === Kind.Paren || kind === Kind.Field || kind === Kind.TupleField) at = ast.operand(at);
    else if (kind === Kind.Unary && ast.unaryOperator(at) === UnaryOperator.Borrow) at = ast.operand(at);
    else {
      const m = program.meaningOf(at);
      if (kind !== Kind.Name || meaningKind(m) !== MeaningKind.Local) return false;
      const local = meaningIndex(m) as LocalId;
      if (l.given.has(local)) return true;
      return definition.parameterLocals.includes(local) && !program.localHas(local, LocalFlag.mutable) && !program.localHas(local, LocalFlag.assigned);
    }
  }
}

/** `var call = f`: a variable that gets no other value is what it was given. (That it is called counts as a change of it.) */
export function noteGiven(l: Lowering, local: LocalId, initialiser: Node): void {
  const { facts, c: { program } } = l;
  const type = program.localType(local);
  if (facts.isFunction(type) && !program.localHas(local, LocalFlag.addressTaken) && isGiven(l, initialiser) && !isReplaced(l, local)) l.given.add(local);
}

/** Some assignment in the body names the variable where it says what is assigned. */
function isReplaced(l: Lowering, local: LocalId): boolean {
  const { c: { ast, program }, flow: { definition } } = l;
  const within = (n: number, whole: number): boolean => n > 0 && (ast.start[n] as number) >= (ast.start[whole] as number) && (ast.end[n] as number) <= (ast.end[whole] as number);
  const body = bodyOf(l.c, definition);
  for (let n: number = body; within(n, body); n--) {
    if (ast.kind[n] !== Kind.Assign) continue;
    const target = ast.left(n as Node);
    for (let at: number = target; within(at, target); at--) {
      const m = ast.kind[at] === Kind.Name ? program.meaningOf(at as Node) : 0;
      if (m !== 0 && meaningKind(m) === MeaningKind.Local && meaningIndex(m) === local) return true;
    }
  }
  return false;
}
