/**
 * What all parts of the checker share: the program being filled, the files' names, the function that is being checked now.
 * The parts are functions over this one object, a file a topic; `program.ts` is the way in.
 */

import type { Ast, NameId, Node } from "../syntax/ast.ts";
import type { Diagnostics, Label, Span } from "../source/diagnostics.ts";
import type { ErrorCode } from "../source/errorCodes.ts";
import type { Interner } from "../source/interner.ts";
import type { FileId, SourceMap } from "../source/sourceMap.ts";
import type { ClosureFrame } from "./captures.ts";
import type { CheckedProgram, ImplMatch } from "./checkedProgram.ts";
import { MeaningKind, meaning } from "./checkedProgram.ts";
import type {
  AliasDefinition, ConstDefinition, Definition, DefinitionId, EnumDefinition, FunctionDefinition, GlobalDefinition, ImplDefinition, StructDefinition, TraitDefinition,
} from "./definitions.ts";
import type { Evaluate } from "./evaluator.ts";
import type { Layouts } from "./layout.ts";
import type { PendingDeclarations } from "./pendingDeclarations.ts";
import type { Unknowns } from "./unknowns.ts";
import { Scopes } from "./scopes.ts";
import type { TypeNames } from "./typeNames.ts";
import { T, TypeKind, type TypeId, type TypeTable } from "./types.ts";

/** A module: a file and what it includes, whose names see one another. */
export interface Unit {
  readonly index: number;
  readonly root: FileId;
  /** Part of std or os: checked on demand, without warnings. */
  readonly library: boolean;
  /** Modules of the library that are used without an import, and where each is named first. */
  missingModules?: Map<NameId, Node>;
  /** A file that it includes is not there: what is unknown here may stand in it. */
  lacksFile?: boolean;
  /** Files of the prelude that are included by name: what they keep to themselves is seen here. */
  readonly preludeFiles: Set<FileId>;
  /** By NameId: the DefinitionId declared or included under this name; 0 none. */
  names: Int32Array;
  /** By NameId: the variant of this name, -1 where several enums have one. */
  variants: Int32Array;
  /** The prelude's declarations that nobody named yet; undefined if all are declared. */
  pending: PendingDeclarations | undefined;
  /** By NameId: 1 if `pending` was asked for the name. */
  asked: Int32Array;
  /** Modules imported: for the warning about unused ones. */
  readonly imports: { readonly definition: DefinitionId; readonly node: Node }[];
  /** Declared here, by this unit's files. */
  readonly functions: FunctionDefinition[];
  readonly structures: (StructDefinition | EnumDefinition)[];
  readonly values: (ConstDefinition | GlobalDefinition)[];
  readonly aliases: AliasDefinition[];
}

/** What the target is, as `#if` compares it. */
export interface TargetFacts {
  readonly OS: string;
  readonly ARCH: string;
  readonly BACKEND: string;
  readonly LIBC: string;
  readonly DEBUG: boolean;
  readonly TARGET: string;
}

/** And what no program asks. */
export interface CheckedTarget extends TargetFacts {
  /** The widest integer that may be passed to C behind `...`, in bits. */
  readonly variadicBits: number;
}

/** Where a definition's signature or a body stands: lazily resolved, so that a cycle can be seen. */
export const Progress = { none: 0, running: 1, done: 2 } as const;

/** The loops that `break` and `continue` may leave: a column each for what is known of them. */
export class LoopStack {
  /** How many there are: what lies further up in the columns is of loops that were left. */
  depth = 0;
  readonly nodes: Node[] = [];
  readonly labels: NameId[] = [];
  /** `loop`: what its value is wanted as, 0 if unknown; -1 for loops without a value. */
  readonly wanted: number[] = [];
  /** `loop`: the type that its breaks gave so far; 0 none. */
  readonly results: number[] = [];
  readonly left: boolean[] = [];
  readonly labelUsed: boolean[] = [];
  /** Loops below are of an enclosing function or outside a defer. */
  base = 0;
}

export type LibrarySummary = (file: string, offset: number) => string | undefined;

export class Checker {
  readonly ast: Ast;
  readonly names: Interner;
  readonly sources: SourceMap;
  readonly types: TypeTable;
  readonly program: CheckedProgram;
  readonly definitions: Definition[];
  readonly diagnostics: Diagnostics;
  readonly layouts: Layouts;
  readonly typeNames: TypeNames;
  readonly target: CheckedTarget;
  readonly evaluate: Evaluate | undefined;
  /** The borrow summary of a function of the library, if it is known without its body: by its file and the offset of its declaration. */
  readonly librarySummary: LibrarySummary | undefined;
  /** Parses the body of a function that was skipped; nothing for one that was not. */
  readonly parseBody: (f: Node) => void;

  readonly units: Unit[] = [];
  readonly unitOfFile: (Unit | undefined)[] = [];
  /** By FileId: the text is the library's, whichever module includes it. */
  readonly libraryFiles: boolean[] = [];
  /** The files that a file of the library includes. */
  readonly includes = new Map<FileId, FileId[]>();
  /** The names that every file sees unless it has its own: std/core.lang, then the language's own. */
  prelude: Unit | undefined = undefined;
  universe: Int32Array = new Int32Array(0);
  /** Declares what waits in a unit under a name, or all of it. Set by checkProgram. */
  declarePending: (unit: Unit, name: string | undefined) => void = () => {};

  /** By DefinitionId: see Progress. */
  readonly signatures: number[] = [];
  readonly bodies: number[] = [];
  /** By DefinitionId: it stands on something that is not supported yet or was refused; uses of it are silent. */
  readonly refused: boolean[] = [];
  /** Inherent methods by the head of their type and their name (methodKey): several where impls are of different arguments. */
  readonly methods = new Map<number, FunctionDefinition[]>();
  /** Traits in the order of their declaration; the library's by name; methods that traits declare by name. */
  readonly traits: TraitDefinition[] = [];
  readonly knownTraits = new Map<NameId, TraitDefinition>();
  readonly traitMethods = new Map<NameId, FunctionDefinition[]>();
  readonly implementations: ImplDefinition[] = [];
  /** Method names under which the prelude was asked for what it declares. */
  readonly askedMethods = new Set<NameId>();
  /** Heads of built-in types that the prelude was asked for. */
  readonly askedHeads = new Set<number>();
  /** Methods that ask more of type parameters of their impl or trait: these, as they stand there. */
  readonly refined = new Map<DefinitionId, readonly DefinitionId[]>();
  /** What `findImpl` found, by trait and type; and how deep it is in itself. */
  readonly implMatches = new Map<number, ImplMatch>();
  readonly derefTargets = new Map<TypeId, TypeId>();
  implDepth = 0;
  /** Types whose parts are being asked for Send or Sync: a type that holds itself has it if the rest has. */
  readonly sendingTypes = new Set<TypeId>();
  /** How many constants or aliases are being found one within the other. */
  chainDepth = 0;
  /** In how many traits at once it is looked whether they can be `dyn`, and what waits for the outermost. */
  dynDepth = 0;
  readonly dynChecks: { readonly node: Node; readonly trait: TraitDefinition }[] = [];
  /** Types whose arguments' bounds are checked when all impls are known. */
  readonly boundChecks: { readonly node: Node; readonly definition: StructDefinition | EnumDefinition | AliasDefinition; readonly args: readonly TypeId[] }[] = [];
  boundsKnown = false;
  /** By DefinitionId: a function's type, once made; 0 before. */
  readonly functionTypes: TypeId[] = [];
  /** What the user's code names otherwise than to call it at once. */
  readonly functionsAsValues = new Set<FunctionDefinition>();
  /** Modules that were named, for the warning about the others. */
  readonly usedModules = new Set<number>();
  /** Functions whose bodies are still to be checked. */
  readonly queue: FunctionDefinition[] = [];

  /** Between the steps of an operator chain: the value of the last operation where it is known, and a right side that was checked first. */
  knownResult: number | bigint | undefined = undefined;
  rightChecked = 0 as Node;
  /** The pattern bound last binds a part of an array by reference, so that what is matched needs memory; binds a part by &mut. */
  boundByReference = false;
  boundMutably = false;
  /** Instances of generic types that are being looked into for one that holds itself. */
  readonly finiteInstances = new Set<TypeId>();
  /** A type contains itself: layouts cannot be computed. */
  infinite = false;

  /** Constants and globals whose type was asked for: their values are computed at the end, if not before. */
  readonly values: (ConstDefinition | GlobalDefinition)[] = [];
  /** By DefinitionId: the value is wrong, which was reported. */
  readonly badValues = new Set<number>();
  /** Where the parser reported mistakes. */
  syntaxErrors: readonly number[] = [];
  /** Types whose size depends on itself: it was reported. */
  readonly sizeless = new Set<StructDefinition | EnumDefinition>();
  /** Functions whose constants are computed, as code generation needs. */
  readonly prepared = new Map<FunctionDefinition, GlobalDefinition | undefined>();
  /** The name at hand is assigned to: one that is unknown was meant to be declared. */
  assigned = 0 as Node;
  /** A constant is being computed: the variable that a function names which it reached, if one does. */
  computing: { global: GlobalDefinition | undefined } | undefined = undefined;
  /** The evaluator is not asked once there are more errors than this. */
  errorsBeforeValues = 0;

  // ── the function at hand ──
  readonly scopes = new Scopes();
  readonly loops = new LoopStack();
  unit: Unit;
  selfType: TypeId = 0 as TypeId;
  /** Type parameters in sight. */
  typeParameters: readonly DefinitionId[] = [];
  /** After a path that means a method of a generic type or of a trait: what its type parameters are as far as the path tells (0: not). */
  pathArguments: readonly TypeId[] | undefined = undefined;
  /** Index nodes that a trait's method answers: what to do when the place is changed. */
  readonly overloadedIndexes = new Map<Node, () => void>();
  /** After a struct literal's path: the type arguments in it. */
  literalArguments: readonly TypeId[] | undefined = undefined;
  /** Declared result; 0 while a closure's is still to be found. */
  result: TypeId = 0 as TypeId;
  resultNode: Node = 0 as Node;
  /** Types of whose declaration or impls something was refused or could not be parsed: that a part of them is missing is a consequence. */
  readonly brokenTypes = new Set<DefinitionId>();
  /** Types with a method that changes its `self` without `&mut`, as was said: that calling it moves the value is a consequence. */
  readonly changedByValue = new Set<TypeId>();
  /** Where a value is wanted of a call of a function of the user's that declares no result: by the start of the call. */
  readonly callsWithoutResult = new Map<number, FunctionDefinition>();
  /** What is known of a closure's result that is still to be found, with holes for the rest. */
  resultHint: TypeId = 0 as TypeId;
  /** Bindings below belong to an enclosing function: a closure that names them captures. */
  functionStart = 1;
  inClosure = false;
  /** Within closures: the first binding of the function around them all. */
  closureFloor = 1;
  /** The closure whose body is being checked. */
  closure: ClosureFrame | undefined = undefined;
  /** Closures that own what they capture although `move` is not written: results of functions, arguments of spawn. */
  readonly movingClosures = new Set<Node>();
  /** Closures within literals that leave the function: what these capture goes along if it is references alone. */
  readonly storedClosures = new Set<Node>();
  /** What the body leaves open, and what is known of it; undefined where nothing may be. */
  unknowns: Unknowns | undefined = undefined;
  /** Of a body that was checked and left nothing open: for the next. */
  freshUnknowns: Unknowns | undefined = undefined;
  /** Why the block that is checked next is to have a value, for what it says where it has none. */
  blockCause: Label | undefined = undefined;
  /** This pass over the body has variables of inference: it is checked once more. */
  learning = false;
  inFunction = false;
  inDefer = false;
  /** The code checked last always leaves: what follows cannot be reached. */
  diverges = false;

  constructor(parts: {
    ast: Ast; names: Interner; sources: SourceMap; types: TypeTable; program: CheckedProgram; diagnostics: Diagnostics; layouts: Layouts;
    typeNames: TypeNames; target: CheckedTarget; evaluate: Evaluate | undefined; librarySummary?: LibrarySummary | undefined; parseBody: (f: Node) => void; unit: Unit;
  }) {
    this.ast = parts.ast;
    this.names = parts.names;
    this.sources = parts.sources;
    this.types = parts.types;
    this.program = parts.program;
    this.definitions = parts.program.definitions;
    this.diagnostics = parts.diagnostics;
    this.layouts = parts.layouts;
    this.typeNames = parts.typeNames;
    this.target = parts.target;
    this.evaluate = parts.evaluate;
    this.librarySummary = parts.librarySummary;
    this.parseBody = parts.parseBody;
    this.unit = parts.unit;
  }

  // ── reporting ──

  error(code: ErrorCode, at: Node, message: string, more: { labels?: readonly Label[]; advice?: readonly string[] } = {}): typeof T.error {
    this.diagnostics.error(code, this.span(at), message, more);
    return T.error;
  }

  errorAt(code: ErrorCode, span: Span, message: string, more: { labels?: readonly Label[]; advice?: readonly string[] } = {}): typeof T.error {
    this.diagnostics.error(code, span, message, more);
    return T.error;
  }

  warning(code: ErrorCode, span: Span, message: string, advice: readonly string[] = []): void {
    if (!this.unit.library) this.diagnostics.warning(code, span, message, { advice });
  }

  /** The parser reported a mistake within the node. */
  hasSyntaxError(n: Node): boolean {
    if (this.syntaxErrors.length === 0) return false;
    const start = this.ast.start[n] as number;
    const end = this.ast.end[n] as number;
    for (const at of this.syntaxErrors) if (at >= start && at <= end) return true;
    return false;
  }

  /** A mistake that was reported has taken the declaration of this name, or may have. */
  isLost(name: NameId): boolean { return this.ast.lost.has(name) || this.unit.lacksFile === true; }

  /** A part of the type's declaration, or of an impl of it, was refused: what is missing of it may stand there. */
  isIncomplete(definition: { readonly id: DefinitionId } | undefined): boolean {
    return definition !== undefined && this.brokenTypes.has(definition.id);
  }

  /** Something in the checked expression or body has no type, for a mistake that was reported elsewhere. */
  holdsError(n: Node): boolean {
    if (n === 0 || this.diagnostics.errorCount === 0) return false;
    const { start, end } = this.ast;
    const from = start[n] as number;
    const to = end[n] as number;
    for (let at: number = n; at > 0 && (start[at] as number) >= from && (end[at] as number) <= to; at--) {
      if (this.program.typeOf(at as Node) === T.error) return true;
    }
    return false;
  }

  /** What the reference allows and this version does not build. */
  unsupported(at: Node, what: string): typeof T.error {
    return this.error("E0399", at, `${what} not supported yet`, { advice: ["this version of the compiler does not build it; a later one will"] });
  }

  span(n: Node): Span {
    return { start: this.ast.start[n] as number, end: this.ast.end[n] as number };
  }

  label(n: Node, text: string): Label {
    return { start: this.ast.start[n] as number, end: this.ast.end[n] as number, text };
  }

  /** The head of a declaration: from its first word to its name. */
  head(n: Node, name: NameId): Span {
    const start = this.ast.start[n] as number;
    return { start, end: this.sources.wordWithin(this.span(n), this.names.name(name))?.end ?? Math.min(this.ast.end[n] as number, start + 1) };
  }

  /** The name in the head of a declaration. */
  nameSpan(n: Node, name: NameId): Span {
    return this.sources.wordWithin(this.span(n), this.names.name(name)) ?? this.head(n, name);
  }

  /** The last word of a node: a field's name in `p.name`. */
  tail(n: Node, name: NameId): Span {
    const end = this.ast.end[n] as number;
    return { start: end - new TextEncoder().encode(this.names.name(name)).length, end };
  }

  /** Where a definition is declared, as a second span; nothing for what the language brings itself. */
  declaredAt(definition: Definition, text = "declared here"): Label[] {
    return definition.node === 0 ? [] : [{ ...this.head(definition.node, definition.name), text }];
  }

  typeName(type: TypeId): string { return this.typeNames.of(type); }

  /** With its article, as it is read aloud: a u8, an i64, an f32, an Entry. */
  aType(type: TypeId): string {
    const name = this.typeName(type);
    return `${/^([aeiAEIO]|f(32|64)\b)/.test(name) ? "an" : "a"} ${name}`;
  }

  nameText(name: NameId): string { return this.names.name(name); }

  // ── definitions ──

  /** Gives a new definition its number. */
  define<D extends Definition>(make: (id: DefinitionId) => D): D {
    return this.add(make(this.nextDefinition));
  }

  /** The id of what `add` is given next. */
  get nextDefinition(): DefinitionId { return this.definitions.length as DefinitionId; }

  add<D extends Definition>(definition: D): D {
    this.definitions.push(definition);
    this.signatures.push(Progress.none);
    this.bodies.push(Progress.none);
    this.refused.push(false);
    this.functionTypes.push(0 as TypeId);
    return definition;
  }

  definition(id: number): Definition { return this.definitions[id] as Definition; }

  setDefinition(n: Node, definition: Definition): void {
    this.program.setMeaning(n, meaning(MeaningKind.Definition, definition.id));
  }

  methodKey(head: number, name: NameId): number { return head * 0x400000 + name; }

  /** The definition that a type's outside names. */
  definitionBehind(type: TypeId): Definition | undefined {
    const kind = this.types.kindOf(type);
    const names = kind === TypeKind.Struct || kind === TypeKind.Enum || kind === TypeKind.TypeParameter || kind === TypeKind.Dyn;
    return names ? this.definition(this.types.definition(type)) : undefined;
  }

  /** What the prelude declares under a name. */
  preludeDefinition(name: NameId): Definition | undefined {
    const id = this.prelude === undefined ? 0 : declaredIn(this, this.prelude, name);
    return id === 0 ? undefined : this.definition(id);
  }
}

/** Item of a column by name that may be shorter than the names are many. */
export function columnAt(column: Int32Array, name: NameId): number {
  return name < column.length ? (column[name] as number) : 0;
}

/** The DefinitionId declared under a name in a unit, 0 if there is none. Reads the declaration now if it was not yet. */
export function declaredIn(c: Checker, unit: Unit, name: NameId): number {
  const id = columnAt(unit.names, name);
  if (id !== 0 || unit.pending === undefined || columnAt(unit.asked, name) !== 0) return id;
  unit.asked = columnSet(unit.asked, name, 1, c.names.count);
  c.declarePending(unit, c.names.name(name));
  return columnAt(unit.names, name);
}

/** Sets an item of a column by name, which is returned, made longer where need be. */
export function columnSet(column: Int32Array, name: NameId, value: number, names: number): Int32Array {
  let to = column;
  if (name >= to.length) {
    to = new Int32Array(Math.max(names + 256, name + 1));
    to.set(column);
  }
  to[name] = value;
  return to;
}
