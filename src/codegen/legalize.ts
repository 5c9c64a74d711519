/**
 * Makes a function legal for its target before selection: values of 128 bits become pairs (expandWide.ts), operations without
 * instructions become calls of helper functions, which are made as IR on demand (helpers.ts). Most functions pass untouched.
 */

import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import { Op, opNames } from "../ir/ops.ts";
import { Type, typeNames } from "../ir/types.ts";
import { createWideExpander, type HelperSource, type WideExpander } from "./expandWide.ts";
import { buildFusedMultiplyAdd } from "./fusedMultiplyAdd.ts";
import { buildFromFloat, buildRounding, buildSignedDivision, buildToFloat, buildUnsignedDivision, buildWideQuotient } from "./helpers.ts";
import type { CodegenOptions } from "./options.ts";
import type { Target } from "./target.ts";

export class Legalizer implements HelperSource {
  private readonly module: Module;
  private readonly pending: IrFunction[] = [];
  /** The helper functions made so far, by name. */
  private readonly helpers = new Map<string, SymbolId>();
  /** Made for the first function that needs it: few do. */
  private expander: WideExpander | undefined;
  /** By operation: 1 if it may need a helper. */
  private readonly lacking: Uint8Array;
  private readonly target: Target;
  private readonly features: readonly string[];

  constructor(target: Target, module: Module, options: CodegenOptions) {
    this.module = module;
    this.target = target;
    this.features = options.features ?? [];
    this.lacking = new Uint8Array(opNames.map((_, op) => (target.needsHelper(op, Type.f64, this.features) ? 1 : 0)));
  }

  /** The function itself when there is nothing to do, else another one that is valid until the next call. */
  legalize(f: IrFunction): IrFunction {
    const { lacking } = this;
    const { op, type } = f;
    for (let v = 1; v < f.valueCount; v++) {
      if (type[v] === Type.i128 || lacking[op[v]] === 1) return (this.expander ??= createWideExpander(this.module, this)).expand(f);
    }
    return f;
  }

  /** A helper function that became needed and has not been compiled yet. */
  nextHelper(): IrFunction | undefined {
    return this.pending.pop();
  }

  helperFor(op: Op, type: Type): SymbolId | undefined {
    if (this.lacking[op] === 0 || !this.target.needsHelper(op, type, this.features)) return undefined;
    const { module } = this;
    const count = op === Op.fma || op === Op["udiv.wide"] ? 3 : 1;
    return this.helper(`lang.${opNames[op]}.${typeNames[type]}`, Array.from({ length: count }, () => type), [type], (symbol) =>
      op === Op.fma ? buildFusedMultiplyAdd(module, symbol, type) : op === Op["udiv.wide"] ? buildWideQuotient(module, symbol) : buildRounding(module, symbol, op, type));
  }

  divider(signed: boolean): SymbolId {
    const words = [Type.i64, Type.i64, Type.i64, Type.i64];
    const unsigned = this.helper("lang.udivmod128", words, words, (symbol) => buildUnsignedDivision(this.module, symbol));
    return signed ? this.helper("lang.sdivmod128", words, words, (symbol) => buildSignedDivision(this.module, symbol, unsigned)) : unsigned;
  }

  converter(op: Op, float: Type): SymbolId {
    const words = [Type.i64, Type.i64];
    const name = `lang.${opNames[op]}128.${typeNames[float]}`;
    if (op === Op.stof || op === Op.utof) return this.helper(name, words, [float], (symbol) => buildToFloat(this.module, symbol, op === Op.stof, float));
    return this.helper(name, [float], words, (symbol) => buildFromFloat(this.module, symbol, op === Op.ftos));
  }

  private helper(name: string, parameters: readonly Type[], results: readonly Type[], build: (symbol: SymbolId) => IrFunction): SymbolId {
    const { module } = this;
    const known = this.helpers.get(name);
    if (known !== undefined) return known;
    // Another object may have been made of the module before.
    const symbol = module.find(name) ?? module.declareFunction(name, module.signature(parameters, results), "local");
    this.helpers.set(name, symbol);
    this.pending.push(build(symbol));
    // Whoever walks the module's functions to compile them would come to this one, too: it is compiled from here.
    module.functions.delete(symbol);
    return symbol;
  }
}
