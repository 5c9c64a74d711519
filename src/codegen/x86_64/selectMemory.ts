/** Selection of loads, stores, addresses, block operations and atomics. */

import { RAX, RCX, RDI, RSI } from "../../../encoders/x86_64/registers.ts";
import { Op } from "../../ir/ops.ts";
import { Constraint, Role } from "../machine.ts";
import { M } from "./machineOps.ts";
import { callNamed } from "../selectControl.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { isFloat, widthOfType } from "../selector.ts";

/** Copies and fills up to this many bytes are written out. */
const INLINE_BYTES = 128;

function load(s: Selector, v: number): void {
  const { f } = s;
  const type = f.type[v];
  const result = s.result(v);
  s.prepareMemory(f.a[v], f.b[v]);
  const row = s.row(isFloat(type) ? M.fload : M.load, widthOfType[type], v);
  s.def(result);
  s.addMemory(row);
}

function store(s: Selector, v: number): void {
  const { f, mf } = s;
  const value = s.strip(f.a[v]);
  const type = f.type[f.a[v]];
  const width = widthOfType[type];
  const constantFloat = f.op[value] === Op.const && isFloat(type) && (width === 2 || f.b[value] === f.a[value] >> 31);
  if (s.isImmediate(value, width) || constantFloat) {
    s.prepareMemory(f.b[v], f.c[v]);
    const row = s.row(M.storeImmediate, width, v);
    s.addMemory(row);
    mf.immediate[row] = s.immediateOf(value, width);
    return;
  }
  const register = s.inRegister(value);
  s.prepareMemory(f.b[v], f.c[v]);
  const row = s.row(isFloat(type) ? M.fstore : M.store, width, v);
  s.use(register);
  s.addMemory(row);
}

/** Pointer arithmetic whose result is wanted in a register. */
function pointerAdd(s: Selector, v: number): void {
  const { f, mf } = s;
  const a = s.strip(f.a[v]);
  const b = s.strip(f.b[v]);
  // An addition in place if the pointer ends here.
  if (!s.isConstant(a) && s.uses[a] === 1 && (s.isImmediate(b, 3) || (!s.isConstant(b) && f.op[b] !== Op.shl && f.op[b] !== Op.mul)) && f.op[a] !== Op["ptr.add"]) {
    const immediate = s.isImmediate(b, 3);
    const second = immediate ? 0 : s.inRegister(b);
    const row = s.row(M.add, 3, v);
    s.defTied(s.result(v), s.register(a));
    if (immediate) {
      mf.immediate[row] = f.a[b];
      mf.extra[row] = 1;
    } else s.useAny(second);
    return;
  }
  const result = s.result(v);
  s.prepareMemory(v, 0);
  const row = s.row(M.lea, 3, v);
  s.def(result);
  s.addMemory(row);
}

// ── block operations ──

/** A constant count up to the limit, else -1. */
function smallCount(s: Selector, v: number): number {
  const { f } = s;
  return f.op[v] === Op.const && f.b[v] === 0 && f.a[v] >= 0 && f.a[v] <= INLINE_BYTES ? f.a[v] : -1;
}

function copy(s: Selector, v: number): void {
  const { f, mf } = s;
  const size = smallCount(s, f.c[v]);
  if (size === 0) return;
  if (size < 0) {
    blockCall(s, v, "lang_memcpy", M.repeatMove, RSI);
    return;
  }
  const [to, from] = [s.inRegister(f.a[v]), s.inRegister(f.b[v])];
  const row = s.row(M.copyBlock, 3, v);
  s.scratch(0);
  s.use(to);
  s.use(from);
  mf.immediate[row] = size;
}

function move(s: Selector, v: number): void {
  const { f, mf } = s;
  const size = smallCount(s, f.c[v]);
  if (size === 0) return;
  // One piece is read whole before it is written.
  if (size === 1 || size === 2 || size === 4 || size === 8 || size === 16) {
    const [to, from] = [s.inRegister(f.a[v]), s.inRegister(f.b[v])];
    const row = s.row(M.copyBlock, 3, v);
    s.scratch(0);
    s.use(to);
    s.use(from);
    mf.immediate[row] = size;
    return;
  }
  blockCall(s, v, "lang_memmove", M.moveBlock, RSI);
}

function fill(s: Selector, v: number): void {
  const { f, mf } = s;
  const size = smallCount(s, f.c[v]);
  if (size === 0) return;
  const byte = f.b[v];
  if (size < 0 || f.op[byte] !== Op.const) {
    blockCall(s, v, "lang_memset", M.repeatFill, RAX);
    return;
  }
  const to = s.inRegister(f.a[v]);
  const row = s.row(M.fillBlock, 3, v);
  s.scratch(0);
  s.use(to);
  mf.immediate[row] = size;
  mf.extra[row] = f.a[byte] & 255;
}

/** The front end's routine where it is declared, else a string instruction with its operands in rdi, `second` and rcx. */
function blockCall(s: Selector, v: number, name: string, op: number, second: number): void {
  const { f, mf } = s;
  const args = [f.a[v], f.b[v], f.c[v]];
  const small = s.context.options.level === "Os" && op !== M.moveBlock;
  const symbol = small ? undefined : s.context.module.find(name);
  if (symbol !== undefined) {
    callNamed(s, v, symbol, args);
    return;
  }
  const [to, middle, count] = args.map((arg) => s.registerOrConstant(arg)) as [number, number, number];
  s.row(op, 3, v);
  // All three are changed, or may be.
  mf.operand(0, Role.def, Constraint.fixed, RDI);
  mf.operand(0, Role.def, Constraint.fixed, second);
  mf.operand(0, Role.def, Constraint.fixed, RCX);
  if (op === M.moveBlock) s.scratch(0);
  s.useFixed(to, RDI);
  s.useFixed(middle, second);
  s.useFixed(count, RCX);
}

// ── atomics ──

function atomicLoad(s: Selector, v: number): void {
  const { f } = s;
  const result = s.result(v);
  s.prepareMemory(f.a[v], 0);
  const row = s.row(M.load, widthOfType[f.type[v]], v);
  s.def(result);
  s.addMemory(row);
}

function atomicStore(s: Selector, v: number): void {
  const { f, mf } = s;
  const value = s.registerOrConstant(f.a[v]);
  s.prepareMemory(f.b[v], 0);
  const row = s.row(M.atomicStore, widthOfType[f.type[f.a[v]]], v);
  s.defTied(mf.newRegister(0), value);
  s.addMemory(row);
}

function atomicExchange(op: number) {
  return (s: Selector, v: number): void => {
    const { f } = s;
    const value = s.registerOrConstant(f.b[v]);
    s.prepareMemory(f.a[v], 0);
    const row = s.row(op, widthOfType[f.type[v]], v);
    s.defTied(s.result(v), value);
    s.addMemory(row);
  };
}

function atomicCompare(s: Selector, v: number): void {
  const { f } = s;
  const expected = s.registerOrConstant(f.b[v]);
  const fresh = s.inRegister(f.c[v]);
  s.prepareMemory(f.a[v], 0);
  const row = s.row(M.atomicCompare, widthOfType[f.type[v]], v);
  s.defFixed(s.result(v), RAX);
  s.useFixed(expected, RAX);
  s.use(fresh);
  s.addMemory(row);
}

function fence(s: Selector, v: number): void {
  s.row(M.fence, 3, v);
}

export const memorySelectors: SelectHandlers = {
  [Op.load]: load,
  [Op.store]: store,
  [Op["ptr.add"]]: pointerAdd,
  [Op.copy]: copy,
  [Op.move]: move,
  [Op.fill]: fill,
  [Op["atomic.load"]]: atomicLoad,
  [Op["atomic.store"]]: atomicStore,
  [Op["atomic.add"]]: atomicExchange(M.atomicAdd),
  [Op["atomic.swap"]]: atomicExchange(M.atomicSwap),
  [Op["atomic.cas"]]: atomicCompare,
  [Op.fence]: fence,
};
