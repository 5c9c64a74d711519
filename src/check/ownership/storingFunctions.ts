/**
 * Which function values of the program store something behind what they are given, as their summaries tell. Generic code that calls one knows nothing
 * of it: behind a value of a type parameter's type there is a place only for who knows what that stands for.
 */

import type { Checker } from "../context.ts";
import type { FunctionDefinition } from "../definitions.ts";
import { TypeKind, isScalar, type TypeId } from "../types.ts";
import { leadsTo } from "./leading.ts";
import { isLike } from "./likeClosures.ts";
import { wholeNumber, wholeOf, type Input } from "./inputs.ts";
import { isMark, moveMark, strayMark } from "./loanNumbers.ts";
import type { Summary } from "./summary.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** By parameter of a function: what it stores behind that, as numbers of a summary by whole parameters and captures. */
export type StoredInParameters = readonly (readonly number[])[];

export class StoringFunctions {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly known = new Map<FunctionDefinition, StoredInParameters>();
  private readonly within = new Map<TypeId, boolean>();
  private readonly answers = new Map<TypeId, StoredInParameters | undefined>();

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /** Takes in a function's summary. True if what it says is new. */
  add(f: FunctionDefinition, inputs: readonly Input[], { contents, places }: Summary): boolean {
    const found = f.parameters.map(() => new Set<number>());
    for (const lists of [contents, places]) {
      lists.forEach((numbers, i) => {
        const to = wholeOf(inputs, i);
        for (const one of numbers) {
          if (isMark(one)) {
            if (one === moveMark) found[to]?.add(to * 2 + 1);
          } else if (one < strayMark && one !== i * 2 + 1) {
            found[to]?.add(wholeNumber(inputs, one));
          }
        }
      });
    }
    const size = (lists: readonly Iterable<number>[]): number => lists.reduce((sum, list) => sum + [...list].length, 0);
    if (size(found) === size(this.known.get(f) ?? [])) return false;
    this.known.set(f, found.map((one) => [...one]));
    this.answers.clear();
    this.within.clear();
    return true;
  }

  get isEmpty(): boolean { return this.known.size === 0; }

  /** What this function stores behind its parameters; undefined: nothing. */
  by(f: FunctionDefinition): StoredInParameters | undefined { return this.known.get(f); }

  /** What function values of this type may store behind what they are given. What they captured is held by the value, which counts as one more parameter. */
  byType(type: TypeId): StoredInParameters | undefined {
    if (this.known.size === 0) return undefined;
    if (this.answers.has(type)) return this.answers.get(type);
    const like = [...this.known].filter(([f]) => isLike(this.c, f, type)).map(([, lists]) => lists);
    const found = like[0]?.map((_, i, { length }) => [...new Set(like.flatMap((lists) => lists[i] ?? []).map((one) => Math.min(one, length * 2 + 1)))]);
    this.answers.set(type, found);
    return found;
  }

  /** They store references that they are given, and not only what lies behind these. */
  storesReferences(type: TypeId): boolean {
    return this.byType(type)?.some((numbers, _, { length }) => numbers.some((one) => (one & 1) === 0 && one < length * 2)) === true;
  }

  /** Such a function value may lie within a value of the type. */
  isWithin(of: TypeId): boolean {
    const { facts, c: { types } } = this;
    return leadsTo(of, (type) => {
      if (isScalar(type)) return false;
      if (types.kindOf(type) === TypeKind.Function) return this.byType(type) !== undefined;
      return types.isReferring(type) ? [types.inner(type)] : facts.partsOf(type);
    }, this.within);
  }
}
