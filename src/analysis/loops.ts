/** Natural loops: for each block the innermost loop it lies in, for each loop its header, its parent and its depth. Linear. */

import type { ControlFlow } from "../ir/controlFlow.ts";
import type { Block, IrFunction } from "../ir/function.ts";
import { IntColumn, IntList } from "./columns.ts";

export class Loops {
  /** Inner loops come before the loops around them. */
  count = 0;
  private readonly headers = new IntList();
  private readonly parents = new IntList();
  private readonly depths = new IntList();
  private innermost = new Int32Array(0);
  private headed = new Int32Array(0);
  private readonly columns = { innermost: new IntColumn(), headed: new IntColumn() };
  private readonly work = new IntList();

  compute(f: IrFunction, flow: ControlFlow): void {
    this.count = 0;
    for (const list of [this.headers, this.parents, this.depths]) list.clear();
    this.innermost = this.columns.innermost.filled(f.blockCount, -1);
    this.headed = this.columns.headed.filled(f.blockCount, -1);
    for (let i = flow.count - 1; i >= 0; i--) {
      const header = flow.order[i] as Block;
      this.work.clear();
      for (let e = 0, n = flow.incomingCount(header); e < n; e++) {
        const source = flow.source[flow.incomingEdge(header, e)] as Block;
        if (flow.dominates(header, source)) this.work.push(source);
      }
      if (this.work.length > 0) this.collect(header, flow);
    }
    for (let loop = this.count - 1; loop >= 0; loop--) {
      const parent = this.parents.data[loop] as number;
      this.depths.data[loop] = parent < 0 ? 1 : (this.depths.data[parent] as number) + 1;
    }
  }

  /** The innermost loop around a block, or -1. */
  loopOf(block: Block): number { return this.innermost[block] as number; }
  /** The loop that a block heads, or -1. */
  headedBy(block: Block): number { return this.headed[block] as number; }
  header(loop: number): Block { return this.headers.data[loop] as Block; }
  parent(loop: number): number { return this.parents.data[loop] as number; }
  /** 1 for outermost loops. */
  depth(loop: number): number { return this.depths.data[loop] as number; }

  contains(loop: number, block: Block): boolean {
    for (let at = this.innermost[block] as number; at >= 0; at = this.parents.data[at] as number) if (at === loop) return true;
    return false;
  }

  /** Backward from the latches up to the header. Blocks of inner loops are stepped over by their outermost known loop. */
  private collect(header: Block, flow: ControlFlow): void {
    const loop = this.count++;
    this.headers.push(header);
    this.parents.push(-1);
    this.depths.push(0);
    this.headed[header] = loop;
    const { work, innermost, parents } = this;
    while (work.length > 0) {
      let block = work.pop() as Block;
      const inner = innermost[block] as number;
      if (inner < 0) {
        innermost[block] = loop;
        if (block === header) continue;
      } else {
        let outermost = inner;
        while ((parents.data[outermost] as number) >= 0) outermost = parents.data[outermost] as number;
        if (outermost === loop) continue;
        parents.data[outermost] = loop;
        block = this.headers.data[outermost] as Block;
        if (block === header) continue;
      }
      for (let e = 0, n = flow.incomingCount(block); e < n; e++) work.push(flow.source[flow.incomingEdge(block, e)] as number);
    }
    if ((innermost[header] as number) < 0) innermost[header] = loop;
  }
}
