/** A string table under construction: zero-terminated UTF-8, the empty string at 0. */

const encoder = new TextEncoder();

export class StringTable {
  size = 1;
  private buffer: Uint8Array<ArrayBuffer>;

  constructor(capacity: number) {
    this.buffer = new Uint8Array(Math.max(capacity, 64));
  }

  /** Adds `text`, equal ones again and again; returns its offset. */
  add(text: string): number {
    const at = this.size;
    const length = text.length;
    if (length === 0) return 0;
    // UTF-8 takes at most three bytes for each UTF-16 unit
    if (at + length * 3 + 1 > this.buffer.length) this.grow(at + length * 3 + 1);
    const buffer = this.buffer;
    for (let i = 0; i < length; i++) {
      const c = text.charCodeAt(i);
      if (c >= 0x80) {
        const { written } = encoder.encodeInto(text, buffer.subarray(at));
        buffer[at + written] = 0;
        this.size = at + written + 1;
        return at;
      }
      buffer[at + i] = c;
    }
    buffer[at + length] = 0;
    this.size = at + length + 1;
    return at;
  }

  content(): Uint8Array {
    return this.buffer.subarray(0, this.size);
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.size));
    this.buffer = larger;
  }
}
