/** What the ownership checks ask about a type, answered once for each: whether it is copied, may hold references, is dropped. */

import { Names } from "../../source/interner.ts";
import type { NameId } from "../../syntax/ast.ts";
import type { Checker } from "../context.ts";
import type { Definition, DefinitionId, Field, ImplDefinition } from "../definitions.ts";
import { ensureStructure } from "../signatures.ts";
import { has, isCopy, throughReferences } from "../traits.ts";
import { T, TypeKind, isScalar, type TypeId, type TypeTable } from "../types.ts";
import { BehindFacts, sharedOwners } from "./behindFacts.ts";
import { ClosureFacts, type Held } from "./closureFacts.ts";
import { Inputs } from "./inputs.ts";
import { KeepingFunctions } from "./keepingFunctions.ts";
import { leadsTo, most } from "./leading.ts";
import { Mixing } from "./mixing.ts";
import { Pointees } from "./pointees.ts";

const owners: ReadonlySet<string> = new Set(["Box", ...sharedOwners]);

/** Collections of the library: they own their items' memory, and change it through a `&mut` only. */
const collections: ReadonlySet<string> = new Set(["List", "Deque", "Map", "Set", "Heap", "Box"]);

const Answer = { unknown: 0, no: 1, yes: 2 } as const;

/** `forAll`: the answers are for all programs that use the library. */
export function typeFacts(c: Checker, forAll = false): TypeFacts {
  return new TypeFacts(c, forAll);
}

export class TypeFacts {
  private readonly c: Checker;
  private copies = new Uint8Array(256);
  private holding = new Uint8Array(256);
  private tracked = new Uint8Array(256);
  private drops = new Uint8Array(256);
  private readonly targets = new Map<TypeId, TypeId>();
  private readonly parts = new Map<TypeId, readonly TypeId[]>();
  private readonly fields = new Map<TypeId, readonly TypeId[]>();
  // By what was asked: see leadsTo.
  private readonly writing = new Map<TypeId, boolean>();
  private readonly writingFunctions = new Map<TypeId, boolean>();
  private readonly droppedWithUse = new Map<TypeId, boolean>();

  readonly spawnName: NameId;
  readonly pointees: Pointees;
  readonly closures: ClosureFacts;
  readonly keeping: KeepingFunctions;
  readonly behind: BehindFacts;
  readonly inputs: Inputs;
  readonly mixing: Mixing;

  /** `forAll`: the answers are for all programs that use the library. */
  constructor(c: Checker, forAll = false) {
    this.c = c;
    this.pointees = new Pointees(c, this);
    this.behind = new BehindFacts(c, this);
    this.inputs = new Inputs(c, this);
    this.mixing = new Mixing(c, this);
    this.closures = new ClosureFacts(c, this, forAll);
    this.keeping = new KeepingFunctions(c, this);
    this.spawnName = c.names.intern("spawn");
  }

  isLibrary(definition: Definition): boolean {
    return this.c.unitOfFile[definition.file]?.library === true;
  }

  /** A struct or enum of the library. */
  isLibraryType(type: TypeId): boolean { return this.isLibrary(this.c.definition(this.c.types.definition(type))); }

  isCopy(type: TypeId): boolean {
    if (type >= this.copies.length) this.copies = larger(this.copies, this.c.types.count);
    const known = this.copies[type] as number;
    if (known !== Answer.unknown) return known === Answer.yes;
    const answer = isCopy(this.c, type);
    this.copies[type] = answer ? Answer.yes : Answer.no;
    return answer;
  }

  /** A value of this type may hold references, slices, texts or function values: its holder keeps them borrowed. */
  holds(type: TypeId): boolean {
    if (isScalar(type)) return type === T.str;
    if (type >= this.holding.length) this.holding = larger(this.holding, this.c.types.count);
    if (this.holding[type] === Answer.unknown) this.findHolders(type);
    return this.holding[type] === Answer.yes;
  }

  /** Answers `holds` for a type and all that it is made of: those that lead to a reference. Types may lead to one another in circles, and far. */
  private findHolders(first: TypeId): void {
    const found: TypeId[] = [first];
    const usedBy = new Map<TypeId, TypeId[]>([[first, []]]);
    const holders: TypeId[] = [];
    for (let i = 0; i < found.length; i++) {
      const type = found[i] as TypeId;
      const parts = i < most ? this.heldBy(type) : "references";
      if (parts === "references") {
        holders.push(type);
        continue;
      }
      for (const part of parts) {
        const known = isScalar(part) ? (part === T.str ? Answer.yes : Answer.no) : part < this.holding.length ? (this.holding[part] as number) : Answer.unknown;
        if (known === Answer.yes) holders.push(type);
        if (known !== Answer.unknown) continue;
        const users = usedBy.get(part);
        if (users !== undefined) {
          users.push(type);
          continue;
        }
        usedBy.set(part, [type]);
        found.push(part);
      }
    }
    if (this.c.types.count > this.holding.length) this.holding = larger(this.holding, this.c.types.count);
    for (const type of found) this.holding[type] = Answer.no;
    for (let type = holders.pop(); type !== undefined; type = holders.pop()) {
      if (this.holding[type] === Answer.yes) continue;
      this.holding[type] = Answer.yes;
      holders.push(...(usedBy.get(type) ?? []));
    }
  }

  /** What a value of the type holds by itself: references, or what its parts hold. */
  private heldBy(type: TypeId): Held {
    const { types } = this.c;
    switch (types.kindOf(type)) {
      case TypeKind.Reference:
      case TypeKind.Slice:
        return "references";
      case TypeKind.TypeParameter:
        return this.closures.heldByParameter(type);
      case TypeKind.Dyn:
        return this.closures.heldBehind(types.definition(type));
      case TypeKind.Function:
        return types.isExternal(type) ? [] : this.closures.heldBy(type);
      case TypeKind.Pointer:
        return [types.inner(type)];
      default:
        return this.partsOf(type);
    }
  }

  /**
   * The types of what a value consists of: of a struct or enum its type arguments and fields; of what owns items by memory of its own these alone, for its
   * reference is to them. None where nothing is apart: references, function values, trait objects, type parameters.
   */
  partsOf(type: TypeId): readonly TypeId[] {
    const { types } = this.c;
    const kind = types.kindOf(type);
    if (kind !== TypeKind.Struct && kind !== TypeKind.Enum) return types.partTypes(type);
    const known = this.parts.get(type);
    if (known !== undefined) return known;
    const items = types.items(type);
    const found = this.isOwner(type) || this.isCollection(type) ? items : [...items, ...this.fieldTypes(type)];
    this.parts.set(type, found);
    return found;
  }

  /** What a value of the type leads to may be changed to refer to a part of itself: `self.first = &self.items[0]`. */
  mayHoldItself(type: TypeId): boolean {
    if (!this.holds(type) || !this.behind.holdsBehind(type)) return false;
    const target = throughReferences(this.c, type);
    return this.pointees.mayPointInto(target, target);
  }

  /** Box, Rc and their kin: a type of the library that owns what it refers to. */
  isOwner(type: TypeId): boolean {
    const structure = this.c.definition(this.c.types.definition(type));
    return this.c.unitOfFile[structure.file]?.library === true && owners.has(this.c.nameText(structure.name));
  }

  /** Values of the type are of interest: they move, or hold references. */
  isTracked(type: TypeId): boolean {
    if (type >= this.tracked.length) this.tracked = larger(this.tracked, this.c.types.count);
    const known = this.tracked[type] as number;
    if (known !== Answer.unknown) return known === Answer.yes;
    const answer = isScalar(type) ? type === T.str : this.holds(type) || !this.isCopy(type) || this.c.types.kindOf(type) === TypeKind.Pointer;
    this.tracked[type] = answer ? Answer.yes : Answer.no;
    return answer;
  }

  get types(): TypeTable { return this.c.types; }

  /** What lies where a slice or text stands for what its owner owns; else the type itself. */
  elementOf(type: TypeId): TypeId {
    if (type === T.str) return T.u8;
    return this.c.types.kindOf(type) === TypeKind.Slice ? this.c.types.inner(type) : type;
  }

  /** `&T`, `&mut T`, `[]T`, `[]mut T`. */
  isBorrow(type: TypeId): boolean {
    const kind = this.c.types.kindOf(type);
    return kind === TypeKind.Reference || kind === TypeKind.Slice;
  }

  isRawPointer(type: TypeId): boolean {
    return this.c.types.kindOf(type) === TypeKind.Pointer;
  }

  /** It can be cloned: for advice. */
  isClone(type: TypeId): boolean {
    const { types } = this.c;
    if (types.kindOf(type) !== TypeKind.Struct && types.kindOf(type) !== TypeKind.Enum) return false;
    return has(this.c, type, Names.Clone);
  }

  /** `&mut T` and `[]mut T`: reborrowed instead of moved. */
  isMutableBorrow(type: TypeId): boolean {
    return this.isBorrow(type) && this.c.types.isMutable(type);
  }

  isFunction(type: TypeId): boolean {
    return this.c.types.kindOf(type) === TypeKind.Function && !this.c.types.isExternal(type);
  }

  /** A function value, or a reference to one. */
  isFunctionValue(type: TypeId | undefined): boolean {
    return type !== undefined && this.isFunction(throughReferences(this.c, type));
  }

  /** How many parameters a function value has. */
  parametersOf(type: TypeId): number {
    return this.c.types.listLength(throughReferences(this.c, type));
  }

  /** A collection of the library, which owns its items' memory. */
  isCollection(type: TypeId): boolean {
    const definition = this.c.definition(this.c.types.definition(type));
    return this.isLibrary(definition) && collections.has(this.c.nameText(definition.name));
  }

  isBox(type: TypeId): boolean {
    return this.c.types.kindOf(type) === TypeKind.Struct && this.isOwner(type) && this.c.nameText(this.c.definition(this.c.types.definition(type)).name) === "Box";
  }

  /** A reference, slice, text, trait object or function value is written in the type itself, beside its type parameters. */
  writesReference(of: TypeId): boolean {
    const { types } = this.c;
    return leadsTo(of, (type) => {
      if (isScalar(type)) return type === T.str;
      switch (types.kindOf(type)) {
        case TypeKind.Reference:
        case TypeKind.Slice:
          return true;
        case TypeKind.Dyn:
        case TypeKind.Function:
          return this.holds(type);
        case TypeKind.Pointer:
          return [types.inner(type)];
        default:
          return this.partsOf(type);
      }
    }, this.writing);
  }

  /** A function value or trait object is written somewhere in the type. */
  writesFunction(of: TypeId): boolean {
    const { types } = this.c;
    return leadsTo(of, (type) => {
      const kind = types.kindOf(type);
      if (kind === TypeKind.Function || kind === TypeKind.Dyn) return true;
      return types.isReferring(type) ? [types.inner(type)] : this.partsOf(type);
    }, this.writingFunctions);
  }

  /** At the end of its scope something runs. */
  needsDrop(type: TypeId): boolean {
    if (this.c.program.queries === undefined) return false;
    if (type >= this.drops.length) this.drops = larger(this.drops, this.c.types.count);
    const known = this.drops[type] as number;
    if (known !== Answer.unknown) return known === Answer.yes;
    const answer = this.isTracked(type) && this.c.program.needsDrop(type);
    this.drops[type] = answer ? Answer.yes : Answer.no;
    return answer;
  }

  /** A Drop that the user wrote runs for it, and may use whatever the value holds. */
  dropUses(of: TypeId): boolean {
    const known = this.droppedWithUse.get(of);
    if (known !== undefined) return known;
    const { types } = this.c;
    let asksClosures = false;
    const answer = leadsTo(of, (type) => {
      if (isScalar(type) || !this.holds(type) || !this.needsDrop(type)) return false;
      switch (types.kindOf(type)) {
        case TypeKind.Dyn:
          return true;
        case TypeKind.Function:
          asksClosures = true;
          return this.closures.dropUses(types.listLength(type));
        default: {
          // The library's own Drops use nothing but what they own: items, whose Drops count.
          const drop = this.dropOf(type);
          return (drop !== undefined && this.c.unitOfFile[drop.file]?.library !== true) || this.partsOf(type);
        }
      }
    });
    // While closures are looked through, the answer is about those that were seen.
    if (!asksClosures) this.droppedWithUse.set(of, answer);
    return answer;
  }

  /** The `impl Drop` of a struct or enum. */
  private dropOf(type: TypeId): ImplDefinition | undefined {
    const { program, types } = this.c;
    const kind = types.kindOf(type);
    if (program.queries === undefined || (kind !== TypeKind.Struct && kind !== TypeKind.Enum)) return undefined;
    const trait = program.preludeTrait("Drop");
    return trait === undefined ? undefined : program.findImpl(type, trait)?.implementation;
  }

  /** The type has a Drop of its own, so that no part may be moved out of it. */
  hasDrop(type: TypeId): boolean {
    return this.needsDrop(type) && this.dropOf(type) !== undefined;
  }

  /** What `*` and `.` go through by themselves: the target of a Box, List, String…; 0 for other types. */
  derefTarget(type: TypeId): TypeId {
    const kind = this.c.types.kindOf(type);
    if (this.c.program.queries === undefined || (kind !== TypeKind.Struct && kind !== TypeKind.Enum)) return 0 as TypeId;
    const known = this.targets.get(type);
    if (known !== undefined) return known;
    const target = this.c.program.derefTarget(type) as TypeId;
    this.targets.set(type, target);
    return target;
  }

  /** Types of all parts of a struct or enum. */
  fieldTypes(type: TypeId): readonly TypeId[] {
    let found = this.fields.get(type);
    if (found === undefined) this.fields.set(type, (found = this.findFields(type)));
    return found;
  }

  private findFields(type: TypeId): readonly TypeId[] {
    const structure = this.c.definition(this.c.types.definition(type));
    if (structure.kind === "struct") {
      ensureStructure(this.c, structure);
      return structure.fields.map((field) => this.substituted(field.type, type));
    }
    if (structure.kind !== "enum") return [];
    ensureStructure(this.c, structure);
    return structure.variants.flatMap((variant) => variant.fields.map((field) => this.substituted(field.type, type)));
  }

  /** The type of field `index` of a struct or tuple, `error` if there is none. */
  fieldType(type: TypeId, index: number): TypeId {
    const { types } = this.c;
    if (types.kindOf(type) === TypeKind.Tuple) return index < types.listLength(type) ? types.listItem(type, index) : T.error;
    if (types.kindOf(type) !== TypeKind.Struct) return T.error;
    const structure = this.c.definition(types.definition(type));
    if (structure.kind !== "struct") return T.error;
    const field = structure.fields[index];
    return field === undefined ? T.error : this.substituted(field.type, type);
  }

  /** The parts of a variant of an enum, an optional or a result. */
  variantTypes(type: TypeId, variant: { readonly owner: DefinitionId; readonly index: number; readonly fields: readonly Field[] }): readonly TypeId[] {
    const { types } = this.c;
    switch (types.kindOf(type)) {
      case TypeKind.Optional:
        return variant.index === 1 ? [types.inner(type)] : [];
      case TypeKind.Result:
        return [variant.index === 0 ? types.inner(type) : types.errorType(type)];
      default:
        return variant.fields.map((field) => this.substituted(field.type, type));
    }
  }

  /** The type of a part as a value of type `owner` has it. */
  private substituted(type: TypeId, owner: TypeId): TypeId {
    const { types } = this.c;
    if (types.listLength(owner) === 0) return type;
    const definition = this.c.definition(types.definition(owner));
    if (definition.kind !== "struct" && definition.kind !== "enum") return type;
    return this.c.program.substitute(type, definition.typeParameters, types.items(owner));
  }
}

function larger(from: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(Math.max(from.length * 2, least + 64));
  to.set(from);
  return to;
}
