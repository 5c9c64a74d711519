/** Which functions have a summary at all: of most nothing can come out, and nothing be stored through them. */

import { Kind } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import type { TypeId } from "../types.ts";
import type { TypeFacts } from "./typeFacts.ts";

export class SummaryNeeds {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly needed = new Map<FunctionDefinition, boolean>();
  /** Of what these functions of the library hand on it matters only whether they move about what lies behind one argument. */
  private readonly onlyMixing = new Set<FunctionDefinition>();

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /** Anything can come out of it, or be stored through an argument. */
  isNeeded(f: FunctionDefinition): boolean {
    const known = this.needed.get(f);
    if (known !== undefined) return known;
    const { facts } = this;
    if (this.c.ast.kind[f.node] === Kind.Closure) {
      const { program } = this.c;
      const captures = program.capturesOf(f.node);
      const needs = f.parameters.some((type) => this.mayMove(type) || facts.mayHoldItself(type)) || captures.some(({ local }) => {
        const type = program.localType(local);
        return facts.holds(type) && (facts.mayHoldItself(type) || captures.length + f.parameters.length > 1 || facts.mixing.mayMix(type) || facts.inputs.hasParts(type));
      });
      this.needed.set(f, needs);
      return needs;
    }
    // The library hands on through raw pointers, also those to bytes.
    const carries = (type: TypeId): boolean => facts.holds(type) || (facts.isRawPointer(type) && this.facts.isLibrary(f));
    const holders = f.parameters.filter(carries).length;
    const hands = holders > 0 && (carries(f.result) || (!this.facts.isLibrary(f) && f.parameters.some((type) => facts.mayHoldItself(type))) || (holders > 1 && f.parameters.some((type) => facts.behind.holdsBehind(type))) || f.parameters.some((type) => facts.closures.mayHold(type, false)));
    const needed = hands || (holders > 0 && f.parameters.some((type) => this.mayMove(type)));
    if (needed && !hands && this.facts.isLibrary(f)) this.onlyMixing.add(f);
    this.needed.set(f, needed);
    return needed;
  }

  /** Behind an argument of this type something may be moved from one place to another. */
  private mayMove(type: TypeId): boolean {
    const { facts } = this;
    return facts.holds(type) && (facts.mixing.mayMix(type) || facts.closures.ownsParameter(type) || (facts.isMutableBorrow(type) && facts.inputs.hasParts(type)));
  }

  /** It was found needed only for what it moves about behind one argument. */
  isForMixing(f: FunctionDefinition): boolean { return this.onlyMixing.has(f); }
}
