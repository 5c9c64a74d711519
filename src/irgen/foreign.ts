/** Functions of C by name and by address, and functions of ours as C calls them: which symbol, which signature, and whether something stands between. */

import type { FunctionDefinition } from "../check/definitions.ts";
import { T, type TypeId } from "../check/types.ts";
import type { SignatureId, SymbolId } from "../ir/function.ts";
import { callingAdapter, canPass, isPlain, isPlainExport, makeCallable, placedSignature, type CFunction } from "./cCalls.ts";
import { calleeOf, functionMeant } from "./callees.ts";
import { makeForwarder } from "./forwarder.ts";
import type { Generator } from "./generator.ts";

/** A declared function as C sees it. */
export function cFunction({ parameters, result, variadic }: FunctionDefinition): CFunction {
  return { parameters, result, variadic, fixed: parameters.length };
}

/** Reports arguments that cannot be passed to C. */
export function checkPassing(g: Generator, definition: FunctionDefinition): void {
  if (!canPass(g, cFunction(definition))) g.unsupported.push({ node: definition.node, what: "structs of more than 8 KiB as arguments of C functions are" });
}

/** How C is told of a declared function. */
export function foreignSignature(g: Generator, definition: FunctionDefinition): SignatureId {
  const f = cFunction(definition);
  const plain = definition.origin === "lang" ? isPlainExport(g, f) : isPlain(g, f) || definition.variadic;
  return plain ? g.signatures.c(f.parameters, f.result, f.variadic) : placedSignature(g, f);
}

/** The symbol of a C function itself. */
export function foreignSymbol(g: Generator, definition: FunctionDefinition, name: string): SymbolId {
  const known = g.module.find(name);
  if (known !== undefined) return known;
  return g.module.declareFunction(name, foreignSignature(g, definition), "imported", { inline: "never", cold: definition.result === T.never, noreturn: definition.result === T.never });
}

/** What calls a variadic C function with arguments of these types; undefined where it can be called as it is. */
export function variadicAdapter(g: Generator, definition: FunctionDefinition, types: readonly TypeId[]): SymbolId | undefined {
  const f: CFunction = { parameters: types, result: definition.result, variadic: true, fixed: definition.parameters.length };
  if (isPlain(g, f)) return undefined;
  if (!canPass(g, f)) checkPassing(g, definition);
  const target = g.functions.of(definition);
  return callingAdapter(g, f, `${g.module.nameOf(target)}.call(${types.join()})`, target);
}

/** What calls a C function by its address, given last; undefined where that can be called as it is. `types`: those of all arguments. */
export function pointerAdapter(g: Generator, type: TypeId, types: readonly TypeId[]): SymbolId | undefined {
  const f: CFunction = { parameters: types, result: g.types.inner(type), variadic: g.types.isVariadic(type), fixed: g.types.listLength(type) };
  return isPlain(g, f) ? undefined : callingAdapter(g, f, `.call.t${type}(${types.join()})`, undefined);
}

/** A function as C calls it: itself where its convention is C's, else a function of that convention around it. */
export function cSymbolOf(g: Generator, named: FunctionDefinition, typeArguments: readonly TypeId[] = none): SymbolId {
  const callee = calleeOf(g, named, typeArguments);
  const { definition, args } = callee.kind === "function" ? { definition: callee.function, args: callee.args } : { definition: named, args: typeArguments };
  const target = functionMeant(g, definition, args);
  if (definition.origin === "extern" || definition.origin === "import") return foreignSymbol(g, definition, g.symbolNames.of(definition, true, undefined));
  if (g.module.signatureOf(target).convention === "c") return target;
  const name = definition.exported ? g.symbolNames.of(definition, true, undefined) : `${g.module.nameOf(target)}.c`;
  const known = g.module.find(name);
  if (known !== undefined) return known;
  const substitution = g.program.substitutionFor(definition, args);
  const see = (type: TypeId): TypeId => (substitution === undefined ? type : substitution.apply(type));
  const f: CFunction = { parameters: definition.parameters.map(see), result: see(definition.result), variadic: false, fixed: definition.parameters.length };
  const plain = isPlainExport(g, f);
  const symbol = g.module.declareFunction(name, plain ? g.signatures.c(f.parameters, f.result, false) : placedSignature(g, f), definition.exported ? "exported" : "local");
  g.enqueue(() => (plain ? makeForwarder(g, symbol, target, f.result, 0) : makeCallable(g, f, symbol, target)));
  return symbol;
}

const none: readonly TypeId[] = [];
