/** -O0: jumps, branches, switches, returns, and the copies of block arguments on edges. */

import type { Label } from "../../../encoders/codeBuffer.ts";
import { CC_E, RIP, RSP } from "../../../encoders/x86_64/registers.ts";
import type { Edge, Value } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { XMM0 } from "./convention.ts";
import type { FastCompiler, Handlers } from "./fast.ts";
import { returnValues, trapIf, trapNow } from "./fastCalls.ts";
import { testCondition, widthOf } from "./fastInteger.ts";
import { FLOAT_SCRATCH, SCRATCH } from "./fastState.ts";
import * as rows from "./rows.ts";
import { emitJump } from "./sequences.ts";

const NONE = -1;

/**
 * Stores an edge's arguments to the homes of the target's parameters. Registers keep their contents and flags survive.
 * An argument that is itself a parameter of the target may lie in a home that is overwritten here: then all go by way of spare homes.
 */
function edgeCopies(c: FastCompiler, edge: number): void {
  const { f } = c;
  const count = f.edgeArgCount[edge];
  if (count === 0) return;
  const from = f.edgeArgs[edge];
  const target = f.edgeTarget[edge];
  let overlap = false;
  let param = f.firstParam[target];
  for (let i = 0; i < count; i++, param = f.next[param]) {
    const arg = f.pool[from + i];
    if (f.op[arg] === Op.param && f.block[arg] === target && arg !== param) overlap = true;
  }
  param = f.firstParam[target];
  const spare = c.frameUsed;
  if (overlap && count > 1) {
    c.frameUsed += 8 * count;
    for (let i = 0; i < count; i++) c.storeRegister(inHand(c, f.pool[from + i]), spare + 8 * i);
    for (let i = 0; i < count; i++, param = f.next[param]) {
      c.loadRegister(SCRATCH, spare + 8 * i);
      c.storeRegister(SCRATCH, c.home(param));
      c.stored[param] = 1;
    }
    return;
  }
  for (let i = 0; i < count; i++, param = f.next[param]) {
    const arg = f.pool[from + i];
    c.stored[param] = 1;
    if (arg === param) continue;
    const at = c.home(param);
    if (f.op[arg] === Op.const && !c.isFloat(arg) && c.isImmediate(arg, 3)) c.asm.mi(rows.movRm64I32, RSP, NONE, 0, at, f.a[arg]);
    else c.storeRegister(inHand(c, arg), at);
  }
}

/** The register of a value, or a scratch register loaded with it. */
function inHand(c: FastCompiler, arg: number): number {
  const register = c.regOf[arg];
  if (register >= 0) return register;
  const scratch = c.isFloat(arg) ? XMM0 + FLOAT_SCRATCH : SCRATCH;
  // xorps leaves flags alone, so only integers need care.
  c.copyTo(scratch, arg, true);
  return scratch;
}

function releaseEdge(c: FastCompiler, edge: number): void {
  const { f } = c;
  const from = f.edgeArgs[edge];
  for (let i = from, end = from + f.edgeArgCount[edge]; i < end; i++) c.release(f.pool[i]);
}

function jump(c: FastCompiler, v: number): void {
  const edge = c.f.a[v];
  edgeCopies(c, edge);
  const target = c.f.edgeTarget[edge];
  if (target !== c.nextBlock) c.asm.jump(c.label(target));
  releaseEdge(c, edge);
}

function branch(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const yes = f.b[v];
  const no = f.c[v];
  const yesTarget = f.edgeTarget[yes];
  const noTarget = f.edgeTarget[no];
  const plainYes = f.edgeArgCount[yes] === 0;
  const plainNo = f.edgeArgCount[no] === 0;
  const condition = testCondition(c, f.a[v]);
  if (plainYes && plainNo && yesTarget === c.nextBlock && condition < 16) {
    asm.jcc(condition ^ 1, c.label(noTarget));
  } else {
    if (plainYes) emitJump(asm, condition, c.label(yesTarget));
    else {
      const skip = asm.newLabel();
      emitJump(asm, condition ^ 1, skip);
      edgeCopies(c, yes);
      asm.jump(c.label(yesTarget));
      asm.bind(skip);
    }
    edgeCopies(c, no);
    if (noTarget !== c.nextBlock) asm.jump(c.label(noTarget));
  }
  releaseEdge(c, yes);
  releaseEdge(c, no);
}

function switchOn(c: FastCompiler, v: number): void {
  const { f, asm } = c;
  const width = widthOf[f.type[f.a[v]]];
  const count = f.switchCount(v as Value);
  const otherwise = f.c[v];
  // Edges with arguments lead through pieces of their own, which follow.
  const pieces: number[] = [];
  const labelOf = (edge: Edge | number): Label => {
    if (f.edgeArgCount[edge] === 0) return c.label(f.edgeTarget[edge]);
    const label = asm.newLabel();
    pieces.push(edge, label);
    return label;
  };
  const value = c.use(f.a[v]);
  let low = Infinity;
  let high = -Infinity;
  let small = true;
  for (let i = 0; i < count; i++) {
    const at = f.switchLow(v as Value, i);
    if (f.switchHigh(v as Value, i) !== at >> 31) small = false;
    low = Math.min(low, at);
    high = Math.max(high, at);
  }
  const other = labelOf(otherwise);
  if (small && count >= 4 && high - low < count * 4 && width >= 2) {
    const index = c.allocate(false);
    asm.rm(width === 3 ? rows.lea64 : rows.lea32, index, value, NONE, 0, -low);
    asm.ri(rows.cmp.ri[width], index, high - low);
    asm.jcc(7, other);
    const table = c.objects.reserveJumpTable(high - low + 1);
    c.tables.push(table, c.tableLabels.length);
    for (let i = 0; i <= high - low; i++) c.tableLabels.push(other);
    const first = c.tableLabels.length - (high - low + 1);
    for (let i = count - 1; i >= 0; i--) c.tableLabels[first + f.switchLow(v as Value, i) - low] = labelOf(f.switchEdge(v as Value, i));
    asm.rm(rows.lea64, SCRATCH, RIP, table, 0, 0);
    asm.rm(rows.movsxd, index, SCRATCH, index, 2, 0);
    asm.rr(rows.add.rr[3], index, SCRATCH);
    asm.r(rows.jmpRegister, index);
  } else {
    for (let i = 0; i < count; i++) {
      const at = f.switchLow(v as Value, i);
      if (width < 3 || f.switchHigh(v as Value, i) === at >> 31) {
        asm.ri(rows.cmp.ri[width], value, width === 0 ? (at << 24) >> 24 : width === 1 ? (at << 16) >> 16 : at);
      } else {
        asm.ri64(rows.movabs, SCRATCH, at, f.switchHigh(v as Value, i));
        asm.rr(rows.cmp.rr[3], value, SCRATCH);
      }
      asm.jcc(CC_E, labelOf(f.switchEdge(v as Value, i)));
    }
    asm.jump(other);
  }
  c.release(f.a[v]);
  for (let i = 0; i < pieces.length; i += 2) {
    asm.bind(pieces[i + 1] as Label);
    edgeCopies(c, pieces[i]);
    asm.jump(c.label(f.edgeTarget[pieces[i]]));
  }
}

function returnFrom(c: FastCompiler, v: number): void {
  returnValues(c, v);
  c.epilogue();
}

function unreachable(c: FastCompiler, v: number): void {
  // After a call that does not return, the return address must still lie within the function.
  c.asm.op(rows.ud2);
  void v;
}

export const controlHandlers: Handlers = [
  [Op.jump, jump],
  [Op.branch, branch],
  [Op.switch, switchOn],
  [Op.return, returnFrom],
  [Op.unreachable, unreachable],
  [Op["trap.if"], trapIf],
  [Op.trap, trapNow],
];

