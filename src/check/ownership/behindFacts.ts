/** What lies behind the references of a type: whether it may hold references, change, or be shared with others. */

import type { Checker } from "../context.ts";
import { T, TypeKind, isScalar, type TypeId } from "../types.ts";
import type { TypeFacts } from "./typeFacts.ts";

export const sharedOwners: ReadonlySet<string> = new Set(["Rc", "Weak", "Arc", "ArcWeak"]);

export class BehindFacts {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly sharing = new Map<TypeId, boolean>();
  private readonly lending = new Map<number, boolean>();
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
  holdsBehind(type: TypeId, seen = new Set<TypeId>()): boolean {
    const { facts, c: { types } } = this;
    const one = (part: TypeId): boolean => this.holdsBehind(part, seen);
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
      case TypeKind.Slice:
        return facts.holds(types.inner(type)) && (types.isMutable(type) || this.holdsCell(types.inner(type)));
      case TypeKind.Pointer:
        return facts.holds(types.inner(type));
      case TypeKind.Function:
        return types.isMutable(type) && facts.holds(type);
      case TypeKind.Array:
      case TypeKind.Optional:
      case TypeKind.Result:
      case TypeKind.Tuple:
        return types.partTypes(type).some(one);
      case TypeKind.Struct:
      case TypeKind.Enum:
        return this.someField(type, seen, one);
      default:
        return false;
    }
  }

  /**
   * As `holdsBehind`, told apart for who has only an argument of this type: what a collection owns is seen by nobody else, and does not change
   * behind a shared reference. `isShared`: behind one.
   */
  changesBehind(type: TypeId, isShared = false, seen = new Set<TypeId>()): boolean {
    const { facts, c: { types } } = this;
    const one = (part: TypeId): boolean => this.changesBehind(part, isShared, seen);
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
      case TypeKind.Slice:
        return facts.holds(types.inner(type)) && ((types.isMutable(type) && !isShared) || (isShared || types.isMutable(type) ? one(types.inner(type)) : this.changesBehind(types.inner(type), true)));
      case TypeKind.Array:
      case TypeKind.Optional:
      case TypeKind.Result:
      case TypeKind.Tuple:
        return types.partTypes(type).some(one);
      case TypeKind.Struct:
      case TypeKind.Enum: {
        if (facts.isLibrary(this.c.definition(types.definition(type)))) return facts.isCollection(type) ? types.items(type).some(one) : isShared ? this.holdsCell(type) : this.holdsBehind(type);
        return this.someField(type, seen, one);
      }
      default:
        return isShared ? this.holdsCell(type) : this.holdsBehind(type);
    }
  }

  /** What is behind a shared reference may change all the same: cells, and what the library builds of them. */
  holdsCell(type: TypeId, seen = new Set<TypeId>()): boolean {
    const { facts, c: { types } } = this;
    const one = (part: TypeId): boolean => this.holdsCell(part, seen);
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
      case TypeKind.Slice:
        return one(types.inner(type));
      case TypeKind.Array:
      case TypeKind.Optional:
      case TypeKind.Result:
      case TypeKind.Tuple:
        return types.partTypes(type).some(one);
      case TypeKind.Struct:
      case TypeKind.Enum: {
        if (!facts.isLibrary(this.c.definition(types.definition(type)))) return this.someField(type, seen, one);
        // What a Box or a collection owns changes as the items do.
        return facts.isBox(type) || facts.isCollection(type) ? types.items(type).some(one) : types.listLength(type) > 0;
      }
      default:
        return false;
    }
  }

  /** A value of the type may hold a `&mut`. */
  holdsMutable(type: TypeId, seen = new Set<TypeId>()): boolean {
    const { facts, c: { types } } = this;
    if (isScalar(type) || seen.has(type) || !facts.holds(type)) return false;
    seen.add(type);
    const one = (part: TypeId): boolean => this.holdsMutable(part, seen);
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
      case TypeKind.Slice:
        return types.isMutable(type) || one(types.inner(type));
      case TypeKind.Array:
      case TypeKind.Optional:
      case TypeKind.Result:
      case TypeKind.Tuple:
        return types.partTypes(type).some(one);
      case TypeKind.Struct:
      case TypeKind.Enum:
        return types.items(type).some(one) || (!facts.isOwner(type) && !facts.isCollection(type) && facts.fieldTypes(type).some(one));
      default:
        return true;
    }
  }

  /** A text, or a shared slice. */
  isView(type: TypeId): boolean {
    const { types } = this.c;
    return type === T.str || (types.kindOf(type) === TypeKind.Slice && !types.isMutable(type));
  }

  /** A value of the type leads to something that lends what it owns as such a text or slice: a String or List, whose first words are one. */
  lendsView(type: TypeId, view: TypeId): boolean {
    const asked = type * 0x200000 + view;
    const known = this.lending.get(asked);
    if (known !== undefined) return known;
    const answer = this.reaches(type, new Set(), (one) => {
      const kind = this.c.types.kindOf(one);
      if (kind === TypeKind.TypeParameter || kind === TypeKind.Dyn) return true;
      return kind === TypeKind.Struct && !this.facts.isOwner(one) && this.facts.derefTarget(one) === view;
    });
    this.lending.set(asked, answer);
    return answer;
  }

  /** A value of the type leads to a reference to a text or slice. */
  refersToView(type: TypeId): boolean {
    const known = this.reading.get(type);
    if (known !== undefined) return known;
    const { types } = this.c;
    const answer = this.reaches(type, new Set(), (one) => types.kindOf(one) === TypeKind.Reference && this.isView(types.inner(one)));
    this.reading.set(type, answer);
    return answer;
  }

  /** `test` says yes to the type or one that it leads to. */
  private reaches(type: TypeId, seen: Set<TypeId>, test: (one: TypeId) => boolean): boolean {
    if (isScalar(type) || seen.has(type)) return false;
    seen.add(type);
    if (test(type)) return true;
    const { facts, c: { types } } = this;
    const one = (part: TypeId): boolean => this.reaches(part, seen, test);
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
      case TypeKind.Slice:
      case TypeKind.Pointer:
        return one(types.inner(type));
      case TypeKind.Array:
      case TypeKind.Optional:
      case TypeKind.Result:
      case TypeKind.Tuple:
        return types.partTypes(type).some(one);
      case TypeKind.Struct:
      case TypeKind.Enum:
        return types.items(type).some(one) || (!facts.isLibraryType(type) && facts.fieldTypes(type).some(one));
      default:
        return false;
    }
  }

  /** Whether `test` says yes to a field. A struct or enum that was looked at (`seen`) adds nothing where it is reached again. */
  private someField(type: TypeId, seen: Set<TypeId>, test: (field: TypeId) => boolean): boolean {
    if (seen.has(type)) return false;
    seen.add(type);
    return this.facts.fieldTypes(type).some(test);
  }

  /** It shares memory, through a Rc or its kin, in which references may be put later: whoever has a part of it sees them. */
  sharesCells(type: TypeId): boolean {
    if (!this.facts.holds(type)) return false;
    const known = this.sharing.get(type);
    if (known !== undefined) return known;
    const answer = this.shares(type, new Set());
    this.sharing.set(type, answer);
    return answer;
  }

  private shares(type: TypeId, seen: Set<TypeId>): boolean {
    if (isScalar(type) || seen.has(type)) return false;
    seen.add(type);
    const { facts, c: { types } } = this;
    const one = (part: TypeId): boolean => this.shares(part, seen);
    switch (types.kindOf(type)) {
      case TypeKind.Array:
      case TypeKind.Optional:
      case TypeKind.Result:
      case TypeKind.Tuple:
        return types.partTypes(type).some(one);
      case TypeKind.Struct:
      case TypeKind.Enum: {
        const [item] = types.items(type);
        if (item !== undefined && this.isSharedOwner(type) && facts.holds(item)) {
          const kind = types.kindOf(item);
          if (kind === TypeKind.TypeParameter || kind === TypeKind.Dyn || this.holdsCell(item)) return true;
        }
        return types.items(type).some(one) || (!facts.isOwner(type) && facts.fieldTypes(type).some(one));
      }
      default:
        return false;
    }
  }

  /** Rc, Arc and their weak kin. */
  isSharedOwner(type: TypeId): boolean {
    const structure = this.c.definition(this.c.types.definition(type));
    return this.facts.isLibrary(structure) && sharedOwners.has(this.c.nameText(structure.name));
  }
}
