/** What to say to somebody who calls a method that a type does not have. */

import { Names } from "../source/interner.ts";
import { insteadOfMethod, methodElsewhere, nameElsewhere, suggest } from "../source/suggest.ts";
import { Flag, Kind, type List, type NameId, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { literalOf } from "./names.ts";
import type { StructDefinition } from "./definitions.ts";
import { isString } from "./convert.ts";
import { check } from "./expressions.ts";
import { findMethod, methodNames, traitOf } from "./methods.ts";
import { defaultType, isLiteralType } from "./settle.ts";
import { ensureTrait } from "./traitDeclarations.ts";
import { ensureStructure } from "./signatures.ts";
import { throughReferences } from "./traits.ts";
import { T, TypeKind, isFloatType, isIntegerType, type TypeId } from "./types.ts";

const derivable: readonly NameId[] = [Names.Copy, Names.Clone, Names.Eq, Names.Ord, Names.Hash, Names.Show, Names.Default];

/** What to write instead of a method that `base` does not have; nothing if the name tells nothing. */
export function methodAdvice(c: Checker, name: NameId, base: TypeId): readonly string[] {
  const text = c.nameText(name);
  // Methods begin in lower case: a variant was meant, which on a line of its own goes on with the line above.
  if (/^[A-Z]/.test(text)) return [`for a variant, write its type in front: Type.${text}; a line that begins with a dot goes on with the one above`];
  if (/^(equals|isEqual|is_equal|equal_to|strcmp)$/.test(text)) return ["write a == b"];
  const kind = c.types.kindOf(base);
  const inner = kind === TypeKind.Optional || kind === TypeKind.Result ? throughReferences(c, c.types.inner(base)) : (0 as TypeId);
  if (inner !== 0 && findMethod(c, inner, name, "anyone") !== undefined) return ["take the value out first, with !, ? or match"];
  const elsewhere = nearMethod(c, base, text);
  if (elsewhere === "len") return ["write .len without ()"];
  if (elsewhere === "[a..b]") return ["a part is written [a..b]"];
  if (elsewhere !== undefined) return [`did you mean ${elsewhere}?`];
  if (c.types.kindOf(base) === TypeKind.Array && /^(push|push_back|append|add|pop|insert|remove|extend|clear)$/.test(text)) return ["an array has a fixed length; a list grows: var xs = List.from([1, 2, 3])"];
  const instead = insteadOfMethod(text, kindOfValue(c, base));
  if (instead !== undefined) return [instead];
  const owner = c.definitionBehind(base);
  if (base === T.str && text === "join") return ['the items join themselves: ["a", "b"].join(", ")'];
  const trait = (c.traitMethods.get(name) ?? []).map((method) => traitOf(c, method)).find((one) => one !== undefined);
  if (trait === undefined) {
    const near = suggest(text, methodNames(c, base));
    return near === undefined ? [] : [`did you mean ${near}?`];
  }
  ensureTrait(c, trait);
  // Where all that have its bounds have the trait, the bounds are what is missing.
  const bounds = (trait.implementations.get(0)?.[0]?.typeParameters ?? []).flatMap((id) => {
    const parameter = c.definition(id);
    return parameter.kind === "typeParameter" ? parameter.bounds.map((bound) => c.definition(bound.trait).name) : [];
  });
  if (trait.name === Names.Iterator || bounds.includes(Names.Iterator) || trait.supertraits.some((one) => c.definition(one.trait).name === Names.Iterator)) {
    const way = ["iter", "chars"].find((method) => has(c, base, method));
    if (way !== undefined) return [`iterators have it: ….${way}().${text}(…)`];
  }
  const [missing] = bounds;
  if (owner !== undefined && owner.kind !== "typeParameter" && c.unitOfFile[owner.file]?.library !== true) {
    if (derivable.includes(trait.name)) return [`derive it: ${c.nameText(owner.name)}: ${c.nameText(trait.name)}`];
    if (missing !== undefined) return [`what is ${c.nameText(missing)} has it: derive that, ${c.nameText(owner.name)}: ${c.nameText(missing)}, or write an impl`];
  }
  if (owner?.kind === "typeParameter") return [`${c.nameText(trait.name)} has it: bound the parameter, ${c.typeName(base)}: ${c.nameText(trait.name)}`];
  return [`${c.nameText(trait.name)} has it, and ${c.typeName(base)} has no impl of that`];
}

/** As what methods of other languages are looked up. */
function kindOfValue(c: Checker, base: TypeId): Parameters<typeof insteadOfMethod>[1] {
  if (base === T.str || isString(c, base)) return "text";
  if (isIntegerType(base) || base === T["integer literal"]) return "integer";
  if (isFloatType(base) || base === T["float literal"]) return "float";
  return base === T.char ? "any" : "items";
}

/** What the type has for a method that another language calls `name`. */
export function nearMethod(c: Checker, type: TypeId, name: string): string | undefined {
  return methodElsewhere(name, (method) => has(c, type, method));
}

function has(c: Checker, type: TypeId, method: string): boolean {
  return method === "len" || method === "[a..b]" ? hasLength(c, type) : findMethod(c, type, c.names.intern(method), 0 as Node) !== undefined;
}

function hasLength(c: Checker, base: TypeId): boolean {
  const kind = c.types.kindOf(base);
  const owner = c.definitionBehind(base);
  return base === T.str || kind === TypeKind.Array || kind === TypeKind.Slice || (owner?.kind === "struct" && owner.fields.some((field) => field.name === Names.len));
}

/** The type of a call's first argument, as far as it can be told without checking anything that declares names. */
function firstArgument(c: Checker, args: List): TypeId {
  const { ast } = c;
  const node = ast.length(args) === 0 ? (0 as Node) : ast.item(args, 0);
  const kind = ast.kind[node];
  const isPlain = kind === Kind.Name || kind === Kind.Integer || kind === Kind.Float || kind === Kind.String || kind === Kind.Unary || kind === Kind.Field;
  if (!isPlain) return 0 as TypeId;
  const type = check(c, node, 0 as TypeId);
  return throughReferences(c, isLiteralType(type) ? defaultType(type) : type);
}

/** What to write instead of `i64(x)`. */
export function castAdvice(c: Checker, type: string, args: List): string[] {
  if (type === "str") return ["a value becomes text in f\"{x}\""];
  const given = firstArgument(c, args);
  if (given === T.str || (given !== 0 && isString(c, given))) return [`a text is parsed: s.parse[${type}]() gives a ?${type}`];
  return [`convert with as: x as ${type}`];
}

/** What to write instead of a call of a function that is not there: the first argument may have a method of that name, or the name be a type elsewhere. */
export function calleeAdvice(c: Checker, name: NameId, args: List): string[] {
  const text = c.nameText(name);
  const elsewhere = nameElsewhere(text);
  if (elsewhere !== undefined) return /^([iu](8|16|32|64)|f32|f64|str|usize)$/.test(elsewhere) && c.ast.length(args) === 1 ? castAdvice(c, elsewhere, args) : [];
  const base = firstArgument(c, args);
  const method = base === 0 || base === T.error ? undefined : findMethod(c, base, name, 0 as Node)?.method.function;
  if (method === undefined || method.receiver === "none" || method.parameters.length !== c.ast.length(args)) return [];
  return [`${text} is a method of ${c.typeName(base)}: write x.${text}(${c.ast.length(args) > 1 ? "…" : ""})`];
}

/** How a value of a struct is made: what is not the library's, or keeps no field to itself, by a literal. */
export function adviceToMake(c: Checker, structure: StructDefinition): string[] {
  const name = c.nameText(structure.name);
  ensureStructure(c, structure);
  const isOpen = structure.fields.every((field) => ((c.ast.flags[field.node] as number) & Flag.public) !== 0);
  if (isOpen || c.unitOfFile[structure.file]?.library !== true) return [literalOf(c, structure)];
  if (structure.name === Names.String) return ["a value becomes a String by x.to_string() or f\"{x}\"; an empty one is String.new()"];
  return [`write ${name}.new()${structure.name === Names.List || structure.name === Names.Map || structure.name === Names.Set ? `, or of what is there: ${name}.from([…])` : ""}`];
}
