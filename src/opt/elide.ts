/**
 * Allocation elision: a block of memory that never leaves the function lies in its frame, and `promote` makes values of it. The functions that allocate
 * and free are known by an attribute (`allocates(size, alignment)`, `frees(block, …)`), and stay calls until this pass has seen them.
 */

import { privateAllocations } from "../analysis/allocations.ts";
import { IntColumn } from "../analysis/columns.ts";
import type { IrFunction } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { FunctionPass, PassContext } from "./pass.ts";
import { Subject } from "./subjects.ts";

export const elide: FunctionPass = { name: "elide", over: "function", upon: Subject.calls, needs: ["reachable"], breaks: ["promoted"], run };

/** Bytes: larger blocks stay on the heap, where they do not exhaust the stack. */
const largest = 256;

const replacements = new IntColumn();

function run(f: IrFunction, context: PassContext): boolean {
  const allocations = privateAllocations(context.module, f, context.controlFlow(f), largest).filter(() => context.allow());
  if (allocations.length === 0) return false;
  // Values first: making them moves the columns.
  const slots = allocations.map(({ size, alignment }) => f.slotAddress(f.slot(Math.ceil(size / 8) * 8, Math.max(8, alignment))));
  const truth = [f.int(Type.i8, 0), f.int(Type.i8, 1)] as const;
  const map = replacements.zeroed(f.valueCount);
  allocations.forEach(({ call, frees, comparisons }, i) => {
    map[call] = slots[i] as number;
    f.remove(call);
    for (const free of frees) f.remove(free);
    for (const v of comparisons) {
      map[v] = f.op[v] === Op.ne ? truth[1] : truth[0];
      f.remove(v);
    }
  });
  f.substitute(map);
  return true;
}
