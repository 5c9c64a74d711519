/**
 * Whether something may be stored behind a value that lies behind it elsewhere: `*self.out = self.name` of a struct of two references. Summaries
 * number all that lies behind an argument as one; that something goes from one place there to another is told by that number among its contents.
 */

import type { Checker } from "../context.ts";
import type { DefinitionId } from "../definitions.ts";
import { throughReferences } from "../traits.ts";
import { TypeKind, isScalar, type TypeId } from "../types.ts";
import { leadsTo } from "./leading.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** With function values within a value, without them, or as who is called by a function value knows it: what a type parameter stands for, too. */
type Parts = "all" | "values" | "called";

export class Mixing {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly known = new Map<TypeId, boolean>();
  private readonly besides = new Map<TypeId, boolean>();
  private readonly several = new Map<TypeId, boolean>();
  private readonly called = new Map<TypeId, boolean>();
  // By what was asked: see leadsTo.
  private readonly mixed: Readonly<Record<Parts, Map<number, boolean>>> = { all: new Map(), values: new Map(), called: new Map() };
  private readonly running = new Map<TypeId, boolean>();
  private readonly runningOwn = new Map<TypeId, boolean>();

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /** An argument of this type has, further on than what it refers to itself, a place where references may be put. */
  mayMix(type: TypeId): boolean {
    if (isScalar(type)) return false;
    return this.find(type, "all", this.known);
  }

  /** As `mayMix`, for what a function value is given: its own type parameters stand for something there. */
  mayMixCalled(type: TypeId): boolean {
    return !isScalar(type) && this.find(type, "called", this.called);
  }

  /**
   * As `mayMix`, in the body at hand: what a value of a type parameter refers to is behind the parameters that it came from already, of which the
   * summary tells.
   */
  mixesHere(type: TypeId): boolean {
    return this.c.types.kindOf(throughReferences(this.c, type)) !== TypeKind.TypeParameter && this.mayMix(type);
  }

  /** A value of the type holds references at several places, among which they may be moved about. */
  hasSeveral(type: TypeId): boolean {
    const known = this.several.get(type);
    if (known !== undefined) return known;
    const answer = this.placesIn(type, 0, 2) > 1;
    this.several.set(type, answer);
    return answer;
  }

  /** How many places in a value of the type hold references; not more than `most` are counted, and none that lie deep. */
  private placesIn(type: TypeId, depth: number, most: number): number {
    const { facts } = this;
    const { types } = this.c;
    if (!facts.holds(type) || depth > 4) return 0;
    const kind = types.kindOf(type);
    const isOwn = kind === TypeKind.Struct || kind === TypeKind.Enum;
    const parts = !isOwn ? types.partTypes(type) : facts.isLibraryType(type) ? types.items(type) : facts.fieldTypes(type);
    if (!isOwn && parts.length === 0) return 1;
    let count = 0;
    for (const part of parts) {
      count += this.placesIn(part, depth + 1, most - count);
      if (count >= most) break;
    }
    return count;
  }

  /** As `mayMix`, otherwise than through function values within it. */
  mixesBesideFunctions(type: TypeId): boolean { return this.find(type, "values", this.besides); }

  private find(type: TypeId, parts: Parts, table: Map<TypeId, boolean>): boolean {
    const known = table.get(type);
    if (known !== undefined) return known;
    const { types } = this.c;
    const answer = this.facts.holds(type) && (this.facts.isBorrow(type) ? this.mixes(types.inner(type), !types.isMutable(type), parts) : this.mixes(type, false, parts));
    table.set(type, answer);
    return answer;
  }

  /** `isBehindShared`: the value lies behind a shared reference. */
  private mixes(of: TypeId, isBehindShared: boolean, kindOfParts: Parts): boolean {
    const { facts } = this;
    const { types } = this.c;
    // A type, and whether it lies behind a shared reference.
    return leadsTo<number>(of * 2 + (isBehindShared ? 1 : 0), (asked) => {
      const type = (asked >> 1) as TypeId;
      const isShared = (asked & 1) === 1;
      if (isScalar(type) || !facts.holds(type)) return false;
      const all = (parts: readonly TypeId[], shared = isShared): readonly number[] => parts.map((part) => part * 2 + (shared ? 1 : 0));
      switch (types.kindOf(type)) {
        case TypeKind.Reference:
        case TypeKind.Slice: {
          const inner = types.inner(type);
          const isConstant = isShared || !types.isMutable(type);
          return facts.holds(inner) && (!isConstant || facts.behind.holdsCell(inner) || all([inner], isConstant));
        }
        case TypeKind.Struct:
        case TypeKind.Enum: {
          const items = types.items(type);
          if (facts.behind.isSharedOwner(type) && items.some((item) => facts.behind.holdsCell(item))) return true;
          // A cell lends what it holds to be changed, also behind a shared reference.
          const isCell = isShared && facts.isLibraryType(type) && !facts.isCollection(type) && !facts.isOwner(type);
          return isCell ? all(items, false) : all(facts.partsOf(type));
        }
        case TypeKind.TypeParameter:
          return kindOfParts === "called" || !facts.closures.isInert(type);
        case TypeKind.Function:
          return kindOfParts !== "values";
        case TypeKind.Dyn: {
          const known = facts.closures.typesBehind(types.definition(type));
          return known === undefined || all(known);
        }
        default:
          return all(types.partTypes(type));
      }
    }, this.mixed[kindOfParts]);
  }

  /**
   * A value of the type brings code of its own that a function of the library runs: function values, trait objects, implementations of the user's
   * types that may store something. What only lies in the memory of a collection is not run.
   */
  runsCode(type: TypeId): boolean { return this.runs(type, true); }

  /** As `runsCode`, beside function values. */
  runsOwn(type: TypeId): boolean { return this.runs(type, false); }

  private runs(of: TypeId, functions: boolean): boolean {
    const { facts } = this;
    const { types } = this.c;
    return leadsTo(of, (type) => {
      if (isScalar(type)) return false;
      switch (types.kindOf(type)) {
        case TypeKind.Function:
          return functions;
        case TypeKind.Dyn:
        case TypeKind.TypeParameter:
          return true;
        case TypeKind.Struct:
        case TypeKind.Enum:
          if (facts.isOwner(type)) return types.items(type);
          if (facts.isLibraryType(type)) return facts.isCollection(type) ? false : facts.fieldTypes(type);
          return this.mayMix(type);
        case TypeKind.Reference: {
          const target = types.inner(type);
          return types.kindOf(target) === TypeKind.Dyn ? this.isKnownToLibrary(types.definition(target)) : [target];
        }
        default:
          return types.partTypes(type);
      }
    }, functions ? this.running : this.runningOwn);
  }

  /** The library has names for methods of a trait object: of a trait of the user's, those of traits of the library that it demands. */
  private isKnownToLibrary(trait: DefinitionId): boolean {
    const definition = this.c.definition(trait);
    return this.facts.isLibrary(definition) || (definition.kind === "trait" && definition.supertraits.some((one) => this.isKnownToLibrary(one.trait)));
  }
}
