/**
 * What the references within a value of one type can point at, as types: a `str` never points into a number, a `&Token` only into what has
 * a `Token` somewhere. It keeps loans away from places that cannot hold them, whatever a summary says.
 */

import type { Checker } from "../context.ts";
import type { FunctionDefinition, TraitDefinition, TraitReference } from "../definitions.ts";
import { T, TypeKind, isScalar, type TypeId } from "../types.ts";
import { leadsTo } from "./leading.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** What may be referred to: a value of a type, or a row of such values (`row`), as slices, texts and references to arrays refer to. */
type Place = TypeId;

/** Types, or anything at all: function values, trait objects and type parameters do not say. */
type Kinds = ReadonlySet<Place> | "anything";

/** Of one value, a number say, nobody makes a slice or a text: those refer into arrays and what collections and Strings own. */
function row(type: TypeId): Place { return -type as Place; }

export class Pointees {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly targets = new Map<TypeId, Kinds>();
  /** What references may refer to that are made in the body at hand: of a type parameter, whose argument the caller chose, none are. */
  private readonly inner = new Map<TypeId, Kinds>();
  /** As `targets`, what function values captured left out. */
  private readonly besideFunctions = new Map<TypeId, Kinds>();
  private readonly contents = new Map<TypeId, Kinds>();
  private beside: ReadonlyMap<TypeId, readonly TraitReference[]> | undefined = undefined;

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /** What a reference, slice or text refers to; other types themselves. */
  lentBy(type: TypeId): Place {
    const { types } = this.c;
    if (types.kindOf(type) === TypeKind.Reference) return types.inner(type);
    const element = this.facts.elementOf(type);
    return element === type ? type : row(element);
  }

  /** A value of type `holder` may hold a reference into `target`, which was borrowed in the body at hand. */
  mayPointInto(holder: TypeId, target: Place): boolean {
    const wanted = this.targetsOf(holder, this.inner);
    if (wanted === "anything") return true;
    if (wanted.size === 0) return false;
    const there = this.contentsOf(target);
    if (there === "anything") return true;
    for (const type of wanted) if (there.has(type)) return true;
    return false;
  }

  /** A value of type `holder` may hold a reference to a value of type `target` as a whole. */
  mayReferTo(holder: TypeId, target: TypeId): boolean {
    const wanted = this.targetsOf(holder, this.targets);
    return wanted === "anything" || wanted.has(target);
  }

  /** A value of type `holder` may hold a reference that a value of type `other` holds. */
  mayShare(holder: TypeId, other: TypeId): boolean {
    return this.share(this.targetsOf(holder, this.targets), other);
  }

  /** As `mayShare`, otherwise than through function values in the holder. */
  mayShareBesideFunctions(holder: TypeId, other: TypeId): boolean {
    return this.share(this.targetsOf(holder, this.besideFunctions), other);
  }

  /** A value of the type may hold a function value that was made in the body at hand. */
  mayHoldFunctions(type: TypeId): boolean { return this.targetsOf(type, this.inner) === "anything"; }

  /** Whatever a value of the type holds, function values in it captured. */
  onlyFunctions(type: TypeId): boolean {
    const kinds = this.targetsOf(type, this.besideFunctions);
    return kinds !== "anything" && kinds.size === 0;
  }

  private share(wanted: Kinds, other: TypeId): boolean {
    const there = this.targetsOf(other, this.targets);
    if (wanted === "anything") return true;
    // What holds no references shares none, whatever the other may hold.
    if (wanted.size === 0) return false;
    if (there === "anything") return true;
    for (const type of there) {
      const parts = this.contentsOf(type);
      if (parts === "anything") return true;
      for (const one of wanted) if (parts.has(one)) return true;
    }
    return false;
  }

  /** What references within a value refer to; also those behind references. */
  private targetsOf(type: TypeId, table: Map<TypeId, Kinds>): Kinds {
    const known = table.get(type);
    if (known !== undefined) return known;
    const found = new Set<TypeId>();
    const kinds = this.addTargets(type, found, table) ? found : "anything";
    table.set(type, kinds);
    return kinds;
  }

  /** False: they may refer to anything. */
  private addTargets(of: TypeId, found: Set<TypeId>, table: Map<TypeId, Kinds>): boolean {
    const { types } = this.c;
    return !leadsTo(of, (type) => {
      if (type === T.str) found.add(row(T.u8));
      if (type === T.error) return true;
      if (isScalar(type)) return false;
      switch (types.kindOf(type)) {
        case TypeKind.Reference:
        case TypeKind.Slice: {
          const target = this.element(types.inner(type));
          found.add(types.kindOf(type) === TypeKind.Slice || target !== types.inner(type) ? row(target) : target);
          return types.kindOf(target) === TypeKind.Dyn || [target];
        }
        case TypeKind.Function:
          return this.facts.holds(type) && table !== this.besideFunctions;
        case TypeKind.Pointer:
          return [types.inner(type)];
        case TypeKind.TypeParameter:
          return table !== this.inner || !this.isOpaque(type);
        case TypeKind.Dyn:
          return this.facts.holds(type);
        default:
          return this.facts.partsOf(type);
      }
    });
  }

  /**
   * Nothing makes a value of the type parameter of a reference: no bound of its own names a type that may hold one, as From[&X] does, and no
   * other's names such a type beside it, as Mul[&X, T] does.
   */
  private isOpaque(type: TypeId, seen: Set<TypeId> = new Set()): boolean {
    const { c, facts } = this;
    if (seen.has(type)) return true;
    seen.add(type);
    const isPlainType = (arg: TypeId): boolean => !facts.holds(arg) || (c.types.kindOf(arg) === TypeKind.TypeParameter && this.isOpaque(arg, seen));
    const isPlain = (bound: TraitReference): boolean => {
      const trait = c.definition(bound.trait);
      return bound.args.every(isPlainType) && trait.kind === "trait" && trait.supertraits.every(isPlain) && !this.takesMore(trait, seen);
    };
    const definition = c.definition(c.types.definition(type));
    if (definition.kind !== "typeParameter" || !definition.bounds.every(isPlain)) return false;
    return (this.boundsBeside().get(type) ?? []).every((bound) => bound.args.every((arg) => arg === type || isPlainType(arg)));
  }

  /**
   * What has the trait may keep what its methods are given otherwise than as one of the trait's own parameters: `func put[T: Show](&mut self, item T)` as a
   * trait object, `func put(&mut self, words List[str])` the words. Where all that have some other trait have this one, that one tells.
   */
  private takesMore(trait: TraitDefinition, seen: Set<TypeId>): boolean {
    const { facts, c: { types } } = this;
    const given = (type: TypeId): TypeId => (types.kindOf(type) === TypeKind.Reference || types.kindOf(type) === TypeKind.Slice ? types.inner(type) : type);
    const takes = ({ parameters, receiver, typeParameters, outerParameters }: FunctionDefinition): boolean =>
      typeParameters.length > outerParameters || parameters.some((type, i) => type !== T.str && (i > 0 || receiver === "none") && facts.writesReference(given(type)));
    return !facts.isLibrary(trait) && trait.methods.some(takes)
      && facts.closures.targetsOf(trait.id).some((target) => (types.kindOf(target) === TypeKind.TypeParameter ? !this.isOpaque(target, seen) : facts.writesReference(target)));
  }

  /** For each type parameter the bounds that name it beside others. */
  private boundsBeside(): ReadonlyMap<TypeId, readonly TraitReference[]> {
    if (this.beside !== undefined) return this.beside;
    const found = new Map<TypeId, TraitReference[]>();
    for (const definition of this.c.definitions) {
      if (definition.kind !== "typeParameter") continue;
      for (const bound of definition.bounds) {
        if (bound.args.length < 2) continue;
        for (const arg of bound.args) {
          if (this.c.types.kindOf(arg) !== TypeKind.TypeParameter || arg === definition.type) continue;
          const before = found.get(arg);
          if (before === undefined) found.set(arg, [bound]);
          else before.push(bound);
        }
      }
    }
    this.beside = found;
    return found;
  }

  /** The types of a value's parts, of what it owns, and of what it refers to mutably: through a shared reference nothing is lent. */
  private contentsOf(type: Place): Kinds {
    const known = this.contents.get(type);
    if (known !== undefined) return known;
    const found = new Set<TypeId>();
    const kinds = this.addContents(type, found) ? found : "anything";
    this.contents.set(type, kinds);
    return kinds;
  }

  private addContents(of: Place, found: Set<TypeId>): boolean {
    const { types } = this.c;
    // A type, or a row of it.
    return !leadsTo(of, (asked) => {
      const whole = Math.abs(asked) as TypeId;
      const type = this.element(whole);
      if (type === T.error || type === T.void) return true;
      if (type !== whole || asked < 0) found.add(row(type));
      if (found.has(type)) return false;
      found.add(type);
      if (type === T.str || isScalar(type)) return false;
      switch (types.kindOf(type)) {
        case TypeKind.Reference:
          return types.isMutable(type) ? [types.inner(type)] : false;
        case TypeKind.Slice:
          return types.isMutable(type) ? [row(types.inner(type))] : false;
        case TypeKind.Function:
          return !types.isExternal(type);
        case TypeKind.Pointer:
          return [row(types.inner(type))];
        case TypeKind.TypeParameter:
        case TypeKind.Dyn:
          return true;
        case TypeKind.Struct:
        case TypeKind.Enum:
          // An iterator refers to what a collection keeps its items in.
          return [...types.items(type), ...this.facts.fieldTypes(type)];
        default:
          return types.partTypes(type);
      }
    });
  }

  /** An array is what its elements are: a slice of it says no more. */
  private element(type: TypeId): TypeId {
    const { types } = this.c;
    let at = type;
    while (types.kindOf(at) === TypeKind.Array) at = types.inner(at);
    return at;
  }
}
