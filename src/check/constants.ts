/**
 * Constants and globals: their types, and their values as memory. What is made of literals, constants and operators is folded here; for anything
 * richer the evaluator is asked that the driver gave.
 */

import { Names } from "../source/interner.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { LocalFlag, MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import { Progress, type Checker } from "./context.ts";
import { inChain } from "./chains.ts";
import { fieldsHeld, type ConstDefinition, type ConstantValue, type Definition, type GlobalDefinition, type LocalId } from "./definitions.ts";
import { isString } from "./convert.ts";
import { isFailure } from "./evaluator.ts";
import { checkAs, infer } from "./expressions.ts";
import { failed, foldScalar, type Scalar } from "./fold.ts";
import { buildConstant, isZero } from "./constantMemory.ts";
import { reportNoValue } from "./noValue.ts";
import { ensureStructure, unitOf } from "./signatures.ts";
import { isolated } from "./surroundings.ts";
import { fieldTypeIn } from "./substitute.ts";
import { prepare, refuseVariable } from "./dependencies.ts";
import { isCopy } from "./traits.ts";
import { resolveSizedType } from "./typeNodes.ts";
import { T, TypeKind, isIntegerType, type TypeId } from "./types.ts";

/** The type of a constant or global: as declared, else its value's. */
export function ensureValueType(c: Checker, d: ConstDefinition | GlobalDefinition): TypeId {
  const state = c.signatures[d.id];
  if (state === Progress.done) return d.type;
  if (state === Progress.running) {
    cycle(c, d);
    return T.error;
  }
  return inChain(c, d, (one): one is ConstDefinition | GlobalDefinition => isValue(one) && c.signatures[one.id] === Progress.none, findValueType);
}

function isValue(one: Definition): one is ConstDefinition | GlobalDefinition { return one.kind === "const" || one.kind === "global"; }

function findValueType(c: Checker, d: ConstDefinition | GlobalDefinition): TypeId {
  c.signatures[d.id] = Progress.running;
  const { ast, diagnostics } = c;
  const errors = diagnostics.errorCount;
  isolated(c, unitOf(c, d), 0 as TypeId, () => {
    const typeNode = ast.declaredType(d.node);
    const value = ast.initialiser(d.node);
    if (typeNode !== 0) {
      d.type = resolveSizedType(c, typeNode);
      // The type is known before the value is looked at, so the value may name what depends on it.
      if (d.type !== T.error) c.signatures[d.id] = Progress.done;
      if (value !== 0 && checkAs(c, value, d.type, c.label(typeNode, "the type is declared here")) === T.error) c.badValues.add(d.id);
    } else if (value !== 0) {
      d.type = infer(c, value);
      if (d.type === T.void || d.type === T.never) d.type = reportNoValue(c, value, "this has no value to store");
    }
    if (d.kind === "const" && holdsGuarded(c, d.type)) {
      d.type = c.errorAt("E0614", c.nameSpan(d.node, d.name), `a constant does not change, and ${c.typeName(d.type)} has a Cell in it, which may`, { advice: ["make it a var, or let a function give a new one each time"] });
    }
    if (d.kind === "global" && d.type !== T.error && !isCopy(c, d.type) && !isGuarded(c, d.type)) {
      d.type = c.errorAt("E0341", c.nameSpan(d.node, d.name), `a var global is a Copy type, and ${c.typeName(d.type)} is not`, { advice: ["a Cell may hold it"] });
    }
  });
  // With a mistake somewhere in it there is nothing to evaluate.
  if (diagnostics.errorCount > errors || c.hasSyntaxError(d.node) || c.holdsError(ast.initialiser(d.node))) c.badValues.add(d.id);
  c.signatures[d.id] = Progress.done;
  c.values.push(d);
  return d.type;
}

/** Types of std that change behind a shared borrow, and so may be globals. */
export function isGuarded(c: Checker, type: TypeId): boolean {
  const definition = c.definitionBehind(type);
  if (definition?.kind !== "struct" || c.unitOfFile[definition.file]?.library !== true) return false;
  const name = c.nameText(definition.name);
  return name === "Cell" || name === "Mutex" || name === "Atomic";
}

/** The type is a Cell or its like, or has one in it or behind it. */
function holdsGuarded(c: Checker, type: TypeId, within = new Set<TypeId>()): boolean {
  const { types } = c;
  switch (types.kindOf(type)) {
    case TypeKind.Reference:
    case TypeKind.Slice:
    case TypeKind.Array:
    case TypeKind.Optional:
      return holdsGuarded(c, types.inner(type), within);
    case TypeKind.Result:
      return holdsGuarded(c, types.inner(type), within) || holdsGuarded(c, types.errorType(type), within);
    case TypeKind.Tuple:
      return types.items(type).some((item) => holdsGuarded(c, item, within));
    case TypeKind.Struct:
    case TypeKind.Enum: {
      if (isGuarded(c, type)) return true;
      const structure = c.definitionBehind(type);
      if ((structure?.kind !== "struct" && structure?.kind !== "enum") || within.has(type)) return false;
      within.add(type);
      ensureStructure(c, structure);
      return fieldsHeld(structure).some((field) => holdsGuarded(c, fieldTypeIn(types, c.definitions, type, field.type), within));
    }
    default:
      return false;
  }
}

function cycle(c: Checker, d: ConstDefinition | GlobalDefinition): void {
  c.errorAt("E0604", c.nameSpan(d.node, d.name), `the value of ${c.nameText(d.name)} depends on itself`);
  c.badValues.add(d.id);
  c.errorsBeforeValues++;
  d.type = T.error;
}

/** The value of a constant or the initial one of a global, computed when first asked for; undefined after an error. */
export function valueOf(c: Checker, d: ConstDefinition | GlobalDefinition): ConstantValue | undefined {
  const type = ensureValueType(c, d);
  const state = c.bodies[d.id];
  if (type === T.error || c.badValues.has(d.id) || state === Progress.done) return d.value;
  if (state === Progress.running) {
    cycle(c, d);
    return undefined;
  }
  return inChain(c, d, (one): one is ConstDefinition | GlobalDefinition => isValue(one) && c.bodies[one.id] === Progress.none && c.signatures[one.id] !== Progress.running, findValue);
}

function findValue(c: Checker, d: ConstDefinition | GlobalDefinition): ConstantValue | undefined {
  const type = ensureValueType(c, d);
  if (type === T.error || c.badValues.has(d.id)) return d.value;
  c.bodies[d.id] = Progress.running;
  const value = c.ast.initialiser(d.node);
  if (value !== 0) d.value = isolated(c, unitOf(c, d), 0 as TypeId, () => evaluateConstant(c, value, type));
  c.bodies[d.id] = Progress.done;
  return d.value;
}

/** The value of a checked expression, converted to `type`; undefined after a report. */
export function evaluateConstant(c: Checker, n: Node, type: TypeId): ConstantValue | undefined {
  if (c.infinite) return undefined;
  const built = buildConstant(c, n, type);
  if (built === failed) return undefined;
  if (built !== undefined) return built;
  const blame = variableIn(c, n);
  if (blame !== undefined) {
    const advice = ["a constant is made of literals, constants, and calls of functions that touch nothing outside"];
    const isInBrackets = /\[[^\]]*$/.test(c.sources.lineBefore(c.ast.start[blame] as number));
    if (isInBrackets) advice.push("a list may be of any length: List.filled(n, 0)");
    c.error("E0601", blame, "this is not known while compiling", { advice });
    return undefined;
  }
  if (c.evaluate === undefined) {
    c.error("E0601", n, "this is not a constant expression");
    return undefined;
  }
  // After mistakes the functions that it calls may be incomplete, and so may it itself.
  if (c.holdsError(n)) return undefined;
  if (c.diagnostics.errorCount > c.errorsBeforeValues) return undefined;
  if (!prepare(c, n)) return undefined;
  const { computing } = c;
  const errors = c.diagnostics.errorCount;
  const reached: NonNullable<Checker["computing"]> = { global: undefined };
  c.computing = reached;
  const outcome = c.evaluate(c.program, n, type);
  c.computing = computing;
  if (c.diagnostics.errorCount > errors) return undefined;
  if (reached.global !== undefined) {
    refuseVariable(c, n, reached.global);
    c.errorsBeforeValues++;
    return undefined;
  }
  if (!isFailure(outcome)) return outcome;
  // What it depends on has no value for a reason that stands there.
  if (outcome.code === "E0604" && errors > 0) return undefined;
  c.error(outcome.code, n, outcome.message, { labels: outcome.labels, advice: outcome.code === "E0610" ? [adviceOnMemory(c, type)] : [] });
  c.errorsBeforeValues++;
  return undefined;
}

/** What stands in for a constant whose value would own memory. */
function adviceOnMemory(c: Checker, type: TypeId): string {
  if (isString(c, type)) return 'a text that stands for ever is a str: const NAME = "…"';
  const owner = c.definitionBehind(type);
  if (owner?.name === Names.List) return "elements that stand for ever are an array: const NAME [N]T = […], or NAME []T";
  return `let a function make it where it is used: func make() ${c.typeName(type)} { … }`;
}

/** A local or mutable global that an expression names itself, which makes it no constant. */
function variableIn(c: Checker, n: Node): Node | undefined {
  const { ast, program } = c;
  if (ast.kind[n] === Kind.Name) {
    const m = program.meaningOf(n);
    if (meaningKind(m) === MeaningKind.Definition && c.definition(meaningIndex(m)).kind === "global") return n;
    return meaningKind(m) === MeaningKind.Local && program.localHas(meaningIndex(m) as LocalId, LocalFlag.used) ? n : undefined;
  }
  switch (ast.kind[n]) {
    case Kind.Paren:
    case Kind.Cast:
    case Kind.Unary:
    case Kind.Field:
    case Kind.TupleField:
    case Kind.Index:
      return variableIn(c, ast.operand(n));
    case Kind.Binary: {
      let at = n;
      for (; ast.kind[at] === Kind.Binary; at = ast.left(at)) {
        const found = variableIn(c, ast.right(at));
        if (found !== undefined) return found;
      }
      return variableIn(c, at);
    }
    case Kind.Call: {
      const list = ast.arguments(n);
      for (let i = 0; i < ast.length(list); i++) {
        const found = variableIn(c, ast.item(list, i));
        if (found !== undefined) return found;
      }
      return undefined;
    }
    case Kind.Array:
    case Kind.Tuple: {
      const list = ast.elements(n);
      for (let i = 0; i < ast.length(list); i++) {
        const found = variableIn(c, ast.item(list, i));
        if (found !== undefined) return found;
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

/** The length of an array type or `[x; n]`: a constant integer, not negative. Undefined after a report. */
export function constantLength(c: Checker, n: Node): number | undefined {
  const { ast, program } = c;
  let value: bigint | undefined;
  if (ast.kind[n] === Kind.Integer && ast.suffix(n) === 0) {
    program.setType(n, T.i64);
    value = BigInt(ast.integers[ast.literal(n)] as number | bigint);
  } else {
    const errors = c.diagnostics.errorCount;
    const type = infer(c, n);
    if (type === T.error || c.diagnostics.errorCount > errors) return undefined;
    if (!isIntegerType(type)) {
      c.error("E0612", n, `the length of an array is an integer, not ${c.typeName(type)}`);
      return undefined;
    }
    const before = c.errorsBeforeValues;
    // A length is needed now, whatever else is wrong.
    c.errorsBeforeValues = c.diagnostics.errorCount;
    value = evaluateConstant(c, n, type)?.integer;
    c.errorsBeforeValues = before;
    if (value === undefined) return undefined;
  }
  if (value < 0n) {
    c.error("E0612", n, `the length of an array is not negative, and this is ${value}`);
    return undefined;
  }
  if (value > 0x7fff_ffffn) {
    c.error("E0612", n, `${value} elements do not fit the address space`);
    return undefined;
  }
  return Number(value);
}

/** The integer, char or bool that a checked constant expression has; undefined if it is none, without a report. */
export function constantInteger(c: Checker, n: Node): bigint | undefined {
  const value = foldScalar(c, n);
  if (typeof value === "bigint") return value;
  return typeof value === "boolean" ? (value ? 1n : 0n) : undefined;
}

/** What tells equal constants of other types: texts by content, floats by value. */
export function constantKey(c: Checker, n: Node): string | undefined {
  const value: Scalar | typeof failed | undefined = foldScalar(c, n);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return typeof value === "number" ? `${value}` : undefined;
}

/** The pointer is nil for certain: `nil`, cast or not, or a constant that is. */
export function isKnownNil(c: Checker, n: Node): boolean {
  const { ast, program } = c;
  let at = n;
  while (ast.kind[at] === Kind.Paren || (ast.kind[at] === Kind.Cast && c.types.kindOf(program.typeOf(at)) === TypeKind.Pointer)) at = ast.operand(at);
  if (ast.kind[at] === Kind.Nil) return true;
  if (ast.kind[at] !== Kind.Name) return false;
  const m = program.meaningOf(at);
  if (meaningKind(m) !== MeaningKind.Definition) return false;
  const definition = c.definition(meaningIndex(m));
  if (definition.kind !== "const" || c.types.kindOf(definition.type) !== TypeKind.Pointer) return false;
  const value = valueOf(c, definition);
  return value !== undefined && value.references.length === 0 && isZero(value.bytes);
}
