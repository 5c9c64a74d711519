/** Implementations against their traits: callers of a trait's method know only the widest summary that its declaration allows. */

import type { Checker } from "../context.ts";
import type { FunctionDefinition, ImplDefinition } from "../definitions.ts";
import { localName } from "./describe.ts";
import type { TypeFacts } from "./typeFacts.ts";
import { isMark, mixMark, passMark, strayMark, viewMark } from "./loanNumbers.ts";
import type { Summaries } from "./summaries.ts";

/** Reports what a method of a trait hands on beyond its declaration. */
export function checkImplementation(c: Checker, summaries: Summaries, facts: TypeFacts, implementation: ImplDefinition): void {
  const { trait } = implementation;
  const declared = trait === undefined ? undefined : c.definition(trait.trait);
  if (declared?.kind !== "trait") return;
  for (const method of implementation.methods) {
    const declaration = declared.methods.find((one) => one.name === method.name);
    if (declaration === undefined || !method.bodyChecked || method.origin !== "lang") continue;
    const found = summaries.byWholes(method, summaries.of(method));
    if (found.isEmpty) continue;
    const allowed = summaries.declared.of(declaration);
    const beyond = found.result.filter((one) => one !== viewMark && !allowed.result.includes(one));
    if (beyond.length > 0) {
      report(c, method, declaration, `the result of ${c.nameText(method.name)} may hold ${names(c, method, beyond)}, which ${c.nameText(declared.name)} does not allow`);
      continue;
    }
    found.contents.forEach((items, i) => {
      const type = method.parameters[i] ?? method.owner;
      const isFixed = !facts.behind.changesBehind(type);
      // Function values that know what type parameters stand for may store there what they are given.
      const isUnknown = facts.behind.holdsUnknown(type);
      const permitted = allowed.contents[i] ?? [];
      const isPermitted = (one: number): boolean => {
        if (one >= mixMark || permitted.includes(one)) return true;
        if (one === passMark) return permitted.includes(strayMark) || !facts.closures.passesAnything();
        return isFixed && !isMark(one) && (!isUnknown || one >> 1 === i);
      };
      const stored = items.filter((one) => !isPermitted(one));
      if (stored.length > 0) report(c, method, declaration, `what ${names(c, method, [i * 2])} refers to may hold ${names(c, method, stored)}, which ${c.nameText(declared.name)} does not allow`);
    });
  }
}

function report(c: Checker, method: FunctionDefinition, declaration: FunctionDefinition, message: string): void {
  c.errorAt("E0419", c.nameSpan(method.node, method.name), message, {
    labels: c.declaredAt(declaration, "what is written as a type parameter holds only what the arguments hold"),
    advice: ["give a value that does not refer to the argument itself: a copy, a clone, an index"],
  });
}

/** "self, what other holds" */
function names(c: Checker, f: FunctionDefinition, items: readonly number[]): string {
  return items.map((one) => {
    if (isMark(one)) return "variables of its own";
    const local = f.parameterLocals[one >> 1];
    const name = local === undefined ? `argument ${(one >> 1) + 1}` : localName(c, local);
    return (one & 1) === 0 ? name : `what ${name} holds`;
  }).join(", ");
}
