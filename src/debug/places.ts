/**
 * From positions to lines, many at a time. A position is a byte in the one space of all source files (`SourceFile.base`); those of
 * machine code mostly rise, so the line found last answers most questions without a search.
 */

/** What this needs to know of a source file; a `SourceFile` of `src/source/sourceMap.ts` is one. */
export interface PositionedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Position of its first byte; files rise by it. */
  readonly base: number;
}

export class Places {
  private readonly files: readonly PositionedFile[];
  /** By file, made when first needed: offsets at which its lines begin. */
  private readonly lineStarts: (Int32Array | undefined)[];
  /** The answer to the last `find`: index of the file, line and column from 1. */
  file = -1;
  line = 0;
  column = 0;
  /** Positions `[lineFrom, lineTo)` are in `line` of `file`. */
  private lineFrom = 0;
  private lineTo = 0;

  constructor(files: readonly PositionedFile[]) {
    this.files = files;
    this.lineStarts = files.map(() => undefined);
  }

  path(file: number): string {
    return this.files[file].path;
  }

  get fileCount(): number {
    return this.files.length;
  }

  /** Sets `file`, `line` and `column`; false, and all 0 or -1, for position 0 and those of no file. */
  find(position: number): boolean {
    if (position < this.lineFrom || position >= this.lineTo) {
      if (!this.findLine(position)) return false;
    }
    const { bytes, base } = this.files[this.file];
    const end = Math.min(position - base, bytes.length);
    let column = 1;
    // a continuation byte (10xxxxxx) belongs to the character before it
    for (let at = this.lineFrom - base; at < end; at++) if ((bytes[at] & 0xc0) !== 0x80) column++;
    this.column = column;
    return true;
  }

  private findLine(position: number): boolean {
    const file = this.fileOf(position);
    if (file < 0) {
      this.file = -1;
      this.line = this.column = this.lineFrom = this.lineTo = 0;
      return false;
    }
    const { base, bytes } = this.files[file];
    const starts = (this.lineStarts[file] ??= lineStartsOf(bytes));
    const offset = Math.min(position - base, bytes.length);
    let low = 0;
    let high = starts.length - 1;
    // the next line or the one after is the likeliest
    if (file === this.file && this.line + 2 < starts.length && offset >= starts[this.line] && offset < starts[this.line + 2]) {
      low = this.line;
      high = this.line + 1;
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    this.file = file;
    this.line = low + 1;
    this.lineFrom = base + starts[low];
    this.lineTo = base + (low + 1 < starts.length ? starts[low + 1] : bytes.length + 1);
    return true;
  }

  private fileOf(position: number): number {
    const { files } = this;
    if (position <= 0 || files.length === 0 || position < files[0].base) return -1;
    let low = 0;
    let high = files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (files[middle].base <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lineStartsOf(bytes: Uint8Array): Int32Array {
  const length = bytes.length;
  let starts = new Int32Array(Math.max(16, length >> 4));
  let count = 1;
  for (let i = 0; i < length; i++) {
    if (bytes[i] !== 10) continue;
    if (count === starts.length) {
      const larger = new Int32Array(count * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = i + 1;
  }
  return starts.subarray(0, count);
}
