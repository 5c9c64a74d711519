/** The last step from a module to an object, for programs of the language and for those of other front ends: the tables beside the code. */

import type { TargetRow } from "../../os/targets.ts";
import type { Generated } from "../codegen/generate.ts";
import { addDwarf, type DwarfOptions } from "../debug/dwarf.ts";
import { Places, type PositionedFile } from "../debug/places.ts";
import { addTraceTable, wantsTraceTable } from "../debug/traceTable.ts";
import type { VariableInput } from "../debug/variableInput.ts";
import type { SymbolId } from "../ir/function.ts";
import type { Module } from "../ir/module.ts";
import type { ObjectBuilder, ObjectFile } from "../link/object.ts";
import { codeTargets } from "./codeTargets.ts";
import { unwindTablesOf } from "./images.ts";

export interface TableOptions {
  readonly target: TargetRow;
  /** What the positions of instructions mean. */
  readonly files: readonly PositionedFile[];
  /** What a person calls the function of a symbol. */
  readonly displayName: (symbol: string) => string;
  /** With it there is debug information. */
  readonly debug?: DebugOptions | undefined;
  /** Whether the tables that the system walks stacks with are left out. */
  readonly withoutUnwinding?: boolean;
}

interface DebugOptions extends Omit<DwarfOptions, "instructionLength" | "keeps" | "variables"> {
  /** What the linker will keep of the object with its trace table, where it is linked here. */
  readonly keptIn?: ((object: ObjectFile) => DwarfOptions["keeps"]) | undefined;
  /** Those that live in slots: the code generator tells where. */
  readonly variables?: VariableInput | undefined;
}

/** Whether `addCodeTables` will ask for anything of the functions and calls of the object, which holds all its code and data. */
export function wantsTrace(object: ObjectBuilder, { target, debug, withoutUnwinding }: Pick<TableOptions, "target" | "debug" | "withoutUnwinding">): boolean {
  return debug !== undefined || wantsTraceTable(object) || (withoutUnwinding !== true && unwindTablesOf(target) !== undefined);
}

/** Adds to the object the trace table (if its code refers to that), debug information and what the system's unwinder wants. */
export function addCodeTables({ builder, textSection, trace, objectSymbol }: Generated, module: Module, { target, files, displayName, debug, withoutUnwinding }: TableOptions): void {
  const { instructionLength } = codeTargets[target.architecture];
  const names = { name: (symbol: number) => displayName(module.nameOf(symbol as SymbolId)), objectSymbol: (symbol: number) => objectSymbol(symbol as SymbolId) };
  const places = new Places(files);
  addTraceTable(builder, trace, module.inlineSites, names, places);
  if (debug !== undefined) {
    const { keptIn, variables, ...rest } = debug;
    addDwarf(builder, textSection, trace, names, places, {
      ...rest, instructionLength, keeps: keptIn?.(builder), variables: variables === undefined ? undefined : { table: variables, slots: trace },
    });
  }
  if (withoutUnwinding !== true) unwindTablesOf(target)?.(builder, textSection, trace, names, instructionLength);
}
