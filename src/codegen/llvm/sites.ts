/**
 * Where a panic happened, without knowing LLVM's code addresses. Each call that leads to a panic handler gets a byte of the array
 * @lang.sites, and its address stands for the return address: it is stored in @lang.frame just before the call, which is what `frame.address`
 * gives here. The word behind holds the last call from the program's own code into the library. So the running program reads an
 * ordinary trace table, finds one frame (with what our optimiser inlined) or two, and then the end: the first two lines of a panic are the same.
 */

import { TraceRecords } from "../traceRecords.ts";

export class CallSites {
  readonly records = new TraceRecords();
  count = 0;
  private start = 0;
  private symbol = 0;
  private first = 0;

  beginFunction(symbol: number): void {
    this.symbol = symbol;
    this.start = this.count;
    this.first = this.records.siteCount;
  }

  endFunction(): void {
    if (this.records.siteCount === this.first) return;
    // A return address that is the last one of its function lies behind its last byte.
    this.count++;
    this.records.addFunction(this.symbol, this.start, this.count - this.start, 0, this.first, 0);
  }

  /** The text of the address that stands for the return address of a call. */
  add(position: number, inline: number): string {
    this.count++;
    this.records.addSite(this.count, position, inline, 0);
    return `getelementptr (i8, ptr @lang.sites, i64 ${this.count})`;
  }
}
