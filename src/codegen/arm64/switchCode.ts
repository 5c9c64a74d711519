/** Code of a switch. */
import type { Label } from "../../../encoders/codeBuffer.ts";
import { EQ, GE, HI, UXTW, UXTX, ZR } from "../../../encoders/arm64/registers.ts";
import { memoryWord, word } from "../../../encoders/arm64/table.ts";
import type { Value } from "../../ir/function.ts";
import { planSwitch } from "../switchPlan.ts";
import type { Cluster, SwitchCase } from "../switchPlan.ts";
import type { MachineEmitter } from "./emit.ts";
import { M } from "./machineOps.ts";
import { SCRATCH, SCRATCH2 } from "./registerFile.ts";

const SUBS = word("subs_shifted");
const SUBS_I = word("subs_immediate");
const LDRSW_X = memoryWord("ldrsw_register");

/** A tree of comparisons over the clusters of the switch's plan, and jumps through tables. */
export function switchOn(e: MachineEmitter, i: number): void {
  const { asm, mf, f } = e;
  const v = mf.extra[i] as Value;
  const width = mf.width[i];
  const wide = width === 3 ? 1 : 0;
  const given = e.place(i, 0);
  const labelOf = (edge: number): Label => e.labelOf(e.target(edge));
  const last = e.target(f.switchCount(v));
  // Where the program does not come, nothing needs to lead.
  const otherwise = mf.op[mf.order[mf.blockStart[last]]] === M.undefined ? undefined : e.labelOf(last);
  const plan = planSwitch(f, v);
  // With zeros above, a negative number lies beyond all cases.
  const clean = mf.moveWidth[i] === 1 && (plan[0] as Cluster).low >= 0n;
  // Narrow numbers are widened at each use: the scratch registers are all there is.
  const compare = (to: bigint): void => {
    let value = given;
    if (width < 2 && !clean) asm.bitfield(word("sbfm"), 0, (value = SCRATCH), given, 0, (8 << width) - 1);
    if (to >= 0n && to < 4096n) asm.immediate(SUBS_I, wide, ZR, value, Number(to));
    else {
      e.integer(SCRATCH2, Number(BigInt.asIntN(32, to)), Number(BigInt.asIntN(32, to >> 32n)));
      asm.rrr(SUBS, wide, ZR, value, SCRATCH2);
    }
  };
  const table = ({ low, high, cases }: Cluster): void => {
    const span = Number(high - low);
    let value = given;
    if (width < 2 && !clean) asm.bitfield(word("sbfm"), 0, (value = SCRATCH), given, 0, (8 << width) - 1);
    if (low !== 0n) {
      if (low > 0n && low < 4096n) asm.immediate(word("sub_immediate"), wide, SCRATCH, value, Number(low));
      else {
        e.integer(SCRATCH2, Number(BigInt.asIntN(32, low)), Number(BigInt.asIntN(32, low >> 32n)));
        asm.rrr(word("sub_shifted"), wide, SCRATCH, value, SCRATCH2);
      }
      value = SCRATCH;
    }
    // A gap in a table that nothing leads to may lead anywhere.
    const gap = otherwise ?? labelOf((cases[0] as SwitchCase).index);
    if (otherwise !== undefined || plan.length > 1) {
      if (span < 4096) asm.immediate(SUBS_I, wide, ZR, value, span);
      else {
        e.integer(SCRATCH2, span, 0);
        asm.rrr(SUBS, wide, ZR, value, SCRATCH2);
      }
      asm.jumpIf(HI, gap);
    }
    const labels: Label[] = Array.from({ length: span + 1 }, () => gap);
    for (const c of cases) labels[Number(c.value - low)] = labelOf(c.index);
    const reference = e.context.objects.reserveJumpTable(labels.length);
    e.tables.push({ reference, labels });
    asm.page(SCRATCH2, reference, 0);
    asm.pageOffset(SCRATCH2, SCRATCH2, reference, 0);
    asm.indexed(LDRSW_X, SCRATCH, SCRATCH2, value, wide === 1 ? UXTX : UXTW, 1);
    asm.rrr(word("add_shifted"), 1, SCRATCH, SCRATCH, SCRATCH2);
    asm.emit(word("br") | (SCRATCH << 5));
  };
  const tree = (clusters: readonly Cluster[]): void => {
    if (clusters.length <= 3 && clusters.every(({ cases }) => cases.length === 1)) {
      clusters.forEach(({ low, cases }, at) => {
        const label = labelOf((cases[0] as SwitchCase).index);
        if (otherwise === undefined && at === clusters.length - 1) asm.jump(label);
        else {
          compare(low);
          asm.jumpIf(EQ, label);
        }
      });
      if (otherwise !== undefined) asm.jump(otherwise);
    } else if (clusters.length === 1) table(clusters[0] as Cluster);
    else {
      const middle = clusters.length >> 1;
      const right = asm.newLabel();
      compare((clusters[middle] as Cluster).low);
      asm.jumpIf(GE, right);
      tree(clusters.slice(0, middle));
      asm.bind(right);
      tree(clusters.slice(middle));
    }
  };
  tree(plan);
}
