/** Machine code of a switch: a tree of comparisons over the clusters of its plan, and jumps through tables. */

import type { Assembler } from "../../../encoders/x86_64/assembler.ts";
import type { Label } from "../../../encoders/codeBuffer.ts";
import { CC_A, CC_E, CC_L, RIP } from "../../../encoders/x86_64/registers.ts";
import type { IrFunction, Value } from "../../ir/function.ts";
import type { ObjectWriter } from "../objectWriter.ts";
import { planSwitch } from "../switchPlan.ts";
import type { Cluster, JumpTable, SwitchCase } from "../switchPlan.ts";
import * as rows from "./rows.ts";

const NONE = -1;

/**
 * Writes the decision. `value` holds the number, of `8 << width` bits; `index` and `base` are scratch registers. `labelOf(i)` is the label
 * of case i; `otherwise` is undefined where no other number comes here. The tables are returned: they are filled when the labels have their places.
 */
export function emitSwitch(
  asm: Assembler, f: IrFunction, v: Value, width: number, value: number, index: number, base: number,
  labelOf: (index: number) => Label, otherwise: Label | undefined, objects: ObjectWriter,
): readonly JumpTable[] {
  const tables: JumpTable[] = [];
  const compare = (to: bigint): void => {
    const number = Number(to);
    if (number === 0) asm.rr(rows.test[width], value, value);
    else if ((number | 0) === number) asm.ri(rows.cmp.ri[width], value, number);
    else {
      asm.ri64(rows.movabs, index, Number(BigInt.asIntN(32, to)), Number(BigInt.asIntN(32, to >> 32n)));
      asm.rr(rows.cmp.rr[3], value, index);
    }
  };
  const table = ({ low, high, cases }: Cluster): void => {
    const span = Number(high - low);
    const from = Number(-low);
    if (width < 2) {
      asm.rr(rows.movsx32[width], index, value);
      if (from !== 0) asm.ri(rows.add.ri[2], index, from);
    } else if ((from | 0) === from) asm.rm(width === 3 ? rows.lea64 : rows.lea32, index, value, NONE, 0, from);
    else {
      asm.ri64(rows.movabs, index, Number(BigInt.asIntN(32, -low)), Number(BigInt.asIntN(32, -low >> 32n)));
      asm.rr(rows.add.rr[3], index, value);
    }
    // A gap in a table that nothing leads to may lead anywhere.
    const gap = otherwise ?? labelOf((cases[0] as SwitchCase).index);
    if (otherwise !== undefined || clusterCount > 1) {
      asm.ri(rows.cmp.ri[Math.max(2, width)], index, span);
      asm.jcc(CC_A, gap);
    }
    const labels: Label[] = Array.from({ length: span + 1 }, () => gap);
    for (const c of cases) labels[Number(c.value - low)] = labelOf(c.index);
    const reference = objects.reserveJumpTable(labels.length);
    tables.push({ reference, labels });
    asm.rm(rows.lea64, base, RIP, reference, 0, 0);
    asm.rm(rows.movsxd, index, base, index, 2, 0);
    asm.rr(rows.add.rr[3], index, base);
    asm.r(rows.jmpRegister, index);
  };
  const tree = (clusters: readonly Cluster[]): void => {
    if (clusters.length <= 3 && clusters.every(({ cases }) => cases.length === 1)) {
      clusters.forEach(({ low, cases }, i) => {
        const label = labelOf((cases[0] as SwitchCase).index);
        if (otherwise === undefined && i === clusters.length - 1) asm.jump(label);
        else {
          compare(low);
          asm.jcc(CC_E, label);
        }
      });
      if (otherwise !== undefined) asm.jump(otherwise);
      return;
    }
    if (clusters.length === 1) {
      table(clusters[0] as Cluster);
      return;
    }
    const middle = clusters.length >> 1;
    const right = asm.newLabel();
    compare((clusters[middle] as Cluster).low);
    asm.jcc(CC_L ^ 1, right);
    tree(clusters.slice(0, middle));
    asm.bind(right);
    tree(clusters.slice(middle));
  };
  const plan = planSwitch(f, v);
  const clusterCount = plan.length;
  tree(plan);
  return tables;
}
