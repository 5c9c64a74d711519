/** Selection of calls, system calls and switches. */

import { R10, R8, R9, RAX, RDI, RDX, RSI } from "../../../encoders/x86_64/registers.ts";
import type { Value } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { addArguments, addResults, calledBy, controlSelectors, listItems } from "../selectControl.ts";
import { windowsTwin } from "./convention.ts";
import type { CountedPlacement } from "./convention.ts";
import { M } from "./machineOps.ts";
import { CLOBBER_CALL, CLOBBER_SYSCALL, CLOBBER_SYSCALL_TWO } from "./registerFile.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { isFloat, widthOfType } from "../selector.ts";

/** Stack arguments are stored first; the rest is uses in fixed registers, which the caller adds to its row. */
function storeStackArguments(s: Selector, v: number, args: readonly number[], placement: CountedPlacement): void {
  const { f, mf } = s;
  if (placement.stackSize > s.outgoing) s.outgoing = placement.stackSize;
  for (let i = 0; i < args.length; i++) {
    const place = placement.places[i];
    if (place >= 0) continue;
    const immediate = s.isImmediate(args[i], 3);
    const register = immediate ? 0 : s.inRegister(args[i]);
    const row = s.row(M.storeOutgoing, isFloat(f.type[args[i]]) ? 2 + (widthOfType[f.type[args[i]]] - 2) : 3, v);
    mf.displacement[row] = -1 - place;
    if (immediate) {
      mf.immediate[row] = f.a[args[i]];
      mf.extra[row] = 1;
    } else s.use(register);
  }
}

function call(s: Selector, v: number): void {
  const { f, mf, context } = s;
  const { symbol, id, signature } = calledBy(s, v);
  const direct = symbol >= 0;
  const args = listItems(s, f.b[v]);
  const placement = s.placements.ofCall(f, f.b[v], id, signature);
  const results = s.placements.resultsOf(id, signature);
  s.hasCalls = true;
  storeStackArguments(s, v, args, placement);
  const twins = signature.variadic && signature.passing === undefined && context.options.platform?.calls === "windows" ? makeTwins(s, args, placement) : [];
  const target = direct ? 0 : s.inRegister(f.a[v]);
  const row = s.row(direct ? M.call : M.callRegister, 3, v);
  mf.clobbers[row] = CLOBBER_CALL;
  if (direct) mf.symbol[row] = symbol;
  else s.useAny(target);
  if (signature.variadic) {
    mf.immediate[row] = 1 + placement.floatRegisters;
    s.useFixed(0, RAX);
  }
  if (results.inOneRegister === true) mf.extra[row] = 1;
  addResults(s, v, results.places);
  addArguments(s, args, placement);
  for (const { register, place } of twins) s.useFixed(register, place);
}

/** Windows' variadic calls: floating arguments in integer registers too, before the call's row. */
function makeTwins(s: Selector, args: readonly number[], placement: CountedPlacement): { readonly register: number; readonly place: number }[] {
  const { f, mf } = s;
  return args.flatMap((arg, i) => {
    const place = windowsTwin(placement.places[i]);
    if (place < 0) return [];
    const register = mf.newRegister(0);
    const from = s.inRegister(arg);
    s.row(M.fromFloatBits, widthOfType[f.type[arg]], s.root);
    s.def(register);
    s.use(from);
    return [{ register, place }];
  });
}

const syscallPlaces = { places: Int32Array.of(RAX, RDI, RSI, RDX, R10, R8, R9), stackSize: 0, floatRegisters: 0 };

/** Linux and macOS: number in rax, arguments in rdi rsi rdx r10 r8 r9, result in rax; rcx and r11 are lost. */
function systemCall(s: Selector, v: number): void {
  const row = s.row(M.syscall, 3, v);
  s.mf.clobbers[row] = s.context.options.platform?.systemCalls === "carry" ? CLOBBER_SYSCALL_TWO : CLOBBER_SYSCALL;
  s.defFixed(s.registerOf[v], RAX);
  addArguments(s, listItems(s, s.f.b[v]), syscallPlaces);
}

function frameAddress(s: Selector, v: number): void {
  s.row(M.frameAddress, 3, v);
  s.def(s.result(v));
}

/** A table where the cases lie close, else comparisons one by one: a tree is left to an optimiser's pass. */
function switchOn(s: Selector, v: number): void {
  const { f, mf } = s;
  const width = widthOfType[f.type[f.a[v]]];
  if (f.switchCount(v as Value) === 0) {
    s.row(M.jump, 3, v);
    return;
  }
  const value = s.inRegister(f.a[v]);
  const row = s.row(M.switch, width, v);
  s.use(value);
  s.scratch(0);
  s.scratch(0);
  mf.extra[row] = v;
}

export const callSelectors: SelectHandlers = {
  ...controlSelectors,
  [Op.call]: call,
  [Op["call.indirect"]]: call,
  [Op.syscall]: systemCall,
  [Op["frame.address"]]: frameAddress,
  [Op.switch]: switchOn,
};
