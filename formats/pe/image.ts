/** An executable image in PE's own terms: what the writer takes and the reader gives. Addresses are relative to the image's base (RVAs). */

export interface PeSection {
  readonly name: string;
  /** Characteristics */
  readonly flags: number;
  readonly address: number;
  /** Bytes in memory. */
  readonly memorySize: number;
  readonly offset: number;
  /** Bytes in the file; what memory has beyond it is zero. */
  readonly fileSize: number;
}

export interface PeDirectory {
  readonly address: number;
  readonly size: number;
}

export interface PeImage {
  readonly machine: number;
  /** COFF header, Characteristics */
  readonly fileFlags: number;
  readonly entry: number;
  readonly base: number;
  readonly subsystem: number;
  readonly subsystemVersion: readonly [major: number, minor: number];
  /** DllCharacteristics */
  readonly imageFlags: number;
  readonly sectionAlignment: number;
  readonly fileAlignment: number;
  /** Bytes of all headers, rounded up to the file alignment. */
  readonly headerSize: number;
  /** Bytes of address space. */
  readonly imageSize: number;
  readonly stackReserve: number;
  readonly stackCommit: number;
  readonly sections: readonly PeSection[];
  /** By index of `Directory`; an absent one has address 0. */
  readonly directories: readonly PeDirectory[];
}

/** A function of another library. */
export interface PeImport {
  readonly library: string;
  readonly name: string;
}

export const noDirectory: PeDirectory = { address: 0, size: 0 };
