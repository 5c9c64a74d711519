/**
 * DWARF 5 for `-g`: enough for breakpoints by line, stepping and backtraces, in sections that are never loaded. Variables need to know where
 * the allocator keeps them, instruction by instruction; that is not recorded yet.
 */
import type { ObjectBuilder, SectionId } from "../link/object.ts";
import { DwarfSection } from "./dwarfSection.ts";
import { frameRules, functionNamed, writeFrameTable } from "./frameTable.ts";
import type { FrameRow } from "./frameTable.ts";
import { writeLineProgram } from "./lineProgram.ts";
import type { Declared } from "./lineProgram.ts";
import type { Places } from "./places.ts";
import { frameRowsArm64 } from "./stackDepth_arm64.ts";
import { stackDepths } from "./stackDepth_x86_64.ts";
import type { InstructionLength } from "./stackDepth_x86_64.ts";
import type { LineInput } from "./traceInput.ts";
import type { TraceNames } from "./traceTable.ts";

export interface DwarfOptions {
  /** Who made this: "lang 0.1.0". */
  readonly producer: string;
  /** The main source file, as in its diagnostics. */
  readonly source: string;
  /** The folder that paths are relative to. */
  readonly directory: string;
  /** The process entry, if it is among the functions: nobody called it. */
  readonly entry: string;
  readonly instructionLength: InstructionLength;
}

const Tag = { compileUnit: 0x11, subprogram: 0x2e } as const;
const Attribute = {
  name: 0x03, statementList: 0x10, lowPc: 0x11, highPc: 0x12, language: 0x13, directory: 0x1b, producer: 0x25, declaredFile: 0x3a, declaredLine: 0x3b,
  frameBase: 0x40, ranges: 0x55,
} as const;
const Form = { address: 0x01, data2: 0x05, data4: 0x06, string: 0x08, udata: 0x0f, sectionOffset: 0x17, expression: 0x18 } as const;
/** DW_LANG_C_plus_plus_14 and its like change how debuggers read names; a number of the user range tells nothing, and C is understood everywhere. */
const LANGUAGE_C11 = 0x1d;
const CALL_FRAME_CFA = 0x9c;
const START_LENGTH = 7;

/** Abbreviations by number: tag, has children, then attribute and form in turn. */
const abbreviations: readonly (readonly [tag: number, children: 0 | 1, ...pairs: number[]])[] = [
  [
    Tag.compileUnit, 1, Attribute.producer, Form.string, Attribute.language, Form.data2, Attribute.name, Form.string, Attribute.directory, Form.string,
    Attribute.lowPc, Form.address, Attribute.ranges, Form.sectionOffset, Attribute.statementList, Form.sectionOffset,
  ],
  [
    Tag.subprogram, 0, Attribute.name, Form.string, Attribute.lowPc, Form.address, Attribute.highPc, Form.data4, Attribute.frameBase, Form.expression,
    Attribute.declaredFile, Form.udata, Attribute.declaredLine, Form.udata,
  ],
  [Tag.subprogram, 0, Attribute.name, Form.string, Attribute.lowPc, Form.address, Attribute.highPc, Form.data4, Attribute.frameBase, Form.expression],
];
const COMPILE_UNIT = 1;
const FUNCTION = 2;
const FUNCTION_WITHOUT_PLACE = 3;

/** Adds the .debug sections to `object`, whose code is in `text`. */
export function addDwarf(object: ObjectBuilder, text: SectionId, trace: LineInput, names: TraceNames, places: Places, options: DwarfOptions): void {
  const info = new DwarfSection(object, ".debug_info");
  const abbrev = new DwarfSection(object, ".debug_abbrev");
  const ranges = new DwarfSection(object, ".debug_rnglists");
  const line = new DwarfSection(object, ".debug_line");
  const lineStrings = new DwarfSection(object, ".debug_line_str");
  const frame = new DwarfSection(object, ".debug_frame");

  const declared = writeLineProgram(line, lineStrings, trace, names, places, options.directory);
  writeAbbreviations(abbrev);
  const rangesAt = writeRanges(ranges, trace, names);
  writeInfo(info, abbrev, ranges, rangesAt, line, trace, names, declared, options);
  const code = object.sections[text].content();
  const entry = functionNamed(object, trace, names, options.entry);
  const frames = object.machine === "arm64" ? (f: number): readonly FrameRow[] => frameRowsArm64(code, trace, f)
    : (f: number): readonly FrameRow[] => stackDepths(code, trace, f, options.instructionLength).map(({ at, depth }) => ({ at, depth: depth + 8, saved: true }));
  writeFrameTable(frame, frameRules[object.machine], trace, names, frames, entry);
  for (const section of [info, abbrev, ranges, line, lineStrings, frame]) section.finish();
}

function writeAbbreviations(out: DwarfSection): void {
  abbreviations.forEach(([tag, children, ...pairs], i) => {
    out.unsigned(i + 1);
    out.unsigned(tag);
    out.u8(children);
    for (const number of pairs) out.unsigned(number);
    out.all([0, 0]);
  });
  out.u8(0);
}

/** The code of the unit, function by function, as a linker may move them. Returns the list's offset. */
function writeRanges(out: DwarfSection, trace: LineInput, names: TraceNames): number {
  const unit = out.beginUnit();
  out.u16(5);
  out.all([8, 0]); // address size, segment selector size
  out.u32(0); // no table of offsets
  const at = out.size;
  for (let f = 0; f < trace.functionCount; f++) {
    out.u8(START_LENGTH);
    out.address(names.objectSymbol(trace.functionSymbol[f]), 0);
    out.unsigned(trace.functionSize[f]);
  }
  out.u8(0);
  out.endUnit(unit);
  return at;
}

function writeInfo(
  out: DwarfSection, abbrev: DwarfSection, ranges: DwarfSection, rangesAt: number, line: DwarfSection, trace: LineInput, names: TraceNames,
  declared: readonly Declared[], options: DwarfOptions,
): void {
  const unit = out.beginUnit();
  out.u16(5);
  out.all([1, 8]); // a compile unit, address size
  out.offsetIn(abbrev, 0);
  out.unsigned(COMPILE_UNIT);
  out.text(options.producer);
  out.u16(LANGUAGE_C11);
  out.text(options.source);
  out.text(options.directory);
  out.u64(0);
  out.offsetIn(ranges, rangesAt);
  out.offsetIn(line, 0);
  for (let f = 0; f < trace.functionCount; f++) {
    const symbol = trace.functionSymbol[f];
    const place = declared[f];
    out.unsigned(place.file === 0 ? FUNCTION_WITHOUT_PLACE : FUNCTION);
    out.text(names.name(symbol));
    out.address(names.objectSymbol(symbol), 0);
    out.u32(trace.functionSize[f]);
    out.all([1, CALL_FRAME_CFA]);
    if (place.file === 0) continue;
    out.unsigned(place.file);
    out.unsigned(place.line);
  }
  out.u8(0);
  out.endUnit(unit);
}
