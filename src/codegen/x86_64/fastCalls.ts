/** -O0: calls, results, system calls, returns, and the stubs of failed checks. */

import type { Label } from "../../../encoders/codeBuffer.ts";
import { DISP32, R10, R8, R9, RAX, RDI, RDX, RSI, RSP } from "../../../encoders/x86_64/registers.ts";
import type { List, SymbolId } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import type { Signature } from "../../ir/module.ts";
import { directTarget } from "../target.ts";
import { XMM0, windowsTwin } from "./convention.ts";
import type { CountedPlacement } from "./convention.ts";
import type { FastCompiler, Handlers } from "./fast.ts";
import { testCondition } from "./fastCompare.ts";
import { FLOAT_SCRATCH, SCRATCH } from "./fastState.ts";
import * as rows from "./rows.ts";
import { emitCarryToSign, emitJoin, emitJump, emitPart } from "./sequences.ts";
import { grown } from "../../ir/grown.ts";

const NONE = -1;

/** Moves still to do between registers: both columns, and how many. */
const moveTo = new Int32Array(64);
const moveFrom = new Int32Array(64);

/** Does `count` register moves as if all at once. Cycles are broken by an exchange, or through the float scratch register. */
function parallelMoves(c: FastCompiler, count: number): void {
  while (count > 0) {
    let progress = false;
    for (let i = 0; i < count; i++) {
      const to = moveTo[i];
      let blocked = false;
      for (let j = 0; j < count; j++) if (j !== i && moveFrom[j] === to) blocked = true;
      if (blocked && to !== moveFrom[i]) continue;
      if (to !== moveFrom[i]) c.move(to, moveFrom[i]);
      count--;
      moveTo[i] = moveTo[count];
      moveFrom[i] = moveFrom[count];
      progress = true;
      i--;
    }
    if (progress || count === 0) continue;
    // Only cycles are left. After an exchange, who wanted `to` finds it in `from`.
    const to = moveTo[0];
    const from = moveFrom[0];
    if (to < XMM0) {
      c.asm.rr(rows.xchg[3], to, from);
      for (let j = 0; j < count; j++) moveFrom[j] = moveFrom[j] === to ? from : moveFrom[j] === from ? to : moveFrom[j];
    } else {
      c.move(XMM0 + FLOAT_SCRATCH, to);
      for (let j = 0; j < count; j++) if (moveFrom[j] === to) moveFrom[j] = XMM0 + FLOAT_SCRATCH;
    }
  }
}

/** Brings `count` values, from `values[first]` on, to their places: registers to registers first, then what comes from memory or is constant. */
function bring(c: FastCompiler, values: Int32Array, first: number, count: number, places: ArrayLike<number>): void {
  for (let i = 0; i < count; i++) {
    const place = places[i];
    if (place >= 0) continue;
    const v = values[first + i];
    const at = -1 - place;
    if (c.f.op[v] === Op.const && !c.isFloat(v) && c.isImmediate(v, 3)) c.asm.mi(rows.movRm64I32, RSP, NONE, 0, at, c.f.a[v]);
    else if (c.regOf[v] >= 0) c.storeRegister(c.regOf[v], at);
    else {
      const scratch = c.isFloat(v) ? XMM0 + FLOAT_SCRATCH : SCRATCH;
      c.copyTo(scratch, v, false);
      c.storeRegister(scratch, at);
    }
  }
  let moves = 0;
  for (let i = 0; i < count; i++) {
    const place = places[i];
    const from = c.regOf[values[first + i]];
    if (place < 0 || from < 0) continue;
    moveTo[moves] = place;
    moveFrom[moves++] = from;
  }
  parallelMoves(c, moves);
  for (let i = 0; i < count; i++) {
    const place = places[i];
    const v = values[first + i];
    if (place >= 0 && c.regOf[v] < 0) c.copyTo(place, v, false);
  }
}

/** Stores every value that is needed after a call. Uses of the call itself must have been taken off. */
function saveAll(c: FastCompiler): void {
  for (let mask = c.occupied; mask !== 0; mask &= mask - 1) {
    const v = c.contents[31 - Math.clz32(mask & -mask)];
    if (c.uses[v] > 0 && c.stored[v] === 0) c.store(v);
  }
}

/** Uses that the call makes are over, but registers keep their values until it is made. */
function takeOff(c: FastCompiler, list: number): void {
  const { f } = c;
  if (list === 0) return;
  for (let i = list + 1, end = list + 1 + f.pool[list]; i < end; i++) c.uses[f.pool[i]]--;
}

function afterCall(c: FastCompiler, list: number): void {
  const { f } = c;
  c.emptyRegisters();
  c.locked = 0;
  if (list === 0) return;
  for (let i = list + 1, end = list + 1 + f.pool[list]; i < end; i++) {
    const v = f.pool[i];
    if (c.uses[v] > 0) continue;
    c.uses[v] = 1;
    c.release(v);
  }
}

function recordSite(c: FastCompiler, position: number, site: number): void {
  c.context.trace.addSite(c.asm.length, position, site, 0);
}

/** Results of a call: the first is the call's own value, the others are `result` instructions behind it. */
function takeResults(c: FastCompiler, v: number, placement: CountedPlacement): void {
  const { f } = c;
  const { places } = placement;
  for (let i = 0; i < places.length; i++) c.locked |= 1 << places[i];
  if (places.length > 0) c.define(v, places[0]);
  for (let next = f.next[v]; next !== 0 && f.op[next] === Op.result; next = f.next[next]) c.define(next, places[f.b[next]]);
}

function call(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const { module } = c.context;
  const named = f.op[v] === Op.call;
  const symbol = named ? f.a[v] : directTarget(f, f.a[v]);
  const direct = symbol >= 0;
  const id = (named ? module.functionSignatures[symbol] : f.c[v]) as number;
  const signature = module.signatures[id] as Signature;
  const list = f.b[v];
  const placement = c.callPlacement(v);
  takeOff(c, list);
  if (!direct) c.uses[f.a[v]]--;
  saveAll(c);
  if (!direct) c.copyTo(SCRATCH, f.a[v], false);
  // The scratch register is taken, so a stack argument that needs one would clash: those of indirect calls go by way of rax first.
  if (!direct && placement.stackSize > 0) {
    c.storeRegister(SCRATCH, spareHome(c));
    bring(c, f.pool, list + 1, f.listLength(list as List), placement.places);
    c.loadRegister(SCRATCH, spareHome(c));
  } else bring(c, f.pool, list + 1, f.listLength(list as List), placement.places);
  if (signature.variadic) {
    asm.ri(rows.movR32I32, RAX, placement.floatRegisters);
    if (c.context.options.platform?.calls === "windows" && signature.passing === undefined) for (const place of placement.places) if (windowsTwin(place) >= 0) c.move(windowsTwin(place), place);
  }
  if (direct) asm.callSymbol(symbol);
  else asm.r(rows.callRegister, SCRATCH);
  recordSite(c, f.position[v], f.site[v]);
  const results = c.placements.resultsOf(id, signature);
  if (results.inOneRegister === true) emitPart(asm);
  afterCall(c, list);
  if (!direct && c.uses[f.a[v]] === 0) {
    c.uses[f.a[v]] = 1;
    c.release(f.a[v]);
  }
  takeResults(c, v, results);
}

function spareHome(c: FastCompiler): number {
  if (c.spareAt < 0) {
    c.spareAt = c.frameUsed;
    c.frameUsed += 8;
  }
  return c.spareAt;
}

/** What a routine of the front end is called with. */
const passed = new Int32Array(8);

/** Calls a routine of the front end with these values: for copy, move and fill. */
export function callSymbolWith(c: FastCompiler, v: number, symbol: SymbolId, args: readonly number[]): void {
  const { module } = c.context;
  const id = module.functionSignatures[symbol] as number;
  const placement = c.placements.argumentsOf(id, module.signatures[id] as Signature);
  for (const arg of args) c.uses[arg]--;
  saveAll(c);
  for (let i = 0; i < args.length; i++) passed[i] = args[i];
  bring(c, passed, 0, args.length, placement.places);
  c.asm.callSymbol(symbol);
  recordSite(c, c.f.position[v], c.f.site[v]);
  afterCall(c, 0);
  for (const arg of args) {
    if (c.uses[arg] > 0) continue;
    c.uses[arg] = 1;
    c.release(arg);
  }
}

const syscallPlaces = [RAX, RDI, RSI, RDX, R10, R8, R9];

/** Linux and macOS: number in rax, arguments in rdi rsi rdx r10 r8 r9; rcx and r11 are lost. */
function systemCall(c: FastCompiler, v: number): void {
  const { f } = c;
  const list = f.b[v];
  takeOff(c, list);
  saveAll(c);
  bring(c, f.pool, list + 1, f.listLength(list as List), syscallPlaces);
  c.asm.op(rows.syscall);
  emitCarryToSign(c.asm, c.platform);
  afterCall(c, list);
  c.define(v, RAX);
}

function nothing(): void {}

function frameAddress(c: FastCompiler, v: number): void {
  const register = c.allocate(false);
  c.asm.rm(rows.lea64, register, RSP, NONE, DISP32, 0);
  c.patchFrame(0);
  c.define(v, register);
}

/** Brings the values of a `return` to where the convention has results. */
export function returnValues(c: FastCompiler, v: number): void {
  const { f } = c;
  const list = f.a[v];
  if (list === 0) return;
  const { module } = c.context;
  const placement = c.placements.resultsOf(f.signature, module.signatures[f.signature] as Signature);
  bring(c, f.pool, list + 1, f.listLength(list as List), placement.places);
  if (placement.inOneRegister === true) emitJoin(c.asm);
  takeOff(c, list);
}

// ── failed checks ──

/** Places of a stub's operands, as (kind, number): a register, a home, or a value that needs none. */
const IN_REGISTER = 0;
const IN_HOME = 1;
const ANYWHERE = 2;

/** Jumps to a stub if the flags say so. The operands are those of `list`; they must have places already, flags are live. */
export function branchToTrap(c: FastCompiler, condition: number, trap: number, v: number, list: number): void {
  emitJump(c.asm, condition, newStub(c, trap, v, list));
}

function newStub(c: FastCompiler, trap: number, v: number, list: number): Label {
  const { stubs, f } = c;
  const at = stubs.count++;
  if (at === stubs.label.length) growStubs(c);
  const label = c.asm.newLabel();
  stubs.label[at] = label;
  stubs.trap[at] = trap;
  stubs.position[at] = f.position[v];
  stubs.site[at] = f.site[v];
  stubs.firstOperand[at] = c.stubOperands.length;
  const count = list === 0 ? 0 : f.pool[list];
  stubs.operandCount[at] = count;
  for (let i = 0; i < count; i++) {
    const operand = f.pool[list + 1 + i];
    const register = c.regOf[operand];
    if (register >= 0) c.stubOperands.push(IN_REGISTER, register);
    else if (c.needsNoPlace(operand)) c.stubOperands.push(ANYWHERE, operand);
    else c.stubOperands.push(IN_HOME, c.home(operand));
  }
  return label;
}

/** `trap.if`: a jump to a stub behind the function where the condition holds. */
export function trapIf(c: FastCompiler, v: number): void {
  const { f } = c;
  const list = f.c[v];
  const count = list === 0 ? 0 : f.pool[list];
  // Comparing releases its operands; those of the message must outlive that.
  const condition = testCondition(c, f.a[v]);
  branchToTrap(c, condition, f.b[v], v, list);
  for (let i = 0; i < count; i++) c.release(f.pool[list + 1 + i]);
}

/** `trap`: a jump to a stub behind the function. */
export function trapNow(c: FastCompiler, v: number): void {
  c.asm.jump(newStub(c, c.f.a[v], v, c.f.b[v]));
}

/** Writes the stubs behind the function's code: operands to argument registers, then the call of the handler, which does not return. */
export function emitStubs(c: FastCompiler): void {
  const { asm, stubs, stubOperands } = c;
  const { module } = c.context;
  for (let s = 0; s < stubs.count; s++) {
    asm.bind(stubs.label[s] as Label);
    const handler = module.traps[stubs.trap[s]]?.handler;
    if (handler === undefined) {
      asm.op(rows.ud2);
      continue;
    }
    const id = module.functionSignatures[handler] as number;
    const placement = c.placements.argumentsOf(id, module.signatures[id] as Signature);
    const { places } = placement;
    const first = stubs.firstOperand[s];
    const count = Math.min(stubs.operandCount[s], places.length);
    let moves = 0;
    for (let i = 0; i < count; i++) {
      if (stubOperands[first + 2 * i] !== IN_REGISTER) continue;
      moveTo[moves] = places[i];
      moveFrom[moves++] = stubOperands[first + 2 * i + 1];
    }
    if (moves > 0) parallelMoves(c, moves);
    for (let i = 0; i < count; i++) {
      const kind = stubOperands[first + 2 * i];
      const operand = stubOperands[first + 2 * i + 1];
      if (kind === IN_HOME) c.loadRegister(places[i], operand);
      else if (kind === ANYWHERE) c.materialize(places[i], operand, false);
    }
    asm.callSymbol(handler);
    recordSite(c, stubs.position[s], stubs.site[s]);
  }
  if (stubs.count > 0) asm.op(rows.ud2);
}

function growStubs({ stubs }: FastCompiler): void {
  stubs.label = grown(stubs.label);
  stubs.trap = grown(stubs.trap);
  stubs.position = grown(stubs.position);
  stubs.site = grown(stubs.site);
  stubs.firstOperand = grown(stubs.firstOperand);
  stubs.operandCount = grown(stubs.operandCount);
}

export const callHandlers: Handlers = [
  [Op.call, call],
  [Op["call.indirect"], call],
  [Op.result, nothing],
  [Op.syscall, systemCall],
  [Op["frame.address"], frameAddress],
];

