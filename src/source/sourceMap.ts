/**
 * All source files of a build, and one number for a place in any of them: a file's bytes occupy the positions
 * `[base, base + length]` of one space, so that a position column is a single Int32Array whatever the file. Position 0 is "nowhere".
 */

export type FileId = number & { readonly brand: "FileId" };

export interface SourceFile {
  readonly id: FileId;
  /** As the user wrote it, or as it is included: what messages print. */
  readonly path: string;
  /** UTF-8, as read; may be ill-formed (the lexer reports that). */
  readonly bytes: Uint8Array;
  readonly base: number;
  /** Offsets at which its lines begin, where somebody found them before. */
  readonly lineStarts?: (() => Int32Array) | undefined;
}

/** A place as people count: line and column from 1, columns in characters (code points). */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export class SourceMap {
  readonly files: SourceFile[] = [];
  private nextBase = 1;
  private readonly lineStarts: (Int32Array | undefined)[] = [];

  add(path: string, bytes: Uint8Array, lineStarts?: () => Int32Array): SourceFile {
    const file: SourceFile = { id: this.files.length as FileId, path, bytes, base: this.nextBase, lineStarts };
    this.files.push(file);
    this.nextBase += bytes.length + 1;
    return file;
  }

  /** The file that holds a position; undefined for 0. */
  fileAt(position: number): SourceFile | undefined {
    if (position <= 0) return undefined;
    let low = 0;
    let high = this.files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.files[middle] as SourceFile).base <= position) low = middle;
      else high = middle - 1;
    }
    return this.files[low];
  }

  place(position: number): Place | undefined {
    const file = this.fileAt(position);
    if (file === undefined) return undefined;
    const offset = Math.min(position - file.base, file.bytes.length);
    const starts = this.starts(file);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    let column = 1;
    // A continuation byte (10xxxxxx) belongs to the character before it.
    for (let at = starts[low] as number; at < offset; at++) if (((file.bytes[at] as number) & 0xc0) !== 0x80) column++;
    return { path: file.path, line: low + 1, column };
  }

  /** Where `word` first stands by itself between two positions of one file; undefined if nowhere. */
  wordWithin({ start, end }: { readonly start: number; readonly end: number }, word: string): { readonly start: number; readonly end: number } | undefined {
    const file = this.fileAt(start);
    if (file === undefined) return undefined;
    const { bytes, base } = file;
    const wanted = new TextEncoder().encode(word);
    for (let at = start - base; at + wanted.length <= end - base; at++) {
      if (isWordByte(bytes[at - 1]) || isWordByte(bytes[at + wanted.length])) continue;
      if (wanted.every((byte, i) => bytes[at + i] === byte)) return { start: base + at, end: base + at + wanted.length };
    }
    return undefined;
  }

  /** What stands before a position on its line. */
  lineBefore(position: number): string {
    const file = this.fileAt(position);
    if (file === undefined) return "";
    const offset = position - file.base;
    return new TextDecoder().decode(file.bytes.subarray(file.bytes.lastIndexOf(10, Math.max(0, offset - 1)) + 1, offset));
  }

  /** The bytes of line `line` (from 1) without its line end. */
  lineBytes(file: SourceFile, line: number): Uint8Array {
    const starts = this.starts(file);
    const from = starts[line - 1] ?? file.bytes.length;
    let to = starts[line] ?? file.bytes.length;
    while (to > from && (file.bytes[to - 1] === 10 || file.bytes[to - 1] === 13)) to--;
    return file.bytes.subarray(from, to);
  }

  private starts(file: SourceFile): Int32Array {
    const known = this.lineStarts[file.id];
    if (known !== undefined) return known;
    const { bytes } = file;
    let count = 1;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10) count++;
    const starts = new Int32Array(count);
    let next = 1;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === 10) starts[next++] = i + 1;
    this.lineStarts[file.id] = starts;
    return starts;
  }
}

/** ASCII letters, digits and _, and all of what is beyond ASCII. */
function isWordByte(byte: number | undefined): boolean {
  return byte !== undefined && (byte >= 0x80 || byte === 0x5f || (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a));
}
