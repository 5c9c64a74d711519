/** Side tables by value, block or edge number, kept from function to function so that no pass allocates in the usual case. */

/**
 * A table is clean to its very end, not only as far as the caller said: a pass that makes values on the way asks its `length` whether it covers them,
 * and what an earlier, larger function left behind must never be taken for an answer. So each size has memory of its own.
 */
export class IntColumn {
  private readonly sizes: (Int32Array<ArrayBuffer> | undefined)[] = [];

  /** `count` zeros and some room behind, for values that a pass makes on the way. Valid until the next call. */
  zeroed(count: number): Int32Array<ArrayBuffer> {
    return this.filled(count, 0);
  }

  filled(count: number, value: number): Int32Array<ArrayBuffer> {
    return this.room(count).fill(value);
  }

  /** The same without a value: for what is written before it is read. */
  room(count: number): Int32Array<ArrayBuffer> {
    const size = sizeFor(count);
    return (this.sizes[size] ??= new Int32Array(1 << size));
  }
}

export class ByteColumn {
  private readonly sizes: (Uint8Array<ArrayBuffer> | undefined)[] = [];

  zeroed(count: number): Uint8Array<ArrayBuffer> {
    const size = sizeFor(count);
    return (this.sizes[size] ??= new Uint8Array(1 << size)).fill(0);
  }
}

export class FloatColumn {
  private readonly sizes: (Float64Array<ArrayBuffer> | undefined)[] = [];

  filled(count: number, value: number): Float64Array<ArrayBuffer> {
    const size = sizeFor(count);
    return (this.sizes[size] ??= new Float64Array(1 << size)).fill(value);
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

/** The exponent of the smallest power of two that has room for so many and half as many again. */
function sizeFor(count: number): number {
  return Math.max(8, 32 - Math.clz32(count + (count >> 1) + 63));
}
