/**
 * Marks of one function in the code buffer, which move with the code when branches shrink, and what becomes of them when it is done: line
 * and site records.
 */
import type { CodeBuffer } from "../../encoders/codeBuffer.ts";
import type { MachineFunction } from "./machine.ts";
import type { TraceRecords } from "./traceRecords.ts";
import type { TrapStub } from "./trapStubs.ts";

const SITE = 1;
const LINE = 2;

export class CodeMarks {
  private readonly asm: CodeBuffer;
  private first = 0;
  /** By mark: how far the return address is above the stack pointer. */
  private readonly depths: number[] = [];

  constructor(asm: CodeBuffer) {
    this.asm = asm;
  }

  begin(): void {
    this.first = this.asm.markCount;
    this.depths.length = 0;
  }

  /** Instruction `i` of the machine function begins here. */
  line(i: number): void {
    this.add(LINE, i, 0);
  }

  /** A call by instruction `i` ended here, or an access that may fail. */
  site(i: number, depth: number): void {
    this.add(SITE, i, depth);
  }

  /** The call of stub `s` ended here. */
  stubSite(s: number, depth: number): void {
    this.add(SITE, -1 - s, depth);
  }

  private add(kind: number, value: number, depth: number): void {
    this.asm.mark(kind, value);
    this.depths.push(depth);
  }

  /** Writes the records; the code lies where it will stay. */
  record(mf: MachineFunction, stubs: readonly TrapStub[], trace: TraceRecords): void {
    const { asm, first, depths } = this;
    for (let m = first; m < asm.markCount; m++) {
      const at = asm.markAt(m);
      const value = asm.markValue(m);
      const depth = depths[m - first] as number;
      if (asm.markKind(m) === LINE) trace.addLine(at, mf.position[value], mf.site[value]);
      else if (value >= 0) trace.addSite(at, mf.position[value], mf.site[value], depth);
      else {
        const stub = stubs[-1 - value] as TrapStub;
        trace.addSite(at, stub.position, stub.site, depth);
      }
    }
  }
}
