/**
 * The IR as text; `parse.ts` reads it back to the same. The README shows the form. Rows of ops.ts drive the operands. Values and blocks are
 * numbered in the order of the text, so that a parsed module prints alike; `raw` keeps the numbers of the columns instead.
 */

import { noValue, type Block, type Edge, type IrFunction, type List, type SignatureId, type SymbolId, type Value } from "./function.ts";
import type { Data, Module, Signature } from "./module.ts";
import { Op, opNames, opOperands } from "./ops.ts";
import { hasResult, listItemType, operandType, paramTypes } from "./operandTypes.ts";
import { flagNames } from "./scan.ts";
import { Type, typeNames } from "./types.ts";

export interface PrintOptions {
  /** Leave out source positions and inline sites. */
  readonly withoutPositions?: boolean;
  /** Name values and blocks by their numbers in the columns. */
  readonly raw?: boolean;
}

/** The whole module. */
export function printModule(module: Module, options: PrintOptions = {}): string {
  const lines: string[] = [];
  for (const { name, handler } of module.traps) lines.push(`trap ${word(name)}${handler === undefined ? "" : ` ${symbolName(module, handler)}`}`);
  for (let i = 1; i < module.inlineSites.length && options.withoutPositions !== true; i++) {
    const site = module.inlineSites[i];
    if (site !== undefined) lines.push(`site ${i} ${symbolName(module, site.callee)} ${site.position} ${site.parent}`);
  }
  if (lines.length > 0) lines.push("");
  module.symbols.forEach((symbol, id) => {
    const linkage = symbol.linkage === "local" ? "" : symbol.linkage === "exported" ? "export " : "import ";
    if (symbol.kind === "data") {
      const data = module.data.get(id as SymbolId);
      lines.push(`${linkage}data ${symbolName(module, id as SymbolId)}${data === undefined ? "" : dataText(module, data)}`);
      return;
    }
    const f = module.functions.get(id as SymbolId);
    lines.push(`${linkage}${headerText(module, id as SymbolId)}${f === undefined ? "" : ` {\n${bodyText(module, f, options)}}`}`);
  });
  return lines.join("\n") + "\n";
}

/** One function, header and body. */
export function printFunction(module: Module, f: IrFunction, options: PrintOptions = {}): string {
  const linkage = module.symbols[f.symbol]?.linkage;
  return `${linkage === "exported" ? "export " : ""}${headerText(module, f.symbol)} {\n${bodyText(module, f, options)}}\n`;
}

/** One instruction, as in the text of its function. */
export function printInstruction(module: Module, f: IrFunction, v: Value, options: PrintOptions = {}): string {
  return new Printer(module, f, options).instruction(v);
}

/** The name that the printer gives to a block of this function. */
export function nameOfBlock(f: IrFunction, block: Block): string {
  return `b${f.order.indexOf(block)}`;
}

function signatureText(signature: Signature): string {
  const parameters = signature.parameters.map((type) => typeNames[type] as string);
  if (signature.variadic) parameters.push("...");
  const results = signature.results.map((type) => typeNames[type]);
  return `(${parameters.join(", ")})${results.length === 0 ? "" : results.length === 1 ? ` -> ${results[0]}` : ` -> (${results.join(", ")})`}${signature.convention === "c" ? " c" : ""}${passingText(signature)}`;
}

function passingText({ passing }: Signature): string {
  if (passing === undefined) return "";
  const places = (list: readonly number[]): string => `(${list.map((place) => (place >= 0 ? `${place}` : `stack ${-1 - place}`)).join(", ")})`;
  return ` at ${places(passing.parameters)} -> ${places(passing.results)} ${passing.stackSize}`;
}

function headerText(module: Module, symbol: SymbolId): string {
  const attributes = module.attributes[symbol];
  let text = `func ${symbolName(module, symbol)}${signatureText(module.signatureOf(symbol))}`;
  if (attributes?.cold === true) text += " cold";
  if (attributes?.noreturn === true) text += " noreturn";
  if (attributes !== undefined && attributes.inline !== "auto") text += ` inline.${attributes.inline}`;
  if (attributes?.memory !== undefined) text += ` ${attributes.memory}`;
  return text;
}

function bodyText(module: Module, f: IrFunction, options: PrintOptions): string {
  const printer = new Printer(module, f, options);
  let text = "";
  for (let slot = 0; slot < f.slotCount; slot++) text += `  slot s${slot} ${f.slotSize[slot]} align ${f.slotAlignment[slot]}\n`;
  for (const block of f.order) {
    text += printer.label(block);
    for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) text += `  ${printer.instruction(v)}\n`;
  }
  return text;
}

function dataText(module: Module, data: Data): string {
  let text = ` size ${data.size} align ${data.alignment}`;
  if (data.writable) text += " writable";
  if (data.mergeable) text += " mergeable";
  if (data.bytes.length > 0) text += ` = ${quoted(data.bytes)}`;
  if (data.relocations.length > 0)
    text += ` { ${data.relocations.map((r) => `${r.offset}: ${symbolName(module, r.symbol)}${offsetText(r.addend)}`).join(", ")} }`;
  return text;
}

function symbolName(module: Module, symbol: SymbolId): string {
  return `@${word(module.symbols[symbol]?.name ?? `?${symbol}`)}`;
}

function word(name: string): string {
  return /^[A-Za-z_$][\w.$]*$/.test(name) ? name : quoted(new TextEncoder().encode(name));
}

function quoted(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else if (byte === 0x0a) text += "\\n";
    else text += `\\${byte.toString(16).padStart(2, "0")}`;
  }
  return `"${text}"`;
}

function offsetText(offset: number): string {
  return offset === 0 ? "" : offset > 0 ? `+${offset}` : `${offset}`;
}

class Printer {
  private readonly names: Int32Array;
  private readonly blocks: Int32Array;
  private readonly module: Module;
  private readonly f: IrFunction;
  private readonly options: PrintOptions;

  constructor(module: Module, f: IrFunction, options: PrintOptions) {
    this.module = module;
    this.f = f;
    this.options = options;
    this.names = new Int32Array(f.valueCount);
    this.blocks = new Int32Array(f.blockCount).fill(-1);
    let count = 0;
    f.order.forEach((block, index) => {
      this.blocks[block] = options.raw === true ? block : index;
      for (let v = f.firstParam[block] as Value; v !== 0; v = f.nextOf(v)) this.names[v] = options.raw === true ? v : ++count;
      for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) if (hasResult(f, v)) this.names[v] = options.raw === true ? v : ++count;
    });
  }

  label(block: Block): string {
    const { f } = this;
    const params: string[] = [];
    for (let v = f.firstParam[block] as Value; v !== 0; v = f.nextOf(v)) params.push(`v${this.names[v]}: ${typeNames[f.typeOf(v)]}${this.suffix(v)}`);
    return `b${this.blocks[block]}${params.length === 0 ? "" : `(${params.join(", ")})`}:\n`;
  }

  instruction(v: Value): string {
    const { f, module } = this;
    const op = f.opOf(v);
    const type = f.typeOf(v);
    const row = opOperands[op] as string;
    let text = hasResult(f, v) ? `v${this.names[v]}: ${typeNames[type]} = ${opNames[op]}` : `${opNames[op]}`;
    let count = 0;
    const separate = () => (count++ === 0 ? " " : ", ");
    const first = row[0] === "v" ? f.typeOf(f.arg0(v)) : Type.void;
    for (let index = 0; index < 3; index++) {
      const column = (index === 0 ? f.a[v] : index === 1 ? f.b[v] : f.c[v]) as number;
      switch (row[index]) {
        case "v": text += separate() + this.value(column as Value, operandType(op, index, type, first)); break;
        case "i": if (column !== 0 || (op !== Op.load && op !== Op.store)) text += separate() + String(column); break;
        case "s": text += separate() + symbolName(module, column as SymbolId); break;
        case "t": text += separate() + word(module.traps[column]?.name ?? `?${column}`); break;
        case "g": text += ` ${this.signature(column as SignatureId)}`; break;
        case "e": text += separate() + this.edge(column as Edge); break;
        case "k": text += `${separate()}s${column}`; break;
        case "w": text += `${separate()}[${this.table(v)}]`; break;
        case "l": {
          const items: string[] = [];
          const list = column as List;
          for (let i = 0; i < f.listLength(list); i++) items.push(this.value(f.listItem(list, i), listItemType(module, f, v, i)));
          if (count === 0) text += items.length === 0 ? "" : ` ${items.join(", ")}`;
          else if (items.length > 0 || op === Op.call || op === Op["call.indirect"]) text += `(${items.join(", ")})`;
          count++;
          break;
        }
      }
    }
    return text + this.suffix(v);
  }

  value(v: Value, expected: Type): string {
    const { f } = this;
    const op = f.opOf(v);
    if (!(v > noValue && v < f.valueCount)) return `?${v}`;
    if (op === Op.address) return symbolName(this.module, f.a[v] as SymbolId) + offsetText(f.b[v] as number);
    if (op === Op.slot) return `s${f.a[v]}`;
    if (op !== Op.const) return this.names[v] === 0 ? `?${v}` : `v${this.names[v]}`;
    const type = f.typeOf(v);
    return this.constant(v, type) + (type === expected ? "" : `:${typeNames[type]}`);
  }

  private constant(v: Value, type: Type): string {
    const { f } = this;
    if (type === Type.f32 || type === Type.f64) {
      const number = f.floatOf(v);
      if (number !== number) return `bits(0x${type === Type.f32 ? hex(f.a[v] as number) : hex(f.b[v] as number) + hex(f.a[v] as number)})`;
      if (Object.is(number, -0)) return "-0.0";
      const text = String(number);
      return /^-?\d+$/.test(text) ? `${text}.0` : text === "Infinity" ? "inf" : text === "-Infinity" ? "-inf" : text;
    }
    if (type === Type.v128 || type === Type.v256) {
      const more = f.c[v] as number;
      return `bits(0x${hex(f.pool[more + 2] as number)}${hex(f.pool[more + 1] as number)}${hex(f.b[v] as number)}${hex(f.a[v] as number)})`;
    }
    return String(f.bigOf(v));
  }

  private edge(edge: Edge): string {
    const { f } = this;
    // What is wrong is printed too, for the verifier's messages.
    if (!(edge > 0 && edge < f.edgeCount)) return `?${edge}`;
    const target = f.edgeBlock(edge);
    if (!(target >= 0 && target < f.blockCount)) return `?b${target}`;
    const types = paramTypes(f, target);
    const args: string[] = [];
    for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) args.push(this.value(f.edgeArg(edge, i), types[i] ?? Type.void));
    return `b${this.blocks[target]}${args.length === 0 ? "" : `(${args.join(", ")})`}`;
  }

  private table(v: Value): string {
    const { f } = this;
    const cases: string[] = [];
    for (let i = 0; i < f.switchCount(v); i++) {
      const key = (BigInt(f.switchHigh(v, i)) << 32n) | BigInt(f.switchLow(v, i) >>> 0);
      cases.push(`${key}: ${this.edge(f.switchEdge(v, i))}`);
    }
    return cases.join(", ");
  }

  private signature(id: SignatureId): string {
    const signature = this.module.signatures[id];
    return signature === undefined ? `?${id}` : signatureText(signature);
  }

  private suffix(v: Value): string {
    const { f } = this;
    let text = "";
    for (let bit = 0; bit < 8; bit++) if (((f.flags[v] as number) & (1 << bit)) !== 0) text += ` !${flagNames[bit]}`;
    if (f.op[v] === Op.param && f.readableBehind(v) !== 0) text += ` !readable(${f.readableBehind(v)})`;
    if (this.options.withoutPositions === true) return text;
    const site = f.site[v] as number;
    if (f.position[v] !== 0 || site !== 0) text += ` #${f.position[v]}${site === 0 ? "" : `/${site}`}`;
    return text;
  }
}

function hex(word32: number): string {
  return (word32 >>> 0).toString(16).padStart(8, "0");
}
