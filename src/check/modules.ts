/** The files of a program: includes and imports followed, `#if` decided, every declaration entered under its name. */

import { Flag, Kind, type List, type NameId, type Node } from "../syntax/ast.ts";
import type { ErrorCode } from "../source/errorCodes.ts";
import { modulesOfLibrary, suggest } from "../source/suggest.ts";
import type { FileId, SourceFile } from "../source/sourceMap.ts";
import type { CarriedIndex, DeclarationIndex, DeclarationTable } from "../syntax/declarationIndex.ts";
import { pathOf, pathSpan } from "./modulePaths.ts";
import { PendingDeclarations } from "./pendingDeclarations.ts";
import { isTaken } from "./compileIf.ts";
import { columnAt, columnSet, type Checker, type Unit } from "./context.ts";
import { declareConst, declareEnum, declareFunction, declareStruct, declareTest } from "./declare.ts";
import { declareTypeParameters } from "./generics.ts";
import { declareImpl, declareTrait } from "./traitDeclarations.ts";
import type { AliasDefinition, Definition } from "./definitions.ts";
import type { TypeId } from "./types.ts";

export interface LoadedModule {
  readonly file: SourceFile;
  /** Part of std or os. */
  readonly library: boolean;
  /** The library's text that was read from elsewhere, as `lang test std/list.lang` does: it sees what the library keeps to itself. */
  readonly isCopy?: boolean;
  /** Where its declarations stand, if they may be read on demand. */
  readonly index?: DeclarationIndex | CarriedIndex | undefined;
}

export interface LoadFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

/** How the checker gets at files: given by the driver, who alone knows where they lie. The same file is the same `SourceFile` each time. */
export interface ModuleHost {
  loadModule(path: string, from: SourceFile): LoadedModule | LoadFailure;
  /** The file that is loaded where this one is named: itself, or another of the library. */
  standIn(path: string): string;
}

const deepestInclude = 128;

/** Parses a file, or the part of it in `[start, end)`; gives its File node. */
export type Parse = (module: LoadedModule, start?: number, end?: number) => Node;

export class Loader {
  readonly c: Checker;
  readonly host: ModuleHost;
  readonly parse: Parse;
  /** Files that are being included, the outermost first. */
  private readonly including: FileId[] = [];
  /** Names that each file declares itself, and those that it includes. */
  private readonly declared = new Map<FileId, Definition[]>();
  private readonly waiting: { readonly module: LoadedModule; readonly unit: Unit }[] = [];
  /** Impls whose heads are still to be read: that needs the names of all that is declared. */
  private readonly impls: { readonly node: Node; readonly unit: Unit; readonly file: FileId; readonly library: boolean }[] = [];
  private canDeclareImpls = false;
  /** How many calls of `declarePending` are under way. */
  private depth = 0;
  private prelude: Unit | undefined;
  /** By FileId. */
  private readonly modules: LoadedModule[] = [];

  constructor(c: Checker, host: ModuleHost, parse: Parse) {
    this.c = c;
    this.host = host;
    this.parse = parse;
  }

  /** Loads a module and all that it imports; gives its unit. */
  load(module: LoadedModule, root: Node | undefined): Unit {
    const unit = makeUnit(this.c, module.file.id, module.library);
    this.c.unitOfFile[module.file.id] = unit;
    this.declareFile(module, unit, root);
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.declareFile(next.module, next.unit, undefined);
    return unit;
  }

  /** Loads the prelude: of files with an index, what declares one name waits until that is asked for. */
  loadPrelude(module: LoadedModule): Unit {
    const unit = makeUnit(this.c, module.file.id, module.library);
    unit.pending = new PendingDeclarations((path) => {
      const loaded = this.ofLibrary(path, module);
      this.own(loaded, unit);
      return loaded;
    });
    this.prelude = unit;
    this.declareFile(module, unit, undefined);
    return unit;
  }

  /** A file that one of the library includes. */
  private ofLibrary(path: string, from: LoadedModule): LoadedModule {
    const loaded = this.host.loadModule(path, from.file);
    if ("code" in loaded) throw new Error(`check/modules.ofLibrary: ${from.file.path}: ${loaded.message}`);
    return loaded;
  }

  /** Makes a file one of the module's. */
  private own(module: LoadedModule, unit: Unit): void {
    this.modules[module.file.id] = module;
    this.c.unitOfFile[module.file.id] = unit;
    this.c.libraryFiles[module.file.id] = module.library || module.isCopy === true;
  }

  /** Reads the impls that were met so far, and from now on each when it is met. */
  declareImpls(): void {
    const { c } = this;
    this.canDeclareImpls = true;
    const { unit } = c;
    // An impl's head may name what waits in the library, whose own impls are then read in between; but not the program's others: they may name the alias that is just being read.
    while (this.impls.length > 0) {
      for (const next of this.impls.splice(0)) {
        c.unit = next.unit;
        const methods = declareImpl(c, next.node, next.file, next.library);
        if (!next.library) next.unit.functions.push(...methods);
      }
    }
    c.unit = unit;
  }

  /** Declares what waits under a name, or (without one) all that waits. */
  declarePending(unit: Unit, name: string | undefined): void {
    const { pending } = unit;
    if (pending === undefined) return;
    const waiting = name === undefined ? pending.takeAll() : pending.take(name);
    if (waiting.length === 0) return;
    this.depth++;
    for (const { module, part } of waiting) this.declarePart(module, unit, part.start, part.end);
    this.depth--;
    this.c.program.reserve();
    // Not while others of the same name are still to be declared: an impl may be of one of them.
    if (this.canDeclareImpls && this.depth === 0) this.declareImpls();
  }

  private declarePart(module: LoadedModule, unit: Unit, start: number, end: number): void {
    const { c } = this;
    const outer = c.unit;
    c.unit = unit;
    this.declareList(c.ast.declarations(this.parse(module, start, end)), module, unit);
    c.unit = outer;
  }

  private declareFile(module: LoadedModule, unit: Unit, parsed: Node | undefined): void {
    const { c } = this;
    this.own(module, unit);
    this.including.push(module.file.id);
    this.declared.set(module.file.id, []);
    if (unit.pending !== undefined && module.index !== undefined) {
      const atOnce = [...unit.pending.add(module, module.index)];
      for (let i = 0; i < atOnce.length; i += 2) this.declarePart(module, unit, atOnce[i] as number, atOnce[i + 1] as number);
      if ("table" in module.index) for (const file of module.index.table.includes(module.index.number)) this.expect(module.index.table, file, module, unit);
      else for (const path of module.index.includes) this.includeFile(this.ofLibrary(path, module), module, unit);
    } else {
      const node = parsed ?? this.parse(module);
      const outer = c.unit;
      c.unit = unit;
      this.declareList(c.ast.declarations(node), module, unit);
      c.unit = outer;
    }
    this.including.pop();
  }

  /** Includes a file of the prelude, whose declarations stand in a table. It is read when somebody names one, or at once where something in it cannot wait. */
  private expect(table: DeclarationTable, file: number, from: LoadedModule, unit: Unit): void {
    const path = table.pathOf(file);
    if (this.host.standIn(path) !== path || table.atOnce(file).length > 0) this.includeFile(this.ofLibrary(path, from), from, unit);
    else if (unit.pending?.expect(table, file) === true) for (const inner of table.includes(file)) this.expect(table, inner, from, unit);
  }

  private declareList(list: List, module: LoadedModule, unit: Unit): void {
    const { c } = this;
    for (let i = 0; i < c.ast.length(list); i++) this.declareOne(c.ast.item(list, i), module, unit);
  }

  private declareOne(node: Node, module: LoadedModule, unit: Unit): void {
    const { c } = this;
    const { ast } = c;
    const file = module.file.id;
    switch (ast.kind[node]) {
      case Kind.Function: {
        const f = declareFunction(c, node, file, 0 as TypeId);
        if (!module.library) unit.functions.push(f);
        this.enter(unit, f);
        return;
      }
      case Kind.Struct: {
        const s = declareStruct(c, node, file);
        if (!module.library) unit.structures.push(s);
        this.enter(unit, s);
        return;
      }
      case Kind.Enum: {
        const e = declareEnum(c, node, file);
        if (!module.library) unit.structures.push(e);
        this.enter(unit, e);
        // The prelude's variants are named by their enum, or where the type is known.
        if (unit.pending !== undefined) return;
        for (const variant of e.variants) {
          const there = columnAt(unit.variants, variant.name);
          unit.variants = columnSet(unit.variants, variant.name, there === 0 ? variant.id : -1, c.names.count);
        }
        return;
      }
      case Kind.Const:
      case Kind.Global: {
        const value = declareConst(c, node, file);
        if (!module.library) unit.values.push(value);
        this.enter(unit, value);
        return;
      }
      case Kind.TypeAlias: {
        const typeParameters = declareTypeParameters(c, ast.typeParameters(node), file);
        const alias = c.add<AliasDefinition>({ kind: "alias", id: c.nextDefinition, name: ast.name(node), node, file, public: ast.has(node, Flag.public), type: 0 as TypeId, typeParameters });
        if (!module.library) unit.aliases.push(alias);
        this.enter(unit, alias);
        return;
      }
      case Kind.Trait:
        this.enter(unit, declareTrait(c, node, file, module.library));
        // Its impls for built-in types, should the trait have been asked for by a method.
        this.declarePending(unit, c.nameText(ast.name(node)));
        return;
      case Kind.Impl:
        this.impls.push({ node, unit, file, library: module.library });
        return;
      case Kind.Test:
        if (!module.library) declareTest(c, node, file);
        return;
      case Kind.CompileIf:
        if (isTaken(c, ast.condition(node))) this.declareList(ast.thenDeclarations(node), module, unit);
        else this.declareList(ast.elseDeclarations(node), module, unit);
        return;
      case Kind.Include:
        this.include(node, module, unit);
        return;
      case Kind.Import:
        this.import(node, module, unit);
        return;
      default:
        return;
    }
  }

  /** Enters a declaration under its name, unless the name is taken. */
  private enter(unit: Unit, definition: Definition): void {
    const { c } = this;
    this.declared.get(definition.file)?.push(definition);
    const there = columnAt(unit.names, definition.name);
    if (there !== 0) {
      const first = c.definition(there);
      const own = c.unitOfFile[first.file] === unit;
      // A function without a body and the os layer's definition of it are one.
      if (own && first.kind === "function" && definition.kind === "function" && (first.origin === "os") !== (definition.origin === "os")) {
        if (first.origin === "os") first.definedBy = definition;
        else {
          definition.definedBy = first;
          return;
        }
      } else if (own) {
        c.errorAt("E0203", c.nameSpan(definition.node, definition.name), `${c.nameText(definition.name)} is declared twice`, { labels: c.declaredAt(first, "first declared here") });
        return;
      }
    }
    unit.names = columnSet(unit.names, definition.name, definition.id, c.names.count);
  }

  private include(node: Node, module: LoadedModule, unit: Unit): void {
    const { c } = this;
    const loaded = this.find(node, module);
    if (loaded === undefined) {
      unit.lacksFile = true;
      return;
    }
    const file = loaded.file.id;
    if (this.including.includes(file)) {
      c.error("E0702", node, `${loaded.file.path} includes itself${file === module.file.id ? "" : ", through others"}`, { advice: ["use import, which may form a cycle"] });
      return;
    }
    if (this.including.length > deepestInclude) {
      c.error("E0707", node, "files include one another too deeply");
      return;
    }
    this.includeFile(loaded, module, unit);
  }

  private includeFile(loaded: LoadedModule, module: LoadedModule, unit: Unit): void {
    const { c } = this;
    const file = loaded.file.id;
    if (unit.library) this.noteInclude(module, loaded);
    const owner = this.ownerOf(loaded);
    if (owner !== undefined && owner === c.prelude && owner !== unit) {
      unit.preludeFiles.add(file);
      this.noteIncludes(loaded);
    }
    if (owner === unit || (owner !== undefined && owner === c.prelude)) return;
    if (owner === undefined) {
      this.declareFile(loaded, unit, undefined);
      this.declared.get(module.file.id)?.push(...(this.declared.get(file) ?? []));
      return;
    }
    // The file belongs to another module already: its names become visible here too. It may have been imported and not be read yet.
    const waiting = this.waiting.findIndex((one) => one.module.file.id === file);
    const [unread] = waiting < 0 ? [] : this.waiting.splice(waiting, 1);
    if (unread !== undefined) this.declareFile(unread.module, unread.unit, undefined);
    for (const definition of this.declared.get(file) ?? []) {
      if (columnAt(unit.names, definition.name) === 0) unit.names = columnSet(unit.names, definition.name, definition.id, c.names.count);
    }
  }

  /** The module that a file belongs to: the prelude also where nothing was asked of the file yet. */
  private ownerOf({ file, index }: LoadedModule): Unit | undefined {
    if (index !== undefined && "table" in index) this.prelude?.pending?.moduleOf(index.number);
    return this.c.unitOfFile[file.id];
  }

  private noteInclude(from: LoadedModule, included: LoadedModule): void {
    const { includes } = this.c;
    const known = includes.get(from.file.id) ?? [];
    if (!known.includes(included.file.id)) includes.set(from.file.id, [...known, included.file.id]);
  }

  /** Notes what a file of the prelude includes, and what that includes: where a table tells it, nobody came by. */
  private noteIncludes(module: LoadedModule): void {
    const { index } = module;
    if (index === undefined || !("table" in index)) return;
    for (const file of index.table.includes(index.number)) {
      const inner = this.prelude?.pending?.moduleOf(file);
      if (inner !== undefined) this.noteInclude(module, inner);
    }
    for (const file of this.c.includes.get(module.file.id) ?? []) {
      const inner = this.modules[file];
      if (inner !== undefined) this.noteIncludes(inner);
    }
  }

  private import(node: Node, module: LoadedModule, unit: Unit): void {
    const { c } = this;
    const { ast } = c;
    const loaded = this.find(node, module);
    if (loaded === undefined) return;
    let name: NameId = ast.alias(node);
    if (name === 0) {
      const stem = /([^/]*?)(\.lang)?$/.exec(pathOf(c, node))?.[1] ?? "";
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(stem)) {
        c.errorAt("E0706", pathSpan(c, node), `"${stem}" is no name`, { advice: ["give the module one: import \"…\" as name"] });
        return;
      }
      name = c.names.intern(stem);
    }
    const file = loaded.file.id;
    if (this.ownerOf(loaded) === undefined) {
      const imported = makeUnit(c, file, loaded.library);
      c.unitOfFile[file] = imported;
      this.waiting.push({ module: loaded, unit: imported });
    }
    const definition = c.define((id) => ({ kind: "module", id, name, node, file: module.file.id, public: ast.has(node, Flag.public), moduleFile: file }));
    unit.imports.push({ definition: definition.id, node });
    this.enter(unit, definition);
  }

  /** The file that an include or import names; reports what is wrong with it. */
  private find(node: Node, module: LoadedModule): LoadedModule | undefined {
    const { c } = this;
    const path = pathOf(c, node);
    if (path === "" || path.startsWith("/") || path.includes("\\") || path.includes("\0") || path.split("/").some((part) => part === "")) {
      c.errorAt("E0705", pathSpan(c, node), path === "" ? "the path is empty" : `"${path}" is no path of a module`, { advice: ["a path is relative, with / between its parts"] });
      return undefined;
    }
    const loaded = this.host.loadModule(path, module.file);
    if ("code" in loaded) {
      const [stem = ""] = /[^/]*?(?=(\.lang)?$)/.exec(path) ?? [];
      const near = modulesOfLibrary().includes(stem) ? stem : suggest(stem, modulesOfLibrary());
      c.errorAt(loaded.code, pathSpan(c, node), loaded.message, { advice: loaded.code !== "E0701" || near === undefined ? [] : [`did you mean "std/${near}"?`] });
      // What the module is called is unknown as a consequence.
      c.ast.lost.add(c.ast.kind[node] === Kind.Import && c.ast.alias(node) !== 0 ? c.ast.alias(node) : c.names.intern(stem));
      return undefined;
    }
    // What stands in a folder of the library is a part of the file of that name, and does not stand alone.
    const whole = /^std\/(\w+)\/\w/.exec(path)?.[1];
    if (whole !== undefined && loaded.library && !module.library && module.isCopy !== true) {
      c.errorAt("E0701", pathSpan(c, node), `"${path}" is a part of "std/${whole}"`, { advice: [`write: import "std/${whole}"`] });
      const [stem = ""] = /[^/]*?(?=(\.lang)?$)/.exec(path) ?? [];
      c.ast.lost.add(c.ast.kind[node] === Kind.Import && c.ast.alias(node) !== 0 ? c.ast.alias(node) : c.names.intern(stem));
      return undefined;
    }
    return loaded;
  }
}

function makeUnit(c: Checker, root: FileId, library: boolean): Unit {
  const unit: Unit = {
    index: c.units.length, root, library, preludeFiles: new Set(), names: new Int32Array(0), variants: new Int32Array(0), pending: undefined, asked: new Int32Array(0), imports: [], functions: [], structures: [], values: [], aliases: [],
  };
  c.units.push(unit);
  return unit;
}
