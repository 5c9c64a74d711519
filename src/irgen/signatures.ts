/** How functions of the language look to the IR: their parameters and results in parts, by address where there are too many. */

import type { FunctionDefinition } from "../check/definitions.ts";
import type { Substitution } from "../check/substitute.ts";
import type { TypeId } from "../check/types.ts";
import type { SignatureId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Type } from "../ir/types.ts";
import type { Shapes } from "./shape.ts";

export class Signatures {
  private readonly module: Module;
  private readonly shapes: Shapes;

  constructor(module: Module, shapes: Shapes) {
    this.module = module;
    this.shapes = shapes;
  }

  /** The signature of a declared function of ours, or of an instance of a generic one. */
  of(definition: FunctionDefinition, substitution?: Substitution): SignatureId {
    if (substitution === undefined) return this.lang(definition.parameters, definition.result, []);
    return this.lang(substitution.applyAll(definition.parameters), substitution.apply(definition.result), []);
  }

  /** Signature of a `lang` function; `more` are IR parameters after those of the language. */
  lang(parameters: readonly TypeId[], result: TypeId, more: readonly Type[]): SignatureId {
    const into: Type[] = [];
    const results: Type[] = [];
    const returned = this.shapes.pieces(result);
    if (returned === undefined) into.push(Type.ptr);
    else for (const piece of returned) results.push(piece.type);
    for (const parameter of parameters) {
      const pieces = this.shapes.pieces(parameter);
      if (pieces === undefined) into.push(Type.ptr);
      else for (const piece of pieces) into.push(piece.type);
    }
    for (const type of more) into.push(type);
    return this.module.signature(into, results, "lang");
  }

  /** Of a C function to which scalars travel as they do to ours (cCalls.ts knows the others). */
  c(parameters: readonly TypeId[], result: TypeId, variadic: boolean): SignatureId {
    const into: Type[] = [];
    for (const parameter of parameters) for (const piece of this.shapes.pieces(parameter) ?? []) into.push(piece.type);
    return this.module.signature(into, (this.shapes.pieces(result) ?? []).map((piece) => piece.type), "c", variadic);
  }
}
