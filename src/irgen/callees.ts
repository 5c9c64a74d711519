/**
 * What a call of a method calls once types are known: a method of a trait is the impl's for the type at hand, the trait's default, what the
 * language does itself, or, behind `dyn`, whatever the value's table of methods says.
 */

import type { DefinitionId, FunctionDefinition, TraitDefinition, TraitReference } from "../check/definitions.ts";
import { TypeKind, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import type { DataRelocation } from "../ir/module.ts";
import { Type } from "../ir/types.ts";
import { derivedSymbol } from "./derived.ts";
import { dropSymbol } from "./dropGlue.ts";
import { makeForwarder } from "./forwarder.ts";
import type { Generator } from "./generator.ts";

export type Callee =
  | { readonly kind: "function"; readonly function: FunctionDefinition; readonly args: readonly TypeId[] }
  | { readonly kind: "derived"; readonly name: string; readonly type: TypeId }
  | { readonly kind: "dyn"; readonly method: FunctionDefinition; readonly args: readonly TypeId[] };

/** What a call of `definition` with these type arguments calls. */
export function calleeOf(g: Generator, definition: FunctionDefinition, args: readonly TypeId[]): Callee {
  if (definition.trait === 0) return { kind: "function", function: definition, args };
  const self = args[0] as TypeId;
  if (g.types.kindOf(self) === TypeKind.Dyn && slotOf(g, definition, args) >= 0) return { kind: "dyn", method: definition, args };
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

/** The function that a named one is: of a trait's method, what a call of it would call. */
export function functionMeant(g: Generator, definition: FunctionDefinition, args: readonly TypeId[]): SymbolId {
  const callee = calleeOf(g, definition, args);
  if (callee.kind === "function") return g.functions.of(callee.function, callee.args);
  if (callee.kind === "derived") return derivedSymbol(g, callee.name, callee.type);
  return forwarder(g, definition, args, [], (values) => callDynamic(g, callee.method, callee.args, values, g.shapes.pieces(g.program.substituted(definition.result, definition.typeParameters, args)) === undefined));
}

/** The code behind a named function used as a value. */
export function valueMeant(g: Generator, definition: FunctionDefinition, args: readonly TypeId[]): SymbolId {
  const callee = calleeOf(g, definition, args);
  if (callee.kind === "function") return g.functions.valueOf(callee.function, callee.args);
  const symbol = forwarder(g, definition, args, [Type.ptr], functionMeant(g, definition, args));
  g.functions.noteValue(symbol, definition, args);
  return symbol;
}

/** A function with the parameters of a trait's method, and more, which are dropped. */
function forwarder(g: Generator, method: FunctionDefinition, args: readonly TypeId[], more: readonly Type[], target: Parameters<typeof makeForwarder>[2]): SymbolId {
  const key = `forward ${method.id} ${args.join(",")} ${more.length}`;
  const known = g.helpers.get(key);
  if (known !== undefined) return known;
  const see = (type: TypeId): TypeId => g.program.substituted(type, method.typeParameters, args);
  const result = see(method.result);
  const name = `${g.names.name(method.name)} ${g.symbolNames.label(args[0] as TypeId)}${more.length > 0 ? ".value" : ".method"}`;
  const symbol = g.module.declareFunction(g.symbolNames.helper(name), g.signatures.lang(method.parameters.map(see), result, more), "local");
  g.helpers.set(key, symbol);
  g.enqueue(() => makeForwarder(g, symbol, target, result, more.length));
  return symbol;
}

// ── tables of methods ──

/** A table begins with the function that drops the value (or 0), its size and its alignment; then come the methods. */
export const TableWord = { drop: 0, size: 8, align: 16, methods: 24 } as const;

/** A method that a value behind `dyn` has, with the arguments of the trait that declares it. */
interface Slot {
  readonly method: FunctionDefinition;
  readonly args: readonly TypeId[];
}

/** The trait of a `dyn` type and all that it builds on, those first: the table for the first of them is how this one begins. */
function traitsOf(g: Generator, dyn: TypeId): readonly TraitReference[] {
  const found: TraitReference[] = [];
  const visit = (id: DefinitionId, args: readonly TypeId[]): void => {
    const trait = g.program.definition(id);
    if (trait.kind !== "trait" || found.some((one) => one.trait === id && isSame(one.args, args))) return;
    for (const above of trait.supertraits) visit(above.trait, above.args.map((type) => g.program.substituted(type, trait.typeParameters, [dyn, ...args])));
    found.push({ trait: id, args });
  };
  visit(g.types.definition(dyn), g.types.items(dyn));
  return found;
}

function isSame(some: readonly TypeId[], others: readonly TypeId[]): boolean {
  return some.length === others.length && some.every((type, i) => type === others[i]);
}

function slotsOf(g: Generator, dyn: TypeId): readonly Slot[] {
  const found: Slot[] = [];
  for (const { trait, args } of traitsOf(g, dyn)) {
    const definition = g.program.definition(trait);
    if (definition.kind !== "trait") continue;
    for (const method of definition.methods) if (method.receiver !== "none" && method.receiver !== "value" && method.typeParameters.length === method.outerParameters) found.push({ method, args });
  }
  return found;
}

/** The place of a method in the table; `args`: the `dyn` type and the arguments of the method's trait. */
function slotOf(g: Generator, method: FunctionDefinition, args: readonly TypeId[]): number {
  const [dyn, ...wanted] = args as [TypeId, ...TypeId[]];
  return slotsOf(g, dyn).findIndex((slot) => slot.method === method && isSame(slot.args, wanted));
}

/** What a program makes of a trait object besides itself: objects of these traits. Where their tables are not how its own begins, it leads to them. */
function tablesBehind(g: Generator, dyn: TypeId): readonly TypeId[] {
  const widened = g.program.widenedObjects.get(g.types.definition(dyn));
  if (widened === undefined) return [];
  const own = slotsOf(g, dyn);
  const objects = traitsOf(g, dyn).filter(({ trait }) => widened.has(trait)).map(({ trait, args }) => g.types.dyn(trait, args));
  const begins = (slots: readonly Slot[]): boolean => slots.every(({ method, args }, i) => own[i]?.method === method && isSame(args, own[i]?.args ?? []));
  return objects.filter((object) => object !== dyn && !(tablesBehind(g, object).length === 0 && begins(slotsOf(g, object))));
}

/** The address of the table of `type`'s methods for `dyn`. */
export function methodTable(g: Generator, type: TypeId, dyn: TypeId): Value {
  return g.b.f.address(tableSymbol(g, type, dyn));
}

function tableSymbol(g: Generator, type: TypeId, dyn: TypeId): SymbolId {
  const key = `table ${type} ${dyn}`;
  let symbol = g.helpers.get(key);
  if (symbol === undefined) {
    const slots = slotsOf(g, dyn);
    const behind = tablesBehind(g, dyn);
    const bytes = new Uint8Array(TableWord.methods + 8 * (slots.length + behind.length));
    const view = new DataView(bytes.buffer);
    view.setBigInt64(TableWord.size, BigInt(g.layouts.size(type)), true);
    view.setBigInt64(TableWord.align, BigInt(g.layouts.alignment(type)), true);
    const relocations: DataRelocation[] = [];
    if (g.needsDrop(type)) relocations.push({ offset: TableWord.drop, symbol: dropSymbol(g, type), addend: 0 });
    slots.forEach((slot, i) => relocations.push({ offset: TableWord.methods + 8 * i, symbol: slotSymbol(g, slot, type), addend: 0 }));
    behind.forEach((object, i) => relocations.push({ offset: TableWord.methods + 8 * (slots.length + i), symbol: tableSymbol(g, type, object), addend: 0 }));
    symbol = g.data.add(bytes, 8, relocations, false);
    g.helpers.set(key, symbol);
  }
  return symbol;
}

function slotSymbol(g: Generator, { method, args }: Slot, type: TypeId): SymbolId {
  const callee = calleeOf(g, method, [type, ...args]);
  if (callee.kind === "derived") return derivedSymbol(g, callee.name, type);
  if (callee.kind === "dyn") throw new Error("irgen/callees.slotSymbol: a table for a dyn type");
  return g.functions.of(callee.function, callee.args);
}

/** The table of the value that is a `from`, as one of the trait `to` that `from`'s builds on; undefined if it does not. */
export function widenedTable(g: Generator, from: TypeId, to: TypeId, table: Value): Value | undefined {
  if (!traitsOf(g, from).some(({ trait, args }) => g.types.dyn(trait, args) === to)) return undefined;
  const at = tablesBehind(g, from).indexOf(to);
  return at < 0 ? table : g.b.load(Type.ptr, table, TableWord.methods + 8 * (slotsOf(g, from).length + at));
}

/**
 * Calls a method behind `dyn`. `values` are those of a call: perhaps the result's address, then the receiver's address and its table, then the arguments.
 */
export function callDynamic(g: Generator, method: FunctionDefinition, args: readonly TypeId[], values: Value[], resultByAddress: boolean): Value {
  const { b } = g;
  const receiver = resultByAddress ? 1 : 0;
  const [table] = values.splice(receiver + 1, 1) as [Value];
  const slot = slotOf(g, method, args);
  const code = b.load(Type.ptr, table, TableWord.methods + 8 * slot);
  const see = (type: TypeId): TypeId => g.program.substituted(type, method.typeParameters, args);
  // The code takes the receiver's address alone: that of a value of its own type.
  const thin = g.types.pointer(g.types.tuple([]));
  const signature = g.signatures.lang([thin, ...method.parameters.slice(1).map(see)], see(method.result), []);
  g.callsIndirectly = true;
  return b.callIndirect(code, signature, values);
}
