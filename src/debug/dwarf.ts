/**
 * DWARF 5 for `-g`: breakpoints by line, stepping and backtraces, in sections that are never loaded; at -O0, where each variable has a slot on the
 * stack, variables and their types, too. (Above that, one would need to know where the allocator keeps them, instruction by instruction.)
 */
import { Abbreviation, writeAbbreviations } from "./abbreviations.ts";
import type { Machine, ObjectBuilder, SectionId, SymbolId } from "../link/object.ts";
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
import { TypeEntries } from "./typeEntries.ts";
import { VariableEntries } from "./variableEntries.ts";
import type { SlotInput, VariableInput } from "./variableInput.ts";

export interface DwarfOptions {
  /** Who made this. gdb looks for the end of a prologue in the line table only where this begins with "clang ": so does that of rustc. */
  readonly producer: string;
  /** The main source file, as in its diagnostics. */
  readonly source: string;
  /** The folder that paths are relative to. */
  readonly directory: string;
  /** The process entry, if it is among the functions: nobody called it. */
  readonly entry: string;
  readonly instructionLength: InstructionLength;
  /** Whether a function stays, where that is known: nothing is said of one that the linker takes out. */
  readonly keeps?: ((symbol: SymbolId) => boolean) | undefined;
  /** The variables that live in slots, and where the slots are. */
  readonly variables?: { readonly table: VariableInput; readonly slots: SlotInput } | undefined;
}

/** DW_LANG_C_plus_plus_14 and its like change how debuggers read names; a number of the user range tells nothing, and C is understood everywhere. */
const LANGUAGE_C11 = 0x1d;
const CALL_FRAME_CFA = 0x9c;
const START_LENGTH = 7;

/** How deep the stack is within a function, read off its code. */
const frameRowsOf: Readonly<Record<Machine, (code: Uint8Array, trace: LineInput, f: number, lengthAt: InstructionLength) => readonly FrameRow[]>> = {
  x86_64: (code, trace, f, lengthAt) => stackDepths(code, trace, f, lengthAt).map(({ at, depth }) => ({ at, depth: depth + 8, saved: true })),
  arm64: frameRowsArm64,
};

/** Adds the .debug sections to `object`, whose code is in `text`. */
export function addDwarf(object: ObjectBuilder, text: SectionId, trace: LineInput, names: TraceNames, places: Places, options: DwarfOptions): void {
  const info = new DwarfSection(object, ".debug_info");
  const abbrev = new DwarfSection(object, ".debug_abbrev");
  const ranges = new DwarfSection(object, ".debug_rnglists");
  const line = new DwarfSection(object, ".debug_line");
  const lineStrings = new DwarfSection(object, ".debug_line_str", true);
  const frame = new DwarfSection(object, ".debug_frame");

  const { keeps } = options;
  const stays = (f: number): boolean => keeps === undefined || keeps(names.objectSymbol(trace.functionSymbol[f]));
  const declared = writeLineProgram(line, lineStrings, trace, names, places, options.directory, stays, (symbol) => options.variables?.table.beginning(symbol) ?? 0);
  writeAbbreviations(abbrev);
  const lists = ranges.beginUnit();
  const rangesAt = writeRanges(ranges, trace, names, stays);
  writeInfo(info, abbrev, ranges, rangesAt, line, trace, names, stays, declared, options);
  ranges.endUnit(lists);
  const code = object.sections[text].content();
  const entry = functionNamed(object, trace, names, options.entry);
  const frames = (f: number): readonly FrameRow[] => frameRowsOf[object.machine](code, trace, f, options.instructionLength);
  writeFrameTable(frame, frameRules[object.machine], trace, names, stays, frames, entry);
  for (const section of [info, abbrev, ranges, line, lineStrings, frame]) section.finish();
}

/** The header of the lists, and the first: the code of the unit, function by function, as a linker may move them. Returns the list's offset. */
function writeRanges(out: DwarfSection, trace: LineInput, names: TraceNames, stays: (f: number) => boolean): number {
  out.u16(5);
  out.all([8, 0]); // address size, segment selector size
  out.u32(0); // no table of offsets
  const at = out.size;
  for (let f = 0; f < trace.functionCount; f++) {
    if (!stays(f)) continue;
    out.u8(START_LENGTH);
    out.address(names.objectSymbol(trace.functionSymbol[f]), 0);
    out.unsigned(trace.functionSize[f]);
  }
  out.u8(0);
  return at;
}

function writeInfo(
  out: DwarfSection, abbrev: DwarfSection, ranges: DwarfSection, rangesAt: number, line: DwarfSection, trace: LineInput, names: TraceNames,
  stays: (f: number) => boolean, declared: readonly Declared[], options: DwarfOptions,
): void {
  const unit = out.beginUnit();
  out.u16(5);
  out.all([1, 8]); // a compile unit, address size
  out.offsetIn(abbrev, 0);
  out.unsigned(Abbreviation.compileUnit);
  out.text(options.producer);
  out.u16(LANGUAGE_C11);
  out.text(options.source);
  out.text(options.directory);
  out.u64(0);
  out.offsetIn(ranges, rangesAt);
  out.offsetIn(line, 0);
  const variables = options.variables === undefined ? undefined : variableEntries(out, unit - 4, ranges, names, options.variables);
  variables?.writeGlobals();
  for (let f = 0; f < trace.functionCount; f++) {
    if (!stays(f)) continue;
    const symbol = trace.functionSymbol[f];
    const place = declared[f];
    const within = place.file !== 0 && variables?.has(f) === true ? variables : undefined;
    out.unsigned(place.file === 0 ? Abbreviation.functionWithoutPlace : within !== undefined ? Abbreviation.functionWithVariables : Abbreviation.function);
    out.text(names.name(symbol));
    out.address(names.objectSymbol(symbol), 0);
    out.u32(trace.functionSize[f]);
    out.all([1, CALL_FRAME_CFA]);
    if (place.file === 0) continue;
    out.unsigned(place.file);
    out.unsigned(place.line);
    if (within === undefined) continue;
    within.write(f);
    out.u8(0);
  }
  out.u8(0);
  out.endUnit(unit);
}

/** Writes the types; what it gives writes variables. */
function variableEntries(out: DwarfSection, unit: number, ranges: DwarfSection, names: TraceNames, { table, slots }: NonNullable<DwarfOptions["variables"]>): VariableEntries {
  const types = new TypeEntries(out, unit, table.types);
  types.writeAll();
  return new VariableEntries(out, ranges, slots, names, table, types);
}
