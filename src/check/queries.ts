/** What code generation and the borrow checker ask about types once the program is checked. */

import { Names } from "../source/interner.ts";
import type { ImplMatch, Queries, ResolvedMethod } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import { fieldsHeld, type FunctionDefinition, type TraitDefinition } from "./definitions.ts";
import { derefTarget, findImpl } from "./implementations.ts";
import { substitute } from "./matching.ts";
import { ensureFunction, ensureStructure } from "./signatures.ts";
import { isCopy } from "./traits.ts";
import { TypeKind, isScalar, type TypeId } from "./types.ts";

/** The answers that a checked program gives to those who come behind the checker. */
export function queriesOf(c: Checker): Queries {
  const drops = new Map<TypeId, boolean>();
  return {
    resolveMethod: (method, args) => resolveMethod(c, method, args),
    derefTarget: (type) => derefTarget(c, type),
    isCopy: (type) => isCopy(c, type),
    needsDrop: (type) => needsDrop(c, type, drops),
    implementsTrait: (type, trait, args = []) => findImpl(c, type, trait, args) !== undefined,
    findImpl: (type, trait, args = []): ImplMatch | undefined => findImpl(c, type, trait, args),
    preludeType: (name) => {
      const definition = c.preludeDefinition(c.names.intern(name));
      if (definition?.kind !== "struct" && definition?.kind !== "enum") return undefined;
      ensureStructure(c, definition);
      return definition;
    },
    ensureStructure: (definition) => ensureStructure(c, definition),
    preludeTrait: (name): TraitDefinition | undefined => {
      const definition = c.preludeDefinition(c.names.intern(name));
      return definition?.kind === "trait" ? definition : undefined;
    },
  };
}

function resolveMethod(c: Checker, method: FunctionDefinition, args: readonly TypeId[]): ResolvedMethod {
  const trait = method.trait === 0 ? undefined : c.definition(method.trait);
  if (trait?.kind !== "trait") return { function: method, args };
  const self = args[0];
  if (self === undefined) throw new Error("check/queries.resolveMethod: a trait's method without Self");
  const outer = trait.typeParameters.length;
  const found = findImpl(c, self, trait, args.slice(1, outer));
  const implementation = found?.implementation;
  if (found !== undefined && implementation !== undefined) {
    const own = implementation.methods.find((one) => one.name === method.name);
    if (own !== undefined) {
      ensureFunction(c, own);
      return { function: own, args: [...found.args, ...args.slice(outer)] };
    }
  }
  ensureFunction(c, method);
  return method.hasDefault ? { function: method, args } : { derived: c.nameText(method.name) };
}

/** Something is to be done when a value of the type ends. A type parameter may be anything that is not Copy. */
function needsDrop(c: Checker, type: TypeId, known: Map<TypeId, boolean>): boolean {
  if (isScalar(type)) return false;
  const found = known.get(type);
  if (found !== undefined) return found;
  // What holds itself does so behind a pointer that drops it.
  known.set(type, false);
  const answer = computeDrop(c, type, known);
  known.set(type, answer);
  return answer;
}

function computeDrop(c: Checker, type: TypeId, known: Map<TypeId, boolean>): boolean {
  const { types } = c;
  const inside = (part: TypeId): boolean => needsDrop(c, part, known);
  switch (types.kindOf(type)) {
    case TypeKind.Array:
    case TypeKind.Optional:
      return inside(types.inner(type));
    case TypeKind.Result:
      return inside(types.inner(type)) || inside(types.errorType(type));
    case TypeKind.Tuple:
      return types.items(type).some(inside);
    case TypeKind.Function:
      return !types.isExternal(type);
    case TypeKind.Dyn:
      return true;
    case TypeKind.TypeParameter:
      return !isCopy(c, type);
    case TypeKind.Struct:
    case TypeKind.Enum: {
      const definition = c.definition(types.definition(type));
      if (definition.kind !== "struct" && definition.kind !== "enum") return false;
      ensureStructure(c, definition);
      const drop = c.knownTraits.get(Names.Drop);
      if (drop !== undefined && findImpl(c, type, drop, []) !== undefined) return true;
      const args = types.items(type);
      return fieldsHeld(definition).some((field) => inside(substitute(types, field.type, definition.typeParameters, args)));
    }
    default:
      return false;
  }
}
