/** -O0: jumps, branches, switches, returns, and the copies of block arguments on edges. */

import type { Label } from "../../../encoders/codeBuffer.ts";
import { RSP } from "../../../encoders/x86_64/registers.ts";
import type { Edge, Value } from "../../ir/function.ts";
import { Op } from "../../ir/ops.ts";
import { CC_EQUAL_ORDERED } from "./conditions.ts";
import { XMM0 } from "./convention.ts";
import type { FastCompiler, Handlers } from "./fast.ts";
import { returnValues, trapIf, trapNow } from "./fastCalls.ts";
import { widthOf } from "./fastOperands.ts";
import { testCondition } from "./fastCompare.ts";
import { FLOAT_SCRATCH, SCRATCH } from "./fastState.ts";
import * as rows from "./rows.ts";
import { emitJump } from "./sequences.ts";
import { emitSwitch } from "./switchCode.ts";

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
  if (plainYes && plainNo && yesTarget === c.nextBlock && condition < CC_EQUAL_ORDERED) {
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
  const index = c.allocate(false);
  const other = f.op[f.first[f.edgeTarget[otherwise]]] === Op.unreachable ? undefined : labelOf(otherwise);
  const labels = Array.from({ length: f.switchCount(v as Value) }, (_, i) => labelOf(f.switchEdge(v as Value, i)));
  c.tables.push(...emitSwitch(asm, f, v as Value, width, value, index, SCRATCH, (i) => labels[i], other, c.objects));
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

