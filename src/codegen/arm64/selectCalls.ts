/** Selection of calls, system calls and switches. */

import type { Value } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { addArguments, addResults, calledBy, controlSelectors, listItems } from "../selectControl.ts";
import { V0 } from "./convention.ts";
import type { Placement } from "../selector.ts";
import { M } from "./machineOps.ts";
import { CLOBBER_CALL, CLOBBER_SECOND } from "./registerFile.ts";
import type { SelectHandlers, Selector } from "./select.ts";
import { isFloat, widthOfType } from "../selector.ts";

/** Stack arguments are stored first, the first `packed` with their own sizes; the rest is uses in fixed registers, which the caller adds to its row. */
function storeStackArguments(s: Selector, v: number, args: readonly number[], placement: Placement, packed: number): void {
  const { f, mf } = s;
  if (placement.stackSize > s.outgoing) s.outgoing = placement.stackSize;
  for (let i = 0; i < args.length; i++) {
    const place = placement.places[i];
    if (place >= 0) continue;
    const type = f.type[args[i]];
    const register = isFloat(type) ? s.inRegister(args[i]) : s.registerOrZero(args[i]);
    const row = s.row(M.storeOutgoing, isFloat(type) || i < packed ? widthOfType[type] : 3, v);
    mf.displacement[row] = -1 - place;
    s.use(register);
  }
}

/** Windows' variadic calls take floating arguments in integer registers: makes them there, before the call's row. */
function asIntegers(s: Selector, args: readonly number[], placement: Placement): (register: number, i: number) => number {
  const { f, mf } = s;
  const made = args.map((arg, i) => {
    if (!isFloat(f.type[arg]) || placement.places[i] < 0 || placement.places[i] >= V0) return 0;
    const register = mf.newRegister(0);
    s.unary(M.fromFloatBits, widthOfType[f.type[arg]], register, s.inRegister(arg));
    return register;
  });
  return (register, i) => (made[i] === 0 ? register : made[i]);
}

/** Whether nothing follows the call: whoever makes it needs no frame. */
function endsProgram(s: Selector, v: number): boolean {
  const { f } = s;
  return f.op[f.next[v]] === Op.unreachable;
}

function call(s: Selector, v: number): void {
  const { f, mf, context } = s;
  const { symbol, id, signature } = calledBy(s, v);
  const direct = symbol >= 0;
  const args = listItems(s, f.b[v]);
  const placement = s.placements.ofCall(f, f.b[v], id, signature);
  const results = s.placements.resultsOf(id, signature).places;
  if (!endsProgram(s, v)) s.hasCalls = true;
  storeStackArguments(s, v, args, placement, signature.convention === "c" && context.options.platform?.calls === "apple" ? signature.parameters.length : 0);
  const integers = signature.variadic && signature.passing === undefined ? asIntegers(s, args, placement) : undefined;
  const target = direct ? 0 : s.inRegister(f.a[v]);
  const row = s.row(direct ? M.call : M.callRegister, 3, v);
  mf.clobbers[row] = CLOBBER_CALL;
  if (direct) mf.symbol[row] = symbol;
  else s.use(target);
  addResults(s, v, results);
  if (integers === undefined) return addArguments(s, args, placement);
  args.forEach((arg, i) => {
    if (placement.places[i] >= 0) s.useFixed(integers(s.registerOrConstant(arg), i), placement.places[i]);
  });
}

const syscallPlaces = { places: Int32Array.of(8, 0, 1, 2, 3, 4, 5), stackSize: 0 };

/** Number in x8, arguments from x0 on, result in x0; Linux keeps all else, macOS may have a second result. */
function systemCall(s: Selector, v: number): void {
  const row = s.row(M.syscall, 3, v);
  if (s.context.options.platform?.systemCalls === "carry") s.mf.clobbers[row] = CLOBBER_SECOND;
  s.defFixed(s.registerOf[v], 0);
  addArguments(s, listItems(s, s.f.b[v]), syscallPlaces);
}

function frameAddress(s: Selector, v: number): void {
  s.hasCalls = true; // the return address must lie in memory
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
  mf.extra[row] = v;
  mf.moveWidth[row] = width < 2 && s.isClean(f.a[v]) ? 1 : 0; // zeros above it
}

export const callSelectors: SelectHandlers = {
  ...controlSelectors,
  [Op.call]: call,
  [Op["call.indirect"]]: call,
  [Op.syscall]: systemCall,
  [Op["frame.address"]]: frameAddress,
  [Op.switch]: switchOn,
};
