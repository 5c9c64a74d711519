/** How each format of the table of targets is linked: the writer of its executables, and where its dynamic functions come from. */

import type { TargetRow } from "../../os/targets.ts";
import type { InstructionLength } from "../debug/stackDepth_x86_64.ts";
import type { TraceInput } from "../debug/traceInput.ts";
import type { TraceNames } from "../debug/traceTable.ts";
import { addWindowsUnwindTables as addUnwind_arm64 } from "../debug/unwindWindows_arm64.ts";
import { addWindowsUnwindTables as addUnwind_x86_64 } from "../debug/unwindWindows_x86_64.ts";
import { elfExecutable } from "../link/elf.ts";
import type { ImageFormat } from "../link/image.ts";
import type { ImportSource } from "../link/imports.ts";
import type { ObjectBuilder, ObjectFile, SectionId } from "../link/object.ts";
import { writeObject } from "../link/writeObject.ts";
import { elfAssembly } from "./assemblyText.ts";
import { dynamicElfImage } from "./imageDynamicElf.ts";
import { machoImage } from "./imageMacho.ts";
import { peImage } from "./imagePe.ts";
import type { BuildRequest } from "./request.ts";

export interface ImageOfTarget {
  readonly format: ImageFormat;
  /** The bytes of a relocatable object. */
  readonly writeObject: (object: ObjectFile) => Uint8Array;
  /** An object as assembly text for it. */
  readonly assembly: (object: ObjectFile) => string;
  readonly imports?: ImportSource;
  /** What to say of a function that nobody has. */
  readonly undefinedAdvice?: (symbol: string) => readonly string[];
  /** An object that is entered at `entry` and calls the program's own entry, where the loader does not. */
  readonly start?: (main: string) => ObjectFile;
  readonly entry?: string;
}

/** Tables that the system's unwinder wants of each function, where it wants any. */
export type UnwindTables = (object: ObjectBuilder, text: SectionId, trace: TraceInput, names: TraceNames, lengthAt: InstructionLength) => void;

const unwindTables: Partial<Record<string, UnwindTables>> = { "pe x86_64": addUnwind_x86_64, "pe arm64": addUnwind_arm64 };

/** What adds the tables that the system walks stacks with; undefined where it has none. */
export function unwindTablesOf({ format, architecture }: TargetRow): UnwindTables | undefined {
  return unwindTables[`${format} ${architecture}`];
}

function staticElfImage({ target: { name } }: ImageRequest): ImageOfTarget {
  const undefinedAdvice = (): string[] => [`${name} has no C library; where a function is glibc's or musl's, say --target ${name}-libc or ${name}-musl, or LANGLIBC=libc or musl`];
  return { format: elfExecutable, writeObject: (object) => writeObject(object), assembly: (object) => elfAssembly(object), undefinedAdvice };
}

/** By the row's `format`. */
const images: Readonly<Record<TargetRow["format"], (request: ImageRequest) => ImageOfTarget>> = {
  elf: (request) => (request.target.interpreter === undefined ? staticElfImage(request) : dynamicElfImage(request)),
  macho: machoImage,
  pe: peImage,
};

/** What of a request matters here. */
export type ImageRequest = Pick<BuildRequest, "target" | "image">;

/** How the target's executables, objects and assembly are made. */
export function imageOf(request: ImageRequest): ImageOfTarget {
  return images[request.target.format](request);
}
