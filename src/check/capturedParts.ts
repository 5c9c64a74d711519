/** Which fields of a variable a moving closure takes: those that it names, if it names nothing else of the variable. */

import { Kind, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import type { LocalId } from "./definitions.ts";
import { derefTarget, findImpl } from "./implementations.ts";
import { Names } from "../source/interner.ts";
import { TypeKind, type TypeId } from "./types.ts";

/** The fields, each where it is first named, in that order and none within another; none: the variable as a whole. */
export function capturedParts(c: Checker, closure: Node, local: LocalId): readonly Node[] {
  const { ast, program } = c;
  const type = program.localType(local);
  if (!isParted(c, type)) return [];
  const from = ast.start[closure] as number;
  const to = ast.end[closure] as number;
  // Children come before their parents, so the closure's nodes are the run that ends with it.
  let first = closure;
  while (first > 1 && (ast.start[first - 1] as number) >= from && (ast.end[first - 1] as number) <= to) first--;
  const fieldOf = new Map<Node, Node>();
  const uses: Node[] = [];
  for (let n = first as Node; n < closure; n++) {
    const kind = ast.kind[n];
    if (kind === Kind.Closure && program.ownsCaptures(n) && program.capturesOf(n).some((one) => one.local === local)) return [];
    if (kind === Kind.TupleField || (kind === Kind.Field && meaningKind(program.meaningOf(n)) === MeaningKind.Field)) fieldOf.set(ast.operand(n), n);
    const means = program.meaningOf(n);
    if (kind === Kind.Name && meaningKind(means) === MeaningKind.Local && meaningIndex(means) === local) uses.push(n);
  }
  const found = new Map<string, Node>();
  for (const use of uses) {
    let top = use;
    let object = type;
    let key = "";
    for (let next = fieldOf.get(top); next !== undefined && isParted(c, object); next = fieldOf.get(top)) {
      key += `.${ast.kind[next] === Kind.TupleField ? ast.tupleIndex(next) : meaningIndex(program.meaningOf(next))}`;
      top = next;
      object = program.typeOf(top);
    }
    if (top === use) return [];
    if (!found.has(key)) found.set(key, top);
  }
  const isWithin = (key: string): boolean => [...found.keys()].some((outer) => key.startsWith(`${outer}.`));
  return [...found].filter(([key]) => !isWithin(key)).map(([, node]) => node);
}

/** A tuple, or a struct without a Drop, whose fields are its own: they move by themselves. */
function isParted(c: Checker, type: TypeId): boolean {
  const kind = c.types.kindOf(type);
  if (kind !== TypeKind.Struct) return kind === TypeKind.Tuple;
  const drop = c.knownTraits.get(Names.Drop);
  return derefTarget(c, type) === 0 && (drop === undefined || findImpl(c, type, drop, []) === undefined);
}
