/**
 * From positions to lines, many at a time. A position is a byte in the one space of all source files (`SourceFile.base`); those of
 * machine code mostly rise, so the line found last answers most questions without a search.
 */

/** What this needs to know of a source file; a `SourceFile` of `src/source/sourceMap.ts` is one. */
export interface PositionedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Offsets at which its lines begin, where somebody found them before. */
  readonly lineStarts?: (() => Int32Array) | undefined;
  /** Position of its first byte; files rise by it. */
  readonly base: number;
}

export class Places {
  private readonly files: readonly PositionedFile[];
  /** By file, made when first needed: offsets at which its lines begin. */
  private readonly lineStarts: (Int32Array | undefined)[];
  /** By file, made when first needed: a byte is a character everywhere. */
  private readonly ascii: (boolean | undefined)[];
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
    this.ascii = files.map(() => undefined);
  }

  path(file: number): string {
    return this.files[file].path;
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

  /**
   * The same for `count` positions at once: fills the columns with the index of the file (-1: none), line and column. This is the walk
   * over every call of a program, so it keeps all it needs at hand.
   */
  findAll(positions: Int32Array, count: number, files: Int32Array, lines: Int32Array, columns: Int32Array): void {
    let { file, line, lineFrom, lineTo } = this;
    let bytes = file < 0 ? empty : this.files[file].bytes;
    let base = file < 0 ? 0 : this.files[file].base;
    let starts = file < 0 ? none : this.startsOf(file);
    let ascii = file >= 0 && this.isAscii(file);
    // the last answer: `column` is that of `at`
    let at = lineFrom;
    let column = 1;
    for (let i = 0; i < count; i++) {
      const position = positions[i];
      if (position >= lineTo && line + NEAR < starts.length && position < base + starts[line + NEAR]) {
        do {
          lineFrom = lineTo;
          line++;
          lineTo = base + starts[line];
        } while (position >= lineTo);
        at = lineFrom;
        column = 1;
      } else if (position < lineFrom || position >= lineTo) {
        this.line = line; // where to look from; all is set anew
        if (!this.findLine(position)) {
          file = -1;
          starts = none;
          files[i] = -1;
          lines[i] = columns[i] = 0;
          lineFrom = lineTo = 0;
          continue;
        }
        ({ file, line, lineFrom, lineTo } = this);
        ({ bytes, base } = this.files[file]);
        starts = this.startsOf(file);
        ascii = this.isAscii(file);
        at = lineFrom;
        column = 1;
      } else if (position < at) {
        at = lineFrom;
        column = 1;
      }
      files[i] = file;
      lines[i] = line;
      if (ascii) {
        columns[i] = position - lineFrom + 1;
        continue;
      }
      const end = position - base;
      for (let b = at - base; b < end; b++) if ((bytes[b] & 0xc0) !== 0x80) column++;
      at = position;
      columns[i] = column;
    }
  }

  private findLine(position: number): boolean {
    const file = this.fileOf(position);
    if (file < 0) {
      this.file = -1;
      this.line = this.column = this.lineFrom = this.lineTo = 0;
      return false;
    }
    const { base, bytes } = this.files[file];
    const starts = this.startsOf(file);
    const offset = Math.min(position - base, bytes.length);
    let low = 0;
    let high = starts.length - 1;
    if (file === this.file) {
      // most places are near the last one: widen the range around its line until it holds them
      let near = this.line - 1;
      let step = 1;
      if (offset >= starts[near]) {
        while (near + step <= high && starts[near + step] <= offset) {
          near += step;
          step *= 2;
        }
        low = near;
        high = Math.min(high, near + step - 1);
      } else {
        while (near - step >= 0 && starts[near - step] > offset) {
          near -= step;
          step *= 2;
        }
        low = Math.max(0, near - step);
        high = near - 1;
      }
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

  private startsOf(file: number): Int32Array {
    const known = this.lineStarts[file];
    if (known !== undefined) return known;
    const { bytes, lineStarts } = this.files[file];
    const starts = lineStarts?.() ?? lineStartsOf(bytes);
    this.lineStarts[file] = starts;
    return starts;
  }

  /** Decoding is native, and cheaper than to look at what stands before each place. */
  private isAscii(file: number): boolean {
    const { bytes } = this.files[file];
    return (this.ascii[file] ??= decoder.decode(bytes).length === bytes.length);
  }

  private fileOf(position: number): number {
    const { files } = this;
    if (this.file >= 0) {
      const { base, bytes } = files[this.file];
      if (position >= base && position <= base + bytes.length) return this.file;
    }
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

/** So many lines further on need no search. */
const NEAR = 8;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const empty = new Uint8Array(0);
const none = new Int32Array(0);

function lineStartsOf(bytes: Uint8Array): Int32Array {
  const length = bytes.length;
  let starts = new Int32Array(Math.max(16, length >> 4));
  let count = 1;
  for (let i = bytes.indexOf(10); i >= 0; i = bytes.indexOf(10, i + 1)) {
    if (count === starts.length) {
      const larger = new Int32Array(count * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = i + 1;
  }
  return starts.subarray(0, count);
}
