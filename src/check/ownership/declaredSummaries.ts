/**
 * Summaries of functions whose bodies nobody sees: methods that traits declare, function values. Their types alone say what they may do, so they are the
 * widest that those allow.
 */

import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { T, TypeKind, type TypeId } from "../types.ts";
import { lentMark, mixMark, strayMark, viewMark } from "./loanNumbers.ts";
import type { StoredInParameters, StoringFunctions } from "./storingFunctions.ts";
import { summary, type Summary } from "./summary.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class DeclaredSummaries {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly storing: StoringFunctions;

  constructor(c: Checker, facts: TypeFacts, storing: StoringFunctions) {
    this.c = c;
    this.facts = facts;
    this.storing = storing;
  }

  /** A function without a body that is seen. */
  of(f: FunctionDefinition): Summary {
    return this.widest(f.parameters, f.result, false, this.marksOf(f));
  }

  /** What a function without a body that is seen may give to closures, beside what it was given: references to its own variables. */
  marksOf(f: FunctionDefinition): readonly number[] {
    if (f.trait === 0) return [];
    // Whoever makes a collection of an iterator's items asks that for them.
    const collects = this.facts.isLibrary(f) && this.c.nameText(this.c.definition(f.trait).name) === "FromIterator";
    if (!collects && !this.facts.closures.callsClosures(f.trait)) return [];
    return this.facts.isLibrary(f) ? [lentMark] : [strayMark, lentMark];
  }

  /**
   * The widest that the types allow. What is written as a type parameter holds only what arguments hold that are written with one, not the
   * references that lead there. `isQuiet`: function values store nothing behind these.
   */
  widest(parameters: readonly TypeId[], result: TypeId, hasValue: boolean, marks: readonly number[], isQuiet = false): Summary {
    const { facts } = this;
    const all: number[] = [];
    const generic: number[] = [];
    parameters.forEach((type, i) => {
      if (!facts.holds(type)) return;
      if (hasValue && i === parameters.length - 1) {
        // It is called through a reference; what it hands on is held by the value itself.
        all.push(i * 2 + 1);
        generic.push(i * 2 + 1);
        return;
      }
      all.push(i * 2, i * 2 + 1);
      if (this.isBorrow(type)) generic.push(i * 2 + 1);
      else generic.push(i * 2, i * 2 + 1);
    });
    const open = isQuiet ? undefined : this.storedByValues(parameters, hasValue);
    const of = (type: TypeId, isAny = facts.writesReference(type)): readonly number[] => {
      if (!facts.holds(type)) return [];
      const known = isAny ? all : generic;
      return known.length > 0 && facts.behind.refersToView(type) ? [...known, viewMark] : known;
    };
    const stored = (type: TypeId, i: number): readonly number[] => {
      if (!facts.holds(type) || (hasValue && i === parameters.length - 1)) return [];
      let found: number[] = [];
      if (facts.isFunction(type)) {
        // It may be called with what the others hold.
        const items = this.c.types.items(type);
        for (const item of items) found.push(...of(item));
        if (items.some((item) => facts.writesReference(item))) found.push(...marks);
      } else {
        if (facts.behind.holdsBehind(type)) found.push(...of(this.behind(type)));
        if (open !== undefined && facts.behind.holdsUnknown(type)) found.push(...(open === "any" ? of(this.behind(type), true) : (open[i] ?? [])));
        if (marks.length > 0 && facts.closures.mayHold(type, true)) found.push(...marks);
      }
      found = found.filter((one, at) => one !== i * 2 && one !== i * 2 + 1 && found.indexOf(one) === at);
      if (hasValue ? facts.mixing.mayMixCalled(type) : facts.mixing.mayMix(type)) found.push(mixMark);
      return found;
    };
    return summary(of(result), parameters.map(stored));
  }

  /** Who made a function value that is called, or handed over, may know of a place behind a type parameter's value: what is stored there. */
  private storedByValues(parameters: readonly TypeId[], hasValue: boolean): StoredInParameters | "any" | undefined {
    if (!parameters.some((type) => this.facts.behind.holdsUnknown(type))) return undefined;
    if (hasValue) return this.storing.byType(parameters[parameters.length - 1] as TypeId);
    return parameters.some((type) => this.facts.isFunction(type) && this.storing.byType(type) !== undefined) ? "any" : undefined;
  }

  private isBorrow(type: TypeId): boolean {
    const kind = this.c.types.kindOf(type);
    return kind === TypeKind.Reference || kind === TypeKind.Slice || type === T.str;
  }

  private behind(type: TypeId): TypeId {
    const { types } = this.c;
    let at = type;
    while (types.kindOf(at) === TypeKind.Reference || types.kindOf(at) === TypeKind.Pointer) at = types.inner(at);
    return at;
  }
}
