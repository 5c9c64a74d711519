/** Reads fields of a file that may be cut short or corrupt: the first that is wrong is kept as the error, and all that come after it read as 0. */
import type { Fields, Layout, Values } from "./layout.ts";

/** What is wrong with a file. */
export interface ReadError {
  readonly field: string;
  /** In the file. */
  readonly offset: number;
  readonly problem: string;
}

export class BoundedReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  error: ReadError | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get failed(): boolean {
    return this.error !== undefined;
  }

  /** Notes an error, if it is the first. */
  fail(field: string, offset: number, problem: string): void {
    this.error ??= { field, offset, problem };
  }

  /** Fails unless `fine`. */
  demand(fine: boolean, field: string, offset: number, problem: string): boolean {
    if (!fine) this.fail(field, offset, problem);
    return fine;
  }

  /** Whether `count` bytes at `at` are in the file, and all was well before. */
  has(at: number, count: number, field: string): boolean {
    if (!(at >= 0 && count >= 0 && at + count <= this.bytes.length)) this.fail(field, at, `${count} bytes there are not in the file, which has ${this.bytes.length}`);
    return this.error === undefined;
  }

  /** Little-endian numbers at an offset; 0 where they are not in the file, which is then an error of `field`. */
  u8(at: number, field: string): number {
    return this.has(at, 1, field) ? this.view.getUint8(at) : 0;
  }
  u16(at: number, field: string): number {
    return this.has(at, 2, field) ? this.view.getUint16(at, true) : 0;
  }
  u32(at: number, field: string): number {
    return this.has(at, 4, field) ? this.view.getUint32(at, true) : 0;
  }
  u64(at: number, field: string): number {
    return this.has(at, 8, field) ? this.view.getUint32(at + 4, true) * 0x1_0000_0000 + this.view.getUint32(at, true) : 0;
  }
  /** Big-endian. */
  be32(at: number, field: string): number {
    return this.has(at, 4, field) ? this.view.getUint32(at, false) : 0;
  }

  /** The fields of a header at an offset; zeros where it is not in the file. */
  header<F extends Fields>(layout: Layout<F>, at: number, field: string): Values<F> {
    return this.has(at, layout.size, field) ? layout.read(this.bytes, at) : layout.read(new Uint8Array(layout.size), 0);
  }

  /** A text that ends in a NUL before `end`. */
  text(at: number, end: number, field: string): string {
    if (!this.has(at, Math.max(0, end - at), field)) return "";
    const stop = this.bytes.indexOf(0, at);
    if (stop < 0 || stop >= end) {
      this.fail(field, at, "the text has no end");
      return "";
    }
    return decoder.decode(this.bytes.subarray(at, stop));
  }
}

const decoder = new TextDecoder();
