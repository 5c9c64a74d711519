/**
 * The checked program as the function at hand sees it. Within an instance of a generic function every type that is read has the instance's
 * type arguments in place of the type parameters; elsewhere types are read as they are.
 */

import type { Capture } from "../check/captures.ts";
import type { CheckedProgram, ImplMatch, Instance, LoopIteration, Meaning, ResolvedMethod } from "../check/checkedProgram.ts";
import type { Definition, DefinitionId, EnumDefinition, FunctionDefinition, LocalId, StructDefinition, TraitDefinition } from "../check/definitions.ts";
import { Substitution } from "../check/substitute.ts";
import type { TypeId, TypeTable } from "../check/types.ts";
import type { Ast, Node } from "../syntax/ast.ts";

export class ProgramView {
  readonly ast: Ast;
  readonly types: TypeTable;
  readonly definitions: readonly Definition[];
  /** Of the instance at hand; undefined in a function that is not generic. */
  substitution: Substitution | undefined = undefined;
  private readonly checked: CheckedProgram;

  constructor(checked: CheckedProgram) {
    this.checked = checked;
    this.ast = checked.ast;
    this.types = checked.types;
    this.definitions = checked.definitions;
  }

  typeOf(n: Node): TypeId {
    const type = this.checked.typeOf(n);
    return this.substitution === undefined ? type : this.substitution.apply(type);
  }

  wantedOf(n: Node): TypeId {
    const type = this.checked.wantedOf(n);
    return this.substitution === undefined ? type : this.substitution.apply(type);
  }

  /** The type of an expression whose value its place takes as it is; 0 where it is converted, and of what has no type. */
  plainType(n: Node): TypeId | 0 { return this.checked.wantedOf(n) === 0 ? this.seen(this.checked.typeOf(n)) : 0; }

  localType(local: LocalId): TypeId {
    const type = this.checked.localType(local);
    return this.substitution === undefined ? type : this.substitution.apply(type);
  }

  /** A type of a declaration, as the function at hand sees it. */
  seen(type: TypeId): TypeId {
    return this.substitution === undefined ? type : this.substitution.apply(type);
  }

  /** A type with other parameters replaced. */
  substituted(type: TypeId, parameters: readonly DefinitionId[], args: readonly TypeId[]): TypeId {
    return this.types.isDependent(type) ? new Substitution(this.types, parameters, args).apply(type) : type;
  }

  /** The type arguments of the generic that `n` means; none where it means no generic. */
  argsOf(n: Node): readonly TypeId[] {
    const list = this.checked.instanceOf(n);
    if (list === 0) return none;
    const args = this.checked.instanceArgs(list);
    return this.substitution === undefined ? args : this.substitution.applyAll(args);
  }

  /** What a generic function with these type arguments replaces in its types; undefined if it has no type parameters. */
  substitutionFor(definition: FunctionDefinition, args: readonly TypeId[]): Substitution | undefined {
    return args.length === 0 ? undefined : new Substitution(this.types, definition.typeParameters, args);
  }

  /** How the `for` at `n` goes over what is no range, array, slice or text. */
  loopIteration(n: Node): LoopIteration | undefined {
    const iteration = this.checked.loopIteration(n);
    if (iteration === undefined || this.substitution === undefined) return iteration;
    const { make, next, iterator, item } = iteration;
    return { make: make === undefined ? undefined : this.seenInstance(make), next: this.seenInstance(next), iterator: this.seen(iterator), item: this.seen(item) };
  }

  private seenInstance({ function: f, args }: Instance): Instance {
    return { function: f, args: this.substitution?.applyAll(args) ?? args };
  }

  meaningOf(n: Node): Meaning { return this.checked.meaningOf(n); }
  definition(id: DefinitionId): Definition { return this.checked.definition(id); }
  localHas(local: LocalId, flag: number): boolean { return this.checked.localHas(local, flag); }
  localNode(local: LocalId): Node { return this.checked.localNode(local); }
  capturesOf(closure: Node): readonly Capture[] { return this.checked.capturesOf(closure); }
  ownsCaptures(closure: Node): boolean { return this.checked.ownsCaptures(closure); }
  isLibrary(file: number): boolean { return this.checked.isLibrary(file); }
  isLibraryText(file: number): boolean { return this.checked.isLibraryText(file); }
  ensureChecked(definition: FunctionDefinition): void { this.checked.ensureChecked(definition); }
  preludeFunction(name: string): FunctionDefinition | undefined { return this.checked.preludeFunction(name); }
  needsDrop(type: TypeId): boolean { return this.checked.needsDrop(type); }
  resolveMethod(method: FunctionDefinition, args: readonly TypeId[]): ResolvedMethod { return this.checked.resolveMethod(method, args); }
  isCopy(type: TypeId): boolean { return this.checked.isCopy(type); }
  get widenedObjects(): CheckedProgram["widenedObjects"] { return this.checked.widenedObjects; }
  derefTarget(type: TypeId): TypeId | 0 { return this.checked.derefTarget(type); }
  findImpl(type: TypeId, trait: TraitDefinition, args: readonly TypeId[] = []): ImplMatch | undefined { return this.checked.findImpl(type, trait, args); }
  preludeTrait(name: string): TraitDefinition | undefined { return this.checked.preludeTrait(name); }
  preludeType(name: string): StructDefinition | EnumDefinition | undefined { return this.checked.preludeType(name); }
  get localCount(): number { return this.checked.localCount; }
  get main(): FunctionDefinition | undefined { return this.checked.main; }
  get tests(): CheckedProgram["tests"] { return this.checked.tests; }
}

const none: readonly TypeId[] = [];
