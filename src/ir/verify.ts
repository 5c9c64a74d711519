/**
 * Whether a module is well formed: links, types, dominance, edges, lists. Problems are returned as data; none means that every pass,
 * the interpreter and the code generator may rely on it. Tests run it after every pass, the driver under `--verify-ir`.
 */

import { ControlFlow } from "./controlFlow.ts";
import { MOST_SLOTS } from "./functionColumns.ts";
import { ValueFlag, type Block, type IrFunction, type List, type SymbolId, type Value } from "./function.ts";
import type { Module, Signature } from "./module.ts";
import { Effect, Op, isTerminator, opEffects, opListOperand, opNames, opOperands, opResult } from "./ops.ts";
import { hasResult, listItemType, operandType, paramTypes } from "./operandTypes.ts";
import { nameOfBlock, printInstruction } from "./print.ts";
import { Type, isFloat, isInteger, isVector, typeNames, typeSize } from "./types.ts";

export interface Problem {
  /** Name of the function, "" for the module itself. */
  readonly function: string;
  /** Block and instruction as the printer names them. */
  readonly where: string;
  readonly message: string;
}

/** All that is wrong with a module, its symbols and all functions; empty if others may rely on it. */
export function verifyModule(module: Module): Problem[] {
  const problems: Problem[] = [];
  const report = (where: string, message: string) => void problems.push({ function: "", where, message });
  const inFunctions = new Map([...module.functions.values()].map((f) => [f, verifyFunction(module, f)]));
  const used = usedSymbols(module, (f) => inFunctions.get(f)?.length === 0);
  module.symbols.forEach((symbol, id) => {
    const defined = module.functions.has(id as SymbolId) || module.data.has(id as SymbolId);
    if (symbol.linkage === "imported" && defined) report(`@${symbol.name}`, "is imported and defined");
    if (symbol.linkage !== "imported" && !defined && used.has(id)) report(`@${symbol.name}`, "is used, but neither defined nor imported");
  });
  for (const data of module.data.values()) {
    const where = `@${module.nameOf(data.symbol)}`;
    if (data.bytes.length > data.size) report(where, "has more bytes than its size");
    if (!isPowerOfTwo(data.alignment)) report(where, `has alignment ${data.alignment}`);
    for (const r of data.relocations) {
      if (r.offset < 0 || r.offset + 8 > data.size) report(where, `has a relocation at ${r.offset}, outside of it`);
      if (module.symbols[r.symbol] === undefined) report(where, `has a relocation to symbol ${r.symbol}, which is not declared`);
    }
  }
  for (const { name, handler } of module.traps)
    if (handler !== undefined && module.functionSignatures[handler] === undefined) report(`trap ${name}`, "has a handler that is no function");
  for (const found of inFunctions.values()) problems.push(...found);
  return problems;
}

/** What is exported, or referred to by data and sound functions; a removed function or datum leaves its symbol behind, which nothing may use. */
function usedSymbols(module: Module, isSound: (f: IrFunction) => boolean): Set<number> {
  const used = new Set<number>();
  module.symbols.forEach((symbol, id) => { if (symbol.linkage === "exported") used.add(id); });
  for (const data of module.data.values()) for (const r of data.relocations) used.add(r.symbol);
  for (const f of module.functions.values())
    if (isSound(f)) for (const block of f.order)
      for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) {
        if (f.op[v] === Op.call) used.add(f.a[v] as number);
        f.forEachOperand(v, (operand) => { if (f.op[operand] === Op.address) used.add(f.a[operand] as number); });
      }
  return used;
}

/** All that is wrong with one function; empty if others may rely on it. */
export function verifyFunction(module: Module, f: IrFunction): Problem[] {
  return new Verifier(module, f).run();
}

/** The problems as lines of text; "" if there are none. */
export function problemsText(problems: readonly Problem[]): string {
  return problems.map(({ function: name, where, message }) => `${[name, where, message].filter((word) => word !== "").join(": ")}\n`).join("");
}

class Verifier {
  private readonly problems: Problem[] = [];
  private readonly flow = new ControlFlow();
  private readonly inOrder: Uint8Array;
  private readonly module: Module;
  private readonly f: IrFunction;

  constructor(module: Module, f: IrFunction) {
    this.module = module;
    this.f = f;
    this.inOrder = new Uint8Array(f.blockCount);
  }

  private slots(): void {
    const { f } = this;
    for (let slot = 0; slot < f.slotCount; slot++) {
      if ((f.slotSize[slot] as number) < 0) this.report(0 as Value, `s${slot} has ${f.slotSize[slot]} bytes`);
      if (!isPowerOfTwo(f.slotAlignment[slot] as number)) this.report(0 as Value, `s${slot} has alignment ${f.slotAlignment[slot]}`);
    }
    if (f.slotBytes() > MOST_SLOTS) this.report(0 as Value, `the slots have ${f.slotBytes()} bytes together, more than a frame can`);
  }

  run(): Problem[] {
    const { f, module } = this;
    if (f.order.length === 0) this.report(0 as Value, "the function has no blocks");
    for (const block of f.order) {
      if (this.inOrder[block] === 1) this.report(0 as Value, `${nameOfBlock(f, block)} stands twice in the order`);
      this.inOrder[block] = 1;
    }
    this.slots();
    for (const block of f.order) this.links(block);
    // What follows walks the graph, which is safe only with sound links and edges.
    if (this.problems.length === 0) for (const block of f.order) this.edges(block);
    if (this.problems.length > 0) return this.problems;
    this.flow.compute(f);
    this.flow.withDominators();
    const entry = f.order[0] as Block;
    const expected = module.signatureOf(f.symbol).parameters;
    const found = paramTypes(f, entry);
    if (expected.join() !== found.join()) this.report(0 as Value, `the entry has parameters (${names(found)}), the signature (${names(expected)})`);
    for (const block of f.order) {
      for (let p = f.firstParam[block] as Value; p !== 0; p = f.nextOf(p)) this.promises(p, block === entry);
      for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) {
        this.operands(v);
        this.types(v);
      }
    }
    for (let v = 1; v < f.valueCount; v++) {
      if (f.op[v] === Op.address && module.symbols[f.a[v] as number] === undefined) this.report(v as Value, `is the address of symbol ${f.a[v]}, which is not declared`);
      if (f.op[v] === Op.slot && !((f.a[v] as number) >= 0 && (f.a[v] as number) < f.slotCount)) this.report(v as Value, `is the address of slot ${f.a[v]}, which the function has not`);
      // Equal constants must be one value, and comparisons of their bits must tell their order.
      if (f.op[v] === Op.const && isInteger(f.type[v] as Type) && f.type[v] !== Type.i128 && !isExtended(f.type[v] as Type, f.a[v] as number, f.b[v] as number)) this.report(v as Value, "is not sign-extended");
    }
    return this.problems;
  }

  private report(v: Value, message: string): void {
    const { f, module } = this;
    let where = "";
    if (v !== 0) {
      const block = f.blockOf(v);
      try {
        where = `${block >= 0 ? nameOfBlock(f, block) : "nowhere"}: ${printInstruction(module, f, v, { withoutPositions: true })}`;
      } catch {
        where = `value ${v}`; // too broken to print
      }
    }
    this.problems.push({ function: module.nameOf(f.symbol), where, message });
  }

  private links(block: Block): void {
    const { f } = this;
    let before = 0;
    let index = 0;
    for (let v = f.firstParam[block] as number; v !== 0; v = f.next[v] as number) {
      if (f.op[v] !== Op.param || f.block[v] !== block || f.previous[v] !== before || f.a[v] !== index) this.report(v as Value, `parameter ${index} is not linked well`);
      if (f.type[v] === Type.void) this.report(v as Value, "a parameter has no type");
      before = v;
      index++;
      if (index > f.valueCount) return this.report(0 as Value, `${nameOfBlock(f, block)}: its parameters form a ring`);
    }
    before = 0;
    let count = 0;
    for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) {
      const op = f.opOf(v);
      if (op === Op.none || opNames[op] === undefined || op === Op.param) return this.report(v, "no instruction");
      if (f.block[v] !== block || f.previous[v] !== before) this.report(v, "is not linked well");
      if (((opEffects[op] as number) & Effect.floats) !== 0) this.report(v, "a constant or address stands in a block");
      if (isTerminator(op) !== (v === f.last[block])) this.report(v, isTerminator(op) ? "a terminator stands before the end" : "the block ends without a terminator");
      const list = listOf(f, v);
      if (list < 0 || list >= f.poolCount || (list !== 0 && ((f.pool[list] as number) < 0 || list + (f.pool[list] as number) >= f.poolCount))) this.problems.push({ function: this.module.nameOf(f.symbol), where: `${nameOfBlock(f, block)}: value ${v}, ${opNames[op]}`, message: `${list} is no list of the function` });
      if (++count > f.valueCount) return this.report(v, "the block's instructions form a ring");
      before = v;
    }
    if (count === 0) this.report(0 as Value, `${nameOfBlock(f, block)} is empty`);
    if (f.last[block] !== before) this.report(before as Value, "is last but the block has another end");
  }

  private edges(block: Block): void {
    const { f } = this;
    const v = f.terminator(block);
    if (f.opOf(v) === Op.switch && f.listLength(f.b[v] as List) % 3 !== 0) return this.report(v, "the switch table has no whole rows");
    for (let s = 0; s < f.successorCount(block); s++) {
      const edge = f.successor(block, s);
      if (edge <= 0 || edge >= f.edgeCount) return this.report(v, `edge ${edge} does not exist`);
      const target = f.edgeBlock(edge);
      if (target < 0 || target >= f.blockCount || this.inOrder[target] !== 1) return this.report(v, `goes to block ${target}, which is not in the function`);
      if (target === f.order[0]) this.report(v, "goes to the entry block");
      const types = paramTypes(f, target);
      if (types.length !== f.edgeArgCount[edge]) {
        this.report(v, `gives ${f.edgeArgCount[edge]} arguments to ${nameOfBlock(f, target)}, which has ${types.length} parameters`);
        continue;
      }
      types.forEach((type, i) => {
        const arg = f.edgeArg(edge, i);
        if (this.exists(v, arg) && f.typeOf(arg) !== type) this.report(v, `argument ${i} of ${nameOfBlock(f, target)} is ${typeNames[f.typeOf(arg)]}, its parameter ${typeNames[type]}`);
      });
    }
  }

  private exists(v: Value, operand: Value): boolean {
    const { f } = this;
    if (operand > 0 && operand < f.valueCount) {
      if (f.isFloating(operand)) return true;
      const block = f.blockOf(operand);
      if (block >= 0 && this.inOrder[block] === 1 && hasResult(f, operand)) return true;
    }
    this.report(v, `uses value ${operand}, which is not in the function`);
    return false;
  }

  /** What is promised of the memory behind a parameter is promised for as long as the function runs. */
  private promises(p: Value, isGiven: boolean): void {
    const { f } = this;
    const promised = ((f.flags[p] as number) & (ValueFlag.noalias | ValueFlag.readonly)) !== 0 || f.readableBehind(p) !== 0;
    if (promised && f.typeOf(p) !== Type.ptr) this.report(p, "promises something of memory and is no pointer");
    else if (promised && !isGiven) this.report(p, "promises something of memory and is no parameter of the function");
  }

  private operands(v: Value): void {
    const { f, flow } = this;
    const reachable = flow.reachable(f.blockOf(v));
    f.forEachOperand(v, (operand) => {
      if (this.exists(v, operand) && reachable && !(this.available(operand, v)))
        this.report(v, `uses ${printInstruction(this.module, f, operand, { withoutPositions: true })}, which does not dominate it`);
    });
    if (f.opOf(v) !== Op.result) return;
    let before = f.previous[v] as number;
    while (before !== 0 && f.op[before] === Op.result) before = f.previous[before] as number;
    if (before !== f.a[v]) this.report(v, "a result does not follow its call");
  }

  private available(operand: Value, v: Value): boolean {
    const { f, flow } = this;
    const block = f.blockOf(operand);
    return f.isFloating(operand) || (flow.reachable(block) && flow.available(operand, v));
  }

  private types(v: Value): void {
    const { f, module } = this;
    const op = f.opOf(v);
    const type = f.typeOf(v);
    const row = opOperands[op] as string;
    const at = (index: number): Value => (index === 0 ? f.a[v] : index === 1 ? f.b[v] : f.c[v]) as Value;
    const first = row[0] === "v" ? f.typeOf(at(0)) : Type.void;
    for (let index = 0; index < 3; index++) {
      if (row[index] === "v") {
        const expected = operandType(op, index, type, first);
        const found = f.typeOf(at(index));
        if (expected !== Type.void && found !== expected) this.report(v, `operand ${index} is ${typeNames[found]}, not ${typeNames[expected]}`);
      } else if (row[index] === "s" && module.symbols[at(index)]?.kind !== "function") this.report(v, "calls what is no function");
      else if (row[index] === "t" && module.traps[at(index)] === undefined) this.report(v, `trap ${at(index)} is not declared`);
      else if (row[index] === "g" && module.signatures[at(index)] === undefined) this.report(v, `signature ${at(index)} is not declared`);
    }
    const fixed = opResult[op];
    if (fixed !== undefined && fixed !== "none" && fixed !== "type" && fixed !== "same" && typeNames[type] !== fixed) this.report(v, `its type is ${typeNames[type]}`);
    if (op === Op.store && type !== first) this.report(v, `its type is ${typeNames[type]}, the stored value's ${typeNames[first]}`);
    const wrong = this.classProblem(v, op, type, first);
    if (wrong !== undefined) this.report(v, wrong);
    this.lists(v, op);
    if ((f.site[v] as number) >= module.inlineSites.length) this.report(v, `inline site ${f.site[v]} does not exist`);
  }

  private lists(v: Value, op: Op): void {
    const { f, module } = this;
    if (opListOperand[op] === 0) return;
    const list = listOf(f, v);
    const count = f.listLength(list);
    for (let i = 0; i < count; i++) {
      const expected = listItemType(module, f, v, i);
      const found = f.typeOf(f.listItem(list, i));
      if (expected !== Type.void && found !== expected) this.report(v, `item ${i} is ${typeNames[found]}, not ${typeNames[expected]}`);
    }
    const signature = op === Op.call ? signatureOf(module, f.a[v] as number) : op === Op["call.indirect"] ? module.signatures[f.c[v] as number] : undefined;
    if (signature !== undefined) {
      const needed = signature.parameters.length;
      if (count < needed || (count > needed && !signature.variadic)) this.report(v, `${count} arguments for ${needed} parameters`);
      if (f.typeOf(v) !== (signature.results[0] ?? Type.void)) this.report(v, `its type is ${typeNames[f.typeOf(v)]}, the signature's result ${typeNames[signature.results[0] ?? Type.void]}`);
    }
    const results = module.signatures[f.signature]?.results.length ?? 0;
    if (op === Op.return && count !== results) this.report(v, `returns ${count} values, and the signature has ${results}`);
    if (op === Op.syscall && count === 0) this.report(v, "a system call without a number");
  }

  /** What an operation asks of its types beyond `operandType`. */
  private classProblem(v: Value, op: Op, type: Type, first: Type): string | undefined {
    const { f } = this;
    if (opResult[op] === "same") {
      if (op === Op["udiv.wide"] && type !== Type.i64) return `no operation on ${typeNames[type]}`;
      const float = op >= Op.fadd && op <= Op.fcopysign;
      if (float ? !isFloat(type) && !isVector(type) : !isInteger(type) && !isVector(type)) return `no operation on ${typeNames[type]}`;
      return undefined;
    }
    if (op >= Op["sadd.overflows"] && op <= Op.uge) return isInteger(first) ? undefined : `no operation on ${typeNames[first]}`;
    if (op >= Op.feq && op <= Op.fge) return isFloat(first) ? undefined : `no operation on ${typeNames[first]}`;
    const size = typeSize[type] as number;
    const from = typeSize[first] as number;
    switch (op) {
      case Op.sext:
      case Op.zext: return isInteger(first) && isInteger(type) && from < size ? undefined : `from ${typeNames[first]} to ${typeNames[type]}`;
      case Op.trunc: return isInteger(first) && isInteger(type) && from > size ? undefined : `from ${typeNames[first]} to ${typeNames[type]}`;
      case Op.stof:
      case Op.utof: return isInteger(first) && isFloat(type) ? undefined : `from ${typeNames[first]} to ${typeNames[type]}`;
      case Op.ftos:
      case Op.ftou: return isFloat(first) && isInteger(type) ? undefined : `from ${typeNames[first]} to ${typeNames[type]}`;
      case Op.bitcast: return from === size ? undefined : `from ${typeNames[first]} to ${typeNames[type]}`;
      case Op.switch: return isInteger(first) && first !== Type.i128 ? this.casesProblem(v) : `switch on ${typeNames[first]}`;
      case Op.result: {
        const call = f.arg0(v);
        const signature = f.op[call] === Op.call ? signatureOf(this.module, f.a[call] as number) : f.op[call] === Op["call.indirect"] ? this.module.signatures[f.c[call] as number] : undefined;
        if (signature === undefined) return "a result of what is no call";
        const expected = signature.results[f.b[v] as number];
        return (f.b[v] as number) > 0 && expected === type ? undefined : `the call has no such result`;
      }
      case Op.load:
      case Op["atomic.load"]:
      case Op.select: return type === Type.void ? "has no type" : undefined;
      default: return undefined;
    }
  }

  private casesProblem(v: Value): string | undefined {
    const { f } = this;
    const seen = new Set<string>();
    for (let i = 0; i < f.switchCount(v); i++) {
      const key = `${f.switchLow(v, i)},${f.switchHigh(v, i)}`;
      if (seen.has(key)) return `case ${f.switchLow(v, i)} stands twice`;
      if (!isExtended(f.typeOf(f.arg0(v)), f.switchLow(v, i), f.switchHigh(v, i))) return `case ${f.switchLow(v, i)} is not sign-extended`;
      seen.add(key);
    }
    return undefined;
  }
}

/** The list or switch table that an instruction has; 0, the empty one, where its operation has none. */
function listOf(f: IrFunction, v: Value): List {
  const which = f.op[v] === Op.switch ? 2 : opListOperand[f.op[v] as number];
  return (which === 0 ? 0 : which === 1 ? f.a[v] : which === 2 ? f.b[v] : f.c[v]) as List;
}

/** The signature of a symbol that should be a function's. */
function signatureOf(module: Module, symbol: number): Signature | undefined {
  return module.functionSignatures[symbol] === undefined ? undefined : module.signatureOf(symbol as SymbolId);
}

function isExtended(type: Type, low: number, high: number): boolean {
  const unused = 32 - 8 * Math.min(4, typeSize[type] as number);
  return (low << unused) >> unused === low && (typeSize[type] === 8 || high === low >> 31);
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}

function names(types: readonly Type[]): string {
  return types.map((type) => typeNames[type]).join(", ");
}

