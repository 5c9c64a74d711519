/** The way in: from a parsed root file to a checked program. */

import type { Ast, NameId, Node } from "../syntax/ast.ts";
import { skippedFrom } from "../syntax/lexer.ts";
import { DeferredBodies, parseFile } from "../syntax/parser.ts";
import type { Diagnostics } from "../source/diagnostics.ts";
import { Names, type Interner } from "../source/interner.ts";
import type { FileId, SourceMap } from "../source/sourceMap.ts";
import { checkBody } from "./bodies.ts";
import { builtinFunctions } from "./builtins.ts";
import { CheckedProgram } from "./checkedProgram.ts";
import { ensureValueType, valueOf } from "./constants.ts";
import { Checker, Progress, columnSet, declaredIn, type CheckedTarget, type LibrarySummary, type Unit } from "./context.ts";
import type { Definition, DefinitionId, FunctionDefinition, ImplDefinition, TraitDefinition } from "./definitions.ts";
import { checkImpl } from "./conformance.ts";
import { prepareFunction } from "./dependencies.ts";
import { checkEndless } from "./endless.ts";
import { checkWaitingBounds } from "./generics.ts";
import { queriesOf } from "./queries.ts";
import { checkBases, ensureTrait } from "./traitDeclarations.ts";
import type { Evaluate } from "./evaluator.ts";
import { Layouts } from "./layout.ts";
import { checkOwnership } from "./ownership/check.ts";
import { dumpOwnership } from "./ownership/dump.ts";
import { functionsToCheck, hasImplementations } from "./ownership/functions.ts";
import { librarySummaries } from "./ownership/librarySummaries.ts";
import type { SummaryTexts } from "./ownership/summaryText.ts";
import { checkMain } from "./main.ts";
import { Loader, type LoadedModule, type ModuleHost, type Parse } from "./modules.ts";
import { withdrawMissingResults } from "./noValue.ts";
import { checkDerives, checkFinite, completeStructure, ensureAlias, ensureFunction, ensureStructure, unitOf } from "./signatures.ts";
import { TypeNames } from "./typeNames.ts";
import { TypeTable, scalarCount, scalarName, type TypeId } from "./types.ts";
import { isLibraryCode } from "./visibility.ts";

export interface CheckRequest {
  readonly ast: Ast;
  readonly names: Interner;
  readonly sources: SourceMap;
  readonly diagnostics: Diagnostics;
  readonly host: ModuleHost;
  readonly target: CheckedTarget;
  readonly root: LoadedModule;
  /** The root's File node, if it is parsed already. */
  readonly rootNode?: Node;
  /** std/core.lang, whose names every file sees; undefined for a program without it. */
  readonly prelude: LoadedModule | undefined;
  /** Computes constants that need more than folding; without one they are refused. */
  readonly evaluate?: Evaluate;
  /** Takes what `--dump-ownership` prints. */
  readonly onOwnership?: ((text: string) => void) | undefined;
  readonly librarySummary?: LibrarySummary | undefined;
  /** Takes the summaries of the library's functions, checked whole. */
  readonly onSummaries?: ((summaries: SummaryTexts) => void) | undefined;
  /** The program is to have a `main`. */
  readonly needsMain: boolean;
  /** Checks the library's declarations and bodies, too, reached or not: for its own tests. */
  readonly wholeLibrary?: boolean;
}

/** Checks a program whole: the user's files with everything in them, std as far as they reach. Mistakes are in `diagnostics`. */
export function checkProgram(request: CheckRequest): CheckedProgram {
  const { ast, names, sources, diagnostics } = request;
  const types = new TypeTable();
  const definitions: Definition[] = [];
  const program = new CheckedProgram(ast, types, definitions);
  const deferred = new DeferredBodies();
  const nowhere: Unit = {
    index: -1, root: 0 as FileId, library: true, preludeFiles: new Set(), names: new Int32Array(0), variants: new Int32Array(0), pending: undefined, asked: new Int32Array(0), imports: [], functions: [], structures: [], values: [], aliases: [],
  };
  const c = new Checker({
    ast, names, sources, types, program, diagnostics, target: request.target, evaluate: request.evaluate, librarySummary: request.librarySummary,
    layouts: new Layouts(types, definitions, (definition) => completeStructure(c, definition)), typeNames: new TypeNames(types, definitions, names),
    parseBody: (f) => deferred.parseBody(ast, f), unit: nowhere,
  });
  declareUniverse(c);
  /** Files that come as trees, of which something was read. */
  const carried = new Set<FileId>();
  const parse: Parse = (module, start, end) => {
    const { file, library, index } = module;
    if (index !== undefined && "table" in index) {
      const tree = index.tree();
      if (!carried.has(file.id)) deferred.add({ tree, base: file.base });
      carried.add(file.id);
      return tree.copyFile(ast, file.base, start ?? 0, end ?? file.bytes.length);
    }
    const node = start === undefined
      ? parseFile(ast, names, file, diagnostics, library ? { deferred } : {})
      : parseFile(ast, names, { ...file, bytes: file.bytes.subarray(start, end), base: file.base + start }, diagnostics, mayDefer(file.bytes, start) ? { deferred, skipped: index === undefined ? undefined : skippedFrom(index.bodies, start) } : {});
    c.syntaxErrors = diagnostics.list.filter((one) => one.severity === "error" && one.code < "E02").map((one) => one.span.start);
    return node;
  };
  const loader = new Loader(c, request.host, parse);
  c.declarePending = (unit, name) => loader.declarePending(unit, name);
  if (request.prelude !== undefined) c.prelude = loader.loadPrelude(request.prelude);
  const main = loader.load(request.root, request.rootNode);
  program.reserve();
  c.unit = main;
  program.queries = queriesOf(c);
  program.isLibrary = (file) => c.unitOfFile[file]?.library === true;
  program.isLibraryText = (file) => c.libraryFiles[file] === true;
  loader.declareImpls();
  c.boundsKnown = true;
  program.ensureChecked = (f) => {
    checkReachedBody(c, f);
    drain(c);
    prepareFunction(c, f);
  };
  const isWhole = request.wholeLibrary === true;
  if (isWhole && c.prelude !== undefined) loader.declarePending(c.prelude, undefined);
  const isChecked = (unit: Unit): boolean => isWhole || !unit.library || unit === main;
  const finite = new Map<DefinitionId, number>();
  checkBases(c, c.traits.filter((trait) => isChecked(unitOf(c, trait))));
  checkWaitingBounds(c);
  for (const unit of c.units) if (isChecked(unit)) checkSignatures(c, unit, finite);
  for (const unit of c.units) if (isChecked(unit)) for (const f of unit.functions) checkReachedBody(c, f);
  for (const test of program.tests) checkReachedBody(c, test.function);
  checkTraits(c, isChecked);
  if (isWhole) checkEveryBody(c);
  program.main = checkMain(c, main, request.root.file, request.needsMain);
  drain(c);
  // Functions may call what was reached meanwhile, and constants too: until nothing is left.
  c.errorsBeforeValues = diagnostics.errorCount;
  for (let i = 0; i < c.values.length; i++) {
    const value = c.values[i];
    if (value !== undefined) valueOf(c, value);
    drain(c);
  }
  for (const definition of definitions) if (definition.kind === "struct" || definition.kind === "enum") if (c.signatures[definition.id] === 2) checkFinite(c, definition, finite);
  checkEndless(c);
  withdrawMissingResults(c);
  const toCheck = functionsToCheck(c);
  if (toCheck.length > 0 || hasImplementations(c)) checkOwnership(c, toCheck);
  request.onOwnership?.(dumpOwnership(c));
  request.onSummaries?.(librarySummaries(c));
  // What was not parsed may have used them.
  if (c.syntaxErrors.length === 0) warnUnusedImports(c);
  diagnostics.list.sort((a, b) => a.span.start - b.span.start);
  return program;
}

/** A function, whose body may not be needed, or a trait or an impl, of which a program needs few methods: their bodies wait. */
function mayDefer(bytes: Uint8Array, start: number): boolean {
  const at = isWordAt(bytes, start, "pub") ? start + 4 : start;
  return isWordAt(bytes, at, "func") || isWordAt(bytes, at, "trait") || isWordAt(bytes, start, "impl");
}

/** `word` stands there, and a space or a bracket behind it. */
function isWordAt(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word.charCodeAt(i)) return false;
  const next = bytes[at + word.length];
  return next === 0x20 || next === 0x5b;
}

/** Checks what was reached and is not checked yet; the library's functions wait until somebody makes them or asks what they borrow. */
function drain(c: Checker): void {
  for (let f = c.queue.pop(); f !== undefined; f = c.queue.pop()) if (!unitOf(c, f).library) checkReachedBody(c, f);
}

function checkReachedBody(c: Checker, f: FunctionDefinition): void {
  if (c.diagnostics.full || c.refused[f.id] === true) return;
  checkBody(c, f);
  if (f.definedBy !== undefined) checkReachedBody(c, f.definedBy);
}

/** Checks each function that was declared. */
function checkEveryBody(c: Checker): void {
  const { definitions } = c;
  for (let i = 0; i < definitions.length; i++) {
    const definition = definitions[i];
    if (definition?.kind !== "function" || definition.origin !== "lang" || c.refused[definition.id] === true) continue;
    ensureFunction(c, definition);
    if (c.bodies[definition.id] !== Progress.done) checkReachedBody(c, definition);
  }
}

/** The types of all declarations of a module of the user's. */
function checkSignatures(c: Checker, unit: Unit, finite: Map<DefinitionId, number>): void {
  const ok = (definition: Definition): boolean => c.refused[definition.id] !== true;
  for (const alias of unit.aliases) ensureAlias(c, alias);
  for (const structure of unit.structures) if (ok(structure)) ensureStructure(c, structure);
  for (const structure of unit.structures) if (ok(structure)) checkFinite(c, structure, finite);
  for (const structure of unit.structures) if (ok(structure)) checkDerives(c, structure);
  for (const f of unit.functions) if (ok(f)) ensureFunction(c, f);
  for (const value of unit.values) ensureValueType(c, value);
}

/** Traits and impls of the user's files: their methods' signatures, defaults' bodies, whether impls are whole. */
function checkTraits(c: Checker, isChecked: (unit: Unit) => boolean): void {
  for (let i = 0; i < c.traits.length; i++) {
    const trait = c.traits[i] as TraitDefinition;
    if (!isChecked(unitOf(c, trait))) continue;
    ensureTrait(c, trait);
    for (const method of trait.methods) {
      ensureFunction(c, method);
      if (method.hasDefault) checkReachedBody(c, method);
    }
  }
  for (let i = 0; i < c.implementations.length; i++) {
    const implementation = c.implementations[i] as ImplDefinition;
    if (isChecked(unitOf(c, implementation))) checkImpl(c, implementation);
  }
}

/** The names that the language itself brings: scalar types, functions that no declaration can type, Some, None, Ok, Err. */
function declareUniverse(c: Checker): void {
  const { names } = c;
  const nothing = { node: 0 as Node, file: -1 as FileId, public: true };
  // Definition 0 means none.
  c.define((id) => ({ kind: "builtin", id, name: 0 as NameId, builtin: "", ...nothing }));
  const enter = (name: NameId, id: DefinitionId): void => {
    c.universe = columnSet(c.universe, name, id, names.count);
  };
  for (let i = 1; i <= scalarCount; i++) {
    const name = scalarName(i as TypeId);
    if (name === undefined || name === "error" || name === "nil" || name.includes(" ")) continue;
    const id = names.intern(name);
    enter(id, c.define((definition) => ({ kind: "scalarType", id: definition, name: id, type: i as TypeId, ...nothing })).id);
  }
  for (const name of Object.keys(builtinFunctions)) {
    const id = names.intern(name);
    enter(id, c.define((definition) => ({ kind: "builtin", id: definition, name: id, builtin: name, ...nothing })).id);
  }
  for (const [name, index] of [[Names.None, 0], [Names.Some, 1], [Names.Ok, 0], [Names.Err, 1]] as const) {
    enter(name, c.define((id) => ({ kind: "variant", id, name, owner: 0 as DefinitionId, index, fields: [], named: false, ...nothing })).id);
  }
  c.program.preludeFunction = (name) => {
    const id = c.prelude === undefined ? 0 : declaredIn(c, c.prelude, names.intern(name));
    const definition = c.definition(id);
    if (definition.kind !== "function") return undefined;
    ensureFunction(c, definition);
    return definition.definedBy ?? definition;
  };
}

function warnUnusedImports(c: Checker): void {
  for (const unit of c.units) {
    if (unit.library) continue;
    c.unit = unit;
    for (const { definition, node } of unit.imports) {
      // What a file of the library imports that a program includes is used by bodies that nobody asked for.
      if (!c.usedModules.has(definition) && !c.definition(definition).public && !isLibraryCode(c, c.ast.start[node] as number)) c.warning("W0109", c.span(node), `the module ${c.nameText(c.definition(definition).name)} is never used`);
    }
  }
}

