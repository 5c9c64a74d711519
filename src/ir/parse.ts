/** The text that print.ts writes, read back; also what a person writes in a test. `//` begins a comment. */

import { IrFunction, emptyList, type Block, type SignatureId, type Slot, type SymbolId, type Value } from "./function.ts";
import { Module, type Convention, type DataRelocation, type FunctionAttributes, type Linkage, memoryRoles } from "./module.ts";
import { Op, opNames, opOperands, opResult, type OpName } from "./ops.ts";
import { listItemType, operandType, paramTypes } from "./operandTypes.ts";
import { flagNames } from "./print.ts";
import { Scanner, TextError, type Token } from "./scan.ts";
import { Type, typeNames, typeSize, type TypeName } from "./types.ts";

export interface TextProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** Reads a module. The first mistake ends it; whether the module makes sense is the verifier's business. */
export function parseModule(text: string): { readonly module: Module } | { readonly problem: TextProblem } {
  try {
    return { module: new Parser(text).module() };
  } catch (error) {
    if (error instanceof TextError) return { problem: { line: error.line, message: error.message } };
    throw error;
  }
}

interface PendingBody {
  readonly symbol: SymbolId;
  /** Where in the tokens the body begins. */
  readonly at: number;
}

class Parser {
  private readonly scan: Scanner;
  private readonly out = new Module();
  private readonly bodies: PendingBody[] = [];
  /** What names symbols, read once all of them are declared. */
  private readonly later: (() => void)[] = [];

  constructor(text: string) {
    this.scan = new Scanner(text);
  }

  module(): Module {
    const { scan } = this;
    for (scan.skipLines(); !scan.atEnd(); scan.skipLines()) {
      const token = scan.word();
      if (token === "trap") this.trap();
      else if (token === "site") this.site();
      else if (token === "func") this.func("local");
      else if (token === "data") this.data("local");
      else if (token === "export" || token === "import") {
        const linkage = token === "export" ? "exported" : "imported";
        if (scan.word() === "func") this.func(linkage);
        else this.data(linkage);
      } else throw scan.error(`'${token}' begins nothing known here`);
      scan.endLine();
    }
    for (const read of this.later) read();
    for (const body of this.bodies) {
      scan.at = body.at;
      this.out.functions.set(body.symbol, new BodyParser(scan, this.out, body.symbol).body());
    }
    return this.out;
  }

  private symbol(): SymbolId {
    const name = this.scan.symbol();
    const id = this.out.find(name);
    if (id === undefined) throw this.scan.error(`the symbol '@${name}' is not declared`);
    return id;
  }

  private trap(): void {
    const { scan } = this;
    const name = scan.name();
    const at = scan.at;
    if (scan.peek().kind !== "symbol") {
      this.later.push(() => void this.out.trap(name));
      return;
    }
    scan.symbol();
    this.later.push(() => {
      scan.at = at;
      this.out.trap(name, this.symbol());
    });
  }

  private site(): void {
    const { scan } = this;
    const index = scan.integer();
    const at = scan.at;
    scan.symbol();
    const position = scan.integer();
    const parent = scan.integer();
    this.later.push(() => {
      scan.at = at;
      // They rise, and each names one before it.
      const { length } = this.out.inlineSites;
      if (index !== length) throw scan.error(`site ${index} stands where site ${length} is expected`);
      if (parent < 0 || parent >= index) throw scan.error(`site ${index} is within site ${parent}, which is not before it`);
      this.out.inlineSites[index] = { callee: this.symbol(), position, parent };
    });
  }

  private func(linkage: Linkage): void {
    const { scan, out } = this;
    const name = scan.symbol();
    const signature = parseSignature(scan, out);
    let attributes: FunctionAttributes = { inline: "auto", cold: false, noreturn: false };
    while (scan.peek().kind === "word") {
      const word = scan.word();
      if (word === "cold") attributes = { ...attributes, cold: true };
      else if (word === "noreturn") attributes = { ...attributes, noreturn: true };
      else if (word === "inline.never") attributes = { ...attributes, inline: "never" };
      else if (word === "inline.always") attributes = { ...attributes, inline: "always" };
      else {
        const memory = memoryRoles.find((role) => role === word);
        if (memory === undefined) throw scan.error(`'${word}' is no attribute of a function`);
        attributes = { ...attributes, memory };
      }
    }
    if (out.find(name) !== undefined) throw scan.error(`the symbol '@${name}' is declared twice`);
    const symbol = out.declareFunction(name, signature, linkage, attributes);
    if (!scan.accept("{")) return;
    this.bodies.push({ symbol, at: scan.at });
    scan.skipTo("}");
  }

  private data(linkage: Linkage): void {
    const { scan, out } = this;
    const name = scan.symbol();
    if (out.find(name) !== undefined) throw scan.error(`the symbol '@${name}' is declared twice`);
    const symbol = out.declareData(name, linkage);
    if (scan.peek().kind !== "word") return;
    let size = 0;
    let alignment = 1;
    let writable = false;
    let mergeable = false;
    while (scan.peek().kind === "word") {
      const word = scan.word();
      if (word === "size") size = scan.integer();
      else if (word === "align") alignment = scan.integer();
      else if (word === "writable") writable = true;
      else if (word === "mergeable") mergeable = true;
      else throw scan.error(`'${word}' is no attribute of data`);
    }
    const bytes = scan.accept("=") ? scan.bytes() : new Uint8Array(0);
    const at = scan.at;
    if (scan.accept("{")) scan.skipTo("}");
    this.later.push(() => {
      scan.at = at;
      const relocations: DataRelocation[] = [];
      if (scan.accept("{") && !scan.accept("}")) {
        do {
          const offset = scan.integer();
          scan.expect(":");
          relocations.push({ offset, symbol: this.symbol(), addend: scan.offset() });
        } while (scan.accept(","));
        scan.expect("}");
      }
      out.data.set(symbol, { symbol, bytes, size: Math.max(size, bytes.length), alignment, writable, mergeable, relocations });
    });
  }
}

class BodyParser {
  private readonly scan: Scanner;
  private readonly module: Module;
  private readonly f: IrFunction;
  private readonly values = new Map<string, Value>();
  private readonly slots = new Map<string, Slot>();
  private readonly blocks = new Map<string, Block>();

  constructor(scan: Scanner, module: Module, symbol: SymbolId) {
    this.scan = scan;
    this.module = module;
    this.f = new IrFunction(symbol, module.functionSignatures[symbol] as SignatureId);
  }

  /** Twice over the lines: first labels, parameters and what each line defines, then the operands. */
  body(): IrFunction {
    const { scan, f } = this;
    const pending: { readonly v: Value; readonly at: number }[] = [];
    let block: Block | undefined;
    for (scan.skipLines(); !scan.accept("}"); scan.skipLines()) {
      if (scan.peek().text === "slot" && scan.peek(1).kind === "word") {
        scan.word();
        const name = scan.word();
        const size = scan.integer();
        const alignment = scan.accept("align") ? scan.integer() : 8;
        this.slots.set(name, f.slot(size, alignment));
      } else if (this.isLabel()) {
        block = this.label();
      } else {
        if (block === undefined) throw scan.error("an instruction stands before the first label");
        const { v, at } = this.define();
        f.append(block, v);
        pending.push({ v, at });
        scan.skipLine();
        continue;
      }
      scan.endLine();
    }
    for (const { v, at } of pending) {
      scan.at = at;
      this.operands(v);
    }
    return f;
  }

  private isLabel(): boolean {
    const after = this.scan.peek(1);
    return after.text === "(" || (after.text === ":" && this.scan.peek(2).kind === "line");
  }

  private label(): Block {
    const { scan, f } = this;
    const name = scan.word();
    if (this.blocks.has(name)) throw scan.error(`the label '${name}' stands twice`);
    const block = f.newBlock();
    this.blocks.set(name, block);
    if (scan.accept("(") && !scan.accept(")")) {
      do {
        const param = scan.word();
        scan.expect(":");
        const v = f.addParam(block, parseType(scan));
        this.name(param, v);
        this.suffix(v);
      } while (scan.accept(","));
      scan.expect(")");
    }
    scan.expect(":");
    return block;
  }

  private name(name: string, v: Value): void {
    if (this.values.has(name) || this.slots.has(name)) throw this.scan.error(`'${name}' is defined twice`);
    this.values.set(name, v);
  }

  private define(): { v: Value; at: number } {
    const { scan, f } = this;
    let name = "";
    let type: Type | undefined;
    if (scan.peek(1).text === ":" || scan.peek(1).text === "=") {
      name = scan.word();
      if (scan.accept(":")) type = parseType(scan);
      scan.expect("=");
    }
    const text = scan.word();
    const op: Op | undefined = Op[text as OpName];
    if (op === undefined || op === Op.none) throw scan.error(`'${text}' is no operation`);
    const result = opResult[op];
    if (type === undefined && result !== undefined && result !== "none" && result !== "type" && result !== "same") type = Type[result];
    if (type === undefined && name !== "") throw scan.error(`the type of '${name}' must be stated: ${name}: TYPE = ${text} …`);
    if (name !== "" && result === "none") throw scan.error(`'${text}' has no result`);
    if (name === "" && result !== "none" && op !== Op.call && op !== Op["call.indirect"]) throw scan.error(`the result of '${text}' needs a name`);
    const v = f.create(op, type ?? Type.void);
    if (name !== "") this.name(name, v);
    return { v, at: scan.at };
  }

  private operands(v: Value): void {
    const { scan, f, module } = this;
    const op = f.opOf(v);
    const row = opOperands[op] as string;
    const set = (index: number, to: number) => {
      if (index === 0) f.a[v] = to;
      else if (index === 1) f.b[v] = to;
      else f.c[v] = to;
    };
    let count = 0;
    for (let index = 0; index < 3; index++) {
      const letter = row[index] as string;
      if (letter === "-") continue;
      const optional = letter === "i" && (op === Op.load || op === Op.store);
      if (optional && scan.peek().text !== ",") continue;
      if (letter !== "g" && letter !== "l" && count > 0) scan.expect(",");
      count++;
      switch (letter) {
        case "v": set(index, this.value(operandType(op, index, f.typeOf(v), row[0] === "v" && index > 0 ? f.typeOf(f.arg0(v)) : Type.void))); break;
        case "i": set(index, scan.integer()); break;
        case "s": set(index, this.symbol()); break;
        case "t": set(index, this.trap()); break;
        case "e": set(index, this.edge()); break;
        case "w": set(index, this.table()); break;
        case "l": {
          // The signature of an indirect call stands behind its arguments, but tells their types.
          if (op === Op["call.indirect"]) this.lookAheadSignature(v);
          set(index, this.list(v, count === 1));
          break;
        }
        case "g": set(index, parseSignature(scan, module)); break;
        default: throw scan.error(`'${opNames[op]}' cannot be written as an instruction`);
      }
    }
    if (op === Op.store || op === Op["atomic.store"]) f.type[v] = f.typeOf(f.arg0(v));
    this.suffix(v);
    scan.endLine();
  }

  private lookAheadSignature(v: Value): void {
    const { scan, f } = this;
    const at = scan.at;
    scan.expect("(");
    scan.skipTo(")");
    f.c[v] = parseSignature(scan, this.module);
    scan.at = at;
  }

  private list(v: Value, bare: boolean): number {
    const { scan } = this;
    const items: Value[] = [];
    const parenthesised = !bare && scan.accept("(");
    if (!bare && !parenthesised) return emptyList;
    if (bare ? scan.peek().kind === "line" || scan.peek().text === "!" || scan.peek().text === "#" : scan.accept(")")) return emptyList;
    do items.push(this.value(listItemType(this.module, this.f, v, items.length)));
    while (scan.accept(","));
    if (!bare) scan.expect(")");
    return this.f.list(items);
  }

  private symbol(): SymbolId {
    const name = this.scan.symbol();
    const id = this.module.find(name);
    if (id === undefined) throw this.scan.error(`the symbol '@${name}' is not declared`);
    return id;
  }

  private trap(): number {
    const name = this.scan.name();
    const index = this.module.traps.findIndex((trap) => trap.name === name);
    if (index < 0) throw this.scan.error(`the trap '${name}' is not declared`);
    return index;
  }

  private edge(): number {
    const { scan, f } = this;
    const name = scan.word();
    const target = this.blocks.get(name);
    if (target === undefined) throw scan.error(`there is no label '${name}'`);
    const args: Value[] = [];
    if (scan.accept("(") && !scan.accept(")")) {
      const types = paramTypes(f, target);
      do args.push(this.value(types[args.length] ?? Type.void));
      while (scan.accept(","));
      scan.expect(")");
    }
    return f.edge(target, args);
  }

  private table(): number {
    const { scan, f } = this;
    const rows: number[] = [];
    scan.expect("[");
    if (scan.accept("]")) return emptyList;
    do {
      const key = BigInt.asIntN(64, BigInt(scan.number()));
      scan.expect(":");
      rows.push(Number(BigInt.asIntN(32, key)), Number(key >> 32n), this.edge());
    } while (scan.accept(","));
    scan.expect("]");
    return f.list(rows);
  }

  private value(expected: Type): Value {
    const { scan, f } = this;
    const token = scan.peek();
    if (token.kind === "symbol") {
      const symbol = this.symbol();
      return f.address(symbol, scan.offset());
    }
    if (token.kind === "word" && !["inf", "-inf", "nan", "bits"].includes(token.text)) {
      scan.word();
      const slot = this.slots.get(token.text);
      if (slot !== undefined) return f.slotAddress(slot);
      const v = this.values.get(token.text);
      if (v === undefined) throw scan.error(`'${token.text}' is not defined`);
      return v;
    }
    const text = token.text === "bits" ? this.bits() : scan.number();
    const type = scan.accept(":") ? parseType(scan) : expected;
    if (type === Type.void) throw scan.error(`the constant ${text} must state its type here: ${text}:TYPE`);
    return this.constant(text, type, token);
  }

  private bits(): string {
    const { scan } = this;
    scan.word();
    scan.expect("(");
    const text = scan.number();
    scan.expect(")");
    return text;
  }

  private constant(text: string, type: Type, token: Token): Value {
    const { f, scan } = this;
    const isBits = token.text === "bits";
    if ((type === Type.f64 || type === Type.f32) && !isBits) {
      const number = text === "inf" ? Infinity : text === "-inf" ? -Infinity : text === "nan" ? NaN : Number(text);
      return type === Type.f32 ? f.f32(number) : f.f64(number);
    }
    if (!/^-?(\d+|0x[0-9a-fA-F]+)$/.test(text)) throw scan.error(`'${text}' is no integer`);
    const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text);
    const at = (index: number) => Number(BigInt.asIntN(32, value >> BigInt(32 * index)));
    if (isBits && typeSize[type] === 16) return f.constant128(at(0), at(1), at(2), at(3), type);
    return isBits ? f.constant(type, at(0), type === Type.f32 ? 0 : at(1)) : f.big(type, value);
  }

  private suffix(v: Value): void {
    const { scan, f } = this;
    while (scan.accept("!")) {
      const name = scan.word();
      if (name === "readable" && f.op[v] === Op.param) {
        scan.expect("(");
        f.setReadable(v, scan.integer());
        scan.expect(")");
        continue;
      }
      const bit = (flagNames as readonly string[]).indexOf(name);
      if (bit < 0) throw scan.error(`'${name}' is no flag`);
      f.flags[v] = (f.flags[v] as number) | (1 << bit);
    }
    if (!scan.accept("#")) return;
    f.position[v] = scan.integer();
    if (scan.accept("/")) f.site[v] = scan.integer();
  }
}

function parseType(scan: Scanner): Type {
  const name = scan.word();
  if (!(typeNames as readonly string[]).includes(name)) throw scan.error(`'${name}' is no type`);
  return Type[name as TypeName];
}

function parseSignature(scan: Scanner, module: Module): SignatureId {
  const types = (): { types: Type[]; variadic: boolean } => {
    const found: Type[] = [];
    let variadic = false;
    scan.expect("(");
    if (scan.accept(")")) return { types: found, variadic };
    do {
      if (scan.accept("...")) variadic = true;
      else found.push(parseType(scan));
    } while (scan.accept(","));
    scan.expect(")");
    return { types: found, variadic };
  };
  const parameters = types();
  let results: Type[] = [];
  if (scan.accept("->")) results = scan.peek().text === "(" ? types().types : [parseType(scan)];
  const convention: Convention = scan.accept("c") ? "c" : "lang";
  if (!scan.accept("at")) return module.signature(parameters.types, results, convention, parameters.variadic);
  const places = (): number[] => {
    const found: number[] = [];
    scan.expect("(");
    if (scan.accept(")")) return found;
    do found.push(scan.accept("stack") ? -1 - scan.integer() : scan.integer());
    while (scan.accept(","));
    scan.expect(")");
    return found;
  };
  const into = places();
  scan.expect("->");
  const out = places();
  if (into.length !== parameters.types.length || out.length !== results.length) throw scan.error("every parameter and every result has one place");
  return module.signature(parameters.types, results, convention, parameters.variadic, { parameters: into, results: out, stackSize: scan.integer() });
}
