/** What types and the whole program say of the closures that function values may be. */

import { Kind } from "../../syntax/ast.ts";
import type { Capture } from "../captures.ts";
import type { Checker } from "../context.ts";
import type { DefinitionId, FunctionDefinition, ImplDefinition, TraitDefinition, TraitReference } from "../definitions.ts";
import { TypeKind, isScalar, type TypeId } from "../types.ts";
import { leadsTo } from "./leading.ts";
import { LikeClosures, growClosures, mayBe } from "./likeClosures.ts";
import { replacedFunctions, type ReplacedFunctions } from "./replacedFunctions.ts";
import type { TypeFacts } from "./typeFacts.ts";

/** Traits of the library whose methods store nothing in what they are called on. */
export const inertTraits: ReadonlySet<string> = new Set(["Copy", "Clone", "Eq", "Ord", "Hash", "Show", "Default"]);

/** References, or what values of these types hold. */
export type Held = "references" | readonly TypeId[];

export class ClosureFacts {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  /** Numbers of parameters of closures that own something whose Drop may use what it refers to. */
  private dropping: Set<number> | undefined = undefined;
  /** Function values of the program may call function values that they are given. */
  private passing: LikeClosures | undefined = undefined;
  /** Closures of the user that capture something. */
  private capturing: readonly FunctionDefinition[] | undefined = undefined;
  private replaced: ReplacedFunctions | undefined = undefined;
  // By what was asked: see leadsTo.
  private readonly bounded = new Map<TypeId, boolean>();
  private readonly unbounded = new Map<TypeId, boolean>();
  private readonly calling = new Map<DefinitionId, boolean>();
  private implementations: Map<DefinitionId, ImplDefinition[]> | undefined = undefined;

  /** What is found is for all programs that use the library, whatever closures they make. */
  private readonly forAll: boolean;

  constructor(c: Checker, facts: TypeFacts, forAll: boolean) {
    this.c = c;
    this.facts = facts;
    this.forAll = forAll;
  }

  /**
   * What a function value of this type may hold: references if some closure of the program with such parameters borrows what it captures, else the types of what such
   * closures own. A list of commands with functions that capture nothing keeps nothing borrowed. Of one with one parameter
   * the library's generic bodies make one with two: `sort_by_key` and the `retain` of sets.
   */
  heldBy(type: TypeId): Held {
    const { c, facts, forAll } = this;
    const { types, program } = c;
    if (forAll) return "references";
    this.capturing ??= c.definitions.filter((f): f is FunctionDefinition =>
      f.kind === "function" && f.node !== 0 && c.ast.kind[f.node] === Kind.Closure && !facts.isLibrary(f) && program.capturesOf(f.node).length > 0);
    const wanted = types.items(type);
    const isOfTwo = wanted.length === 2 && wanted.some((one) => types.hasParameter(one));
    const found: TypeId[] = [];
    for (const f of this.capturing) {
      if (!(isOfTwo && f.parameters.length === 1) && !(f.parameters.length === wanted.length && f.parameters.every((one, i) => mayBe(types, one, wanted[i] as TypeId)))) continue;
      for (const { local, mode } of program.capturesOf(f.node)) {
        if (mode === "borrow" || mode === "borrowMut") return "references";
        found.push(program.localType(local));
      }
    }
    return found;
  }

  /** All that the closure captured it borrows. */
  ownsNothing(f: FunctionDefinition): boolean { return this.c.program.capturesOf(f.node).every(({ mode }) => mode === "borrow" || mode === "borrowMut"); }

  /** When a function value with so many parameters is dropped, a Drop that the user wrote may run: some closure of the program owns such a thing. */
  dropUses(parameters: number): boolean {
    const { c, facts } = this;
    const isUsed = ({ local, mode }: Capture): boolean => {
      if (mode !== "move") return false;
      const type = c.program.localType(local);
      return facts.dropUses(type) || this.ownsParameter(type, new Set());
    };
    if (this.dropping === undefined) {
      // While it grows it answers for the closures that closures own.
      this.dropping = new Set();
      const found = this.dropping;
      growClosures(c, (f) => found.has(f.parameters.length), (f) => c.program.capturesOf(f.node).some(isUsed), (f) => found.add(f.parameters.length));
    }
    return this.dropping.has(parameters);
  }

  /** What a type parameter stands for may hold references: not where it has a trait of the user's that only types without any have. */
  heldByParameter(type: TypeId): Held {
    const definition = this.c.definition(this.c.types.definition(type));
    const own = definition.kind === "typeParameter" ? definition.bounds.find(({ trait }) => this.typesBehind(trait) !== undefined) : undefined;
    return own === undefined ? "references" : this.heldBehind(own.trait);
  }

  /** What a value of some type that has this trait may hold: of a library's trait it is not known which types have it. */
  heldBehind(trait: DefinitionId): Held { return this.typesBehind(trait) ?? "references"; }

  /** What a trait object may be; undefined: anything. */
  typesBehind(trait: DefinitionId): readonly TypeId[] | undefined {
    return this.forAll || this.facts.isLibrary(this.c.definition(trait)) ? undefined : this.implementationsOf(trait).map(({ target }) => target);
  }

  /** What the user's files implement a trait for. */
  targetsOf(trait: DefinitionId): readonly TypeId[] { return this.implementationsOf(trait).map(({ target }) => target); }

  /** Where function values are replaced. Asked in bodies of programs only. */
  get replacing(): ReplacedFunctions { return (this.replaced ??= replacedFunctions(this.c)); }

  /**
   * A function value that is given function values, or what holds some, may call these: some closure of the program has such a parameter, or a named
   * function with one is used as a value. `type`: what is known of the function value.
   */
  mayPass(type: TypeId): boolean { return this.forAll || this.passers.has(type); }

  /** Some function value of the program may do so. */
  passesAnything(): boolean { return this.forAll || !this.passers.isEmpty; }

  private get passers(): LikeClosures {
    if (this.passing === undefined) {
      const { c, facts } = this;
      this.passing = new LikeClosures(c);
      for (const f of c.definitions) {
        const isValue = f.kind === "function" && f.node !== 0 && ((c.ast.kind[f.node] === Kind.Closure && !facts.isLibrary(f)) || this.isUsedAsValue(f));
        if (isValue && f.parameters.some((one) => this.takesReferences(one, false))) this.passing.add(f);
      }
    }
    return this.passing;
  }

  /** The function is named otherwise than to be called at once. */
  isUsedAsValue(f: FunctionDefinition): boolean { return this.c.functionsAsValues.has(f); }

  /** It owns a value of a type parameter's type, which may have any Drop. */
  ownsParameter(type: TypeId, seen: Set<TypeId> = new Set()): boolean {
    const { types } = this.c;
    if (!types.hasParameter(type) || seen.has(type)) return false;
    seen.add(type);
    const one = (part: TypeId): boolean => this.ownsParameter(part, seen);
    switch (types.kindOf(type)) {
      case TypeKind.TypeParameter:
        return !this.facts.isCopy(type);
      case TypeKind.Struct:
      case TypeKind.Enum:
        return types.items(type).some(one);
      default:
        return types.partTypes(type).some(one);
    }
  }

  /**
   * A value of the type may hold function values that its methods call: written there, in a trait object, or in what stands for a type
   * parameter. `all`: whatever its bounds are; else only bounds with methods that may do so (`callsClosures`).
   */
  mayHold(type: TypeId, all: boolean): boolean {
    return this.find(type, all, new Set(), all ? this.unbounded : this.bounded);
  }

  /**
   * Who has an argument of this type changes what it refers to itself, and nothing further on: there only values of type parameters may hold
   * references, and no bound has methods that would go through them. `list.push(x)` leaves what the list's items refer to as it is.
   */
  changesOnlyItself(type: TypeId | undefined): boolean {
    const { facts } = this;
    const { types } = this.c;
    if (type === undefined || types.kindOf(type) !== TypeKind.Reference) return false;
    const target = types.inner(type);
    return types.kindOf(target) === TypeKind.Struct && facts.isCollection(target) && types.items(target).every((item) => this.isInert(item));
  }

  /** Nothing is stored through a value of the type by one who knows its parameters by their bounds only. */
  isInert(type: TypeId): boolean {
    const { c } = this;
    const { types } = c;
    switch (types.kindOf(type)) {
      case TypeKind.Scalar:
        return true;
      case TypeKind.TypeParameter: {
        const definition = c.definition(types.definition(type));
        return definition.kind === "typeParameter" && definition.bounds.every(({ trait }) => inertTraits.has(c.nameText(c.definition(trait).name)) && this.facts.isLibrary(c.definition(trait)));
      }
      case TypeKind.Struct:
        return this.facts.isCollection(type) && types.items(type).every((item) => this.isInert(item));
      default: {
        const parts = types.partTypes(type);
        return parts.length > 0 && parts.every((part) => this.isInert(part));
      }
    }
  }

  /** A type parameter of which nothing is known, so that nothing can be done with its values but to hand them on. */
  isUnbound(type: TypeId): boolean {
    const { c } = this;
    if (c.types.kindOf(type) !== TypeKind.TypeParameter) return false;
    const definition = c.definition(c.types.definition(type));
    return definition.kind === "typeParameter" && definition.bounds.length === 0;
  }

  /** What is found while other traits are looked at is no answer by itself: then there is no `known`. */
  private find(of: TypeId, all: boolean, traits: Set<DefinitionId>, known?: Map<TypeId, boolean>): boolean {
    const { c, facts } = this;
    const { types } = c;
    return leadsTo(of, (type) => {
      if (isScalar(type)) return false;
      switch (types.kindOf(type)) {
        case TypeKind.Function:
          return !types.isExternal(type);
        case TypeKind.Dyn:
          return true;
        case TypeKind.TypeParameter: {
          const definition = c.definition(types.definition(type));
          return all || (definition.kind === "typeParameter" && definition.bounds.some((bound) => this.mayCall(bound, traits)));
        }
        default:
          return types.isReferring(type) ? [types.inner(type)] : facts.partsOf(type);
      }
    }, known);
  }

  private mayCall(bound: TraitReference, traits: Set<DefinitionId>): boolean {
    const trait = this.c.definition(bound.trait);
    return trait.kind === "trait" && (this.reaches(trait, traits) || trait.supertraits.some((one) => this.mayCall(one, traits)));
  }

  /**
   * Implementations of the trait may give closures in `self` references to their own variables: not the library's own traits, which are told not
   * to, save Iterator; nor a trait of the user where neither what it is implemented for nor what its methods are given can be or hold a closure.
   */
  callsClosures(trait: DefinitionId): boolean {
    const definition = this.c.definition(trait);
    if (definition.kind !== "trait") return false;
    let known = this.calling.get(trait);
    if (known === undefined) {
      known = this.reaches(definition, new Set());
      this.calling.set(trait, known);
    }
    return known;
  }

  /** `traits` are looked at already: what they reach is found there. */
  private reaches(trait: TraitDefinition, traits: Set<DefinitionId>): boolean {
    if (this.facts.isLibrary(trait)) return this.c.nameText(trait.name) === "Iterator";
    if (traits.has(trait.id)) return false;
    traits.add(trait.id);
    const one = (type: TypeId): boolean => this.find(type, false, traits);
    return trait.methods.some((method) => method.parameters.some(one))
      || this.implementationsOf(trait.id).some((found) => one(found.target) || (found.trait?.args ?? []).some(one));
  }

  private implementationsOf(trait: DefinitionId): readonly ImplDefinition[] {
    if (this.implementations === undefined) {
      this.implementations = new Map();
      for (const definition of this.c.definitions) {
        if (definition.kind !== "impl" || definition.trait === undefined || this.facts.isLibrary(definition)) continue;
        const list = this.implementations.get(definition.trait.trait);
        if (list === undefined) this.implementations.set(definition.trait.trait, [definition]);
        else list.push(definition);
      }
    }
    return this.implementations.get(trait) ?? [];
  }

  /** Among the function values in a value of this type are some that are declared to take references. `any`: type parameters stand for such. */
  takesReferences(type: TypeId, any: boolean): boolean {
    return this.takes(type, any ? "all" : "bounded");
  }

  private takes(of: TypeId, parameters: "none" | "bounded" | "all"): boolean {
    const { c, facts } = this;
    const { types } = c;
    // A type, and whether its type parameters are those of a field's own type: there they are the owner's items.
    return leadsTo(of * 2 + (parameters === "none" ? 1 : 0), (asked) => {
      const type = (asked >> 1) as TypeId;
      if (isScalar(type)) return false;
      const isField = (asked & 1) === 1;
      const all = (parts: readonly TypeId[]): readonly number[] => parts.map((part) => part * 2 + (asked & 1));
      switch (types.kindOf(type)) {
        case TypeKind.Function:
          return !types.isExternal(type) && types.items(type).some((item) => facts.writesReference(item));
        case TypeKind.Dyn:
          return true;
        case TypeKind.TypeParameter:
          return !isField && (parameters === "all" || (parameters === "bounded" && this.mayHold(type, false)));
        case TypeKind.Struct:
        case TypeKind.Enum: {
          const structure = c.definition(types.definition(type));
          facts.fieldTypes(type);
          const fields = structure.kind === "struct" ? structure.fields : structure.kind === "enum" ? structure.variants.flatMap((variant) => variant.fields) : [];
          return [...all(types.items(type)), ...fields.map((field) => field.type * 2 + 1)];
        }
        default:
          return all(types.isReferring(type) ? [types.inner(type)] : types.partTypes(type));
      }
    });
  }
}
