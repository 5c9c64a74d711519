/**
 * What a call of a method calls once types are known: a method of a trait is the impl's for the type at hand, the trait's default, what the
 * language does itself, or, behind `dyn`, whatever the value's table of methods says.
 */

import type { FunctionDefinition, TraitDefinition } from "../check/definitions.ts";
import { TypeKind, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import type { DataRelocation } from "../ir/module.ts";
import { Type } from "../ir/types.ts";
import { derivedSymbol } from "./derived.ts";
import { dropSymbol } from "./dropGlue.ts";
import type { Generator } from "./generator.ts";

export type Callee =
  | { readonly kind: "function"; readonly function: FunctionDefinition; readonly args: readonly TypeId[] }
  | { readonly kind: "derived"; readonly name: string; readonly type: TypeId }
  | { readonly kind: "dyn"; readonly method: FunctionDefinition; readonly args: readonly TypeId[] };

/** What a call of `definition` with these type arguments calls. */
export function calleeOf(g: Generator, definition: FunctionDefinition, args: readonly TypeId[]): Callee {
  if (definition.trait === 0) return { kind: "function", function: definition, args };
  const self = args[0] as TypeId;
  if (g.types.kindOf(self) === TypeKind.Dyn && slotOf(g, self, definition) >= 0) return { kind: "dyn", method: definition, args };
  const resolved = g.program.resolveMethod(definition, args);
  if ("derived" in resolved) return { kind: "derived", name: resolved.derived, type: self };
  return { kind: "function", function: resolved.function, args: resolved.args };
}

/** The function that a type has as the only method of a trait without parameters. */
export function traitSymbol(g: Generator, trait: TraitDefinition, type: TypeId): SymbolId {
  const [method] = trait.methods;
  if (method === undefined) throw new Error("irgen/callees.traitSymbol: a trait without methods");
  const callee = calleeOf(g, method, [type]);
  if (callee.kind === "dyn") throw new Error("irgen/callees.traitSymbol: a dyn type");
  return callee.kind === "derived" ? derivedSymbol(g, callee.name, type) : g.functions.of(callee.function, callee.args);
}

// ── tables of methods ──

/** A table begins with the function that drops the value (or 0), its size and its alignment; then come the methods. */
export const TableWord = { drop: 0, size: 8, align: 16, methods: 24 } as const;

/** The methods that a value behind `dyn` of the trait has, those of the traits that it builds on first. */
function methodsOf(g: Generator, trait: TraitDefinition): readonly FunctionDefinition[] {
  const found: FunctionDefinition[] = [];
  for (const reference of trait.supertraits) {
    const above = g.program.definition(reference.trait);
    if (above.kind === "trait") for (const method of methodsOf(g, above)) if (!found.includes(method)) found.push(method);
  }
  for (const method of trait.methods) if (method.receiver !== "none" && method.receiver !== "value" && method.typeParameters.length === method.outerParameters) found.push(method);
  return found;
}

function traitOf(g: Generator, dyn: TypeId): TraitDefinition {
  const trait = g.program.definition(g.types.definition(dyn));
  if (trait.kind !== "trait") throw new Error("irgen/callees.traitOf: a dyn type of no trait");
  return trait;
}

function slotOf(g: Generator, dyn: TypeId, method: FunctionDefinition): number {
  return methodsOf(g, traitOf(g, dyn)).indexOf(method);
}

/** The address of the table of `type`'s methods for `dyn`. */
export function methodTable(g: Generator, type: TypeId, dyn: TypeId): Value {
  const key = `table ${type} ${dyn}`;
  let symbol = g.helpers.get(key);
  if (symbol === undefined) {
    const methods = methodsOf(g, traitOf(g, dyn));
    const bytes = new Uint8Array(TableWord.methods + 8 * methods.length);
    const view = new DataView(bytes.buffer);
    view.setBigInt64(TableWord.size, BigInt(g.layouts.size(type)), true);
    view.setBigInt64(TableWord.align, BigInt(g.layouts.alignment(type)), true);
    const relocations: DataRelocation[] = [];
    if (g.needsDrop(type)) relocations.push({ offset: TableWord.drop, symbol: dropSymbol(g, type), addend: 0 });
    methods.forEach((method, i) => relocations.push({ offset: TableWord.methods + 8 * i, symbol: tableSymbol(g, method, type, dyn), addend: 0 }));
    symbol = g.data.add(bytes, 8, relocations, false);
    g.helpers.set(key, symbol);
  }
  return g.b.f.address(symbol);
}

function tableSymbol(g: Generator, method: FunctionDefinition, type: TypeId, dyn: TypeId): SymbolId {
  const callee = calleeOf(g, method, [type, ...traitArguments(g, dyn, method)]);
  if (callee.kind === "derived") return derivedSymbol(g, callee.name, type);
  if (callee.kind === "dyn") throw new Error("irgen/callees.tableSymbol: a table for a dyn type");
  return g.functions.of(callee.function, callee.args);
}

/** The arguments of the trait that declares a method of `dyn`. */
function traitArguments(g: Generator, dyn: TypeId, method: FunctionDefinition): readonly TypeId[] {
  const trait = traitOf(g, dyn);
  if (method.trait === trait.id) return g.types.items(dyn);
  const above = trait.supertraits.find((reference) => reference.trait === method.trait);
  return (above?.args ?? []).map((type) => g.program.substituted(type, trait.typeParameters, [dyn, ...g.types.items(dyn)]));
}

/**
 * Calls a method behind `dyn`. `values` are those of a call: perhaps the result's address, then the receiver's address and its table, then the arguments.
 */
export function callDynamic(g: Generator, method: FunctionDefinition, args: readonly TypeId[], values: Value[], resultByAddress: boolean): Value {
  const { b } = g;
  const receiver = resultByAddress ? 1 : 0;
  const [table] = values.splice(receiver + 1, 1) as [Value];
  const slot = slotOf(g, args[0] as TypeId, method);
  const code = b.load(Type.ptr, table, TableWord.methods + 8 * slot);
  const see = (type: TypeId): TypeId => g.program.substituted(type, method.typeParameters, args);
  // The code takes the receiver's address alone: that of a value of its own type.
  const thin = g.types.pointer(g.types.tuple([]));
  const signature = g.signatures.lang([thin, ...method.parameters.slice(1).map(see)], see(method.result), []);
  g.callsIndirectly = true;
  return b.callIndirect(code, signature, values);
}
