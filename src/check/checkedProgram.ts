/**
 * What checking a program gives: the syntax tree's columns, and beside them one column each for a node's type, the type that its place
 * wants of it, and what it means. `irgen` reads nothing else.
 *
 * Conventions (they keep conversions explicit without a second tree):
 * - `typeOf(n)`: the type of expression `n` by itself; a literal's is final. Of a pattern: the type of the value matched there, after
 *   references were looked through. Of a type node: the type meant.
 * - `wantedOf(n)`: 0, or the type that `n`'s value is implicitly converted to at its place (widening, `T` to `?T`, reading a `Copy` value
 *   through a reference, array to slice, `str` to `*u8`, `&T` to `*T`, literal to its type…). The pair of types says which conversion it is.
 * - `meaningOf(n)` by kind of node:
 *     Name, Field, VariantName, PathPattern, VariantPattern, StructPattern, StructLiteral: a local, a definition, or a member:
 *       Name → local or definition; Field → definition (module member, enum variant, method as a callee) or field index or built-in member;
 *       StructLiteral and StructPattern → the struct or the variant; FieldInit and FieldPattern → field index.
 *     Call → nothing of its own: look at the callee. A callee that is a Field and means a function is a method call: the object is the
 *       receiver, borrowed or read through as the function's first parameter wants.
 *     Pipe → nothing: irgen passes the left value as first argument of the right side (a path or a Call, perhaps within Try or Unwrap).
 *     BindingPattern, Parameter → the local it declares. A binding whose local is a reference to the pattern's type binds by reference.
 *     Break, Continue → the loop's node.
 *     Intrinsic → number of the intrinsic (intrinsics.ts).
 *     Binary, Unary, Index, Assign → nothing, or the trait's or impl's method that the operator calls. For → nothing, or `next` (see loopIteration).
 *     Try → nothing, or the `from` that converts the error.
 * - `instanceOf(n)`: for a node that means a generic function: the number of the list of its type arguments, for `instanceArgs`; 0 otherwise. Within a
 *   generic body they may contain the body's own type parameters. A callee `f[A]` (Index) carries meaning and instance, and so does its `f`.
 * - A method call's object whose receiver is a slice or a text, and that is neither: `wantedOf` is that slice (`[]T`, `[]mut T`) or `str`.
 */

import { release } from "../source/release.ts";
import { Kind, type Ast, type Node } from "../syntax/ast.ts";
import type { Capture } from "./captures.ts";
import type { Definition, DefinitionId, EnumDefinition, FunctionDefinition, ImplDefinition, LocalId, StructDefinition, TraitDefinition } from "./definitions.ts";
import { substitute } from "./matching.ts";
import type { TypeId, TypeTable } from "./types.ts";

export type Meaning = number & { readonly brand: "Meaning" };

/** The low 3 bits of a meaning say what it is, the rest which. 0: none. */
export const MeaningKind = { None: 0, Local: 1, Definition: 2, Field: 3, Member: 4, Node: 5, Intrinsic: 6 } as const;

/** Members that the language itself has. */
export const BuiltinMember = { len: 1, ptr: 2 } as const;

/** The meaning of one of the kinds of MeaningKind, with its number. */
export function meaning(kind: number, index: number): Meaning { return ((index << 3) | kind) as Meaning; }
/** One of MeaningKind. */
export function meaningKind(m: Meaning): number { return m & 7; }
/** Which one of its kind: an id, a node or a row. */
export function meaningIndex(m: Meaning): number { return m >> 3; }

export const LocalFlag = {
  /** Declared with `var`, or a loop's own. */
  mutable: 1,
  /** Its address is taken: by & or &mut, an implicit borrow of a receiver, a slice of it, or a pattern that binds by reference. Needs memory. */
  addressTaken: 2,
  /** Assigned after its declaration. */
  assigned: 4,
  /** Named somewhere: for the warning about variables that are not. */
  used: 8,
  /** Declared with `var`, where a warning may say that `let` would do. */
  declaredVar: 16,
  /** By a pattern that may declare others beside it: `var` is right if one of them changes. */
  declaredTogether: 32,
} as const;

/** A function and the arguments of its type parameters. */
export interface Instance {
  readonly function: FunctionDefinition;
  readonly args: readonly TypeId[];
}

/** What a trait's method is for a type: a function, or what the language does itself: "eq", "cmp", "clone", "hash", "show", "default", "add", … (the method's name). */
export type ResolvedMethod = Instance | { readonly derived: string };

/** How a `for` goes over a value that is no range, array, slice or text: `make` (undefined: the value is the iterator itself), then `next` until None. */
export interface LoopIteration {
  readonly make: Instance | undefined;
  readonly next: Instance;
  /** What `make` gives: the type of the iterator. */
  readonly iterator: TypeId;
  readonly item: TypeId;
}

/** The impl of a trait for a type, undefined where the language or a derive gives it or a bound promises it; the arguments of the impl's parameters; the trait's. */
export interface ImplMatch {
  readonly implementation: ImplDefinition | undefined;
  readonly args: readonly TypeId[];
  readonly traitArgs: readonly TypeId[];
}

/** Questions about types, answered from the impls of the program; in a generic body type parameters answer by their bounds. */
export interface Queries {
  /** The method of a trait (as declared there) for `args`: Self, the trait's, the method's own. */
  resolveMethod(method: FunctionDefinition, args: readonly TypeId[]): ResolvedMethod;
  /** What `Deref` gives for a type: T of Box[T], str of String, []T of List[T]; 0 if it has no Deref. */
  derefTarget(type: TypeId): TypeId | 0;
  isCopy(type: TypeId): boolean;
  needsDrop(type: TypeId): boolean;
  implementsTrait(type: TypeId, trait: TraitDefinition, args?: readonly TypeId[]): boolean;
  findImpl(type: TypeId, trait: TraitDefinition, args?: readonly TypeId[]): ImplMatch | undefined;
  /** Types and traits of std by name; undefined if std has none of this name. */
  preludeType(name: string): StructDefinition | EnumDefinition | undefined;
  /** Finds out the fields of a struct or the variants of an enum, if nobody asked for them yet. */
  ensureStructure(definition: StructDefinition | EnumDefinition): void;
  preludeTrait(name: string): TraitDefinition | undefined;
}

export class CheckedProgram {
  readonly ast: Ast;
  readonly types: TypeTable;
  readonly definitions: Definition[];
  private type = new Int32Array(1024);
  private wanted = new Int32Array(1024);
  private meanings = new Int32Array(1024);
  private instances = new Int32Array(1024);

  /** Lists of type arguments, by the numbers that `instanceOf` gives. 0 is the empty one. */
  private readonly instanceLists: (readonly TypeId[])[] = [[]];

  localCount = 1;
  private localTypes = new Int32Array(256);
  private localFlags = new Uint8Array(256);
  private localNodes = new Int32Array(256);

  private readonly captures = new Map<Node, { readonly captures: readonly Capture[]; readonly owned: boolean }>();

  /** Whether a file is one of the library's own: a user's may be called the same. Set by checkProgram. */
  isLibrary: (file: number) => boolean = () => false;
  /** The file's text is the library's, whichever module includes it. */
  isLibraryText: (file: number) => boolean = () => false;

  /**
   * Checks the body of a function of `std/` that nothing in the user's files reaches but `irgen` needs (print_str, a panic handler, …).
   * The checker sets it; afterwards `bodyChecked` tells whether the function may be generated. Bodies of the user's files are checked already.
   */
  ensureChecked: (f: FunctionDefinition) => void = () => {
    throw new Error("check/checkedProgram.ensureChecked: the checker has not set it");
  };
  /** A function of the prelude (std/core.lang and what it includes) by its name; undefined if there is none. */
  preludeFunction: (name: string) => FunctionDefinition | undefined = () => undefined;

  /** Set by the checker. */
  queries: Queries | undefined = undefined;
  private readonly iterations = new Map<Node, LoopIteration>();

  /** By its trait, the traits that it builds on and of which a trait object may be made an object. */
  readonly widenedObjects = new Map<DefinitionId, Set<DefinitionId>>();

  /** The user's entry point, undefined if there is none (or it was refused). */
  main: FunctionDefinition | undefined = undefined;
  /** `test` declarations of the user's files. */
  readonly tests: { readonly title: string; readonly node: Node; readonly function: FunctionDefinition }[] = [];

  constructor(ast: Ast, types: TypeTable, definitions: Definition[]) {
    this.ast = ast;
    this.types = types;
    this.definitions = definitions;
  }

  definition(id: DefinitionId): Definition { return this.definitions[id] as Definition; }

  typeOf(n: Node): TypeId { return (this.type[n] ?? 0) as TypeId; }
  wantedOf(n: Node): TypeId { return (this.wanted[n] ?? 0) as TypeId; }
  meaningOf(n: Node): Meaning { return (this.meanings[n] ?? 0) as Meaning; }
  instanceOf(n: Node): number { return this.instances[n] ?? 0; }

  /** Makes room for all nodes that the tree has now; call after parsing, before writing. */
  reserve(): void {
    const count = this.ast.count;
    if (count <= this.type.length) return;
    // Room to spare: bodies of std are parsed while checking, a few nodes at a time.
    const size = count + (count >> 3) + 16384;
    this.type = enlarged(this.type, size);
    this.wanted = enlarged(this.wanted, size);
    this.meanings = enlarged(this.meanings, size);
    this.instances = enlarged(this.instances, size);
  }

  /** Nobody reads what was found out of the nodes any more, nor these. */
  release(): void {
    release([this.type, this.wanted, this.meanings, this.instances]);
    this.ast.release();
  }

  setType(n: Node, type: TypeId): void { this.type[n] = type; }
  setWanted(n: Node, type: TypeId): void { this.wanted[n] = type; }
  setMeaning(n: Node, m: Meaning): void { this.meanings[n] = m; }
  setInstance(n: Node, list: number): void { this.instances[n] = list; }
  /** Keeps a list of type arguments; gives its number, for `setInstance`. */
  addInstance(args: readonly TypeId[]): number { return args.length === 0 ? 0 : this.instanceLists.push(args) - 1; }
  /** The type arguments that an `instanceOf` stands for, parallel to the function's type parameters. */
  instanceArgs(list: number): readonly TypeId[] { return this.instanceLists[list] as readonly TypeId[]; }

  // ── generics ──

  /** Makes `n` mean a function with these type arguments. */
  setInstanceArgs(n: Node, args: readonly TypeId[]): void { this.setInstance(n, this.addInstance(args)); }

  /** `type` with type parameters replaced by arguments. */
  substitute(type: TypeId, parameters: readonly DefinitionId[], args: readonly TypeId[]): TypeId { return substitute(this.types, type, parameters, args); }

  loopIteration(n: Node): LoopIteration | undefined { return this.iterations.get(n); }
  setLoopIteration(n: Node, iteration: LoopIteration): void { this.iterations.set(n, iteration); }

  private get asked(): Queries {
    if (this.queries === undefined) throw new Error("check/checkedProgram.asked: the checker has not set the queries");
    return this.queries;
  }
  resolveMethod(method: FunctionDefinition, args: readonly TypeId[]): ResolvedMethod { return this.asked.resolveMethod(method, args); }
  derefTarget(type: TypeId): TypeId | 0 { return this.asked.derefTarget(type); }
  isCopy(type: TypeId): boolean { return this.asked.isCopy(type); }
  needsDrop(type: TypeId): boolean { return this.asked.needsDrop(type); }
  implementsTrait(type: TypeId, trait: TraitDefinition, args: readonly TypeId[] = []): boolean { return this.asked.implementsTrait(type, trait, args); }
  findImpl(type: TypeId, trait: TraitDefinition, args: readonly TypeId[] = []): ImplMatch | undefined { return this.asked.findImpl(type, trait, args); }
  preludeType(name: string): StructDefinition | EnumDefinition | undefined { return this.asked.preludeType(name); }
  preludeTrait(name: string): TraitDefinition | undefined { return this.asked.preludeTrait(name); }

  setCaptures(n: Node, captures: readonly Capture[], owned: boolean): void { this.captures.set(n, { captures, owned }); }
  /** What the closure `n` captures, in the order of first use. Inside, names mean the locals of the function around. */
  capturesOf(n: Node): readonly Capture[] { return this.captures.get(n)?.captures ?? []; }
  /** The closure owns what it captures (`move`, written or implied): its environment is allocated. */
  ownsCaptures(n: Node): boolean { return this.captures.get(n)?.owned ?? false; }

  /** Forgets what is recorded at a run of nodes. */
  forget(first: Node, last: Node): void {
    for (const column of [this.type, this.wanted, this.meanings, this.instances]) column.fill(0, first, last + 1);
    for (const node of this.iterations.keys()) if (node >= first && node <= last) this.iterations.delete(node);
    for (const node of this.captures.keys()) if (node >= first && node <= last) this.captures.delete(node);
  }

  addLocal(type: TypeId, flags: number, node: Node): LocalId {
    const local = this.localCount++;
    if (local === this.localTypes.length) {
      this.localTypes = enlarged(this.localTypes, local * 2);
      this.localNodes = enlarged(this.localNodes, local * 2);
      const more = new Uint8Array(local * 2);
      more.set(this.localFlags);
      this.localFlags = more;
    }
    this.localTypes[local] = type;
    this.localFlags[local] = flags;
    this.localNodes[local] = node;
    return local as LocalId;
  }

  localType(local: LocalId): TypeId { return this.localTypes[local] as TypeId; }
  localHas(local: LocalId, flag: number): boolean { return ((this.localFlags[local] as number) & flag) !== 0; }
  /** Where it was declared: a BindingPattern, Parameter or FieldPattern. */
  localNode(local: LocalId): Node { return this.localNodes[local] as Node; }
  setLocalType(local: LocalId, type: TypeId): void { this.localTypes[local] = type; }
  unmarkLocal(local: LocalId, flag: number): void { this.localFlags[local] = (this.localFlags[local] as number) & ~flag; }
  markLocal(local: LocalId, flag: number): void { this.localFlags[local] = (this.localFlags[local] as number) | flag; }
}

function enlarged(from: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const to = new Int32Array(size);
  to.set(from);
  return to;
}

/**
 * Whether a callee's meaning is what is called. An operator, an index or a `?` that a trait's method answers means that method, and what is called is the
 * value that it gives; an Index that holds type arguments means what the path in front of it does.
 */
export function namesCallee(ast: Ast, program: { meaningOf(n: Node): Meaning }, callee: Node): boolean {
  const kind = ast.kind[callee];
  return kind === Kind.Name || kind === Kind.Field || kind === Kind.VariantName || (kind === Kind.Index && holdsTypeArguments(ast, program, callee));
}

/** Whether an Index holds the type arguments of a function that the path in front of it names. In `maps[1][2]` one method answers both indexes, and neither names it. */
export function holdsTypeArguments(ast: Ast, program: { meaningOf(n: Node): Meaning }, n: Node): boolean {
  const path = ast.operand(n);
  if (ast.kind[path] !== Kind.Name && ast.kind[path] !== Kind.Field) return false;
  return meaningKind(program.meaningOf(n)) === MeaningKind.Definition && program.meaningOf(path) === program.meaningOf(n);
}
