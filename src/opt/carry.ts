/**
 * Memory that a loop reads and writes at one place lives in a register meanwhile: it is read before the loop and written back where the loop is left.
 *
 * Only places of slots and of what a parameter alone leads to, which nothing else in the loop may touch, whatever it is: another access at a distance that is
 * not known to miss it, a call that is given the address. A panic ends the process and looks at neither, so that nothing is written back before one.
 * Within the loop the place is a slot of its own, which `promote` turns into block parameters afterwards. Each loop's accesses are looked at once for
 * each loop around them.
 */

import { Loops } from "../analysis/loops.ts";
import { MemoryFacts } from "../analysis/memory.ts";
import { offsetRange, placeOf, type Place } from "../analysis/places.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import { ValueFlag, type Block, type Edge, type IrFunction, type List, type Value } from "../ir/function.ts";
import { Effect, Op, opEffects } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { preheaders } from "./preheaders.ts";
import { Subject } from "./subjects.ts";

export const carry: FunctionPass = { name: "carry", over: "function", upon: Subject.flow, needs: ["reachable"], breaks: ["promoted", "laidOut"], run };

const loops = new Loops();
const facts = new MemoryFacts();

/** Instructions that touch memory in a loop that is looked at, and places that are carried through one: more would be spilled. */
const limit = { accesses: 96, places: 5 } as const;

/** A place that a loop may carry, and the instructions of the loop that load and store it. */
interface Carried extends Place {
  readonly type: Type;
  readonly members: Value[];
  stored: boolean;
  /** Some access of it is part of every turn. */
  always: boolean;
}

function run(f: IrFunction, context: PassContext): boolean {
  let flow = context.controlFlow(f);
  if (!flow.hasLoops) return false;
  loops.compute(f, flow.withDominators());
  if (loops.count === 0) return false;
  let hasPreheaders = false;
  facts.compute(context.module, f, flow, context.callEffects);
  // Slots that are made here are no candidates themselves.
  const slotCount = f.slotCount;
  let changed = false;
  // From the outermost loop inwards: what an outer one carries, the inner ones need not.
  for (let loop = loops.count - 1; loop >= 0; loop--) {
    const chosen = placesOf(f, flow, loop, slotCount).filter(() => context.allow());
    if (chosen.length === 0) continue;
    if (!hasPreheaders) {
      hasPreheaders = true;
      if (preheaders(f, context, flow, loops)) {
        // Headers stay what they are, and so does the order of the loops: what was found of them holds.
        flow = context.controlFlow(f).withDominators();
        loops.compute(f, flow);
      }
    }
    carryThrough(f, flow, loop, chosen);
    changed = true;
    context.controlFlowChanged();
    flow = context.controlFlow(f).withDominators();
    loops.compute(f, flow);
  }
  return changed || hasPreheaders;
}

/** What the loop does with memory, and the places among it that it may carry. */
function placesOf(f: IrFunction, flow: ControlFlow, loop: number, slotCount: number): Carried[] {
  const accesses: Value[] = [];
  const places: Carried[] = [];
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    if (!loops.contains(loop, block)) continue;
    const always = isEachTurn(flow, loop, block);
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) {
      const op = f.opOf(v);
      const effects = opEffects[op] as number;
      if ((effects & (Effect.reads | Effect.writes | Effect.calls)) === 0 || op === Op.trap) continue;
      // What is carried past a call has to be saved for it: no gain.
      if ((effects & Effect.calls) !== 0 && always) return [];
      accesses.push(v);
      if (accesses.length > limit.accesses) return [];
      if (op === Op.load || op === Op.store) note(f, v, places, always, slotCount);
    }
  }
  return places
    .filter((place) => place.stored && accesses.every((v) => place.members.includes(v) || !mayTouch(f, v, place)))
    .sort((a, b) => Number(b.always) - Number(a.always) || b.members.length - a.members.length)
    .slice(0, limit.places);
}

/** The block runs in every turn. */
function isEachTurn(flow: ControlFlow, loop: number, block: Block): boolean {
  const header = loops.header(loop);
  for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
    const source = flow.source[flow.incomingEdge(header, i)] as Block;
    if (loops.contains(loop, source) && !flow.dominates(block, source)) return false;
  }
  return true;
}

/** Puts a load or store where it belongs among the places, if it is of one that could be carried. */
function note(f: IrFunction, v: Value, places: Carried[], always: boolean, slotCount: number): void {
  const isStore = f.op[v] === Op.store;
  const type = isStore ? f.typeOf(f.arg0(v)) : f.typeOf(v);
  const size = typeSize[type] as number;
  const address = isStore ? f.arg1(v) : f.arg0(v);
  const place = placeOf(f, address, (isStore ? f.c[v] : f.b[v]) as number, size);
  if (place === undefined || ((f.flags[v] as number) & ValueFlag.volatile) !== 0 || !mayBeCarried(f, place, slotCount)) return;
  let known = places.find((one) => one.root === place.root && one.offset === place.offset && one.type === type);
  if (known === undefined) {
    known = { ...place, type, members: [], stored: false, always: false };
    places.push(known);
  }
  known.members.push(v);
  if (isStore) known.stored = true;
  if (always) known.always = true;
}

/** Reading and writing the place where the loop would not harms nothing. */
function mayBeCarried(f: IrFunction, { root, offset, size }: Place, slotCount: number): boolean {
  if (!facts.isUnseen(root) || facts.isConstant(root) || !facts.isReadable(root, offset, size)) return false;
  return f.op[root] !== Op.slot || (f.a[root] as number) < slotCount;
}

/** An instruction of the loop that is none of the place's own may read or write some of it. */
function mayTouch(f: IrFunction, v: Value, place: Place): boolean {
  switch (f.op[v]) {
    case Op.load: return rangeMeets(f, v, f.arg0(v), f.b[v] as number, typeSize[f.typeOf(v)] as number, place);
    case Op.store: return rangeMeets(f, v, f.arg1(v), f.c[v] as number, typeSize[f.typeOf(f.arg0(v))] as number, place);
    case Op.copy:
    case Op.move: return rangeMeets(f, v, f.arg0(v), 0, f.smallInt(f.arg2(v)), place) || rangeMeets(f, v, f.arg1(v), 0, f.smallInt(f.arg2(v)), place);
    case Op.fill: return rangeMeets(f, v, f.arg0(v), 0, f.smallInt(f.arg2(v)), place);
    case Op.call: {
      const list = f.b[v] as List;
      for (let i = 0, n = f.listLength(list); i < n; i++) if (f.type[f.listItem(list, i)] === Type.ptr && facts.rootsMayMeet(facts.rootOf(f.listItem(list, i)), place.root)) return true;
      return false;
    }
    // Whoever else there is has no way to the place: its root is unseen.
    default: return ((f.flags[v] as number) & ValueFlag.volatile) !== 0;
  }
}

/** `size` bytes at the address that `v` uses, NaN if it is not known how many, may be some of the place's. */
function rangeMeets(f: IrFunction, v: Value, address: Value, offset: number, size: number, place: Place): boolean {
  const root = facts.rootOf(address);
  if (root !== place.root) return facts.rootsMayMeet(root, place.root);
  const range = offsetRange(f, address, v);
  return !(range.low + offset >= place.offset + place.size || range.high + offset + size <= place.offset);
}

function carryThrough(f: IrFunction, flow: ControlFlow, loop: number, places: readonly Carried[]): void {
  const before = preheaderOf(flow, loop);
  const exits = exitsOf(f, flow, loop);
  const slots = places.map(({ size }) => f.slotAddress(f.slot(size, size)));
  places.forEach((place, i) => {
    const slot = slots[i] as Value;
    const { position, site } = whereOf(f, place);
    move(f, f.terminator(before), place.type, { from: place.root, fromOffset: place.offset, to: slot, toOffset: 0 }, position, site);
    for (const v of place.members) {
      if (f.op[v] === Op.store) {
        f.b[v] = slot;
        f.c[v] = 0;
      } else {
        f.a[v] = slot;
        f.b[v] = 0;
      }
    }
  });
  for (const edge of exits) {
    const block = split(f, edge, flow.source[edge] as Block);
    places.forEach((place, i) => {
      const { position, site } = whereOf(f, place);
      move(f, f.terminator(block), place.type, { from: slots[i] as Value, fromOffset: 0, to: place.root, toOffset: place.offset }, position, site);
    });
  }
}

/** The place of the source that a carried place's own loads and stores stand for. */
function whereOf(f: IrFunction, { members }: Carried): { readonly position: number; readonly site: number } {
  const first = members[0] as Value;
  return { position: f.position[first] as number, site: f.site[first] as number };
}

interface Move {
  readonly from: Value;
  readonly fromOffset: number;
  readonly to: Value;
  readonly toOffset: number;
}

/** Loads from one place and stores at the other, before an instruction. */
function move(f: IrFunction, before: Value, type: Type, { from, fromOffset, to, toOffset }: Move, position: number, site: number): void {
  const value = f.insertBefore(before, f.create(Op.load, type, from, fromOffset, 0, position));
  const store = f.insertBefore(before, f.create(Op.store, type, value, to, toOffset, position));
  f.site[value] = site;
  f.site[store] = site;
}

function preheaderOf(flow: ControlFlow, loop: number): Block {
  const header = loops.header(loop);
  for (let i = 0, n = flow.incomingCount(header); i < n; i++) {
    const source = flow.source[flow.incomingEdge(header, i)] as Block;
    if (!loops.contains(loop, source)) return source;
  }
  throw new Error(`opt/carry.preheaderOf: the loop of block ${header} has no way in`);
}

/** The edges that lead out of a loop. */
function exitsOf(f: IrFunction, flow: ControlFlow, loop: number): Edge[] {
  const exits: Edge[] = [];
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    if (!loops.contains(loop, block)) continue;
    for (let s = 0, n = f.successorCount(block); s < n; s++) if (!loops.contains(loop, f.edgeBlock(f.successor(block, s)))) exits.push(f.successor(block, s));
  }
  return exits;
}

/** A block of its own on an edge. */
function split(f: IrFunction, edge: Edge, source: Block): Block {
  const block = f.newBlock();
  f.order.pop();
  f.order.splice(f.order.indexOf(source) + 1, 0, block);
  const args: number[] = [];
  for (let i = 0; i < (f.edgeArgCount[edge] as number); i++) args.push(f.edgeArg(edge, i));
  f.append(block, f.create(Op.jump, Type.void, f.edge(f.edgeBlock(edge), args), 0, 0, 0));
  f.edgeTarget[edge] = block;
  f.edgeArgCount[edge] = 0;
  return block;
}
