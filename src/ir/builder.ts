/**
 * Builds functions: the face of the kernel that front ends use (docs/kernel.md shows a whole program).
 *
 * Instructions go to the end of the current block. Mutable variables of the source become SSA values as the function is built
 * (Braun et al., "Simple and Efficient Construction of Static Single Assignment Form", 2013): `write` and `read` a variable
 * anywhere, and `seal` a block once all branches to it exist. Where a read meets several predecessors a block parameter is made and its
 * arguments are filled from a work list, not by recursion; parameters that turn out to be needless go away in `finish`.
 */

import { DefinitionTable } from "./definitionTable.ts";
import { IrFunction, ValueFlag, noBlock, type Block, type Edge, type SignatureId, type SymbolId, type Value } from "./function.ts";
import type { Module } from "./module.ts";
import { Op, opEffects, opNames, opResult, Effect } from "./ops.ts";
import { Type, typeSize } from "./types.ts";
import { grown } from "./grown.ts";

export type Variable = number & { readonly brand: "Variable" };

export interface BuilderOptions {
  /** Variables live in stack slots instead: what `-O0` wants, which spends no time on block parameters. */
  readonly variablesInMemory: boolean;
}

export class Builder {
  f: IrFunction;
  current: Block = noBlock;
  /** Given to each instruction made from now on. */
  position = 0;
  /** Index into Module.inlineSites, given to each too: what is built stands for a call that was inlined. 0: for none. */
  get site(): number { return this.f.siteAtHand; }
  set site(site: number) { this.f.siteAtHand = site; }
  readonly module: Module;
  private readonly inMemory: boolean;

  private variableCount = 0;
  private variableType = new Uint8Array(32);
  /** In memory: the address of its slot. */
  private variableAddress = new Int32Array(32);
  private readonly definitions = new DefinitionTable();

  private sealed = new Uint8Array(32);
  /** Incoming edges of each block, as linked lists over edges. */
  private firstIncoming = new Int32Array(32);
  private nextIncoming = new Int32Array(32);
  private edgeSource = new Int32Array(32);

  /** Parameters made for variables: value, variable; those still without arguments; those of blocks not yet sealed. */
  private readonly made: number[] = [];
  private readonly madeVariable: number[] = [];
  private readonly pending: number[] = [];
  private readonly unsealed: number[] = [];

  constructor(module: Module, options: BuilderOptions = { variablesInMemory: false }) {
    this.module = module;
    this.inMemory = options.variablesInMemory;
    this.f = new IrFunction(0 as SymbolId, 0 as SignatureId);
  }

  /**
   * Begins the body of a declared function: the entry block with its parameters becomes current. Pass `reuse` to build into an emptied function, or
   * how many values it may have, if that is known about.
   */
  start(symbol: SymbolId, reuse?: IrFunction, values = 64): IrFunction {
    if (this.module.symbols[symbol]?.kind !== "function") throw new Error(`ir/builder.start: symbol ${symbol} is no function of the module`);
    const signature = this.module.functionSignatures[symbol] as SignatureId;
    if (reuse === undefined) this.f = new IrFunction(symbol, signature, values);
    else {
      reuse.reset(symbol, signature);
      this.f = reuse;
    }
    this.variableCount = 0;
    this.definitions.clear();
    this.made.length = 0;
    this.madeVariable.length = 0;
    this.pending.length = 0;
    this.unsealed.length = 0;
    const entry = this.block();
    this.seal(entry);
    this.switchTo(entry);
    for (const type of this.module.signatureOf(symbol).parameters) this.f.addParam(entry, type, this.position);
    return this.f;
  }

  /** Ends the function: needless block parameters are removed, and the body is stored in the module. */
  finish(): IrFunction {
    if (this.unsealed.length > 0) throw new Error(`ir/builder.finish: ${this.module.nameOf(this.f.symbol)}: block ${this.f.block[this.made[this.unsealed[0] as number] as number]}, which reads variables, was not sealed`);
    this.removeTrivialParams();
    this.module.functions.set(this.f.symbol, this.f);
    return this.f;
  }

  // ── blocks ──

  /** A new block, empty and with no way to it yet. */
  block(): Block {
    const block = this.f.newBlock();
    if (block >= this.sealed.length) {
      const sealed = new Uint8Array(this.sealed.length * 2);
      sealed.set(this.sealed);
      this.sealed = sealed;
      this.firstIncoming = grown(this.firstIncoming);
    }
    this.sealed[block] = 0;
    this.firstIncoming[block] = 0;
    return block;
  }

  /** What is emitted next goes to the end of `block`. */
  switchTo(block: Block): void {
    this.current = block;
  }

  /** The current block has its terminator: what follows in the source cannot be reached. */
  get terminated(): boolean {
    const last = this.f.last[this.current] as number;
    return last !== 0 && ((opEffects[this.f.op[last] as number] as number) & Effect.terminates) !== 0;
  }

  /** All branches to the block exist. */
  seal(block: Block): void {
    this.sealed[block] = 1;
    for (let i = 0; i < this.unsealed.length; ) {
      const index = this.unsealed[i] as number;
      if (this.f.block[this.made[index] as number] !== block) {
        i++;
        continue;
      }
      this.unsealed[i] = this.unsealed[this.unsealed.length - 1] as number;
      this.unsealed.pop();
      this.pending.push(index);
    }
    this.fillPending();
  }

  /** A branch to the block exists, or it is the entry. */
  hasIncoming(block: Block): boolean {
    return this.firstIncoming[block] !== 0 || block === this.f.order[0];
  }

  /** Takes the blocks that nothing branches to out of the function. They must not branch anywhere themselves. */
  dropUnreached(): void {
    const { f } = this;
    let kept = 1;
    for (let i = 1; i < f.order.length; i++) {
      const block = f.order[i] as Block;
      if (this.firstIncoming[block] !== 0) f.order[kept++] = block;
    }
    f.order.length = kept;
  }

  // ── variables ──

  /** A variable of the source, for `read` and `write` wherever it stands: the blocks' parameters come by themselves. At most 65,535 a function. */
  variable(type: Type): Variable {
    const variable = this.variableCount++;
    if (variable === this.variableType.length) {
      const types = new Uint8Array(variable * 2);
      types.set(this.variableType);
      this.variableType = types;
      this.variableAddress = grown(this.variableAddress);
    }
    this.variableType[variable] = type;
    const size = typeSize[type] as number;
    if (this.inMemory) this.variableAddress[variable] = this.f.slotAddress(this.f.slot(size, size));
    return variable as Variable;
  }

  /** The variable has this value from here on. */
  write(variable: Variable, value: Value): void {
    if (this.inMemory) this.store(value, this.variableAddress[variable] as Value, 0);
    else this.definitions.set(this.current, variable, value);
  }

  /** The variable's value here; 0 where no way here writes it. */
  read(variable: Variable): Value {
    if (this.inMemory) return this.load(this.variableType[variable] as Type, this.variableAddress[variable] as Value, 0);
    const value = this.lookUp(this.current, variable);
    this.fillPending();
    return value;
  }

  // ── instructions ──

  /** Any operation whose result type its row or its first operand tells. What a, b and c are, the row says (`ops.ts`); values are numbers, so verify what comes out. */
  emit(op: Op, a = 0, b = 0, c = 0): Value {
    const result = resultTypes[op] as number;
    if (result === stated) throw new Error(`ir/builder.emit: nothing tells the type of '${opNames[op] as string}'; use 'typed'`);
    return this.typed(op, result === same ? this.f.typeOf(a as Value) : (result as Type), a, b, c);
  }

  /** Any operation, with the type of its result (for `store` and its kin: of the stored value). */
  typed(op: Op, type: Type, a = 0, b = 0, c = 0): Value {
    return this.f.append(this.current, this.f.create(op, type, a, b, c, this.position));
  }

  /** What lies at `pointer + offset` bytes. */
  load(type: Type, pointer: Value, offset: number): Value {
    return this.typed(Op.load, type, pointer, offset);
  }

  /** Writes to `pointer + offset` bytes. */
  store(value: Value, pointer: Value, offset: number): void {
    this.typed(Op.store, this.f.typeOf(value), value, pointer, offset);
  }

  /** Calls a function; its first result is the value returned, further ones come by `result`. */
  call(symbol: SymbolId, args: ArrayLike<number>): Value {
    if (this.module.functionSignatures[symbol] === undefined) throw new Error(`ir/builder.call: symbol ${symbol} is no function of the module`);
    const type = this.module.signatureOf(symbol).results[0] ?? Type.void;
    const v = this.typed(Op.call, type, symbol, this.f.list(args));
    if (this.module.attributes[symbol]?.noreturn === true) this.f.flags[v] = ValueFlag.noreturn;
    return v;
  }

  /** Calls the function at an address; results as those of `call`. */
  callIndirect(pointer: Value, signature: SignatureId, args: ArrayLike<number>): Value {
    const called = this.module.signatures[signature];
    if (called === undefined) throw new Error(`ir/builder.callIndirect: the module has no signature ${signature}`);
    const type = called.results[0] ?? Type.void;
    return this.typed(Op["call.indirect"], type, pointer, this.f.list(args), signature);
  }

  /** Result `index` (from 1) of a call that was just made. */
  result(call: Value, index: number, type: Type): Value {
    return this.typed(Op.result, type, call, index);
  }

  /** A check: ends the program by the module's trap `trap` if `condition` (an i8) is not 0; its handler gets the operands. */
  trapIf(condition: Value, trap: number, operands?: ArrayLike<number>): void {
    this.typed(Op["trap.if"], Type.void, condition, trap, this.f.list(operands));
  }

  /** Ends the program by a trap, and the block with it. */
  trap(trap: number, operands?: ArrayLike<number>): void {
    this.typed(Op.trap, Type.void, trap, this.f.list(operands));
  }

  /** Ends the block: control does not come here. */
  unreachable(): void {
    this.typed(Op.unreachable, Type.void);
  }

  /** Ends the block; `args` are the values of the target's parameters. */
  jump(target: Block, args?: ArrayLike<number>): void {
    this.typed(Op.jump, Type.void, this.edge(target, args));
  }

  /** Ends the block: to `yes` if `condition` (an i8) is not 0, else to `no`. */
  branch(condition: Value, yes: Block, no: Block, yesArgs?: ArrayLike<number>, noArgs?: ArrayLike<number>): void {
    this.typed(Op.branch, Type.void, condition, this.edge(yes, yesArgs), this.edge(no, noArgs));
  }

  /** `cases` are constants of the value's type, which are kept as all constants are: sign-extended, whatever sign the front end sees in them. */
  switch(value: Value, cases: readonly { readonly low: number; readonly high: number; readonly target: Block }[], otherwise: Block): void {
    const table: number[] = [];
    const unused = 32 - 8 * Math.min(4, typeSize[this.f.typeOf(value)] as number);
    const isShort = this.f.typeOf(value) !== Type.i64;
    for (const { low, high, target } of cases) {
      const word = (low << unused) >> unused;
      table.push(word, isShort ? word >> 31 : high, this.edge(target));
    }
    this.typed(Op.switch, Type.void, value, this.f.list(table), this.edge(otherwise));
  }

  /** Ends the function with its results. */
  return(values?: ArrayLike<number>): void {
    this.typed(Op.return, Type.void, this.f.list(values));
  }

  /** An edge from the current block. */
  private edge(target: Block, args?: ArrayLike<number>): Edge {
    if (this.sealed[target] === 1 && this.firstIncoming[target] === 0 && target === this.f.order[0])
      throw new Error("ir/builder.edge: the entry block cannot be a target");
    const edge = this.f.edge(target, args);
    while (edge >= this.nextIncoming.length) {
      this.nextIncoming = grown(this.nextIncoming);
      this.edgeSource = grown(this.edgeSource);
    }
    this.edgeSource[edge] = this.current;
    this.nextIncoming[edge] = this.firstIncoming[target] as number;
    this.firstIncoming[target] = edge;
    return edge;
  }

  // ── construction of SSA ──

  /** The variable's value at the end of `from`. Where several ways meet that is a parameter, whose arguments `fillPending` finds. */
  private lookUp(from: Block, variable: Variable): Value {
    // Walk up single predecessors; note the definition on the way back so that the next look-up is short.
    let block = from;
    for (;;) {
      const known = this.definitions.find(block, variable);
      if (known !== 0) {
        if (block !== from) this.definitions.set(from, variable, known);
        return known;
      }
      const incoming = this.firstIncoming[block] as number;
      if (this.sealed[block] === 1 && incoming !== 0 && this.nextIncoming[incoming] === 0) {
        block = this.edgeSource[incoming] as Block;
        continue;
      }
      break;
    }
    const type = this.variableType[variable] as Type;
    // Not written on any path here: code that cannot be reached, or a front end's mistake that its own checks must exclude.
    if (this.sealed[block] === 1 && this.firstIncoming[block] === 0) {
      const zero = type === Type.f64 || type === Type.f32 ? this.f.constant(type, 0, 0) : this.f.int(type, 0);
      this.definitions.set(from, variable, zero);
      return zero;
    }
    const param = this.f.addParam(block, type, this.position);
    this.made.push(param);
    this.madeVariable.push(variable);
    (this.sealed[block] === 1 ? this.pending : this.unsealed).push(this.made.length - 1);
    this.definitions.set(block, variable, param);
    if (block !== from) this.definitions.set(from, variable, param);
    return param;
  }

  /** Gives the parameters of sealed blocks their arguments, which may need further parameters. */
  private fillPending(): void {
    for (let index = this.pending.pop(); index !== undefined; index = this.pending.pop()) {
      const block = this.f.block[this.made[index] as number] as Block;
      const variable = this.madeVariable[index] as Variable;
      const position = this.f.a[this.made[index] as number] as number;
      for (let edge = this.firstIncoming[block] as number; edge !== 0; edge = this.nextIncoming[edge] as number) {
        const value = this.lookUp(this.edgeSource[edge] as Block, variable);
        // Arguments arrive in any order while parameters are being made: keep each at its parameter's index.
        while ((this.f.edgeArgCount[edge] as number) <= position) this.f.addEdgeArg(edge as Edge, 0 as Value);
        this.f.setEdgeArg(edge as Edge, position, value);
      }
    }
  }

  /** Takes out parameters that are the same value from everywhere, until none is left. */
  private removeTrivialParams(): void {
    const { f, made } = this;
    if (made.length === 0) return;
    const replacement = new Int32Array(f.valueCount);
    let removed = 0;
    for (let changed = true; changed; ) {
      changed = false;
      for (const param of made) {
        if (replacement[param] !== 0) continue;
        let same = 0;
        let trivial = true;
        for (let edge = this.firstIncoming[f.block[param] as number] as number; edge !== 0 && trivial; edge = this.nextIncoming[edge] as number) {
          const arg = replacedBy(replacement, f.edgeArg(edge as Edge, f.a[param] as number));
          if (arg === param || arg === same) continue;
          trivial = same === 0;
          same = arg;
        }
        if (!trivial || same === 0) continue;
        replacement[param] = same;
        changed = true;
        removed++;
      }
    }
    if (removed === 0) return;
    f.substitute(replacement);
    const dead = new Uint8Array(f.valueCount);
    for (let v = 0; v < replacement.length; v++) if (replacement[v] !== 0) dead[v] = 1;
    f.removeParams(dead);
  }
}

/** What a value is replaced by in the end, or itself. */
function replacedBy(replacement: Int32Array, v: number): number {
  while (replacement[v] !== 0) v = replacement[v] as number;
  return v;
}

/** The type of an operation's result, by its number; `same` as the first operand's; `stated` by whoever makes the instruction. */
const same = 255;
const stated = 254;
export const resultTypes = new Uint8Array(opResult.map((result) => (result === "same" ? same : result === "type" ? stated : result === "none" ? Type.void : Type[result])));
