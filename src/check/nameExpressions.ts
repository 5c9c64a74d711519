/** Names as values: locals, functions, constants, globals, variants; and `.Variant`. */

import type { List, NameId, Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import { noteCapture } from "./captures.ts";
import { LocalFlag, MeaningKind, meaning } from "./checkedProgram.ts";
import { ensureValueType } from "./constants.ts";
import type { Checker } from "./context.ts";
import { adviceToMake, calleeAdvice } from "./methodAdvice.ts";
import type { Definition, EnumDefinition, FunctionDefinition, VariantDefinition } from "./definitions.ts";
import { genericValue, genericVariantValue } from "./genericCalls.ts";
import { findDeclared, findLocal, findVariant, isKnownMissing, nearName, structureOf, variantOf } from "./names.ts";
import { findMethod } from "./methods.ts";
import { ensureFunction, ensureStructure } from "./signatures.ts";
import { suggest } from "../source/suggest.ts";
import { kindInWords, ownedTypes } from "./typeNodes.ts";
import { T, TypeFlag, TypeKind, type TypeId } from "./types.ts";
import { leaveOpen, toldType } from "./unknowns.ts";

/** A name as a value: a local, what is declared, a variant. */
export function checkName(c: Checker, n: Node, expected: TypeId): TypeId {
  const name = c.ast.name(n);
  const { program } = c;
  const binding = findLocal(c, name);
  if (binding > 0) {
    const local = c.scopes.local(binding);
    if (binding < c.functionStart) noteCapture(c, n, binding, local);
    program.setMeaning(n, meaning(MeaningKind.Local, local));
    program.markLocal(local, LocalFlag.used);
    return program.localType(local);
  }
  const definition = nameDefinition(c, n, expected);
  return definition === undefined ? T.error : definitionValue(c, n, definition, expected);
}

function isTypeOrModule(definition: Definition): boolean {
  const { kind } = definition;
  return kind === "struct" || kind === "enum" || kind === "alias" || kind === "scalarType" || kind === "module" || kind === "trait" || kind === "typeParameter";
}

/** The declaration or variant that the plain name `n` means; reports a name that means nothing. `isLiteral`: a struct literal's name, which may be a type. `called`: the arguments, if it is called. */
export function nameDefinition(c: Checker, n: Node, expected: TypeId, isLiteral = false, called?: List): Definition | undefined {
  const name = c.ast.name(n);
  c.pathArguments = undefined;
  const definition = findDeclared(c, name, n);
  if (definition !== undefined) {
    if (isLiteral || !isTypeOrModule(definition)) return definition;
    // A type's name is no value, so a variant of the same name is meant.
    const enumeration = enumBehind(c, expected);
    const wanted = enumeration === undefined ? findVariant(c, name) : variantOf(c, enumeration, name);
    return wanted === undefined || wanted === "ambiguous" ? definition : wanted;
  }
  if (ownedTypes.has(name)) {
    c.unsupported(n, `the type ${c.nameText(name)} is`);
    return undefined;
  }
  if (name === Names.self) {
    c.error("E0220", n, "self has no meaning here", { advice: ["declare it as the first parameter of a method: self, &self or &mut self"] });
    return undefined;
  }
  if (name === Names.Self) {
    if (c.selfType === 0) {
      c.error("E0225", n, "Self has no meaning outside an impl");
      return undefined;
    }
    return structureOf(c, c.selfType);
  }
  // A variant: of the type that is wanted, or of the only enum that has it.
  const enumeration = enumBehind(c, expected);
  const wanted = enumeration === undefined ? undefined : variantOf(c, enumeration, name);
  if (wanted !== undefined) return wanted;
  const variant = findVariant(c, name);
  if (variant === "ambiguous") {
    c.error("E0207", n, `more than one enum has a variant ${c.nameText(name)}`, { advice: [`say which: Type.${c.nameText(name)}`] });
    return undefined;
  }
  if (variant !== undefined) return variant;
  if (name === Names._) c.error("E0121", n, "`_` stands in patterns only", { advice: ["give the value a name"] });
  else {
    const member = memberOfSelf(c, n, name);
    const isNull = c.types.kindOf(expected) === TypeKind.Pointer && /^(null|NULL|nullptr|None)$/.test(c.nameText(name));
    const said = isNull ? ["write nil"] : member === undefined ? (called === undefined ? [] : calleeAdvice(c, name, called)) : [`write ${member}`];
    const near = said.length > 0 ? said : nearName(c, name, "value");
    const isAssigned = c.assigned === n;
    // A function whose name could not be read is called by it.
    const isNameless = called !== undefined && near.length === 0 && c.ast.lost.has(0);
    if (!isNameless && !c.isLost(name) && !isKnownMissing(c, n, name)) c.error("E0201", n, `unknown name ${c.nameText(name)}`, { advice: isAssigned && near.length === 0 ? [`declare it: let ${c.nameText(name)} = …, or var if it changes`] : near });
    // What follows means it.
    if (isAssigned && c.inFunction) c.scopes.bind(name, c.program.addLocal(T.error, LocalFlag.used, n));
  }
  return undefined;
}

/** The enum that a wanted type is, or holds in an optional or behind references. */
export function enumBehind(c: Checker, type: TypeId): EnumDefinition | undefined {
  let at = type;
  for (;;) {
    const kind = c.types.kindOf(at);
    if (kind === TypeKind.Enum) break;
    if (kind !== TypeKind.Optional && kind !== TypeKind.Reference) return undefined;
    at = c.types.inner(at);
  }
  const definition = structureOf(c, at);
  return definition?.kind === "enum" ? definition : undefined;
}

/** The type of a definition that stands as a value; sets the node's meaning. */
export function definitionValue(c: Checker, n: Node, definition: Definition, expected: TypeId): TypeId {
  c.setDefinition(n, definition);
  if (c.refused[definition.id] === true) return T.error;
  switch (definition.kind) {
    case "function":
      return functionValue(c, n, definition, expected);
    case "const":
    case "global":
      return ensureValueType(c, definition);
    case "variant":
      return variantValue(c, n, definition, expected);
    case "builtin":
      return c.error("E0217", n, `${c.nameText(definition.name)} belongs to the language and is no value; call it`);
    case "module":
      c.usedModules.add(definition.id);
      return c.error("E0217", n, `${c.nameText(definition.name)} is a module, not a value`, { labels: c.declaredAt(definition) });
    default:
      return c.error("E0217", n, `${c.nameText(definition.name)} is ${kindInWords(definition.kind)}, not a value`, {
        labels: c.declaredAt(definition), advice: definition.kind === "struct" ? adviceToMake(c, definition) : [],
      });
  }
}

/** How a field or method of the type whose methods are checked is written, if `name` is one. */
function memberOfSelf(c: Checker, n: Node, name: NameId): string | undefined {
  if (c.selfType === 0 || c.selfType === T.error) return undefined;
  const text = c.nameText(name);
  const self = findLocal(c, Names.self) !== 0;
  const structure = structureOf(c, c.selfType);
  if (structure?.kind === "struct" && structure.fields.some((field) => field.name === name)) return self ? `self.${text}` : `self.${text}, and let the function take &self`;
  const method = findMethod(c, c.selfType, name, n)?.method.function;
  if (method === undefined) return undefined;
  if (method.receiver === "none") return `Self.${text}(…)`;
  return self ? `self.${text}(…)` : undefined;
}

function functionValue(c: Checker, n: Node, f: FunctionDefinition, expected: TypeId): TypeId {
  const seeds = c.pathArguments;
  c.pathArguments = undefined;
  reach(c, f);
  if (!c.unit.library) c.functionsAsValues.add(f);
  if (f.parameters.includes(T.error) || f.result === T.error) return T.error;
  if (f.typeParameters.length > 0) return genericValue(c, n, f, seeds ?? [], expected);
  return functionType(c, f);
}

/** The type of a function as a value; its signature is known. */
export function functionType(c: Checker, f: FunctionDefinition): TypeId {
  const known = c.functionTypes[f.id] as TypeId;
  if (known !== 0) return known;
  const flags = f.origin === "extern" ? TypeFlag.external | (f.variadic ? TypeFlag.variadic : 0) : 0;
  const type = c.types.function(f.parameters, f.result, flags);
  c.functionTypes[f.id] = type;
  return type;
}

/** A function is used: its signature is needed now, its body some time. */
export function reach(c: Checker, f: FunctionDefinition): void {
  ensureFunction(c, f);
  f.uses += c.typeParameters.length > 0 ? 2 : 1;
  if (c.bodies[f.id] === 0) {
    c.bodies[f.id] = 1;
    c.queue.push(f);
  }
}

/** A variant without parts, as a value. */
function variantValue(c: Checker, n: Node, variant: VariantDefinition, expected: TypeId): TypeId {
  const { types } = c;
  if (variant.owner === 0) {
    if (variant.name === Names.None) {
      if (types.kindOf(expected) === TypeKind.Optional) return expected;
      if (expected === T.error) return T.error;
      if (expected !== 0 && expected !== T.void) return c.error("E0301", n, `expected ${c.typeName(expected)}, found None`);
      const told = toldType(c, n);
      if (told !== 0) return types.optional(told);
      const open = leaveOpen(c, n, [0 as TypeId])?.[0];
      if (open !== undefined) return types.optional(open);
      return c.error("E0307", n, "the type of this None is not known", { advice: ["write the type: let x ?T = None"] });
    }
    return c.error("E0333", n, `${c.nameText(variant.name)} has a part: ${c.nameText(variant.name)}(…)`, { advice: adviceOnConstructor(c, c.nameText(variant.name), 1, expected) });
  }
  const owner = c.definition(variant.owner);
  if (owner.kind !== "enum") return T.error;
  ensureStructure(c, owner);
  if (variant.fields.length > 0) {
    const name = c.nameText(variant.name);
    const asked = `to see whether a value is one, write \`if let ${name}(${variant.fields.map(() => "_").join(", ")}) = … { }\``;
    const constructor = adviceOnConstructor(c, `${c.nameText(owner.name)}.${name}`, variant.fields.length, expected);
    return c.error("E0333", n, `${name} has ${variant.fields.length === 1 ? "a part" : `${variant.fields.length} parts`}: ${name}(…)`, {
      labels: c.declaredAt(variant), advice: constructor.length > 0 ? constructor : [asked],
    });
  }
  const seeds = c.pathArguments;
  c.pathArguments = undefined;
  return owner.typeParameters.length === 0 ? owner.type : genericVariantValue(c, n, variant, owner, seeds, expected);
}

/** A variant with parts is no function, where one is wanted a closure makes it. */
function adviceOnConstructor(c: Checker, name: string, parts: number, expected: TypeId): readonly string[] {
  if (c.types.kindOf(expected) !== TypeKind.Function) return [];
  const names = Array.from({ length: parts }, (_, i) => String.fromCharCode("a".charCodeAt(0) + (i % 26))).join(", ");
  return [`as a function: |${names}| ${name}(${names})`];
}

/** `.Circle`: the variant of the type that is wanted. */
export function checkVariantName(c: Checker, n: Node, expected: TypeId): TypeId {
  const variant = variantAtHand(c, n, expected);
  return variant === undefined ? T.error : definitionValue(c, n, variant, expected);
}

/** The variant that `.Name` means where `expected` is wanted; reports what is none. */
export function variantAtHand(c: Checker, n: Node, expected: TypeId): VariantDefinition | undefined {
  const name = c.ast.name(n);
  if (expected === T.error) return undefined;
  const enumeration = enumBehind(c, expected);
  const builtin = name === Names.Some || name === Names.None ? TypeKind.Optional : name === Names.Ok || name === Names.Err ? TypeKind.Result : 0;
  if (builtin !== 0 && c.types.kindOf(expected) === builtin) {
    const definition = findDeclared(c, name, n);
    if (definition?.kind === "variant") return definition;
  }
  if (enumeration === undefined) {
    const kind = c.types.kindOf(expected);
    if (expected === 0 || expected === T.void) {
      const one = findVariant(c, name);
      const advice = one === undefined || one === "ambiguous" ? ["write Type.Variant"] : [`write ${c.nameText(c.definition(one.owner).name)}.${c.nameText(name)}`];
      c.error("E0223", n, `the type of .${c.nameText(name)} is not known here`, { advice });
    } else if (kind === TypeKind.Optional || kind === TypeKind.Result) {
      c.error("E0206", n, `${c.typeName(expected)} has no variant ${c.nameText(name)}`);
    } else {
      c.error("E0301", n, `expected ${c.typeName(expected)}, found a variant .${c.nameText(name)}`);
    }
    return undefined;
  }
  const variant = variantOf(c, enumeration, name);
  if (variant !== undefined) return variant;
  if (c.isIncomplete(enumeration)) return undefined;
  const near = suggest(c.nameText(name), enumeration.variants.map((one) => c.nameText(one.name)));
  c.error("E0206", n, `${c.nameText(enumeration.name)} has no variant ${c.nameText(name)}`, {
    labels: c.declaredAt(enumeration), advice: near === undefined ? [] : [`did you mean .${near}?`],
  });
  return undefined;
}
