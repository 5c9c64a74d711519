/** Selection of what every architecture does alike about calls and control: the function's entry, its end, jumps, arguments and results in their places. */
import type { SymbolId } from "../ir/function.ts";
import type { Signature } from "../ir/module.ts";
import { Op } from "../ir/ops.ts";
import { Constraint, Role } from "./machine.ts";
import { widthOfType } from "./selector.ts";
import type { Placement, SelectorBase } from "./selector.ts";
import { directTarget } from "./target.ts";

/** The function's parameters arrive: `first` is the first of them, 0 if there are none. */
function enter(s: SelectorBase, first: number): void {
  const { f, mf, context } = s;
  const signature = context.module.signatures[f.signature] as Signature;
  const { places } = s.placements.argumentsOf(f.signature, signature);
  s.row(s.codes.enter, 3, 0);
  let index = 0;
  for (let p = first; p !== 0; p = f.next[p]) {
    const place = places[index++];
    if (place >= 0) mf.operand(s.registerOf[p], Role.def, Constraint.fixed, place);
  }
  index = 0;
  for (let p = first; p !== 0; p = f.next[p]) {
    const place = places[index++];
    if (place >= 0 || s.registerOf[p] === 0) continue;
    const row = s.row(s.codes.loadIncoming, widthOfType[f.type[p]], 0);
    mf.immediate[row] = -1 - place;
    s.def(s.registerOf[p]);
  }
}

/** Adds those arguments to the call's row that travel in registers. */
export function addArguments(s: SelectorBase, args: readonly number[], placement: Placement): void {
  for (let i = 0; i < args.length; i++) {
    const place = placement.places[i];
    if (place >= 0) s.useFixed(s.registerOrConstant(args[i]), place);
  }
}

/** Adds the results that are used to the row of call `v`. */
export function addResults(s: SelectorBase, v: number, results: Placement["places"]): void {
  const { f } = s;
  if (results.length > 0) s.defFixed(s.registerOf[v], results[0]);
  for (let next = f.next[v]; next !== 0 && f.op[next] === Op.result; next = f.next[next]) {
    if (s.registerOf[next] !== 0) s.defFixed(s.registerOf[next], results[f.b[next]]);
  }
}

/** Whom a call calls, with the id of its signature. */
export interface Called {
  /** The function's symbol; -1 where only its address is known. */
  readonly symbol: number;
  readonly id: number;
  readonly signature: Signature;
}

/** Whom `v`, a `call` or `call.indirect`, calls. */
export function calledBy(s: SelectorBase, v: number): Called {
  const { f } = s;
  const { module } = s.context;
  const isNamed = f.op[v] === Op.call;
  const symbol = isNamed ? f.a[v] : directTarget(f, f.a[v]);
  const id = (isNamed ? module.functionSignatures[symbol] : f.c[v]) as number;
  return { symbol, id, signature: module.signatures[id] as Signature };
}

/** The values of a list in the function's pool. */
export function listItems(s: SelectorBase, list: number): number[] {
  const items: number[] = [];
  if (list !== 0) for (let i = list + 1, end = list + 1 + s.f.pool[list]; i < end; i++) items.push(s.f.pool[i]);
  return items;
}

function callRow(s: SelectorBase, v: number, symbol: SymbolId, args: readonly number[]): void {
  const { module } = s.context;
  const id = module.functionSignatures[symbol] as number;
  const signature = module.signatures[id] as Signature;
  const row = s.row(s.codes.call, 3, v);
  s.mf.clobbers[row] = s.callClobbers;
  s.mf.symbol[row] = symbol;
  addArguments(s, args.slice(0, signature.parameters.length), s.placements.argumentsOf(id, signature));
}

/** A call of a routine that the front end declares, with these values. */
export function callNamed(s: SelectorBase, v: number, symbol: SymbolId, args: readonly number[]): void {
  s.hasCalls = true;
  callRow(s, v, symbol, args);
}

function returnFrom(s: SelectorBase, v: number): void {
  const { f, context } = s;
  const signature = context.module.signatures[f.signature] as Signature;
  s.returns = true;
  const row = s.row(s.codes.return, 3, v);
  const placement = s.placements.resultsOf(f.signature, signature);
  if (placement.inOneRegister === true) s.mf.extra[row] = 1;
  addArguments(s, listItems(s, f.a[v]), placement);
}

function jump(s: SelectorBase, v: number): void {
  s.row(s.codes.jump, 3, v);
}

/** Ends the program: the handler is called here, in a block that is cold. */
function trap(s: SelectorBase, v: number): void {
  const { f, context } = s;
  const handler = context.module.traps[f.a[v]]?.handler;
  if (handler !== undefined) {
    s.beforeLastCall();
    callRow(s, v, handler, listItems(s, f.b[v]));
  }
  unreachable(s, v);
}

function unreachable(s: SelectorBase, v: number): void {
  s.row(s.codes.undefined, 3, v);
}

/** Taken by the call before it. */
function result(): void {}

export const controlSelectors: Readonly<Record<number, (s: SelectorBase, v: number) => void>> = {
  [Op.param]: enter,
  [Op.result]: result,
  [Op.return]: returnFrom,
  [Op.jump]: jump,
  [Op.trap]: trap,
  [Op.unreachable]: unreachable,
};
