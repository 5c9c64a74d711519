/** Names: locals, globals, constants, functions, as values and as places. */

import { meaningIndex, meaningKind, MeaningKind } from "../check/checkedProgram.ts";
import type { ConstDefinition, DefinitionId, LocalId } from "../check/definitions.ts";
import { T, TypeKind } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import type { Node } from "../syntax/ast.ts";
import { valueMeant } from "./callees.ts";
import { emitPlace } from "./dispatch.ts";
import { cSymbolOf } from "./foreign.ts";
import type { Generator } from "./generator.ts";
import { Home } from "./locals.ts";
import { variantInto, variantValue } from "./literals.ts";
import { Shape } from "./shape.ts";

/** The value of a name of Memory shape, put at `pointer + offset`. */
export function nameInto(g: Generator, n: Node, pointer: Value, offset: number): void {
  const means = g.program.meaningOf(n);
  const type = g.program.typeOf(n);
  if (meaningKind(means) === MeaningKind.Definition) {
    const definition = g.program.definition(meaningIndex(means) as DefinitionId);
    if (definition.kind === "variant") {
      variantInto(g, definition, type, [], pointer, offset);
      return;
    }
  }
  const from = emitPlace(g, n);
  g.storeValue(type, g.addressAt(from, g.offset), 0 as Value, pointer, offset);
}

/** The value of a name. */
export function nameValue(g: Generator, n: Node): Value {
  const means = g.program.meaningOf(n);
  if (meaningKind(means) === MeaningKind.Local) return g.locals.read(meaningIndex(means) as LocalId);
  return definitionValue(g, n, meaningIndex(means) as DefinitionId);
}

/** The value of what the definition `id` declares, as node `n` names it: a function, constant, global or variant without parts. */
export function definitionValue(g: Generator, n: Node, id: DefinitionId): Value {
  const definition = g.program.definition(id);
  const type = g.program.typeOf(n);
  switch (definition.kind) {
    case "function": {
      if (g.types.isExternal(type)) return g.b.f.address(cSymbolOf(g, definition, g.program.argsOf(n)));
      const code = g.b.f.address(valueMeant(g, definition, g.program.argsOf(n)));
      g.second = g.b.f.int(Type.ptr, 0);
      return code;
    }
    case "const":
      return constantValue(g, definition);
    case "global": {
      const address = g.b.f.address(g.data.global(definition));
      return g.loadValue(type, address, 0);
    }
    case "variant":
      return variantValue(g, definition, type, []);
    default:
      throw new Error(`irgen/nameExpressions.definitionValue: a ${definition.kind} is no value`);
  }
}

/** A constant is needed for another, and has no value. */
export class UnknownConstant extends Error {
  readonly definition: ConstDefinition;

  constructor(definition: ConstDefinition) {
    super("irgen/nameExpressions.UnknownConstant: nobody caught it");
    this.definition = definition;
  }
}

/** A constant: small ones are written into the code, others read from constant memory. */
export function constantValue(g: Generator, definition: ConstDefinition): Value {
  const { value, type } = definition;
  if (value === undefined) {
    // While constants are computed, one may need itself in a way that only the calls show: the checker has reported it.
    if (g.options.answered !== undefined) throw new UnknownConstant(definition);
    throw new Error(`irgen/nameExpressions.constantValue: the constant '${g.names.name(definition.name)}' has no value`);
  }
  const shape = g.shapes.of(type);
  if (shape === Shape.Scalar && value.references.length === 0) {
    const scalar = g.shapes.scalar(type);
    let number = 0n;
    for (let i = value.bytes.length - 1; i >= 0; i--) number = (number << 8n) | BigInt(value.bytes[i] as number);
    if (scalar === Type.f64 || scalar === Type.f32) {
      return g.b.f.constant(scalar, Number(BigInt.asIntN(32, number)), Number(BigInt.asIntN(32, number >> 32n)));
    }
    return g.b.f.big(scalar, number);
  }
  const address = g.b.f.address(g.data.constant(value, type));
  if (shape === Shape.Pair && value.references.length === 1 && g.shapes.second(type) === Type.i64) {
    // A str or slice: its parts are constants too.
    const [reference] = value.references;
    if (reference !== undefined && !("function" in reference.target)) {
      let length = 0;
      for (let i = 5; i >= 0; i--) length = length * 256 + (value.bytes[8 + i] as number);
      const inner = g.types.kindOf(type) === TypeKind.Slice ? g.types.inner(type) : T.u8;
      const pointer = g.b.f.address(g.data.constant(reference.target, inner), reference.addend);
      g.second = g.b.f.int(Type.i64, length);
      return pointer;
    }
  }
  return g.loadValue(type, address, 0);
}

/** The address of what is named; 0 if it lies in no memory. */
export function namePlace(g: Generator, n: Node): Value {
  const means = g.program.meaningOf(n);
  g.offset = 0;
  if (meaningKind(means) === MeaningKind.Local) {
    const local = meaningIndex(means) as LocalId;
    return g.locals.homeOf(local) === Home.Slot ? g.locals.slotOf(local) : (0 as Value);
  }
  const definition = g.program.definition(meaningIndex(means) as DefinitionId);
  if (definition.kind === "global") return g.b.f.address(g.data.global(definition));
  if (definition.kind === "const" && definition.value !== undefined) return g.b.f.address(g.data.constant(definition.value, definition.type));
  return 0 as Value;
}
