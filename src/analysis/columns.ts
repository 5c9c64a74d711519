/** Side tables by value, block or edge number, kept from function to function so that no pass allocates in the usual case. */

export class IntColumn {
  private data = new Int32Array(256);

  /** `count` zeros and some room behind, for values that a pass makes on the way. Valid until the next call. */
  zeroed(count: number): Int32Array<ArrayBuffer> {
    return this.filled(count, 0);
  }

  filled(count: number, value: number): Int32Array<ArrayBuffer> {
    const needed = count + (count >> 1) + 64;
    if (needed > this.data.length) this.data = new Int32Array(sizeFor(needed));
    this.data.fill(value, 0, needed);
    return this.data;
  }
}

export class ByteColumn {
  private data = new Uint8Array(256);

  zeroed(count: number): Uint8Array<ArrayBuffer> {
    const needed = count + (count >> 1) + 64;
    if (needed > this.data.length) this.data = new Uint8Array(sizeFor(needed));
    this.data.fill(0, 0, needed);
    return this.data;
  }
}

export class FloatColumn {
  private data = new Float64Array(256);

  filled(count: number, value: number): Float64Array<ArrayBuffer> {
    const needed = count + (count >> 1) + 64;
    if (needed > this.data.length) this.data = new Float64Array(sizeFor(needed));
    this.data.fill(value, 0, needed);
    return this.data;
  }
}

/** A list of numbers that keeps its memory. */
export class IntList {
  data = new Int32Array(64);
  length = 0;

  push(item: number): void {
    if (this.length === this.data.length) {
      const data = new Int32Array(2 * this.length);
      data.set(this.data);
      this.data = data;
    }
    this.data[this.length++] = item;
  }

  pop(): number {
    return this.data[--this.length] as number;
  }

  clear(): void {
    this.length = 0;
  }
}

function sizeFor(count: number): number {
  let size = 256;
  while (size < count) size *= 2;
  return size;
}
