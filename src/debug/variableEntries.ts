/**
 * A function's parameters and variables in .debug_info. What is in scope from one statement on is a lexical block of its own; its code are the
 * instructions whose positions lie there, however the blocks of the program were ordered.
 */

import { Abbreviation } from "./abbreviations.ts";
import type { DwarfSection } from "./dwarfSection.ts";
import type { TraceNames } from "./traceTable.ts";
import type { TypeEntries } from "./typeEntries.ts";
import { VariableFlag, type SlotInput, type VariableInput } from "./variableInput.ts";

const FRAME_BASE_OFFSET = 0x91;
const DEREFERENCE = 0x06;
const ADDRESS = 0x03;
const ADDRESS_SIZE = 8;
/** Blocks within blocks, beyond which variables join the one around: debuggers walk them recursively. */
const DEEPEST = 40;
const START_LENGTH = 7;

/** Code from an offset within the function to another. */
type Piece = readonly [from: number, to: number];

export class VariableEntries {
  private readonly out: DwarfSection;
  private readonly ranges: DwarfSection;
  private readonly trace: SlotInput;
  private readonly names: TraceNames;
  private readonly variables: VariableInput;
  private readonly types: TypeEntries;

  constructor(out: DwarfSection, ranges: DwarfSection, trace: SlotInput, names: TraceNames, variables: VariableInput, types: TypeEntries) {
    this.out = out;
    this.ranges = ranges;
    this.trace = trace;
    this.names = names;
    this.variables = variables;
    this.types = types;
  }

  /** Those outside of functions. */
  writeGlobals(): void {
    const { out } = this;
    for (const { name, type, symbol } of this.variables.globals) {
      out.unsigned(Abbreviation.variable);
      out.text(name);
      this.types.reference(type);
      out.unsigned(1 + ADDRESS_SIZE);
      out.u8(ADDRESS);
      out.address(this.names.objectSymbol(symbol), 0);
    }
  }

  /** Whether function number `f` of the trace has any. */
  has(f: number): boolean {
    const [first, end] = this.variables.range(this.trace.functionSymbol[f]);
    return end > first;
  }

  /** Writes those of function number `f`: what a function's entry has for children, without the end. */
  write(f: number): void {
    const { flags, from, to } = this.variables;
    const [first, end] = this.variables.range(this.trace.functionSymbol[f]);
    const locals: number[] = [];
    for (let v = first; v < end; v++) {
      if ((flags[v] & VariableFlag.parameter) !== 0) this.entry(v, f);
      else locals.push(v);
    }
    // Scopes that hold others come before them.
    locals.sort((a, b) => from[a] - from[b] || to[b] - to[a]);
    const open: { readonly to: number; readonly pieces: readonly Piece[] }[] = [{ to: Infinity, pieces: this.pieces(f) }];
    for (let i = 0; i < locals.length; ) {
      const start = from[locals[i]];
      const limit = to[locals[i]];
      let next = i;
      while (next < locals.length && from[locals[next]] === start && to[locals[next]] === limit) next++;
      while (open.length > 1 && open[open.length - 1].to <= start) this.close(open);
      if (open.length <= DEEPEST) {
        const pieces = this.within(f, open[open.length - 1].pieces, start, limit);
        if (pieces.length > 0) {
          this.block(f, pieces);
          open.push({ to: limit, pieces });
          for (let k = i; k < next; k++) this.entry(locals[k], f);
        }
      } else for (let k = i; k < next; k++) this.entry(locals[k], f);
      i = next;
    }
    while (open.length > 1) this.close(open);
  }

  private close(open: unknown[]): void {
    open.pop();
    this.out.u8(0);
  }

  /** All instructions of the function that have a position, row by row. */
  private pieces(f: number): readonly Piece[] {
    const { functionFirstLine, functionCount, functionStart, functionSize, lineCount, lineOffset } = this.trace;
    const end = f + 1 < functionCount ? functionFirstLine[f + 1] : lineCount;
    const pieces: Piece[] = [];
    for (let row = functionFirstLine[f]; row < end; row++) {
      const from = lineOffset[row] - functionStart[f];
      const to = row + 1 < end ? lineOffset[row + 1] - functionStart[f] : functionSize[f];
      if (to > from) pieces.push([from, to]);
    }
    return pieces;
  }

  /** Those of the pieces, cut into rows again, whose positions are in [start, limit); neighbours are one. */
  private within(f: number, pieces: readonly Piece[], start: number, limit: number): readonly Piece[] {
    const { functionFirstLine, functionCount, functionStart, functionSize, lineCount, lineOffset, linePosition } = this.trace;
    const end = f + 1 < functionCount ? functionFirstLine[f + 1] : lineCount;
    const base = functionStart[f];
    const found: Piece[] = [];
    let row = functionFirstLine[f];
    for (const [from, to] of pieces) {
      while (row < end && lineOffset[row] - base < from) row++;
      for (; row < end && lineOffset[row] - base < to; row++) {
        const rowEnd = row + 1 < end ? lineOffset[row + 1] - base : functionSize[f];
        const rowStart = lineOffset[row] - base;
        if (rowEnd === rowStart || linePosition[row] < start || linePosition[row] >= limit) continue;
        const last = found[found.length - 1];
        if (last !== undefined && last[1] === rowStart) found[found.length - 1] = [last[0], rowEnd];
        else found.push([rowStart, rowEnd]);
      }
    }
    return found;
  }

  private block(f: number, pieces: readonly Piece[]): void {
    const { out, ranges, names, trace } = this;
    const symbol = names.objectSymbol(trace.functionSymbol[f]);
    const [[from, to]] = pieces as readonly [Piece, ...Piece[]];
    if (pieces.length === 1) {
      out.unsigned(Abbreviation.block);
      out.address(symbol, from);
      out.u32(to - from);
      return;
    }
    out.unsigned(Abbreviation.blockInPieces);
    out.offsetIn(ranges, ranges.size);
    for (const [start, end] of pieces) {
      ranges.u8(START_LENGTH);
      ranges.address(symbol, start);
      ranges.unsigned(end - start);
    }
    ranges.u8(0);
  }

  private entry(v: number, f: number): void {
    const { out, variables, trace } = this;
    const isParameter = (variables.flags[v] & VariableFlag.parameter) !== 0;
    out.unsigned(isParameter ? Abbreviation.parameter : Abbreviation.variable);
    out.text(variables.name(v));
    this.types.reference(variables.type[v]);
    const length = out.size;
    out.u8(0);
    out.u8(FRAME_BASE_OFFSET);
    out.signed(trace.slotOffset[trace.functionFirstSlot[f] + variables.slot[v]]);
    if ((variables.flags[v] & VariableFlag.indirect) !== 0) out.u8(DEREFERENCE);
    out.patch8(length, out.size - length - 1);
  }
}
