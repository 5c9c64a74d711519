/** Whether two impls can be for the same type. */

import type { Checker } from "./context.ts";
import type { ImplDefinition } from "./definitions.ts";
import { parameterOf } from "./generics.ts";
import { findImpl } from "./implementations.ts";
import { isOperatorTrait } from "./traits.ts";
import { TypeKind, type TypeId } from "./types.ts";

/** Some type is both, whatever their type parameters stand for. */
export function mayOverlap(c: Checker, one: TypeId, other: TypeId): boolean {
  return new Unifier(c).unify(one, other);
}

/** Some type, with some arguments of the trait, is meant by both impls. */
export function implsOverlap(c: Checker, one: ImplDefinition, other: ImplDefinition): boolean {
  // Of two without parameters most differ in their types: a type that From is implemented for by thousands of others is no reason to wait.
  if (one.typeParameters.length === 0 && other.typeParameters.length === 0 && (one.target !== other.target || one.trait?.args[0] !== other.trait?.args[0])) return false;
  const unifier = new Unifier(c);
  if (!unifier.unify(one.target, other.target)) return false;
  const trait = one.trait === undefined ? undefined : c.definition(one.trait.trait);
  // The operands alone say which operator is meant, not what it gives.
  const args = one.trait?.args.slice(0, trait?.kind === "trait" && isOperatorTrait(trait) ? 1 : undefined) ?? [];
  return args.every((arg, i) => unifier.unify(arg, other.trait?.args[i] ?? arg)) && takesDyn(c, unifier, one) && takesDyn(c, unifier, other);
}

/** No parameter of the impl would stand for a `dyn` that has not what its bounds ask for: of a trait object it is known for good what it has. */
function takesDyn(c: Checker, unifier: Unifier, implementation: ImplDefinition): boolean {
  return implementation.typeParameters.every((id) => {
    const parameter = parameterOf(c, id);
    const type = unifier.resolved(parameter.type);
    return c.types.kindOf(type) !== TypeKind.Dyn || parameter.bounds.every((bound) => {
      const trait = c.definition(bound.trait);
      return trait.kind !== "trait" || findImpl(c, type, trait, []) !== undefined;
    });
  });
}

/** Two-way unification over type parameters; those of different declarations are different. */
class Unifier {
  private readonly c: Checker;
  private readonly solved = new Map<TypeId, TypeId>();

  constructor(c: Checker) {
    this.c = c;
  }

  unify(one: TypeId, other: TypeId): boolean {
    const { types } = this.c;
    const left = this.resolved(one);
    const right = this.resolved(other);
    if (left === right) return true;
    const kind = types.kindOf(left);
    if (kind === TypeKind.TypeParameter) return this.bind(left, right);
    if (types.kindOf(right) === TypeKind.TypeParameter) return this.bind(right, left);
    if (kind !== types.kindOf(right) || types.flags[left] !== types.flags[right]) return false;
    switch (kind) {
      case TypeKind.Scalar:
        return false;
      case TypeKind.Array:
        return types.arrayLength(left) === types.arrayLength(right) && this.unify(types.inner(left), types.inner(right));
      case TypeKind.Struct:
      case TypeKind.Enum:
      case TypeKind.Dyn:
        return types.definition(left) === types.definition(right) && this.unifyLists(left, right);
      case TypeKind.Tuple:
        return this.unifyLists(left, right);
      case TypeKind.Function:
        return this.unifyLists(left, right) && this.unify(types.inner(left), types.inner(right));
      case TypeKind.Result:
        return this.unify(types.inner(left), types.inner(right)) && this.unify(types.errorType(left), types.errorType(right));
      default:
        return this.unify(types.inner(left), types.inner(right));
    }
  }

  private unifyLists(one: TypeId, other: TypeId): boolean {
    const { types } = this.c;
    if (types.listLength(one) !== types.listLength(other)) return false;
    for (let i = 0; i < types.listLength(one); i++) if (!this.unify(types.listItem(one, i), types.listItem(other, i))) return false;
    return true;
  }

  resolved(type: TypeId): TypeId {
    let at = type;
    for (let next = this.solved.get(at); next !== undefined; next = this.solved.get(at)) at = next;
    return at;
  }

  private bind(parameter: TypeId, type: TypeId): boolean {
    if (this.holds(type, parameter)) return false;
    this.solved.set(parameter, type);
    return true;
  }

  /** `type` contains the parameter: no type is both. */
  private holds(type: TypeId, parameter: TypeId): boolean {
    const { types } = this.c;
    const at = this.resolved(type);
    if (at === parameter) return true;
    if (!types.hasParameter(at)) return false;
    const kind = types.kindOf(at);
    if (kind === TypeKind.TypeParameter) return false;
    if (kind >= TypeKind.Pointer && kind <= TypeKind.Function && kind !== TypeKind.Tuple && this.holds(types.inner(at), parameter)) return true;
    if (kind === TypeKind.Result && this.holds(types.errorType(at), parameter)) return true;
    return types.items(at).some((item) => this.holds(item, parameter));
  }
}
