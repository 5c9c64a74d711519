/** Where the loans that a call hands on go: to those parts of its result that can hold what the argument holds. */

import { TypeKind, type TypeId } from "../types.ts";
import { isMark } from "./loanNumbers.ts";
import type { HeldLoans } from "./heldLoans.ts";
import { isStrong } from "./liveness.ts";
import { emptySet, type SetId } from "./loanSets.ts";
import { fieldStep, noPath, variantStep, type PathId } from "./paths.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** Loans that an argument of this type brings. */
export interface Found {
  readonly set: SetId;
  readonly source: TypeId;
}

/** What goes to one part of the result. */
export interface FoundPart {
  readonly steps: readonly number[];
  readonly found: readonly Found[];
}

/**
 * The result of a call gets the loans that came from its arguments, each by the argument's type. An error of `o.ok_or(e)?` does not keep borrowed
 * what `o` refers to where it cannot refer to such a thing.
 */
export function putResult(h: HeldLoans, facts: TypeFacts, to: PathId, found: readonly Found[], parts: readonly FoundPart[]): void {
  if (h.flow.paths.baseOf(to) !== to || !isStrong(h.flow, to)) {
    h.put(to, h.fitting(found.reduce<SetId>((all, one) => h.sets.union(all, one.set), emptySet), to), 0);
    return;
  }
  h.put(to, emptySet, 0);
  if (parts.length === 0) for (const { set, source } of found) add(h, facts, to, set, source);
  for (const part of parts) for (const { set, source } of part.found) add(h, facts, h.within(to, part.steps), set, source);
}

function add(h: HeldLoans, facts: TypeFacts, to: PathId, set: SetId, source: TypeId): void {
  if (set === emptySet) return;
  const { flow, sets } = h;
  const hold = (path: PathId, more: SetId): void => h.setHeld(path, sets.union(h.at(path), h.fitting(more, path)));
  const parts = partsOf(facts, flow.paths.typeOf(to));
  if (parts === undefined || flow.isLibrary) {
    hold(to, set);
    return;
  }
  for (const { step, type } of parts) {
    if (!facts.holds(type)) continue;
    // Marks, and what Rcs share, are not told by types.
    const kept = facts.pointees.mayShare(type, source)
      ? set
      : sets.filter(set, (loan) => isMark(loan) || (flow.shares && flow.isShared(loan - flow.firstLoan)));
    const path = flow.paths.find(to, step);
    if (path === noPath || flow.paths.baseOf(path) !== path) hold(to, kept);
    else add(h, facts, path, kept, source);
  }
}

/** The parts of an optional, a Result or a tuple. */
function partsOf(facts: TypeFacts, type: TypeId): readonly { readonly step: number; readonly type: TypeId }[] | undefined {
  const { types } = facts;
  switch (types.kindOf(type)) {
    case TypeKind.Result:
      return [{ step: variantStep(0, 0), type: types.inner(type) }, { step: variantStep(1, 0), type: types.errorType(type) }];
    case TypeKind.Optional:
      return [{ step: variantStep(1, 0), type: types.inner(type) }];
    case TypeKind.Tuple:
      return types.items(type).map((item, i) => ({ step: fieldStep(i), type: item }));
    default:
      return undefined;
  }
}
