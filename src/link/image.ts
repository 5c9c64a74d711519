/** What the linker hands to a file format: sections in their order, symbols, and later everybody's address. */
import type { Machine } from "./object.ts";
import type { OutputSection } from "./outputs.ts";
import type { Program } from "./program.ts";

/** Addresses and file offsets that a format gave to the sections of an image. */
export interface Placed {
  /** By output section. */
  readonly address: Float64Array;
  readonly offset: Float64Array;
  /** One past the last mapped address. */
  readonly end: number;
  /** The thread pointer, seen from the initial image of thread-local variables. */
  readonly threadPointer: number;
}

/** Symbols of an image, as columns of `count` entries. */
export interface ImageSymbols {
  readonly count: number;
  readonly names: readonly string[];
  /** Binding, SymbolType and Visibility of `object.ts`. */
  readonly binding: Uint8Array;
  readonly type: Uint8Array;
  readonly visibility: Uint8Array;
  readonly address: Float64Array;
  readonly size: Float64Array;
  /** Index of the output section, or ABSOLUTE. */
  readonly section: Int32Array;
}

export interface ImageOptions {
  readonly machine: Machine;
  /** Address of the image's first byte. */
  readonly base: number;
  /** As few segments and headers as the format can do with. */
  readonly compact: boolean;
  /** In the order of their slots, those of a library together. */
  readonly imports: readonly ImportedFunction[];
  /** How many addresses of itself the image will hold (LoaderWork.pointers). */
  readonly pointerCount: () => number;
}

/** A function of a dynamic library, which the loader finds by name. */
export interface ImportedFunction {
  readonly library: string;
  readonly name: string;
}

/** What a loader has to fill in, once everything has its address. */
export interface LoaderWork {
  /** By import: the address of the slot for the function's address. */
  readonly slots: Float64Array;
  /** Where the image holds 64-bit addresses of itself, rising. */
  readonly pointers: Float64Array;
}

/** A format in steps: `place` gives addresses, `finish` knows the file's size, `write` adds all that isn't section content. */
export interface ImageFormat {
  /** Address of the image's first byte, where nobody asks for another. */
  readonly base: number;
  /** Whether the loader may place the image elsewhere. */
  readonly relocatable: boolean;
  place(sections: readonly OutputSection[], options: ImageOptions): Placed & { finish(entry: number, symbols: ImageSymbols | undefined, work: LoaderWork): FilePlan };
}

export interface FilePlan {
  /** Bytes of the file, to be allocated zeroed, with each section's content at its offset. */
  readonly size: number;
  /** Writes headers and tables. */
  write(file: Uint8Array): void;
}

/** Everything that linking found out, for maps, listings and tests. */
export interface LinkSummary {
  readonly program: Program;
  readonly outputs: readonly OutputSection[];
  readonly placed: Placed;
  readonly entry: number;
}
