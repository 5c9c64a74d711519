/** .debug_line and .debug_line_str: DWARF 5, 6.2. One sequence a function, so that a linker may move or drop functions. */
import type { DwarfSection } from "./dwarfSection.ts";
import type { Places } from "./places.ts";
import type { LineInput } from "./traceInput.ts";
import type { TraceNames } from "./traceTable.ts";

/** Standard opcodes, and their operand counts for readers that don't know them. */
const operandCounts = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
const COPY = 1;
const ADVANCE_PC = 2;
const ADVANCE_LINE = 3;
const SET_FILE = 4;
const SET_COLUMN = 5;
const SET_PROLOGUE_END = 10;
const OPCODE_BASE = 13;
const LINE_BASE = -5;
const LINE_RANGE = 14;
/** Content types and forms of the file tables. */
const PATH = 1;
const DIRECTORY_INDEX = 2;
const FORM_LINE_STRP = 0x1f;
const FORM_DATA1 = 0x0b;

/** Where a function was first found in the source. */
export interface Declared {
  /** Number in the file table, 0 for unknown. */
  readonly file: number;
  readonly line: number;
}

/** Writes both sections; returns each function's place. Code of the position that `beginning` gives for a function belongs to its prologue. */
export function writeLineProgram(
  line: DwarfSection, strings: DwarfSection, trace: LineInput, names: TraceNames, places: Places, directory: string,
  stays: (f: number) => boolean, beginning: (functionSymbol: number) => number = () => 0,
): Declared[] {
  const { lineCount, linePosition } = trace;
  const files = new Int32Array(lineCount);
  const lines = new Int32Array(lineCount);
  const columns = new Int32Array(lineCount);
  places.findAll(linePosition, lineCount, files, lines, columns);

  const unit = line.beginUnit();
  line.u16(5);
  line.all([8, 0]); // address size, segment selector size
  const header = line.beginUnit();
  line.all([1, 1, 1, LINE_BASE & 0xff, LINE_RANGE, OPCODE_BASE, ...operandCounts]);
  line.all([1, PATH, FORM_LINE_STRP]);
  line.unsigned(1);
  line.offsetIn(strings, strings.size);
  strings.text(directory);
  line.all([2, PATH, FORM_LINE_STRP, DIRECTORY_INDEX, FORM_DATA1]);
  // file 0 is the primary one; since older consumers count from 1 it is there twice
  const used = usedFiles(files);
  line.unsigned(used.length + 1);
  for (const file of [used[0], ...used]) {
    line.offsetIn(strings, strings.size);
    strings.text(file === undefined ? "" : places.path(file));
    line.u8(0);
  }
  line.endUnit(header);
  const numberOf = new Map(used.map((file, i) => [file, i + 1]));
  const declared = sequences(line, trace, names, files, lines, columns, numberOf, stays, beginning);
  line.endUnit(unit);
  return declared;
}

function usedFiles(files: Int32Array): number[] {
  const used = new Set<number>();
  for (const file of files) if (file >= 0) used.add(file);
  // a unit without any line still names a file
  return used.size === 0 ? [0] : [...used];
}

function sequences(
  out: DwarfSection, trace: LineInput, names: TraceNames, files: Int32Array, lines: Int32Array, columns: Int32Array, numberOf: ReadonlyMap<number, number>,
  stays: (f: number) => boolean, beginning: (functionSymbol: number) => number,
): Declared[] {
  const { functionCount, functionFirstLine, functionStart, functionSize, functionSymbol, lineCount, lineOffset } = trace;
  const declared: Declared[] = [];
  for (let f = 0; f < functionCount; f++) {
    const first = functionFirstLine[f];
    const end = f + 1 < functionCount ? functionFirstLine[f + 1] : lineCount;
    let known = first;
    while (known < end && files[known] < 0) known++;
    if (known === end || !stays(f)) {
      declared.push({ file: 0, line: 0 });
      continue;
    }
    const start = functionStart[f];
    declared.push({ file: numberOf.get(files[known]) ?? 1, line: lines[known] });
    out.all([0, 9, 2]); // set_address
    out.address(names.objectSymbol(functionSymbol[f]), 0);
    // the state that a sequence begins with
    let [file, line, column, address] = [1, 1, 0, 0];
    const row = (toFile: number, toLine: number, toColumn: number, at: number): void => {
      if (toFile !== file) {
        out.u8(SET_FILE);
        out.unsigned(toFile);
      }
      if (toColumn !== column) {
        out.u8(SET_COLUMN);
        out.unsigned(toColumn);
      }
      advance(out, toLine - line, at - address);
      [file, line, column, address] = [toFile, toLine, toColumn, at];
    };
    // the prologue has a row of its own: debuggers stop after it
    row(numberOf.get(files[known]) ?? 1, lines[known], columns[known], 0);
    let inBody = false;
    let body = known;
    for (const begins = beginning(functionSymbol[f]); body + 1 < end && begins !== 0 && trace.linePosition[body] === begins; ) body++;
    for (let i = body; i < end; i++) {
      if (files[i] < 0) continue;
      const number = numberOf.get(files[i]) ?? 1;
      const at = lineOffset[i] - start;
      const next = i + 1 < end ? lineOffset[i + 1] - start : functionSize[f];
      if (next === at || (inBody && number === file && lines[i] === line && columns[i] === column)) continue;
      if (!inBody) out.u8(SET_PROLOGUE_END);
      inBody = true;
      row(number, lines[i], columns[i], at);
    }
    out.u8(ADVANCE_PC);
    out.unsigned(functionSize[f] - address);
    out.all([0, 1, 1]); // end_sequence
  }
  return declared;
}

function advance(out: DwarfSection, lines: number, bytes: number): void {
  const special = lines - LINE_BASE + LINE_RANGE * bytes + OPCODE_BASE;
  if (lines >= LINE_BASE && lines < LINE_BASE + LINE_RANGE && special <= 255) {
    out.u8(special);
    return;
  }
  if (lines !== 0) {
    out.u8(ADVANCE_LINE);
    out.signed(lines);
  }
  if (bytes !== 0) {
    out.u8(ADVANCE_PC);
    out.unsigned(bytes);
  }
  out.u8(COPY);
}
