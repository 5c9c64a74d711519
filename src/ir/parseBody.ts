/** Bodies in the IR's text: blocks, slots, instructions. */

import { IrFunction, emptyList, type Block, type SignatureId, type Slot, type SymbolId, type Value } from "./function.ts";
import type { Module } from "./module.ts";
import { listItemType, operandType, paramTypes } from "./operandTypes.ts";
import { Op, opNames, opOperands, opResult, type OpName } from "./ops.ts";
import { parseSignature, parseSymbol, parseType } from "./parseSignature.ts";
import { flagNames, type Scanner, type Token } from "./scan.ts";
import { Type, typeNames, typeSize } from "./types.ts";

/** Reads the body of the function `symbol`, from behind its brace to behind its end. */
export class BodyParser {
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

  /** Whether a label begins the line. */
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

  /** What the line defines: the instruction without its operands, and where in the tokens these begin. */
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
    const op = opNames.indexOf(text as OpName) as Op;
    if (op <= Op.none) throw scan.error(`'${text}' is no operation`);
    const result = opResult[op];
    if (type === undefined && result !== undefined && result !== "none" && result !== "type" && result !== "same") type = typeNames.indexOf(result) as Type;
    if (type === undefined && name !== "") throw scan.error(`the type of '${name}' must be stated: ${name}: TYPE = ${text} …`);
    if (name !== "" && result === "none") throw scan.error(`'${text}' has no result`);
    if (name === "" && result !== "none" && op !== Op.call && op !== Op["call.indirect"]) throw scan.error(`the result of '${text}' needs a name`);
    const v = f.create(op, type ?? Type.void, 0, 0, 0, 0);
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
        case "s": set(index, parseSymbol(scan, this.module)); break;
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

  /** Notes the signature that stands behind the arguments of an indirect call, and goes back to them. */
  private lookAheadSignature(v: Value): void {
    const { scan, f } = this;
    const at = scan.at;
    scan.expect("(");
    scan.skipTo(")");
    f.c[v] = parseSignature(scan, this.module);
    scan.at = at;
  }

  /** Values up to the end of the line if `bare`, else in parentheses. */
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

  /** The cases of a switch: `[key: label, …]`. */
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

  /** An operand: a symbol's address, a slot's, a value by its name, or a constant of type `expected` where it states none. */
  private value(expected: Type): Value {
    const { scan, f } = this;
    const token = scan.peek();
    if (token.kind === "symbol") {
      const symbol = parseSymbol(scan, this.module);
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

  /** `bits(number)`, a float by its bit pattern. */
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

  /** `!flag`, `#position/site`. */
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
