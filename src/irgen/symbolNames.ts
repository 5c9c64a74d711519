/** What functions are called in symbol tables, stack traces and dumps: module, type with its arguments, trait where that tells two apart, name. */

import type { DefinitionId, FunctionDefinition } from "../check/definitions.ts";
import { Substitution } from "../check/substitute.ts";
import { TypeNames } from "../check/typeNames.ts";
import { T, TypeKind, type TypeId } from "../check/types.ts";
import type { Module } from "../ir/module.ts";
import type { Interner } from "../source/interner.ts";
import type { SourceMap } from "../source/sourceMap.ts";
import { Kind } from "../syntax/ast.ts";
import { mangle, mangledPart } from "./mangle.ts";
import type { ProgramView } from "./view.ts";

export class SymbolNames {
  private readonly program: ProgramView;
  private readonly module: Module;
  private readonly interner: Interner;
  private readonly sources: SourceMap;
  private readonly names: TypeNames;
  /** Mangled paths by file. */
  private readonly modulePrefixes: string[] = [];

  constructor(program: ProgramView, module: Module, interner: Interner, sources: SourceMap) {
    this.program = program;
    this.module = module;
    this.interner = interner;
    this.sources = sources;
    this.names = new TypeNames(program.types, program.definitions, interner, ({ file }) => this.moduleOf(file));
  }

  /** A file's path without its ending; a user's file that is called as one of the library's is another module. */
  moduleName(file: number): string {
    const path = withoutEnding(this.sources.files[file]?.path ?? "");
    return (path.startsWith("std/") || path.startsWith("os/")) && !this.program.isLibrary(file) ? `./${path}` : path;
  }

  /** What tells a type's name from the same name elsewhere: its module, unless that is std's. */
  private moduleOf(file: number): string {
    const path = this.sources.files[file]?.path ?? "";
    return path.startsWith("std/") && this.program.isLibrary(file) ? "" : `${withoutEnding(path)}.`;
  }

  /** A name for a function that no source has; said twice, it is made different. */
  helper(name: string): string {
    const mangled = `.${mangle([name])}`;
    for (let i = 0; ; i++) {
      const candidate = i === 0 ? mangled : `${mangled}.${i}`;
      if (this.module.find(candidate) === undefined) return candidate;
    }
  }

  /** The name of a function, or of an instance of one; of C's own (`isC`) the one that the linker is to find. */
  of(definition: FunctionDefinition, isC: boolean, substitution: Substitution | undefined): string {
    if (isC && definition.linkName !== undefined) return definition.linkName;
    const kind = this.program.ast.kind[definition.node];
    // Closures and tests have no name of their own: they are called by their place.
    const place = kind === Kind.Closure || kind === Kind.Test ? this.sources.place(this.program.ast.start[definition.node] as number) : undefined;
    let name = place === undefined ? this.interner.name(definition.name) : `${kind === Kind.Test ? "test" : "closure"} ${place.line}:${place.column}`;
    if (name.startsWith("lang_") && this.program.isLibrary(definition.file) && substitution === undefined) return name;
    let prefix = this.modulePrefixes[definition.file];
    if (prefix === undefined) this.modulePrefixes[definition.file] = prefix = mangle([this.moduleName(definition.file)]);
    const owner = definition.owner === 0 ? (0 as TypeId) : (substitution?.apply(definition.owner) ?? definition.owner);
    if (substitution !== undefined) name += this.argumentsShown(definition, owner === 0, substitution);
    if (owner === 0) return `${prefix}.${mangledPart(name)}`;
    const symbol = `${prefix}.${mangle([this.ownerLabel(owner) + this.traitLabel(definition, substitution, false), name])}`;
    // The type has a method of its own of that name as well.
    return this.module.find(symbol) === undefined ? symbol : `${prefix}.${mangle([this.ownerLabel(owner) + this.traitLabel(definition, substitution, true), name])}`;
  }

  /** The type arguments that the owner's name does not show. */
  private argumentsShown(definition: FunctionDefinition, all: boolean, { args }: Substitution): string {
    const own = all ? args : args.slice(definition.typeParameters.findLastIndex((id) => this.mentions(definition.owner, id)) + 1);
    return own.length === 0 ? "" : `[${own.map((type) => this.label(type)).join(", ")}]`;
  }

  /** The name of the type that methods belong to. They stand in its module, or in a module of their own, so that it needs none in front. */
  private ownerLabel(type: TypeId): string {
    const kind = this.program.types.kindOf(type);
    if (kind !== TypeKind.Struct && kind !== TypeKind.Enum) return this.label(type);
    const args = this.program.types.items(type);
    return this.interner.name(this.program.definition(this.program.types.definition(type)).name) + (args.length === 0 ? "" : `[${args.map((arg) => this.label(arg)).join(", ")}]`);
  }

  /** Of a method of an impl of a trait: a type may have several of one name. */
  private traitLabel(definition: FunctionDefinition, substitution: Substitution | undefined, isForced: boolean): string {
    const implementation = definition.implementation === 0 ? undefined : this.program.definition(definition.implementation);
    const trait = definition.trait !== 0 ? { trait: definition.trait, args: [] } : implementation?.kind === "impl" ? implementation.trait : undefined;
    if (trait === undefined) return "";
    const declared = this.program.definition(trait.trait);
    // The library's traits have methods of different names; two of a program's own may have the same for one type.
    if (trait.args.length === 0 && !isForced && this.program.isLibrary(declared.file)) return "";
    const args = trait.args.map((arg) => this.label(substitution?.apply(arg) ?? arg));
    return ` as ${this.interner.name(declared.name)}${args.length === 0 ? "" : `[${args.join(", ")}]`}`;
  }

  private mentions(type: TypeId, parameter: DefinitionId): boolean {
    const other = new Substitution(this.program.types, [parameter], [T.void]);
    return other.apply(type) !== type;
  }

  /** A type's name for symbols; types of the same name in several modules are told apart by their module. */
  label(type: TypeId): string {
    return this.names.of(type);
  }
}

function withoutEnding(path: string): string {
  return path.endsWith(".lang") ? path.slice(0, -".lang".length) : path;
}
