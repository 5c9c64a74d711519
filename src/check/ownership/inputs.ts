/**
 * What a body is given, as summaries number it: its parameters, then what it captured, then those parts of both that hold references of their own.
 * So `*self.out = Some(self.name)` says which field's references go behind which. Both who makes a summary and who goes by it find the same list.
 */

import type { Checker } from "../context.ts";
import type { DefinitionId } from "../definitions.ts";
import { ensureStructure } from "../signatures.ts";
import { T, TypeKind, isScalar, type TypeId } from "../types.ts";
import { fieldStep, variantStep } from "./paths.ts";
import type { TypeFacts } from "./typeFacts.ts";

export interface Input {
  readonly type: TypeId;
  /** The input that it is a part of; -1: none. */
  readonly of: number;
  /** It lies behind the reference which that is. */
  readonly isBehind: boolean;
  /** Fields that lead to it. */
  readonly steps: readonly number[];
  readonly stepTypes: readonly TypeId[];
}

/** The parameter or captured variable that an input is, or is a part of. */
export function wholeOf(inputs: readonly Input[], i: number): number {
  let at = i;
  for (let input = inputs[at]; input !== undefined && input.of >= 0; input = inputs[at]) at = input.of;
  return at;
}

/** A number of a summary as one of the parameter or captured variable that the input is, or is a part of. */
export function wholeNumber(inputs: readonly Input[], number: number): number {
  let at = number;
  for (let input = inputs[at >> 1]; input !== undefined && input.of >= 0; input = inputs[at >> 1]) at = input.of * 2 + (input.isBehind ? 1 : at & 1);
  return at;
}

/** A part of a value that holds references of its own. */
export interface Leaf {
  readonly type: TypeId;
  readonly steps: readonly number[];
  readonly stepTypes: readonly TypeId[];
}

/** No parts of parts of parts; and where there would be more than this, what is further in is one. */
const deepest = 3;
const most = 24;

/** Inputs that are not looked into. */
export function wholes(types: readonly TypeId[]): readonly Input[] {
  return types.map((type) => ({ type, of: -1, isBehind: false, steps: [], stepTypes: [] }));
}

export class Inputs {
  private readonly facts: TypeFacts;
  private readonly known = new Map<TypeId, readonly Leaf[]>();
  private readonly leaves = new Map<TypeId, readonly Leaf[]>();
  private readonly plain = new Map<DefinitionId, boolean>();
  private readonly c: Checker;

  constructor(c: Checker, facts: TypeFacts) {
    this.c = c;
    this.facts = facts;
  }

  /** The inputs of a body with parameters and captures of these types. */
  of(types: readonly TypeId[]): readonly Input[] {
    const found: Input[] = [...wholes(types)];
    const depths = types.map(() => 0);
    for (let i = 0; i < found.length; i++) {
      const { type } = found[i] as Input;
      const depth = depths[i] as number;
      if (depth >= deepest) continue;
      const parts = this.partsOf(type);
      if (found.length - types.length + parts.length > most || !this.isWorth(type, deepest - depth)) continue;
      const isBehind = this.isReference(type);
      for (const part of parts) {
        found.push({ ...part, of: i, isBehind });
        depths.push(depth + 1);
      }
    }
    return found;
  }

  /** A value of the type, or what it refers to, has parts that are told apart. */
  hasParts(type: TypeId): boolean { return this.isWorth(type, deepest); }

  /** The parts of a value by itself that are told apart; none if it is one. */
  leavesOf(type: TypeId): readonly Leaf[] {
    if (!this.isParted(type)) return [];
    const known = this.leaves.get(type);
    if (known !== undefined) return known;
    const found: Leaf[] = [];
    this.addResultLeaves(type, found);
    const leaves = found.length > 1 && found.length <= most ? found : [];
    this.leaves.set(type, leaves);
    return leaves;
  }

  private isParted(type: TypeId): boolean {
    const { types } = this.facts;
    const kind = types.kindOf(type);
    return kind === TypeKind.Tuple || kind === TypeKind.Struct || kind === TypeKind.Result || (kind === TypeKind.Optional && this.isParted(types.inner(type)));
  }

  /** The leaves of what a function gives: of a Result, those of its value and those of its error, which `?` hands on alone. */
  private addResultLeaves(type: TypeId, found: Leaf[]): void {
    const { types } = this.facts;
    if (types.kindOf(type) !== TypeKind.Result) {
      this.addLeaves(type, [], [], found, true);
      return;
    }
    [types.inner(type), types.errorType(type)].forEach((part, variant) => this.addLeaves(part, [variantStep(variant, 0)], [part], found, true));
  }

  /** Something is told apart: there are several parts, or its one part has several. */
  private isWorth(type: TypeId, depth: number): boolean {
    const parts = this.partsOf(type);
    const [only] = parts;
    return parts.length > 1 || (only !== undefined && depth > 1 && this.isWorth(only.type, depth - 1));
  }

  private isReference(type: TypeId): boolean { return this.facts.types.kindOf(type) === TypeKind.Reference; }

  private partsOf(type: TypeId): readonly Leaf[] {
    const known = this.known.get(type);
    if (known !== undefined) return known;
    const { facts } = this;
    const found: Leaf[] = [];
    const inner = this.isReference(type) ? facts.types.inner(type) : type;
    if (facts.holds(inner) && (inner !== type || this.isFielded(type))) this.addLeaves(inner, [], [], found);
    this.known.set(type, found);
    return found;
  }

  /** A tuple, or a struct that the library does not keep to itself. */
  private isFielded(type: TypeId): boolean {
    const { facts } = this;
    const { types } = facts;
    return types.kindOf(type) === TypeKind.Tuple || (types.kindOf(type) === TypeKind.Struct && !facts.isLibraryType(type));
  }

  /** `withLibrary`: also of those structs of the library that consist of their fields alone, as iterators made of iterators do. */
  private addLeaves(type: TypeId, steps: readonly number[], stepTypes: readonly TypeId[], found: Leaf[], withLibrary = false): void {
    const { facts } = this;
    if (withLibrary && facts.types.kindOf(type) === TypeKind.Optional) {
      const inner = facts.types.inner(type);
      if (this.isFielded(inner) || this.isPlain(inner)) {
        this.addLeaves(inner, [...steps, variantStep(1, 0)], [...stepTypes, inner], found, true);
        return;
      }
    }
    if (!this.isFielded(type) && !(withLibrary && this.isPlain(type))) {
      if (facts.holds(type)) found.push({ type, steps, stepTypes });
      return;
    }
    const fields = facts.types.kindOf(type) === TypeKind.Tuple ? facts.types.items(type) : facts.fieldTypes(type);
    fields.forEach((field, i) => { if (facts.holds(field)) this.addLeaves(field, [...steps, fieldStep(i)], [...stepTypes, field], found, withLibrary); });
  }

  /** A struct of the library that consists of its fields alone, as iterators made of iterators do: none of them is a reference or a pointer to what others see. */
  isPlain(type: TypeId): boolean {
    const { c, facts } = this;
    if (c.types.kindOf(type) !== TypeKind.Struct || facts.isOwner(type) || facts.isCollection(type)) return false;
    const structure = c.definition(c.types.definition(type));
    if (structure.kind !== "struct" || !facts.isLibrary(structure)) return false;
    const known = this.plain.get(structure.id);
    if (known !== undefined) return known;
    this.plain.set(structure.id, false);
    ensureStructure(c, structure);
    const isPlain = structure.fields.length > 0 && structure.fields.every((field) => this.isPlainField(field.type));
    this.plain.set(structure.id, isPlain);
    return isPlain;
  }

  private isPlainField(type: TypeId): boolean {
    const { types } = this.c;
    if (isScalar(type)) return type !== T.str;
    switch (types.kindOf(type)) {
      case TypeKind.TypeParameter:
        return true;
      case TypeKind.Function:
        return !types.isExternal(type);
      case TypeKind.Optional:
      case TypeKind.Tuple:
      case TypeKind.Result:
        return types.partTypes(type).every((part) => this.isPlainField(part));
      default:
        return this.isPlain(type);
    }
  }
}
