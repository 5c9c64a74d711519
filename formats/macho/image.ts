/** An executable in Mach-O's own terms: what the writer takes and the reader gives. */

export interface MachSection {
  /** sectname */
  readonly name: string;
  readonly address: number;
  readonly size: number;
  /** In the file; 0 for zeroed memory. */
  readonly offset: number;
  /** A power of two, in bytes. */
  readonly alignment: number;
  readonly flags: number;
  /** Of sections of pointers and stubs: the index of the first in the table of indirect symbols. */
  readonly reserved1?: number;
}

export interface MachSegment {
  readonly name: string;
  readonly address: number;
  readonly memorySize: number;
  readonly offset: number;
  readonly fileSize: number;
  /** Protection: initprot, and maxprot the same. */
  readonly protection: number;
  readonly flags: number;
  readonly sections: readonly MachSection[];
}

/** Symbols as columns, those that are defined here first, then those of libraries. */
export interface MachSymbols {
  readonly count: number;
  readonly names: readonly string[];
  /** n_type */
  readonly type: Uint8Array;
  /** n_sect: from 1, over all segments; 0 for none. */
  readonly section: Uint8Array;
  /** n_desc */
  readonly description: Uint16Array;
  /** n_value */
  readonly value: Float64Array;
  /** How many are local, and how many after them are defined for others. */
  readonly localCount: number;
  readonly definedCount: number;
}

/** A function of a library; libraries count from 1. */
export interface MachImport {
  readonly library: number;
  readonly name: string;
}

/** A word that the loader fills in: with its own image's new address, or with that of import number `import`. */
export interface MachFixups {
  /** Addresses, rising. */
  readonly address: Float64Array;
  /** By fixup: -1 for an address of the image, else the import. */
  readonly import: Int32Array;
}

/** major << 16 | minor << 8 | patch */
export const version = (major: number, minor = 0, patch = 0): number => (major << 16) | (minor << 8) | patch;
