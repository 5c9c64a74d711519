/**
 * Stack slots become values (SROA and mem2reg in one): each field of a slot whose address is used in known ways only is a variable, loads and stores
 * of it are its uses and definitions, and copies between slots are copies of values. Block parameters are placed at the iterated
 * dominance frontiers of the definitions, where a field is read before it is written again; one walk over the dominator tree renames. A field that is
 * read before it is written reads as zero.
 */

import { IntColumn, IntList } from "../analysis/columns.ts";
import { SlotUses } from "../analysis/slots.ts";
import type { ControlFlow } from "../ir/controlFlow.ts";
import { noValue, type Block, type Edge, type IrFunction, type Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

const slots = new SlotUses();

export const promote: FunctionPass = { name: "promote", over: "function", upon: Subject.slots, needs: ["reachable"], makes: ["promoted"], run };

function run(f: IrFunction, context: PassContext): boolean {
  if (f.slotCount === 0) return false;
  const flow = context.controlFlow(f).withDominators();
  let changed = false;
  // A slot whose address is stored only in slots that become values (closures hold variables so) can become values afterwards.
  for (let round = 0; round < 4; round++) {
    if (!slots.compute(f, flow, () => !context.allow())) break;
    placeParams(f, flow);
    rename(f, flow);
    changed = true;
    if (!slots.storesAddresses) break;
  }
  return changed;
}

// ── where fields meet ──

const frontierFirst = new IntColumn();
const frontierNext = new IntList();
const frontierBlock = new IntList();
const lastDefined = new IntColumn();
const exposedFirst = new IntColumn();
const exposedNext = new IntList();
const exposedBlock = new IntList();
const definedStamp = new IntColumn();
const liveStamp = new IntColumn();
const definedFirst = new IntColumn();
const definedNext = new IntList();
const definedBlock = new IntList();
const placedFirst = new IntColumn();
const placedNext = new IntList();
const placedField = new IntList();
const placedParam = new IntList();
const stamp = new IntColumn();
const work = new IntList();
const reached = new IntList();
/** Placed parameters of each block, as lists in `placed…`; -1 ends. */
let placed = new Int32Array(0);

function placeParams(f: IrFunction, flow: ControlFlow): void {
  const fields = slots.fieldCount;
  const last = lastDefined.filled(fields, -1);
  const exposed = exposedFirst.filled(fields, -1);
  exposedNext.clear();
  exposedBlock.clear();
  const defined = definedFirst.filled(fields, -1);
  definedNext.clear();
  definedBlock.clear();
  const define = (field: number, block: number): void => {
    if (last[field] === block) return;
    last[field] = block;
    definedNext.push(defined[field] as number);
    definedBlock.push(block);
    defined[field] = definedNext.length - 1;
  };
  const read = (field: number, block: number): void => {
    const before = exposed[field] as number;
    if (last[field] === block || (before >= 0 && exposedBlock.data[before] === block)) return;
    exposedNext.push(before);
    exposedBlock.push(block);
    exposed[field] = exposedNext.length - 1;
  };
  for (let i = 0; i < flow.count; i++) {
    const block = flow.order[i] as Block;
    for (let v = f.first[block] as Value; v !== 0; v = f.nextOf(v)) visitAccess(f, v, block, read, define);
  }
  const frontier = dominanceFrontiers(f, flow);
  placed = placedFirst.filled(f.blockCount, -1);
  placedNext.clear();
  placedField.clear();
  placedParam.clear();
  const seen = stamp.filled(f.blockCount, -1);
  const live = liveStamp.filled(f.blockCount, -1);
  const writes = definedStamp.filled(f.blockCount, -1);
  for (let field = 0; field < fields; field++) {
    if ((exposed[field] as number) < 0 || !slots.isPromoted(slots.fieldSlot.data[field] as number)) continue;
    let meets = false;
    work.clear();
    for (let at = defined[field] as number; at >= 0; at = definedNext.data[at] as number) {
      const block = definedBlock.data[at] as number;
      writes[block] = field;
      if ((frontier[block] as number) < 0) continue;
      work.push(block);
      meets = true;
    }
    if (meets) findLive(flow, exposed[field] as number, field, live, writes);
    while (work.length > 0) {
      const block = work.pop();
      for (let at = frontier[block] as number; at >= 0; at = frontierNext.data[at] as number) {
        const join = frontierBlock.data[at] as Block;
        // Where the field is not read any more nothing meets: thousands of `?` lead to one exit.
        if (seen[join] === field || live[join] !== field) continue;
        seen[join] = field;
        placedNext.push(placed[join] as number);
        placedField.push(field);
        placedParam.push(f.addParam(join, slots.fieldType.data[field] as Type));
        placed[join] = placedNext.length - 1;
        work.push(join);
      }
    }
  }
}

/** Marks the blocks at whose start the field's value is still read: from those that read it before they write it, backwards up to those that write it. */
function findLive(flow: ControlFlow, exposed: number, field: number, live: Int32Array, writes: Int32Array): void {
  reached.clear();
  for (let at = exposed; at >= 0; at = exposedNext.data[at] as number) {
    const block = exposedBlock.data[at] as number;
    live[block] = field;
    reached.push(block);
  }
  while (reached.length > 0) {
    const block = reached.pop();
    for (let e = flow.incomingStart[block] as number; e < (flow.incomingStart[block + 1] as number); e++) {
      const before = flow.source[flow.incoming[e] as number] as number;
      if (live[before] === field || writes[before] === field) continue;
      live[before] = field;
      reached.push(before);
    }
  }
}

function dominanceFrontiers(f: IrFunction, flow: ControlFlow): Int32Array {
  const first = frontierFirst.filled(f.blockCount, -1);
  frontierNext.clear();
  frontierBlock.clear();
  for (let i = 0; i < flow.count; i++) {
    const join = flow.order[i] as Block;
    if (flow.incomingCount(join) < 2) continue;
    const stop = flow.immediateDominator[join];
    for (let e = flow.incomingStart[join] as number; e < (flow.incomingStart[join + 1] as number); e++) {
      for (let block = flow.source[flow.incoming[e] as number] as number; block !== stop; block = flow.immediateDominator[block] as number) {
        const head = first[block] as number;
        if (head >= 0 && frontierBlock.data[head] === join) break;
        frontierNext.push(head);
        frontierBlock.push(join);
        first[block] = frontierNext.length - 1;
      }
    }
  }
  return first;
}

/** Tells which fields an instruction reads and writes. */
function visitAccess(f: IrFunction, v: Value, block: number, read: (field: number, block: number) => void, write: (field: number, block: number) => void): void {
  const op = f.op[v];
  if (op === Op.load) {
    const slot = slots.slotOf(f.arg0(v));
    if (slot >= 0) read(slots.fieldAt(slot, slots.offsetOf(f.arg0(v)) + (f.b[v] as number)), block);
  } else if (op === Op.store) {
    const slot = slots.slotOf(f.arg1(v));
    if (slot >= 0) write(slots.fieldAt(slot, slots.offsetOf(f.arg1(v)) + (f.c[v] as number)), block);
  } else if (op === Op.copy || op === Op.move || op === Op.fill) {
    const size = f.a[f.arg2(v)] as number;
    const from = op === Op.fill ? -1 : slots.slotOf(f.arg1(v));
    if (from >= 0) visitRange(from, slots.offsetOf(f.arg1(v)), size, block, read);
    const to = slots.slotOf(f.arg0(v));
    if (to >= 0) visitRange(to, slots.offsetOf(f.arg0(v)), size, block, write);
  }
}

function visitRange(slot: number, offset: number, size: number, block: number, visit: (field: number, block: number) => void): void {
  for (let field = slots.firstField(slot); field >= 0; field = slots.nextField(field)) {
    const at = slots.fieldOffset.data[field] as number;
    if (at >= offset && at < offset + size) visit(field, block);
  }
}

// ── renaming ──

const currentColumn = new IntColumn();
const undoField = new IntList();
const undoValue = new IntList();
const undoStart = new IntColumn();
const replacements = new IntColumn();
let current = new Int32Array(0);
let map = new Int32Array(0);

function rename(f: IrFunction, flow: ControlFlow): void {
  current = currentColumn.zeroed(slots.fieldCount);
  map = replacements.zeroed(f.valueCount);
  undoField.clear();
  undoValue.clear();
  const starts = undoStart.zeroed(f.blockCount);
  flow.walkDominated(
    (block) => {
      starts[block] = undoField.length;
      renameBlock(f, block);
    },
    (block) => {
      for (const start = starts[block] as number; undoField.length > start; ) current[undoField.pop()] = undoValue.pop();
    },
  );
  f.substitute(map);
}

function set(field: number, value: number): void {
  undoField.push(field);
  undoValue.push(current[field] as number);
  current[field] = value;
}

function renameBlock(f: IrFunction, block: Block): void {
  for (let at = placed[block] as number; at >= 0; at = placedNext.data[at] as number) set(placedField.data[at] as number, placedParam.data[at] as number);
  for (let v = f.first[block] as Value; v !== 0; ) {
    const after = f.nextOf(v);
    renameInstruction(f, v);
    v = after;
  }
  for (let s = 0, n = f.successorCount(block); s < n; s++) {
    const edge = f.successor(block, s);
    appendArgs(f, edge, placed[f.edgeBlock(edge)] as number);
  }
}

/** The lists run from the last parameter to the first. */
function appendArgs(f: IrFunction, edge: Edge, at: number): void {
  if (at < 0) return;
  appendArgs(f, edge, placedNext.data[at] as number);
  f.addEdgeArg(edge, valueOf(f, placedField.data[at] as number));
}

function valueOf(f: IrFunction, field: number): Value {
  const known = current[field] as Value;
  return known !== noValue ? known : splat(f, slots.fieldType.data[field] as Type, 0);
}

function renameInstruction(f: IrFunction, v: Value): void {
  const op = f.op[v];
  if (op === Op.load) {
    const slot = slots.slotOf(f.arg0(v));
    if (slot < 0) return;
    const field = slots.fieldAt(slot, slots.offsetOf(f.arg0(v)) + (f.b[v] as number));
    replace(v, converted(f, v, valueOf(f, field), slots.fieldType.data[field] as Type, f.typeOf(v)));
    f.remove(v);
  } else if (op === Op.store) {
    const slot = slots.slotOf(f.arg1(v));
    if (slot < 0) return;
    const field = slots.fieldAt(slot, slots.offsetOf(f.arg1(v)) + (f.c[v] as number));
    const stored = meant(f.arg0(v));
    set(field, converted(f, v, stored, f.typeOf(stored), slots.fieldType.data[field] as Type));
    f.remove(v);
  } else if (op === Op.copy || op === Op.move) renameCopy(f, v);
  else if (op === Op.fill) {
    const slot = slots.slotOf(f.arg0(v));
    if (slot < 0) return;
    const offset = slots.offsetOf(f.arg0(v));
    const size = f.a[f.arg2(v)] as number;
    for (let field = slots.firstField(slot); field >= 0; field = slots.nextField(field)) {
      const at = slots.fieldOffset.data[field] as number;
      if (at >= offset && at < offset + size) set(field, splat(f, slots.fieldType.data[field] as Type, f.a[f.arg1(v)] as number));
    }
    f.remove(v);
  }
}

function replace(v: Value, by: Value): void {
  if (v >= map.length) {
    const larger = new Int32Array(2 * map.length + v);
    larger.set(map);
    map = larger;
  }
  map[v] = by;
}

/** What takes the place of a load that is gone, or the value itself. */
function meant(v: Value): Value {
  const by = v < map.length ? (map[v] as Value) : noValue;
  return by !== noValue ? by : v;
}

/** Seen as another type of the same size, before `place`. What was seen as this one before is itself: an address that went through words stays known. */
function converted(f: IrFunction, place: Value, value: Value, from: Type, to: Type): Value {
  if (from === to) return value;
  if (f.op[value] === Op.bitcast && f.typeOf(f.arg0(value)) === to) return f.arg0(value);
  return f.insertBefore(place, f.create(Op.bitcast, to, value, 0, 0, f.position[place] as number));
}

function renameCopy(f: IrFunction, v: Value): void {
  const to = slots.slotOf(f.arg0(v));
  const from = slots.slotOf(f.arg1(v));
  if (to < 0 && from < 0) return;
  const toOffset = slots.offsetOf(f.arg0(v));
  const fromOffset = slots.offsetOf(f.arg1(v));
  const size = f.a[f.arg2(v)] as number;
  const position = f.position[v] as number;
  const site = f.site[v] as number;
  const [slot, base] = to >= 0 ? [to, toOffset] : [from, fromOffset];
  for (let field = slots.firstField(slot); field >= 0; field = slots.nextField(field)) {
    const offset = (slots.fieldOffset.data[field] as number) - base;
    if (offset < 0 || offset >= size) continue;
    const type = slots.fieldType.data[field] as Type;
    let made: Value = noValue;
    if (to >= 0 && from >= 0) {
      const source = slots.fieldAt(from, fromOffset + offset);
      set(field, converted(f, v, valueOf(f, source), slots.fieldType.data[source] as Type, type));
    } else if (to >= 0) {
      made = f.insertBefore(v, f.create(Op.load, type, f.arg1(v), offset, 0, position));
      set(field, made);
    } else made = f.insertBefore(v, f.create(Op.store, type, valueOf(f, field), f.arg0(v), offset, position));
    if (made !== noValue) f.site[made] = site;
  }
  f.remove(v);
}

/** A byte repeated over a value of the type. */
function splat(f: IrFunction, type: Type, byte: number): Value {
  const word = Math.imul(byte & 0xff, 0x01010101);
  switch (typeSize[type]) {
    case 1: return f.constant(type, (word << 24) >> 24, word >> 31);
    case 2: return f.constant(type, (word << 16) >> 16, word >> 31);
    case 4: return f.constant(type, word, type === Type.f32 ? 0 : word >> 31);
    case 8: return f.constant(type, word, word);
    default: return f.constant128(word, word, word, word, type);
  }
}
