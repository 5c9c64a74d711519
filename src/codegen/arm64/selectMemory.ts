/** Selection of loads, stores, addresses, block operations and atomics. */
import { ValueFlag } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { ALONE, M } from "./machineOps.ts";
import { callNamed } from "../selectControl.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { isFloat, widthOfType } from "../selector.ts";

/** Copies and fills up to this many bytes are written out. */
const INLINE_BYTES = 128;

function load(s: Selector, v: number): void {
  const { f } = s;
  const width = widthOfType[f.type[v]];
  const result = s.result(v);
  s.prepareMemory(f.a[v], f.b[v], width);
  const row = s.row(isFloat(f.type[v]) ? M.fload : M.load, width, v);
  s.def(result);
  s.addMemory(row);
  if ((f.flags[v] & ValueFlag.volatile) !== 0) s.mf.extra[row] = ALONE;
}

function store(s: Selector, v: number): void {
  const { f } = s;
  const type = f.type[f.a[v]];
  const value = isFloat(type) ? s.inRegister(f.a[v]) : s.registerOrZero(f.a[v]);
  s.prepareMemory(f.b[v], f.c[v], widthOfType[type]);
  const row = s.row(isFloat(type) ? M.fstore : M.store, widthOfType[type], v);
  s.use(value);
  s.addMemory(row);
  if ((f.flags[v] & ValueFlag.volatile) !== 0) s.mf.extra[row] = ALONE;
}

function pointerAdd(s: Selector, v: number): void {
  s.sum(M.add, 3, s.result(v), s.f.a[v], s.f.b[v]);
}

function block(s: Selector, v: number, op: number, loop: number, name: string): void {
  const { f, mf } = s;
  const count = f.c[v];
  const size = f.op[count] === Op.const && f.b[count] === 0 && f.a[count] >= 0 && f.a[count] <= INLINE_BYTES ? f.a[count] : -1;
  if (size === 0) return;
  const whole = size === 1 || size === 2 || size === 4 || size === 8 || size === 16;
  if (size > 0 && (loop !== M.moveLoop || whole) && (op !== M.fillBlock || f.op[f.b[v]] === Op.const)) {
    const to = s.inRegister(f.a[v]);
    const from = op === M.fillBlock ? 0 : s.inRegister(f.b[v]);
    const row = s.row(op, 3, v);
    s.use(to);
    if (op === M.copyBlock) s.use(from);
    else mf.extra[row] = f.a[f.b[v]] & 255;
    mf.immediate[row] = size;
    return;
  }
  const symbol = s.context.module.find(name);
  if (symbol !== undefined) {
    callNamed(s, v, symbol, [f.a[v], f.b[v], f.c[v]]);
    return;
  }
  const [to, from, bytes] = [s.inRegister(f.a[v]), s.inRegister(f.b[v]), s.inRegister(f.c[v])];
  s.row(loop, 3, v);
  s.earlyDef(mf.newRegister(0));
  s.use(to);
  s.use(from);
  s.use(bytes);
}

function atomic(op: number) {
  return (s: Selector, v: number): void => {
    const { f } = s;
    const isStore = op === M.atomicStore;
    const address = s.inRegister(isStore ? f.b[v] : f.a[v]);
    const first = isStore ? s.inRegister(f.a[v]) : op === M.atomicLoad ? 0 : op === M.atomicCompare ? s.widened(f.b[v], false) : s.inRegister(f.b[v]);
    const second = op === M.atomicCompare ? s.inRegister(f.c[v]) : 0;
    const result = isStore ? 0 : s.result(v);
    s.row(op, widthOfType[isStore ? f.type[f.a[v]] : f.type[v]], v);
    if (!isStore) s.earlyDef(result);
    s.use(address);
    if (first !== 0) s.use(first);
    if (second !== 0) s.use(second);
  };
}

export const memorySelectors: SelectHandlers = {
  [Op.load]: load, [Op.store]: store, [Op["ptr.add"]]: pointerAdd,
  [Op.copy]: (s, v) => block(s, v, M.copyBlock, M.copyLoop, "lang_memcpy"),
  [Op.move]: (s, v) => block(s, v, M.copyBlock, M.moveLoop, "lang_memmove"),
  [Op.fill]: (s, v) => block(s, v, M.fillBlock, M.fillLoop, "lang_memset"),
  [Op["atomic.load"]]: atomic(M.atomicLoad), [Op["atomic.store"]]: atomic(M.atomicStore), [Op["atomic.add"]]: atomic(M.atomicAdd),
  [Op["atomic.swap"]]: atomic(M.atomicSwap), [Op["atomic.cas"]]: atomic(M.atomicCompare), [Op.fence]: (s, v) => void s.row(M.fence, 3, v),
};
