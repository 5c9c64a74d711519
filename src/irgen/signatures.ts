/** How functions of the language look to the IR: their parameters and results in parts, by address where there are too many. */

import type { FunctionDefinition } from "../check/definitions.ts";
import type { Substitution } from "../check/substitute.ts";
import type { TypeId } from "../check/types.ts";
import type { SignatureId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Type, typeSize } from "../ir/types.ts";
import { Shape, type Shapes } from "./shape.ts";

/** So many arguments travel in registers under every C convention, whatever their kinds. */
const fewestRegisters = 4;

export class Signatures {
  private readonly module: Module;
  private readonly shapes: Shapes;

  constructor(module: Module, shapes: Shapes) {
    this.module = module;
    this.shapes = shapes;
  }

  /** The signature of a declared function, or of an instance of a generic one. */
  of(definition: FunctionDefinition, substitution?: Substitution): SignatureId {
    if (this.hasCConvention(definition)) return this.c(definition.parameters, definition.result, definition.variadic);
    if (substitution === undefined) return this.lang(definition.parameters, definition.result, []);
    return this.lang(substitution.applyAll(definition.parameters), substitution.apply(definition.result), []);
  }

  /** Its code follows the C convention. What C cannot be passed yet makes an exported function an ordinary one. */
  hasCConvention(definition: FunctionDefinition): boolean {
    return definition.origin === "extern" || definition.origin === "import" || (definition.exported && this.passesAsC(definition));
  }

  /**
   * What travels between `lang` functions is what C passes: scalars; and aggregates of one scalar or of two whole words, as long as no register
   * runs out (C then passes the whole of an aggregate in memory). Others wait for each target's own classification.
   */
  passesAsC(definition: FunctionDefinition): boolean {
    let words = 0;
    let aggregates = 0;
    const passes = (type: TypeId): boolean => {
      const pieces = this.shapes.pieces(type);
      if (pieces === undefined) return false;
      words += pieces.length;
      if (this.shapes.of(type) <= Shape.Scalar) return true;
      aggregates++;
      return pieces.length === 1 || pieces.every((piece) => typeSize[piece.type] === 8);
    };
    const result = passes(definition.result);
    words = 0;
    return result && definition.parameters.every(passes) && (aggregates === 0 || words <= fewestRegisters);
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
