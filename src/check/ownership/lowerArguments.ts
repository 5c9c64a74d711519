/** Arguments of calls: in which order they are taken, and what function values among them are lent. */

import { Kind, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { isQuiet, operand, used } from "./lowerExpressions.ts";
import { isPlaceKind, place } from "./lowerPlaces.ts";
import type { Lowering } from "./lowering.ts";
import { noPath, type PathId } from "./paths.ts";

/**
 * Arguments, in order. A `&mut` that is passed on is reborrowed behind the others, which may look at what it refers to, as a receiver is; meanwhile that stays as it is.
 */
export function operands(l: Lowering, nodes: readonly Node[]): PathId[] {
  const { types, program } = l.c;
  const later: (() => void)[] = [];
  const args = nodes.map((node, i): PathId => {
    const at = l.c.ast.withoutParentheses(node);
    const type = program.typeOf(node);
    if (i === nodes.length - 1 || program.wantedOf(node) !== 0 || !l.facts.isMutableBorrow(type) || !isPlaceKind(l, at) || l.block < 0) return operand(l, node);
    const path = place(l, at);
    if (path === noPath) return noPath;
    const to = l.temporary(type, node);
    let keeper: PathId = noPath;
    if (!nodes.slice(i + 1).every((other) => isQuiet(l, other))) {
      // The reference is not replaced either: its value was taken.
      keeper = l.temporary(types.reference(type, false), node);
      l.borrow(path, false, keeper, node);
    }
    later.push(() => {
      used(l, keeper, node);
      l.take(path, to, node);
      l.temporaries.push(to);
    });
    return to;
  });
  for (const reborrow of later) reborrow();
  return args;
}

/** As `lend`, for function values within an argument: `func run[R](all &List[func(&T) R], given &T) R`. The library calls those only that it was given as arguments before. */
export function lendWithin(l: Lowering, callee: FunctionDefinition, n: Node, parameter: TypeId | undefined, given: TypeId): void {
  const { facts, flow, c: { types } } = l;
  if (parameter === undefined || flow.isLibrary || facts.isLibrary(callee) || types.kindOf(parameter) === TypeKind.Function) return;
  const seen = new Set<TypeId>();
  const look = (type: TypeId, actual: TypeId): void => {
    if (!types.hasParameter(type) || seen.has(type) || types.kindOf(type) !== types.kindOf(actual)) return;
    seen.add(type);
    const all = (parts: readonly TypeId[], others: readonly TypeId[]): void => { parts.forEach((part, i) => { look(part, others[i] ?? T.void); }); };
    switch (types.kindOf(type)) {
      case TypeKind.Function: {
        const result = types.inner(type);
        const parameters = types.items(type).flatMap((item, i) => (facts.isBorrow(item) ? [i] : []));
        if (parameters.length > 0 && types.hasParameter(result) && !facts.writesReference(result)) flow.lent.push({ node: n, f: undefined, type: actual, parameters });
        look(result, types.inner(actual));
        return;
      }
      case TypeKind.Struct:
      case TypeKind.Enum:
        all(types.items(type), types.items(actual));
        if (!facts.isLibraryType(type)) all(facts.fieldTypes(type), facts.fieldTypes(actual));
        return;
      default:
        if (types.isReferring(type)) look(types.inner(type), types.inner(actual));
        else all(types.partTypes(type), types.partTypes(actual));
    }
  };
  look(parameter, given);
}

/** `func with[R](&self, f func(&T) R) R`: what f is given ends with its call, so R must not refer to it. */
export function lend(l: Lowering, callee: FunctionDefinition, n: Node, parameter: TypeId | undefined): void {
  const { ast, program, types } = l.c;
  if (parameter === undefined || l.flow.isLibrary || types.kindOf(parameter) !== TypeKind.Function) return;
  const result = types.inner(parameter);
  if (!types.hasParameter(result) || l.facts.writesReference(result)) return;
  // The library compares the keys of a sort while the items stay where they are.
  if (l.facts.isLibrary(callee) && !l.facts.holds(callee.result)) return;
  const parameters = types.items(parameter).flatMap((type, i) => (l.facts.isBorrow(type) ? [i] : []));
  if (parameters.length === 0) return;
  const at = l.c.ast.withoutParentheses(n);
  const m = program.meaningOf(at);
  const definition = meaningKind(m) === MeaningKind.Definition || ast.kind[at] === Kind.Closure ? l.c.definition(meaningIndex(m)) : undefined;
  l.flow.lent.push({ node: n, f: definition?.kind === "function" ? definition : undefined, type: program.typeOf(n), parameters });
}
