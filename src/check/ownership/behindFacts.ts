/** What lies behind the references of a type: whether it may hold references, change, or be shared with others. */

import type { Checker } from "../context.ts";
import { T, TypeKind, isScalar, type TypeId } from "../types.ts";
import { leadsTo } from "./leading.ts";
import type { TypeFacts } from "./typeFacts.ts";

export const sharedOwners: ReadonlySet<string> = new Set(["Rc", "Weak", "Arc", "ArcWeak"]);

export class BehindFacts {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  // By what was asked: see leadsTo.
  private readonly holding = new Map<TypeId, boolean>();
  private readonly storing = new Map<TypeId, boolean>();
  private readonly unknown = new Map<TypeId, boolean>();
  private readonly changing = new Map<number, boolean>();
  private readonly cells = new Map<TypeId, boolean>();
  private readonly mutable = new Map<TypeId, boolean>();
  private readonly sharing = new Map<TypeId, boolean>();
  /** By the view that is asked for. */
  private readonly lending = new Map<TypeId, Map<TypeId, boolean>>();
  private readonly reading = new Map<TypeId, boolean>();

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /** What a value of this type refers to may itself hold references. */
  holdsInside(type: TypeId): boolean {
    const { facts, c: { types } } = this;
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
      case TypeKind.Slice:
      case TypeKind.Pointer:
        return facts.holds(types.inner(type));
      case TypeKind.Scalar:
        return false;
      case TypeKind.Array:
      case TypeKind.Optional:
        return this.holdsInside(types.inner(type));
      default:
        return facts.holds(type);
    }
  }

  /** Behind a reference of this type something may be stored that holds references. */
  holdsBehind(of: TypeId): boolean {
    const { facts, c: { types } } = this;
    return leadsTo(of, (type) => {
      switch (types.kindOf(type)) {
        case TypeKind.Reference:
        case TypeKind.Slice:
          return facts.holds(types.inner(type)) && (types.isMutable(type) || this.holdsCell(types.inner(type)));
        case TypeKind.Pointer:
          return facts.holds(types.inner(type));
        case TypeKind.Function:
          return types.isMutable(type) && facts.holds(type);
        case TypeKind.Struct:
        case TypeKind.Enum:
          return facts.fieldTypes(type);
        default:
          return types.partTypes(type);
      }
    }, this.holding);
  }

  /** As `holdsBehind`, for who does not know what type parameters stand for: anything may be stored behind such. */
  mayStoreBehind(of: TypeId): boolean {
    return this.holdsBehind(of) || this.leadsToParameter(of, () => true, this.storing);
  }

  /** Behind a value of the type lies what stands for a type parameter of the user's. The library's bodies are looked at for all programs. */
  holdsUnknown(of: TypeId): boolean {
    return this.leadsToParameter(of, (type) => !this.facts.isLibrary(this.c.definition(this.c.types.definition(type))), this.unknown);
  }

  private leadsToParameter(of: TypeId, isOne: (type: TypeId) => boolean, known: Map<TypeId, boolean>): boolean {
    const { facts, c: { types } } = this;
    return leadsTo(of, (type) => {
      if (isScalar(type) || !facts.holds(type)) return false;
      const kind = types.kindOf(type);
      if (kind === TypeKind.TypeParameter) return isOne(type);
      return kind !== TypeKind.Function && (types.isReferring(type) ? [types.inner(type)] : facts.partsOf(type));
    }, known);
  }

  /**
   * As `holdsBehind`, told apart for who has only an argument of this type: what a collection owns is seen by nobody else, and does not change
   * behind a shared reference. `isShared`: behind one.
   */
  changesBehind(of: TypeId): boolean {
    const { facts, c: { types } } = this;
    // A type, and whether it lies behind a shared reference.
    return leadsTo<number>(of * 2, (asked) => {
      const type = (asked >> 1) as TypeId;
      const isShared = (asked & 1) === 1;
      const all = (parts: readonly TypeId[]): readonly number[] => parts.map((part) => part * 2 + (asked & 1));
      switch (types.kindOf(type)) {
        case TypeKind.Reference:
        case TypeKind.Slice: {
          const inner = types.inner(type);
          if (!facts.holds(inner)) return false;
          return (types.isMutable(type) && !isShared) || [inner * 2 + (isShared || !types.isMutable(type) ? 1 : 0)];
        }
        case TypeKind.Struct:
        case TypeKind.Enum:
          if (facts.isLibraryType(type)) return facts.isCollection(type) ? all(types.items(type)) : isShared ? this.holdsCell(type) : this.holdsBehind(type);
          return all(facts.fieldTypes(type));
        case TypeKind.Pointer:
        case TypeKind.Function:
          return !isShared && this.holdsBehind(type);
        default:
          return all(types.partTypes(type));
      }
    }, this.changing);
  }

  /** What is behind a shared reference may change all the same: cells, and what the library builds of them. */
  holdsCell(of: TypeId): boolean {
    const { facts, c: { types } } = this;
    return leadsTo(of, (type) => {
      switch (types.kindOf(type)) {
        case TypeKind.Reference:
        case TypeKind.Slice:
          return [types.inner(type)];
        case TypeKind.Struct:
        case TypeKind.Enum:
          if (!facts.isLibraryType(type)) return facts.fieldTypes(type);
          // What a Box or a collection owns changes as the items do, and so does what is counted: a reference to it is shared.
          return facts.isBox(type) || facts.isCollection(type) || this.isSharedOwner(type) ? types.items(type) : types.listLength(type) > 0;
        default:
          return types.partTypes(type);
      }
    }, this.cells);
  }

  /** A value of the type may hold a `&mut`. */
  holdsMutable(of: TypeId): boolean {
    const { facts, c: { types } } = this;
    return leadsTo(of, (type) => {
      if (isScalar(type) || !facts.holds(type)) return false;
      switch (types.kindOf(type)) {
        case TypeKind.Reference:
        case TypeKind.Slice:
          return types.isMutable(type) || [types.inner(type)];
        case TypeKind.Pointer:
        case TypeKind.Function:
        case TypeKind.Dyn:
        case TypeKind.TypeParameter:
          return true;
        default:
          return facts.partsOf(type);
      }
    }, this.mutable);
  }

  /** A text, or a shared slice. */
  isView(type: TypeId): boolean {
    const { types } = this.c;
    return type === T.str || (types.kindOf(type) === TypeKind.Slice && !types.isMutable(type));
  }

  /** A value of the type leads to something that lends what it owns as such a text or slice: a String or List, whose first words are one. */
  lendsView(type: TypeId, view: TypeId): boolean {
    let known = this.lending.get(view);
    if (known === undefined) this.lending.set(view, (known = new Map()));
    return this.reaches(type, (one) => {
      const kind = this.c.types.kindOf(one);
      if (kind === TypeKind.TypeParameter || kind === TypeKind.Dyn) return true;
      return kind === TypeKind.Struct && !this.facts.isOwner(one) && this.facts.derefTarget(one) === view;
    }, known);
  }

  /** A value of the type leads to a reference to a text or slice. */
  refersToView(type: TypeId): boolean {
    const { types } = this.c;
    return this.reaches(type, (one) => types.kindOf(one) === TypeKind.Reference && this.isView(types.inner(one)), this.reading);
  }

  /** `test` says yes to the type or one that it leads to. */
  private reaches(of: TypeId, test: (one: TypeId) => boolean, known: Map<TypeId, boolean>): boolean {
    const { facts, c: { types } } = this;
    return leadsTo(of, (type) => {
      if (isScalar(type)) return false;
      if (test(type)) return true;
      return types.isReferring(type) ? [types.inner(type)] : facts.partsOf(type);
    }, known);
  }

  /** It shares memory, through a Rc or its kin, in which references may be put later: whoever has a part of it sees them. */
  sharesCells(type: TypeId): boolean {
    return this.facts.holds(type) && this.shares(type);
  }

  private shares(of: TypeId): boolean {
    const { facts, c: { types } } = this;
    return leadsTo(of, (type) => {
      const kind = types.kindOf(type);
      const item = kind === TypeKind.Struct || kind === TypeKind.Enum ? types.items(type)[0] : undefined;
      if (item !== undefined && this.isSharedOwner(type) && facts.holds(item)) {
        const kindOfItem = types.kindOf(item);
        if (kindOfItem === TypeKind.TypeParameter || kindOfItem === TypeKind.Dyn || this.holdsCell(item)) return true;
      }
      return facts.partsOf(type);
    }, this.sharing);
  }

  /** Rc, Arc and their weak kin. */
  isSharedOwner(type: TypeId): boolean {
    const structure = this.c.definition(this.c.types.definition(type));
    return this.facts.isLibrary(structure) && sharedOwners.has(this.c.nameText(structure.name));
  }
}
