/** Calls of variants: enums, optionals and results made of their parts. */

import type { List, Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import type { Checker } from "./context.ts";
import { coerce } from "./convert.ts";
import type { VariantDefinition } from "./definitions.ts";
import { check, checkAs } from "./expressions.ts";
import { callGenericVariant } from "./genericCalls.ts";
import { reportNoValue } from "./noValue.ts";
import { settleDefault } from "./settle.ts";
import { ensureStructure } from "./signatures.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import { leaveOpen, tie, toldAt } from "./unknowns.ts";
import { anyway, count } from "./wrongCalls.ts";

/** A variant with parts. */
export function callVariant(c: Checker, n: Node, callee: Node, variant: VariantDefinition, first: Node, args: List, expected: TypeId, seeds: readonly TypeId[] | undefined): TypeId {
  const { ast } = c;
  const given = ast.length(args) + (first === 0 ? 0 : 1);
  if (variant.owner === 0) {
    c.program.setType(callee, T.void);
    return callBuiltinVariant(c, n, variant, first, args, given, expected);
  }
  const owner = c.definition(variant.owner);
  if (owner.kind !== "enum") return T.error;
  ensureStructure(c, owner);
  c.program.setType(callee, owner.type);
  const { fields } = variant;
  if (given !== fields.length) {
    anyway(c, args, T.error);
    if (c.hasSyntaxError(variant.node)) return T.error;
    const message = fields.length === 0 ? `${c.nameText(variant.name)} has no parts` : `${c.nameText(variant.name)} has ${count(fields.length, "part")}, not ${given}`;
    return c.error("E0333", n, message, { labels: c.declaredAt(variant), advice: fields.length === 0 ? [`write ${c.nameText(variant.name)} without ()`] : [] });
  }
  if (owner.typeParameters.length > 0) {
    const type = callGenericVariant(c, n, variant, owner, seeds, first, args, expected);
    c.program.setType(callee, type);
    return type;
  }
  for (let i = 0; i < given; i++) {
    const argument = first === 0 ? ast.item(args, i) : i === 0 ? first : ast.item(args, i - 1);
    const wanted = (fields[i] as (typeof fields)[number]).type;
    if (argument === first) coerce(c, argument, wanted);
    else checkAs(c, argument, wanted);
  }
  return owner.type;
}

/** `Some(x)`, `Ok(x)`, `Err(e)`: what they are of is told by what is wanted, else by the part. */
function callBuiltinVariant(c: Checker, n: Node, variant: VariantDefinition, first: Node, args: List, given: number, expected: TypeId): TypeId {
  const { ast, types } = c;
  const name = c.nameText(variant.name);
  if (variant.name === Names.None || given !== 1) {
    anyway(c, args, T.error);
    return c.error("E0333", n, variant.name === Names.None ? "None has no parts" : `${name} has 1 part, not ${given}`);
  }
  const argument = first === 0 ? ast.item(args, 0) : first;
  let wanted = expected;
  if (variant.name === Names.Some) {
    const inner = types.kindOf(wanted) === TypeKind.Optional ? types.inner(wanted) : (0 as TypeId);
    if (inner !== 0) {
      part(c, argument, first, inner);
      return wanted;
    }
    const found = settleDefault(c, argument, first === 0 ? check(c, argument, 0 as TypeId) : c.program.typeOf(argument));
    if (found === T.void) return reportNoValue(c, argument, "Some needs a value, and this has none");
    return found === T.error ? T.error : types.optional(found);
  }
  while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
  if (types.kindOf(wanted) !== TypeKind.Result) {
    const told = toldAt(c, n);
    if (told !== undefined && !told.includes(0 as TypeId)) {
      part(c, argument, first, told[variant.name === Names.Ok ? 0 : 1] ?? T.error);
      return types.result(told[0] ?? T.error, told[1] ?? T.error);
    }
    const given = first === 0 ? check(c, argument, expected === T.error ? T.error : (0 as TypeId)) : c.program.typeOf(argument);
    const found = settleDefault(c, argument, given);
    if (found === T.error || expected === T.error) return T.error;
    if (expected === 0 || expected === T.void) {
      const open = leaveOpen(c, n, told ?? [0 as TypeId, 0 as TypeId]);
      if (open !== undefined) {
        tie(c, open[variant.name === Names.Ok ? 0 : 1] ?? T.error, given);
        return types.result(open[0] ?? T.error, open[1] ?? T.error);
      }
    }
    if (expected !== 0 && expected !== T.void) return c.error("E0301", n, `expected ${c.typeName(expected)}, found ${name}(…)`);
    return c.error("E0307", n, `the type of this ${name} is not known`, { advice: ["write the type: let x Result[T, E] = …"] });
  }
  part(c, argument, first, variant.name === Names.Ok ? types.inner(wanted) : types.errorType(wanted));
  return wanted;
}

function part(c: Checker, argument: Node, first: Node, wanted: TypeId): void {
  if (first === 0) checkAs(c, argument, wanted);
  else coerce(c, argument, wanted);
}
