/** Constant memory and globals: string literals (each once), constants evaluated at compile time, the program's global variables. */

import type { ConstantValue, DefinitionId, GlobalDefinition } from "../check/definitions.ts";
import { isZero } from "../check/constantMemory.ts";
import type { TypeId } from "../check/types.ts";
import type { SymbolId } from "../ir/function.ts";
import type { DataRelocation } from "../ir/module.ts";
import { valueMeant } from "./callees.ts";
import { literalName, mangle } from "./mangle.ts";
import { cSymbolOf } from "./foreign.ts";
import type { Generator } from "./generator.ts";

export class DataPool {
  private readonly strings = new Map<string, SymbolId>();
  private readonly constants = new Map<ConstantValue, SymbolId>();
  private readonly globals = new Map<DefinitionId, SymbolId>();
  private count = 0;
  private readonly g: Generator;

  constructor(g: Generator) {
    this.g = g;
  }

  /** Bytes of a string literal, followed by a NUL that its length does not count. */
  string(bytes: Uint8Array): SymbolId {
    const key = latin1(bytes);
    const known = this.strings.get(key);
    if (known !== undefined) return known;
    const withEnd = new Uint8Array(bytes.length + 1);
    withEnd.set(bytes);
    // A NUL inside would end the string for a linker that merges: such a literal stays by itself.
    const symbol = this.add(withEnd, 1, [], !bytes.includes(0));
    this.strings.set(key, symbol);
    return symbol;
  }

  constant(value: ConstantValue, type: TypeId): SymbolId {
    const known = this.constants.get(value);
    if (known !== undefined) return known;
    const alignment = this.g.layouts.alignment(type);
    const symbol = this.add(value.bytes, alignment, this.relocations(value), false);
    this.constants.set(value, symbol);
    return symbol;
  }

  /** Read-only bytes under a symbol of their own. */
  add(bytes: Uint8Array, alignment: number, relocations: readonly DataRelocation[], mergeable: boolean): SymbolId {
    const { module } = this.g;
    const symbol = module.declareData(literalName(mergeable ? "text" : "constant", this.count++), "local");
    module.data.set(symbol, { symbol, bytes, size: bytes.length, alignment, writable: false, mergeable, relocations });
    return symbol;
  }

  global(definition: GlobalDefinition): SymbolId {
    const known = this.globals.get(definition.id);
    if (known !== undefined) return known;
    const { module, names, layouts } = this.g;
    const name = mangle([this.g.symbolNames.moduleName(definition.file), names.name(definition.name)]);
    const symbol = module.declareData(name, "local");
    this.globals.set(definition.id, symbol);
    this.g.debug?.addGlobal(names.name(definition.name), definition.type, symbol);
    if (this.g.options.prebuilt?.hasData(name) === true && this.g.program.isLibrary(definition.file)) return symbol;
    const size = Math.max(1, layouts.size(definition.type));
    const { value } = definition;
    const zero = value === undefined || (value.references.length === 0 && isZero(value.bytes));
    module.data.set(symbol, {
      symbol,
      bytes: zero ? new Uint8Array(0) : value.bytes,
      size,
      alignment: layouts.alignment(definition.type),
      writable: true,
      mergeable: false,
      relocations: zero ? [] : this.relocations(value),
    });
    return symbol;
  }

  /** The words of a constant that hold addresses. */
  relocations(value: ConstantValue): DataRelocation[] {
    return value.references.map(({ offset, target, addend }) => ({
      offset,
      addend,
      symbol: !("function" in target) ? this.referenced(target) : (target.isForeign ? cSymbolOf : valueMeant)(this.g, target.function, target.args),
    }));
  }

  private referenced(value: ConstantValue): SymbolId {
    const known = this.constants.get(value);
    if (known !== undefined) return known;
    const symbol = this.add(value.bytes, 16, this.relocations(value), false);
    this.constants.set(value, symbol);
    return symbol;
  }
}

/** The bytes as a string of as many characters: a key for a Map. */
function latin1(bytes: Uint8Array): string {
  let key = "";
  for (let i = 0; i < bytes.length; i += 8192) key += Reflect.apply(String.fromCharCode, undefined, bytes.length <= 8192 ? bytes : bytes.subarray(i, i + 8192)) as string;
  return key;
}
