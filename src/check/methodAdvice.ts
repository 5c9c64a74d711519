/** What to say to somebody who calls a method that a type does not have. */

import { Names } from "../source/interner.ts";
import { methodElsewhere, suggest } from "../source/suggest.ts";
import type { NameId, Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { findMethod, methodNames, traitOf } from "./methods.ts";
import { T, TypeKind, type TypeId } from "./types.ts";

const derivable: readonly NameId[] = [Names.Copy, Names.Clone, Names.Eq, Names.Ord, Names.Hash, Names.Show, Names.Default];

/** What to write instead of a method that `base` does not have; nothing if the name tells nothing. */
export function methodAdvice(c: Checker, name: NameId, base: TypeId): readonly string[] {
  const text = c.nameText(name);
  // Methods begin in lower case: a variant was meant, which on a line of its own goes on with the line above.
  if (/^[A-Z]/.test(text)) return [`for a variant, write its type in front: Type.${text}; a line that begins with a dot goes on with the one above`];
  if (/^(equals|isEqual|is_equal|equal_to|strcmp)$/.test(text)) return ["write a == b"];
  const elsewhere = nearMethod(c, base, text);
  if (elsewhere === "len") return ["write .len without ()"];
  if (elsewhere === "[a..b]") return ["a part is written [a..b]"];
  if (elsewhere !== undefined) return [`did you mean ${elsewhere}?`];
  const owner = c.definitionBehind(base);
  const trait = (c.traitMethods.get(name) ?? []).map((method) => traitOf(c, method)).find((one) => one !== undefined);
  if (trait === undefined) {
    const near = suggest(text, methodNames(c, base));
    return near === undefined ? [] : [`did you mean ${near}?`];
  }
  // Where all that have its bounds have the trait, the bounds are what is missing.
  const bounds = (trait.implementations.get(0)?.[0]?.typeParameters ?? []).flatMap((id) => {
    const parameter = c.definition(id);
    return parameter.kind === "typeParameter" ? parameter.bounds.map((bound) => c.definition(bound.trait).name) : [];
  });
  if (trait.name === Names.Iterator || bounds.includes(Names.Iterator)) {
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
