/**
 * Whether something may be stored behind a value that lies behind it elsewhere: `*self.out = self.name` of a struct of two references. Summaries
 * number all that lies behind an argument as one; that something goes from one place there to another is told by that number among its contents.
 */

import type { Checker } from "../context.ts";
import type { DefinitionId } from "../definitions.ts";
import { throughReferences } from "../traits.ts";
import { TypeKind, isScalar, type TypeId } from "../types.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** With function values within a value, without them, or as who is called by a function value knows it: what a type parameter stands for, too. */
type Parts = "all" | "values" | "called";

export class Mixing {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly known = new Map<TypeId, boolean>();
  private readonly besides = new Map<TypeId, boolean>();
  private readonly called = new Map<TypeId, boolean>();
  private readonly running = new Map<TypeId, boolean>();

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
    const { facts } = this;
    const { types } = this.c;
    const count = (of: TypeId, depth: number): number => {
      if (!facts.holds(of) || depth > 4) return 0;
      const sum = (parts: readonly TypeId[]): number => parts.reduce((total, part) => total + count(part, depth + 1), 0);
      switch (types.kindOf(of)) {
        case TypeKind.Array:
        case TypeKind.Optional:
        case TypeKind.Result:
        case TypeKind.Tuple:
          return sum(types.partTypes(of));
        case TypeKind.Struct:
        case TypeKind.Enum:
          return facts.isLibraryType(of) ? sum(types.items(of)) : sum(facts.fieldTypes(of));
        default:
          return 1;
      }
    };
    return count(type, 0) > 1;
  }

  /** As `mayMix`, otherwise than through function values within it. */
  mixesBesideFunctions(type: TypeId): boolean { return this.find(type, "values", this.besides); }

  private find(type: TypeId, parts: Parts, table: Map<TypeId, boolean>): boolean {
    const known = table.get(type);
    if (known !== undefined) return known;
    const { types } = this.c;
    const answer = this.facts.holds(type) && (this.facts.isBorrow(type) ? this.mixes(types.inner(type), !types.isMutable(type), parts, new Set()) : this.mixes(type, false, parts, new Set()));
    table.set(type, answer);
    return answer;
  }

  /** `isShared`: the value lies behind a shared reference. What was looked at there (`seen`) is another question where it lies otherwise. */
  private mixes(type: TypeId, isShared: boolean, parts: Parts, seen: Set<number>): boolean {
    const { facts } = this;
    const { types } = this.c;
    const asked = type * 2 + (isShared ? 1 : 0);
    if (isScalar(type) || seen.has(asked) || !facts.holds(type)) return false;
    const one = (part: TypeId): boolean => this.mixes(part, isShared, parts, seen);
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
      case TypeKind.Slice: {
        const isConstant = isShared || !types.isMutable(type);
        return facts.holds(types.inner(type)) && (!isConstant || facts.behind.holdsCell(types.inner(type)) || this.mixes(types.inner(type), isConstant, parts, seen));
      }
      case TypeKind.Array:
      case TypeKind.Optional:
      case TypeKind.Result:
      case TypeKind.Tuple:
        return types.partTypes(type).some(one);
      case TypeKind.Struct:
      case TypeKind.Enum: {
        seen.add(asked);
        if (facts.isOwner(type)) return types.items(type).some((item) => (facts.behind.isSharedOwner(type) && facts.behind.holdsCell(item)) || one(item));
        // A cell lends what it holds to be changed, also behind a shared reference.
        if (isShared && facts.isLibraryType(type) && !facts.isCollection(type)) return types.items(type).some((item) => this.mixes(item, false, parts, seen));
        if (types.items(type).some(one)) return true;
        return !facts.isCollection(type) && facts.fieldTypes(type).some(one);
      }
      case TypeKind.TypeParameter:
        return parts === "called" || !facts.closures.isInert(type);
      case TypeKind.Function:
        return parts !== "values";
      case TypeKind.Dyn:
        seen.add(asked);
        return facts.closures.typesBehind(types.definition(type))?.some(one) !== false;
      default:
        return types.kindOf(type) !== TypeKind.Pointer;
    }
  }

  /**
   * A value of the type brings code of its own that a function of the library runs: function values, trait objects, implementations of the user's
   * types that may store something. What only lies in the memory of a collection is not run.
   */
  runsCode(type: TypeId): boolean {
    const known = this.running.get(type);
    if (known !== undefined) return known;
    const answer = this.runs(type, new Set());
    this.running.set(type, answer);
    return answer;
  }

  /** As `runsCode`, beside function values. */
  runsOwn(type: TypeId): boolean { return this.runs(type, new Set(), false); }

  private runs(type: TypeId, seen: Set<TypeId>, functions = true): boolean {
    const { facts } = this;
    const { types } = this.c;
    if (isScalar(type) || seen.has(type)) return false;
    seen.add(type);
    const one = (part: TypeId): boolean => this.runs(part, seen, functions);
    switch (types.kindOf(type)) {
      case TypeKind.Function:
        return functions;
      case TypeKind.Dyn:
      case TypeKind.TypeParameter:
        return true;
      case TypeKind.Struct:
      case TypeKind.Enum:
        if (facts.isOwner(type)) return types.items(type).some(one);
        if (facts.isLibrary(this.c.definition(types.definition(type)))) return !facts.isCollection(type) && facts.fieldTypes(type).some(one);
        return this.mayMix(type);
      case TypeKind.Reference: {
        const target = types.inner(type);
        return types.kindOf(target) === TypeKind.Dyn ? this.isKnownToLibrary(types.definition(target)) : one(target);
      }
      default:
        return types.partTypes(type).some(one);
    }
  }

  /** The library has names for methods of a trait object: of a trait of the user's, those of traits of the library that it demands. */
  private isKnownToLibrary(trait: DefinitionId): boolean {
    const definition = this.c.definition(trait);
    return this.facts.isLibrary(definition) || (definition.kind === "trait" && definition.supertraits.some((one) => this.isKnownToLibrary(one.trait)));
  }
}
