/** How each format of the table of targets is linked: the writer of its executables, and where its dynamic functions come from. */

import type { TargetRow } from "../../os/targets.ts";
import { windowsLibraryOf } from "../../os/windows_imports.ts";
import { LIBSYSTEM } from "../../formats/macho/constants.ts";
import { glibcVersion, linuxFunction, oldestGlibc } from "../../os/linux_imports.ts";
import { libSystemSymbol } from "../../os/macos_imports.ts";
import type { InstructionLength } from "../debug/stackDepth_x86_64.ts";
import type { TraceInput } from "../debug/traceInput.ts";
import type { TraceNames } from "../debug/traceTable.ts";
import { addWindowsUnwindTables as addUnwind_arm64 } from "../debug/unwindWindows_arm64.ts";
import { addWindowsUnwindTables as addUnwind_x86_64 } from "../debug/unwindWindows_x86_64.ts";
import { elfExecutable } from "../link/elf.ts";
import { elfDynamic } from "../link/elfDynamic.ts";
import { libcStart, startObject } from "../link/startLibc.ts";
import type { ImageFormat } from "../link/image.ts";
import type { ImportSource } from "../link/imports.ts";
import { machoExecutable } from "../link/macho.ts";
import type { ObjectBuilder, ObjectFile, SectionId } from "../link/object.ts";
import { peExecutable } from "../link/pe.ts";
import { writeCoff } from "../link/writeCoff.ts";
import { writeMacho } from "../link/writeMacho.ts";
import { coffDialect, elfDialect, machoDialect } from "../link/assemblyDialects.ts";
import type { AssemblyDialect } from "../link/assemblyDialects.ts";
import { writeObject } from "../link/writeObject.ts";
import { buildResources, iconResources, manifestResource, versionResource } from "../../formats/pe/resources.ts";
import type { Resource } from "../../formats/pe/resources.ts";
import type { BuildRequest, ImageOptions } from "./request.ts";

export interface ImageOfTarget {
  readonly format: ImageFormat;
  /** The bytes of a relocatable object. */
  readonly writeObject: (object: ObjectFile) => Uint8Array;
  /** How assembly text for it is written. */
  readonly dialect: AssemblyDialect;
  readonly imports?: ImportSource;
  /** An object that is entered at `entry` and calls the program's own entry, where the loader does not. */
  readonly start?: (main: string) => ObjectFile;
  readonly entry?: string;
}

/** Tables that the system's unwinder wants of each function, where it wants any. */
export type UnwindTables = (object: ObjectBuilder, text: SectionId, trace: TraceInput, names: TraceNames, lengthAt: InstructionLength) => void;

const unwindTables: Partial<Record<string, UnwindTables>> = { "pe x86_64": addUnwind_x86_64, "pe arm64": addUnwind_arm64 };

export function unwindTablesOf({ format, architecture }: TargetRow): UnwindTables | undefined {
  return unwindTables[`${format} ${architecture}`];
}

/** By the row's `format`. */
const images: Readonly<Record<TargetRow["format"], (request: ImageRequest) => ImageOfTarget>> = {
  elf: ({ target: { interpreter, libc, library, architecture }, image = {} }) => {
    if (interpreter === undefined || library === undefined || libc === "none") return { format: elfExecutable, writeObject, dialect: elfDialect };
    const version = (_: string, name: string): string | undefined => (libc === "musl" ? undefined : glibcVersion(architecture, name, image.glibc ?? oldestGlibc));
    return {
      format: elfDynamic({ interpreter, libraries: [library], version }),
      writeObject,
      dialect: elfDialect,
      imports: (symbol) => linuxFunction(symbol, libc),
      start: (main) => startObject(architecture, main),
      entry: libcStart,
    };
  },
  macho: ({ target, image = {} }) => {
    const libraryName = (symbol: string): string | undefined => libSystemSymbol(symbol, target.architecture);
    return {
      format: machoExecutable(image),
      writeObject: (object) => writeMacho(object, libraryName),
      dialect: machoDialect(libraryName),
      imports: (symbol) => {
        const name = libraryName(symbol);
        return name === undefined ? undefined : { library: LIBSYSTEM, name };
      },
    };
  },
  pe: ({ image = {} }) => ({
    writeObject: writeCoff,
    dialect: coffDialect,
    format: peExecutable({ ...image, resources: resourcesOf(image) }),
    imports: (name) => {
      const library = windowsLibraryOf(name);
      return library === undefined ? undefined : { library, name };
    },
  }),
};

/** What is wrong with an icon's file; undefined if nothing is. */
export function iconProblem(file: Uint8Array): string | undefined {
  const icon = iconResources(file);
  return icon.ok ? undefined : icon.problem;
}

/** Icon, manifest and version as the section of resources; undefined if there is none of them. */
function resourcesOf(image: ImageOptions): ((address: number) => Uint8Array) | undefined {
  const resources: Resource[] = [];
  if (image.icon !== undefined) {
    const icon = iconResources(image.icon);
    if (!icon.ok) throw new Error(`driver/images.resourcesOf: ${icon.problem}`); // the command line has looked
    resources.push(...icon.resources);
  }
  if (image.manifest !== undefined) resources.push(manifestResource(image.manifest));
  if (image.fileVersion !== undefined) {
    const name = image.identifier ?? "program";
    const version = image.fileVersion.join(".");
    resources.push(versionResource(image.fileVersion, { FileDescription: name, FileVersion: version, InternalName: name, OriginalFilename: `${name}.exe`, ProductName: name, ProductVersion: version }));
  }
  return resources.length === 0 ? undefined : (address) => buildResources(resources, address);
}

/** What of a request matters here. */
export type ImageRequest = Pick<BuildRequest, "target" | "image">;

export function imageOf(request: ImageRequest): ImageOfTarget {
  return images[request.target.format](request);
}
