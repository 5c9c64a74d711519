/** Operators that a trait's method is called for: which impl the types of the two sides mean, and what to say where none fits. */

import { Names } from "../source/interner.ts";
import { BinaryOperator as Op, binaryOperators, type NameId, type Node } from "../syntax/ast.ts";
import type { Checker } from "./context.ts";
import { isNumber } from "./convert.ts";
import type { DefinitionId, TraitDefinition } from "./definitions.ts";
import { parameterOf, traitText } from "./generics.ts";
import { askHead, findImpl, headOf, matchImpl, preludeTrait, withSupertraits } from "./implementations.ts";
import { reach } from "./nameExpressions.ts";
import { defaultType, isLiteralType, settle } from "./settle.ts";
import { ensureTrait } from "./traitDeclarations.ts";
import { hasStructurally, isCopy, isOperatorTrait, throughReferences } from "./traits.ts";
import { T, TypeKind, isFloatType, isScalar, type TypeId } from "./types.ts";
import { tie } from "./unknowns.ts";

/** The trait and the method behind each operator that traits overload. */
const operatorTraits: { readonly [operator: number]: readonly [trait: NameId, method: NameId] } = {
  [Op.Add]: [Names.Add, Names.add], [Op.Subtract]: [Names.Sub, Names.sub], [Op.Multiply]: [Names.Mul, Names.mul],
  [Op.Divide]: [Names.Div, Names.div], [Op.Remainder]: [Names.Rem, Names.rem],
};

function operatorTrait(c: Checker, operator: number): TraitDefinition | undefined {
  const row = operatorTraits[operator];
  return row === undefined ? undefined : preludeTrait(c, row[0]);
}

/** An operator whose left side has its trait for the right side; undefined if it has not. Either may have a literal's type; references are as they are. */
export function overloaded(c: Checker, n: Node, operator: number, left: TypeId, right: TypeId): TypeId | undefined {
  const row = operatorTraits[operator];
  const trait = operatorTrait(c, operator);
  if (row === undefined || trait === undefined) return undefined;
  // A borrow may have an operator of its own; else what is behind it is taken.
  const l = throughReferences(c, left);
  const r = throughReferences(c, right);
  for (const one of l === left ? [l] : [left, l]) {
    for (const other of r === right ? [r] : [right, r]) {
      const from = isLiteralType(one) ? numberWith(c, trait, one, other) : one;
      const to = from === 0 ? (0 as TypeId) : isLiteralType(other) ? numberAmong(c, rightSides(c, trait, from), other) : other;
      if (to === 0) continue;
      const found = operatorMethod(c, n, from, row[0], row[1], [to]);
      if (found === undefined) continue;
      passByValue(c, c.ast.left(n), from);
      passByValue(c, c.ast.right(n), to);
      return found;
    }
  }
  return undefined;
}

/** Makes `n` mean the method of the library's trait for the type, if it has it; gives the method's result. `wanted` are arguments of the trait. */
export function operatorMethod(c: Checker, n: Node, type: TypeId, trait: NameId, name: NameId, wanted: readonly TypeId[]): TypeId | undefined {
  const definition = preludeTrait(c, trait);
  const implementation = definition === undefined ? undefined : findImpl(c, type, definition, wanted);
  const declared = definition?.methods.find((one) => one.name === name);
  if (implementation === undefined || declared === undefined) return undefined;
  if (c.learning) wanted.forEach((type, i) => tie(c, type, implementation.traitArgs[i] || type));
  const own = implementation.implementation?.methods.find((one) => one.name === name);
  const method = own ?? declared;
  reach(c, method);
  const args = own === undefined ? [type, ...implementation.traitArgs.map((arg, i) => arg || wanted[i] || T.error)] : implementation.args;
  c.setDefinition(n, method);
  c.program.setInstanceArgs(n, args);
  return c.program.substitute(method.result, method.typeParameters, args);
}

/** The operand is handed to a method that takes it by value: a literal takes its type, a reference to what is Copy is read through. */
export function passByValue(c: Checker, n: Node, type: TypeId): void {
  const from = c.program.typeOf(n);
  if (from === type) return;
  if (isLiteralType(from)) {
    settle(c, n, type);
    return;
  }
  if (isCopy(c, type)) {
    c.program.setWanted(n, type);
    return;
  }
  c.error("E0301", n, `the operator takes its operands by value, and ${c.typeName(type)} is not Copy`, { advice: ["clone it: ….clone()"] });
}

/** What may stand on the right of the operator where `type` stands on the left; what an impl leaves open is unknown. */
function rightSides(c: Checker, trait: TraitDefinition, type: TypeId): TypeId[] {
  const found = new Set<TypeId>();
  ensureTrait(c, trait);
  askHead(c, type);
  if (c.types.kindOf(type) === TypeKind.TypeParameter) {
    for (const reference of withSupertraits(c, parameterOf(c, c.types.definition(type)).bounds, type)) if (reference.trait === trait.id) found.add(reference.args[0] ?? T.error);
  } else if (hasStructurally(c, type, trait.known as NameId)) {
    found.add(type);
  }
  for (const implementation of trait.implementations.get(headOf(c, type)) ?? []) {
    const matched = matchImpl(c, implementation, type, []);
    if (matched !== undefined) found.add(matched.traitArgs[0] ?? T.error);
  }
  return [...found];
}

function fitsLiteral(c: Checker, type: TypeId, literal: TypeId): boolean {
  return isFloatType(type) || (isNumber(type) && literal === T["integer literal"]) || c.types.kindOf(type) === TypeKind.Variable;
}

/** The number that a literal becomes where one of `sides` is wanted: the only one, or the literal's default; 0 if that says nothing. */
function numberAmong(c: Checker, sides: readonly TypeId[], literal: TypeId): TypeId {
  const numbers = sides.filter((side) => fitsLiteral(c, side, literal));
  const usual = defaultType(literal);
  if (numbers.some((side) => side === usual || c.types.kindOf(side) === TypeKind.Variable)) return usual;
  return numbers.length === 1 ? (numbers[0] as TypeId) : (0 as TypeId);
}

/** The number that a literal on the left becomes: one whose operator takes `right`. */
function numberWith(c: Checker, trait: TraitDefinition, literal: TypeId, right: TypeId): TypeId {
  if (isLiteralType(right) || isScalar(right)) return 0 as TypeId;
  const numbers: TypeId[] = [];
  for (const type of numberTypes) if (trait.implementations.has(headOf(c, type)) && findImpl(c, type, trait, [right]) !== undefined) numbers.push(type);
  return numberAmong(c, numbers, literal);
}

const numberTypes: readonly TypeId[] = [T.i8, T.i16, T.i32, T.i64, T.i128, T.isize, T.u8, T.u16, T.u32, T.u64, T.u128, T.usize, T.f32, T.f64];

/** The number that a literal becomes as an argument for a type parameter which a known one has on the right of an operator; 0 if nothing says so. */
export function numberByBounds(c: Checker, parameters: readonly DefinitionId[], found: readonly TypeId[], wanted: TypeId, literal: TypeId): TypeId {
  for (let i = 0; i < parameters.length; i++) {
    const known = found[i] ?? (0 as TypeId);
    if (known === 0) continue;
    for (const bound of parameterOf(c, parameters[i] as DefinitionId).bounds) {
      const trait = c.definition(bound.trait);
      if (bound.args[0] !== wanted || trait.kind !== "trait" || !isOperatorTrait(trait)) continue;
      const number = numberAmong(c, rightSides(c, trait, throughReferences(c, known)), literal);
      if (number !== 0) return number;
    }
  }
  return 0 as TypeId;
}

/** What the right side of the operator is where one thing only can stand there; 0 if there are several, or none. */
export function rightHint(c: Checker, operator: number, left: TypeId): TypeId {
  const type = throughReferences(c, left);
  const kind = c.types.kindOf(type);
  if (kind !== TypeKind.Struct && kind !== TypeKind.Enum && kind !== TypeKind.TypeParameter) return 0 as TypeId;
  const trait = operatorTrait(c, operator);
  const sides = trait === undefined ? [] : rightSides(c, trait, type);
  const [side] = sides;
  return side === undefined || sides.length > 1 || c.types.hasVariable(side) ? (0 as TypeId) : side;
}

/** As `rightHint`, of the value in `place op= value`: a number's is a number of its type. */
export function assignedHint(c: Checker, operator: number, place: TypeId): TypeId {
  const kind = c.types.kindOf(place);
  if (kind === TypeKind.Pointer) return 0 as TypeId;
  return kind === TypeKind.Struct || kind === TypeKind.Enum || kind === TypeKind.TypeParameter ? rightHint(c, operator, place) : place;
}

/** Advice where an operator does not go with a right side: what there is, or how it comes to be. `literal`: the right side's type as it is written. */
export function adviceOnSides(c: Checker, operator: number, left: TypeId, right: TypeId, literal: TypeId): string[] {
  const trait = operatorTrait(c, operator);
  if (trait === undefined || left === T.error || right === T.error || left === T.void || c.types.kindOf(left) === TypeKind.Variable) return [];
  const sides = rightSides(c, trait, left).filter((side) => side !== left || !isNumber(left));
  const written = sides.slice(0, 6).map((side) => traitText(c, { trait: trait.id, args: [side] }, T.error));
  if (written.length > 0) {
    const advice = [`${c.typeName(left)} has ${written.length === 1 ? "" : `${written.slice(0, -1).join(", ")} and `}${written[written.length - 1] ?? ""}`];
    const numbers = sides.filter((side) => fitsLiteral(c, side, literal));
    const [number] = numbers;
    if (isLiteralType(literal) && numbers.length > 1 && number !== undefined) advice.push(`say which number it is: ${literal === T["integer literal"] ? "2" : "2.0"}${c.typeName(number)}`);
    else if (isNumber(right) && numbers.length === 1 && number !== undefined) advice.push(`convert it: … as ${c.typeName(number)}`);
    return advice;
  }
  if (c.types.kindOf(left) === TypeKind.TypeParameter) return [`bound it: ${c.typeName(left)}: ${traitText(c, { trait: trait.id, args: [right] }, left)}`];
  const isOwn = (type: TypeId): boolean => {
    const definition = c.definitionBehind(type);
    return (definition?.kind === "struct" || definition?.kind === "enum") && c.unitOfFile[definition.file]?.library !== true;
  };
  return isOwn(left) || isOwn(right) ? [`write: impl ${traitText(c, { trait: trait.id, args: [right] }, left)} for ${c.typeName(left)}`] : [];
}

/** Reports `place op= value` where the operator gives something else than the place holds. */
export function reportAssigned(c: Checker, n: Node, operator: number, place: TypeId, result: TypeId): void {
  const spelling = binaryOperators[operator] ?? "";
  c.error("E0301", n, `${spelling}= keeps what ${spelling} gives, which is ${c.aType(result)} here, in ${c.aType(place)}`, { advice: [`write what is meant: let … = … ${spelling} …`] });
}
