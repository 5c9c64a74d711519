/**
 * Where a value of a type parameter comes from, as the types of a generic function tell: its body knows nothing of such a type, so that what it gives for a `U` it was given
 * for a `U`, or a function value gave it, or a trait that a bound names. Of `func zip[U, J: Iterator[U]](self, other J) Zipped[Self, J, T, U]` the items that are a `U` come from
 * `other`; of `func map[U](self, f mut func(T) U) ?U` the result comes from `f`, whose body may be known. `undefined` for an answer: from anywhere.
 */

import type { Checker } from "../context.ts";
import type { DefinitionId, FunctionDefinition, TraitReference, TypeParameterDefinition } from "../definitions.ts";
import { TypeKind, isScalar, type TypeId } from "../types.ts";
import { leadsTo } from "./leading.ts";
import { emptySet, type LoanSets, type SetId } from "./loanSets.ts";
import { names } from "./naming.ts";
import { fieldStep, variantStep } from "./paths.ts";
import { givesArgument, givesOfOthers, makesOfOthers, remakes } from "./traitMakers.ts";
import type { TypeFacts } from "./typeFacts.ts";

export type Steps = readonly number[];

/** A value that is given: what each part of it holds, and which function a part is, if that is known. */
export interface Given {
  /** 0: it holds nothing, and its type is of no interest. */
  readonly type: TypeId;
  readonly held: (steps: Steps) => SetId | undefined;
  readonly functionAt: (steps: Steps) => FunctionDefinition | undefined;
  /** What lies behind it, if it is a reference. */
  readonly behind: (() => Given) | undefined;
}

/** What a generic function, or an implementation, is given: types as it writes them, and the values. */
export interface Sources {
  readonly parameters: readonly DefinitionId[];
  /** What they stand for; shorter, or 0, where that is not known. */
  readonly args: readonly TypeId[];
  readonly given: readonly { readonly type: TypeId; readonly value: Given }[];
}

/** What the result of a function whose body is known holds at `steps`, by what it is given and what it captured. */
export type ResultOf = (f: FunctionDefinition, captured: SetId | undefined, steps: Steps, given: (parameter: number) => ParameterGiven) => SetId | undefined;

/** What a function value is given for one parameter: itself (undefined: not known), and what lies behind that. */
export interface ParameterGiven {
  readonly held: (steps: Steps) => SetId | undefined;
  readonly behind: (steps: Steps) => SetId | undefined;
}

export class Origins {
  private readonly c: Checker;
  private readonly facts: TypeFacts;
  private readonly sets: LoanSets;
  /** All that lies behind what a set refers to. */
  private readonly behind: (set: SetId) => SetId;
  private readonly resultOf: ResultOf;

  constructor(c: Checker, facts: TypeFacts, sets: LoanSets, behind: (set: SetId) => SetId, resultOf: ResultOf) {
    this.c = c;
    this.facts = facts;
    this.sets = sets;
    this.behind = behind;
    this.resultOf = resultOf;
  }

  /** A set, and all that lies behind it. */
  private reached(set: SetId): SetId { return this.sets.union(set, this.behind(set)); }

  /** What a value of the type parameter holds at `steps`. `asked`: those that are being looked for. */
  of(from: Sources, parameter: TypeId, far: Steps, asked: readonly TypeId[] = []): SetId | undefined {
    if (asked.includes(parameter)) return undefined;
    const steps = this.lasting(from, parameter, far);
    const { sets } = this;
    const inner = [...asked, parameter];
    let set: SetId = emptySet;
    const add = (more: SetId | undefined): boolean => {
      if (more === undefined) return false;
      set = sets.union(set, more);
      return true;
    };
    for (const { type, value } of from.given) if (!add(this.within(from, parameter, type, value, steps, inner))) return undefined;
    for (const id of from.parameters) {
      const other = this.definitionOf(id);
      if (other.type === parameter) continue;
      for (const bound of other.bounds) {
        for (const [i, arg] of bound.args.entries()) {
          if (this.names(arg, parameter) && !add(this.byBound(from, other, bound, i, arg === parameter ? steps : [], inner))) return undefined;
        }
      }
    }
    return add(this.made(from, parameter, inner)) ? set : undefined;
  }

  /** As many of the steps as lead to the same part whatever methods of its bounds make of a value: a trait of the user's may turn a pair around, the library's do so with a user's struct only. */
  private lasting(from: Sources, parameter: TypeId, steps: Steps): Steps {
    const { c, facts } = this;
    const traits = this.definitionOf(c.types.definition(parameter)).bounds.map(({ trait }) => trait).filter((trait) => remakes(c, facts, trait));
    if (steps.length === 0 || traits.length === 0) return steps;
    if (traits.some((trait) => !facts.isLibrary(c.definition(trait)))) return [];
    let type = this.actual(from, parameter);
    for (const [i, step] of steps.entries()) {
      if (type === undefined || (c.types.kindOf(type) === TypeKind.Struct && !facts.inputs.isPlain(type))) return steps.slice(0, i);
      type = this.parts(type, type)?.find((part) => part.step === step)?.type;
    }
    return steps;
  }

  /** What functions of its bounds may make values of the type parameter of, or put into them. */
  private made(from: Sources, parameter: TypeId, asked: readonly TypeId[]): SetId | undefined {
    const { c, facts, sets } = this;
    let set: SetId = emptySet;
    for (const bound of this.definitionOf(c.types.definition(parameter)).bounds) {
      // `T: Mul[&X, T]` makes a T of a reference.
      if (bound.args.some((arg) => this.names(arg, parameter)) && givesOfOthers(c, facts, bound.trait)) return undefined;
      const makes = makesOfOthers(c, facts, bound.trait);
      if (makes === "nothing") continue;
      const actual = this.actual(from, parameter);
      // It may keep a function that goes on with what it is made of.
      if (makes === "anything" || actual === undefined || facts.writesFunction(actual)) return undefined;
      for (const arg of bound.args) {
        const more = this.ofAll(from, arg, asked);
        if (more === undefined) return undefined;
        set = sets.union(set, this.reached(more));
      }
    }
    return set;
  }

  /** What a value of a type holds that is made of values of type parameters: of each of these all. */
  private ofAll(from: Sources, type: TypeId, asked: readonly TypeId[]): SetId | undefined {
    let set: SetId = emptySet;
    const named = this.parametersIn(type);
    if (named === undefined) return undefined;
    for (const one of named) {
      const more = this.of(from, one, [], asked);
      if (more === undefined) return undefined;
      set = this.sets.union(set, more);
    }
    return set;
  }

  /** The type parameters whose values make up a value of the type; undefined: there are references, functions or pointers in it. */
  parametersIn(type: TypeId, found: TypeId[] = [], seen: Set<TypeId> = new Set()): readonly TypeId[] | undefined {
    const { types } = this.c;
    if (seen.has(type) || (isScalar(type) && !this.facts.holds(type))) return found;
    seen.add(type);
    const kind = types.kindOf(type);
    if (kind === TypeKind.TypeParameter) {
      if (!found.includes(type)) found.push(type);
      return found;
    }
    if (isScalar(type) || types.isReferring(type) || kind === TypeKind.Function || kind === TypeKind.Dyn) return undefined;
    for (const part of this.facts.partsOf(type)) if (this.parametersIn(part, found, seen) === undefined) return undefined;
    return found;
  }

  private definitionOf(id: DefinitionId): TypeParameterDefinition {
    const definition = this.c.definition(id);
    if (definition.kind !== "typeParameter") throw new Error("check/ownership/origins.definitionOf: not a type parameter");
    return definition;
  }

  private actual(from: Sources, parameter: TypeId): TypeId | undefined {
    const type = from.args[from.parameters.indexOf(this.c.types.definition(parameter))] ?? 0;
    return type === 0 ? undefined : (type as TypeId);
  }

  private names(type: TypeId, parameter: TypeId): boolean { return names(this.c.types, type, parameter); }

  /** What values of the type parameter hold at `steps` that lie within a given one. */
  private within(from: Sources, parameter: TypeId, type: TypeId, value: Given, steps: Steps, asked: readonly TypeId[]): SetId | undefined {
    if (type === parameter) return value.held(steps);
    if (!this.names(type, parameter)) return emptySet;
    const { types } = this.c;
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
        return value.behind === undefined ? this.all(value) : this.within(from, parameter, types.inner(type), value.behind(), steps, asked);
      case TypeKind.Function:
        return this.given(from, parameter, type, value, steps, asked);
      default: {
        const parts = this.parts(type, value.type);
        if (parts === undefined) return this.hasFunctions(type, parameter) ? undefined : this.all(value);
        let set: SetId = emptySet;
        for (const part of parts) {
          const more = this.within(from, parameter, part.type, this.part(value, part.step, part.actual), steps, asked);
          if (more === undefined) return undefined;
          set = this.sets.union(set, more);
        }
        return set;
      }
    }
  }

  /** Function values or trait objects within the type know the type parameter: what they are given besides may come out. */
  private hasFunctions(of: TypeId, parameter: TypeId): boolean {
    const { facts, c: { types } } = this;
    return leadsTo(of, (type) => {
      if (!this.names(type, parameter)) return false;
      const kind = types.kindOf(type);
      if (kind === TypeKind.Function || kind === TypeKind.Dyn) return true;
      return types.isReferring(type) ? [types.inner(type)] : facts.partsOf(type);
    });
  }

  /** The parts of an optional, a Result, a tuple or a struct that consists of its fields alone; undefined: it is one. */
  parts(type: TypeId, actual: TypeId): readonly { readonly step: number; readonly type: TypeId; readonly actual: TypeId }[] | undefined {
    const { facts, c: { types } } = this;
    const kind = types.kindOf(type);
    if (actual !== 0 && types.kindOf(actual) !== kind) return undefined;
    const inner = (of: TypeId): TypeId => (of === 0 ? of : types.inner(of));
    switch (kind) {
      case TypeKind.Optional:
        return [{ step: variantStep(1, 0), type: types.inner(type), actual: inner(actual) }];
      case TypeKind.Result:
        return [{ step: variantStep(0, 0), type: types.inner(type), actual: inner(actual) }, { step: variantStep(1, 0), type: types.errorType(type), actual: actual === 0 ? actual : types.errorType(actual) }];
      case TypeKind.Tuple:
        return types.items(type).map((item, i) => ({ step: fieldStep(i), type: item, actual: actual === 0 ? actual : facts.fieldType(actual, i) }));
      case TypeKind.Struct:
        if (facts.isLibraryType(type) && !facts.inputs.isPlain(type)) return undefined;
        return facts.fieldTypes(type).map((field, i) => ({ step: fieldStep(i), type: field, actual: actual === 0 ? actual : facts.fieldType(actual, i) }));
      default:
        return undefined;
    }
  }

  part(value: Given, step: number, type: TypeId): Given {
    const { types } = this.c;
    const held = (steps: Steps): SetId | undefined => value.held([step, ...steps]);
    return { type, held, functionAt: (steps) => value.functionAt([step, ...steps]), behind: type !== 0 && types.kindOf(type) === TypeKind.Reference ? () => this.unknown(held, types.inner(type)) : undefined };
  }

  /** What lies behind references of which only all is known. */
  private unknown(held: (steps: Steps) => SetId | undefined, type: TypeId): Given {
    const all = (): SetId | undefined => {
      const set = held([]);
      return set === undefined ? undefined : this.behind(set);
    };
    const given: Given = { type, held: all, functionAt: () => undefined, behind: () => this.unknown(all, this.c.types.kindOf(type) === TypeKind.Reference ? this.c.types.inner(type) : (0 as TypeId)) };
    return given;
  }

  /** All that a value leads to. */
  private all(value: Given): SetId | undefined {
    const set = value.held([]);
    return set === undefined ? undefined : this.reached(set);
  }

  /** What a function value gives for the type parameter. */
  private given(from: Sources, parameter: TypeId, type: TypeId, value: Given, steps: Steps, asked: readonly TypeId[]): SetId | undefined {
    const { types } = this.c;
    const items = types.items(type);
    // It may put something there.
    if (items.some((item) => this.names(item, parameter) && this.mayBeChanged(item))) return undefined;
    const result = types.inner(type);
    if (!this.names(result, parameter)) return emptySet;
    const f = value.functionAt([]);
    if (f === undefined || f.parameters.length !== items.length) return undefined;
    const way = this.wayTo(result, parameter);
    return this.resultOf(f, value.held([]), way === undefined ? [] : [...way, ...steps], (i) => this.forParameter(from, items[i] as TypeId, asked));
  }

  /** What is given as this may be changed by who is given it. */
  private mayBeChanged(type: TypeId): boolean {
    const { types } = this.c;
    switch (types.kindOf(type)) {
      case TypeKind.TypeParameter:
        return false;
      case TypeKind.Reference:
        return types.isMutable(type) || types.kindOf(types.inner(type)) !== TypeKind.TypeParameter;
      case TypeKind.Optional:
      case TypeKind.Tuple:
      case TypeKind.Result:
        return types.partTypes(type).some((part) => types.hasParameter(part) && this.mayBeChanged(part));
      default:
        return true;
    }
  }

  /** The steps to the one place of the type parameter within a type; undefined: there are others. */
  private wayTo(type: TypeId, parameter: TypeId): Steps | undefined {
    if (type === parameter) return [];
    const there = (this.parts(type, 0 as TypeId) ?? []).filter((part) => this.names(part.type, parameter));
    const [only] = there;
    if (only === undefined || there.length > 1) return undefined;
    const rest = this.wayTo(only.type, parameter);
    return rest === undefined ? undefined : [only.step, ...rest];
  }

  /** What function values are given for a parameter of this type. */
  private forParameter(from: Sources, type: TypeId, asked: readonly TypeId[]): ParameterGiven {
    const { types } = this.c;
    const held = (steps: Steps): SetId | undefined => {
      if (types.kindOf(type) === TypeKind.TypeParameter) return this.of(from, type, steps, asked);
      return this.ofAll(from, type, asked);
    };
    const target = types.kindOf(type) === TypeKind.Reference && !types.isMutable(type) ? types.inner(type) : type;
    // What lies behind `&T` is held by a T; what such a reference is to, a T or a variable that has one, is not told.
    const behind = (steps: Steps): SetId | undefined => {
      const set = target === type ? held(steps) : this.ofAll(from, target, asked);
      return set === undefined ? undefined : target === type ? this.behind(set) : this.reached(set);
    };
    return { held, behind };
  }

  /** What argument `i` of a trait that a type parameter has gives by that. */
  private byBound(from: Sources, other: TypeParameterDefinition, bound: TraitReference, i: number, steps: Steps, asked: readonly TypeId[]): SetId | undefined {
    const { types } = this.c;
    if (!givesArgument(this.c, this.facts, bound.trait, i)) return emptySet;
    if (givesOfOthers(this.c, this.facts, bound.trait)) return undefined;
    const type = this.actual(from, other.type) ?? (0 as TypeId);
    // What it is by itself, and not what is made of it.
    const held = (way: Steps): SetId | undefined => this.of(from, other.type, way, asked);
    const functionAt = (way: Steps): FunctionDefinition | undefined => this.functionOf(from, other.type, way);
    const behind = type !== 0 && types.kindOf(type) === TypeKind.Reference ? () => this.unknown(held, types.inner(type)) : undefined;
    return this.byTrait(from, bound, i, { type, held, functionAt, behind }, steps);
  }

  /** The function at a part of the one value of the type parameter that is given. */
  private functionOf(from: Sources, parameter: TypeId, steps: Steps): FunctionDefinition | undefined {
    const { types } = this.c;
    const found: Given[] = [];
    const look = (type: TypeId, value: Given): boolean => {
      if (type === parameter) found.push(value);
      else if (types.kindOf(type) === TypeKind.Function) return !this.names(types.inner(type), parameter);
      else if (this.names(type, parameter)) {
        if (types.kindOf(type) === TypeKind.Reference && value.behind !== undefined) return look(types.inner(type), value.behind());
        const parts = this.parts(type, value.type);
        return parts !== undefined && parts.every((part) => look(part.type, this.part(value, part.step, part.actual)));
      }
      return true;
    };
    const isAll = from.given.every(({ type, value }) => look(type, value));
    return isAll && found.length === 1 ? found[0]?.functionAt(steps) : undefined;
  }

  /** What a value gives as argument `i` of a trait: by the implementation of its type, as that is written; else anything that it leads to. */
  private byTrait(from: Sources, bound: TraitReference, i: number, value: Given, steps: Steps): SetId | undefined {
    const { c } = this;
    const trait = c.definition(bound.trait);
    if (trait.kind !== "trait" || value.type === 0) return this.all(value);
    const wanted = bound.args.map((arg) => (c.types.kindOf(arg) === TypeKind.TypeParameter ? this.actual(from, arg) ?? (0 as TypeId) : (0 as TypeId)));
    const found = c.program.queries === undefined ? undefined : c.program.findImpl(value.type, trait, wanted);
    const implementation = found?.implementation;
    const written = implementation?.trait?.args[i];
    if (found === undefined || implementation === undefined || written === undefined) return this.all(value);
    const inside: Sources = { parameters: implementation.typeParameters, args: found.args, given: [{ type: implementation.target, value }] };
    return this.at(inside, written, steps) ?? this.all(value);
  }

  /** What a value of a type that is written with type parameters holds at `steps`. */
  at(from: Sources, type: TypeId, steps: Steps): SetId | undefined {
    if (this.c.types.kindOf(type) === TypeKind.TypeParameter) return this.of(from, type, steps);
    const [step] = steps;
    const parts = this.parts(type, 0 as TypeId);
    const part = step === undefined ? undefined : parts?.find((one) => one.step === step);
    return part === undefined ? this.ofAll(from, type, []) : this.at(from, part.type, steps.slice(1));
  }
}
