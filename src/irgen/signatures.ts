/** How functions of the language look to the IR: their parameters and results in parts, by address where there are too many. */

import type { FunctionDefinition } from "../check/definitions.ts";
import type { TypeId } from "../check/types.ts";
import type { SignatureId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Type } from "../ir/types.ts";
import { Shape, type Shapes } from "./shape.ts";

export class Signatures {
  private readonly module: Module;
  private readonly shapes: Shapes;

  constructor(module: Module, shapes: Shapes) {
    this.module = module;
    this.shapes = shapes;
  }

  /** The signature of a declared function. */
  of(definition: FunctionDefinition): SignatureId {
    return this.hasCConvention(definition)
      ? this.c(definition.parameters, definition.result, definition.variadic)
      : this.lang(definition.parameters, definition.result, []);
  }

  /** Its code follows the C convention. What C cannot be passed yet makes an exported function an ordinary one. */
  hasCConvention(definition: FunctionDefinition): boolean {
    return definition.origin === "extern" || definition.origin === "import" || (definition.exported && this.passesAsC(definition));
  }

  /** All of its parameters and its result travel as one scalar each. */
  passesAsC(definition: FunctionDefinition): boolean {
    const isPlain = (type: TypeId) => this.shapes.of(type) <= Shape.Scalar;
    return isPlain(definition.result) && definition.parameters.every(isPlain);
  }

  /** Signature of a `lang` function; `more` are IR parameters after those of the language. */
  lang(parameters: readonly TypeId[], result: TypeId, more: readonly Type[]): SignatureId {
    const into: Type[] = [];
    const results = this.shapes.pieces(result);
    if (results === undefined) into.push(Type.ptr);
    for (const parameter of parameters) {
      const pieces = this.shapes.pieces(parameter);
      if (pieces === undefined) into.push(Type.ptr);
      else for (const piece of pieces) into.push(piece.type);
    }
    for (const type of more) into.push(type);
    return this.module.signature(into, results === undefined ? [] : results.map((piece) => piece.type), "lang");
  }

  c(parameters: readonly TypeId[], result: TypeId, variadic: boolean): SignatureId {
    const into: Type[] = [];
    for (const parameter of parameters) for (const piece of this.shapes.pieces(parameter) ?? []) into.push(piece.type);
    return this.module.signature(into, (this.shapes.pieces(result) ?? []).map((piece) => piece.type), "c", variadic);
  }
}
