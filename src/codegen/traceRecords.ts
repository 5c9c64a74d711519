/**
 * What the machine code means to somebody who holds a code address: which function it is in, how large the frame is there, and
 * which source position it came from. Columns; every offset counts bytes from the start of .text, rising.
 *
 * A stack is walked without frame pointers: at a call site, the word that holds the return address of the function lies at
 * `rsp + siteFrame` (rsp after the call returned), the caller's own frame begins 8 bytes above (x86_64).
 */

import { grown } from "../ir/grown.ts";

export class TraceRecords {
  functionCount = 0;
  /** Module symbol of the function. */
  functionSymbol = new Int32Array(64);
  functionStart = new Int32Array(64);
  functionSize = new Int32Array(64);
  /** Bytes between rsp in the function's body and the word with its return address. */
  functionFrame = new Int32Array(64);
  /** First call site of the function; those of function f end where those of f + 1 begin. */
  functionFirstSite = new Int32Array(64);
  functionFirstLine = new Int32Array(64);

  siteCount = 0;
  /** Offset of the instruction after the call. */
  siteReturn = new Int32Array(256);
  sitePosition = new Int32Array(256);
  /** Index into Module.inlineSites. */
  siteInline = new Int32Array(256);
  /** As functionFrame, but at this call: differs where the function has not yet made its frame. */
  siteFrame = new Int32Array(256);

  /** First stack slot of the function, where slots are recorded (`CodegenOptions.slots`). */
  functionFirstSlot = new Int32Array(64);
  slotCount = 0;
  private slotsTaken = 0;
  /** Bytes from the canonical frame address, the stack pointer before the call, to the slot. */
  slotOffset = new Int32Array(64);

  lineCount = 0;
  lineOffset = new Int32Array(64);
  linePosition = new Int32Array(64);
  lineInline = new Int32Array(64);

  addFunction(symbol: number, start: number, size: number, frame: number, firstSite: number, firstLine: number): void {
    const at = this.functionCount++;
    if (at === this.functionSymbol.length) {
      this.functionSymbol = grown(this.functionSymbol);
      this.functionStart = grown(this.functionStart);
      this.functionSize = grown(this.functionSize);
      this.functionFrame = grown(this.functionFrame);
      this.functionFirstSite = grown(this.functionFirstSite);
      this.functionFirstLine = grown(this.functionFirstLine);
      this.functionFirstSlot = grown(this.functionFirstSlot);
    }
    this.functionSymbol[at] = symbol;
    this.functionStart[at] = start;
    this.functionSize[at] = size;
    this.functionFrame[at] = frame;
    this.functionFirstSite[at] = firstSite;
    this.functionFirstLine[at] = firstLine;
    this.functionFirstSlot[at] = this.slotsTaken;
    this.slotsTaken = this.slotCount;
  }

  /** Where the slots of the function that is added next lie: `at` from the stack pointer in its body, which is `depth` below the canonical frame address. */
  addSlots(count: number, at: Int32Array, depth: number): void {
    while (this.slotCount + count > this.slotOffset.length) this.slotOffset = grown(this.slotOffset);
    for (let slot = 0; slot < count; slot++) this.slotOffset[this.slotCount++] = at[slot] - depth;
  }

  addSite(returnOffset: number, position: number, inline: number, frame: number): number {
    const at = this.siteCount++;
    if (at === this.siteReturn.length) {
      this.siteReturn = grown(this.siteReturn);
      this.sitePosition = grown(this.sitePosition);
      this.siteInline = grown(this.siteInline);
      this.siteFrame = grown(this.siteFrame);
    }
    this.siteReturn[at] = returnOffset;
    this.sitePosition[at] = position;
    this.siteInline[at] = inline;
    this.siteFrame[at] = frame;
    return at;
  }

  addLine(offset: number, position: number, inline: number): number {
    const at = this.lineCount++;
    if (at === this.lineOffset.length) {
      this.lineOffset = grown(this.lineOffset);
      this.linePosition = grown(this.linePosition);
      this.lineInline = grown(this.lineInline);
    }
    this.lineOffset[at] = offset;
    this.linePosition[at] = position;
    this.lineInline[at] = inline;
    return at;
  }
}
