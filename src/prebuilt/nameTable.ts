/** Many names as one text and two columns: none becomes a string of its own before it is asked for. Names are ASCII, as symbols are. */

export class NameTable {
  private readonly text: string;
  /** Where each name ends in the text. */
  private readonly ends: Int32Array;
  /** Those that are found by their name: number + 1 at the name's hash, or behind where that was taken. */
  private readonly slots: Int32Array;

  constructor(text: string, ends: Int32Array, slots: Int32Array) {
    this.text = text;
    this.ends = ends;
    this.slots = slots;
  }

  /** Of `names`, by their place; those whose numbers are in `found`, and no others, can be found. */
  static of(names: readonly string[], found: Iterable<number>): NameTable {
    const text = names.join("");
    if (/[^\x20-\x7e]/.test(text)) throw new Error("prebuilt/nameTable.of: a name is not ASCII");
    let end = 0;
    const ends = Int32Array.from(names, (name) => (end += name.length));
    const numbers = [...found];
    const slots = new Int32Array(1 << (33 - Math.clz32(numbers.length | 7)));
    for (const number of numbers) {
      let slot = hashOf(names[number] as string);
      while (slots[slot & (slots.length - 1)] !== 0) slot++;
      slots[slot & (slots.length - 1)] = number + 1;
    }
    return new NameTable(text, ends, slots);
  }

  get count(): number {
    return this.ends.length;
  }

  name(number: number): string {
    return this.text.slice(number === 0 ? 0 : this.ends[number - 1], this.ends[number]);
  }

  /** The number of a name; -1 if there is none that can be found. */
  find(name: string): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOf(name) & mask; ; slot = (slot + 1) & mask) {
      const number = (this.slots[slot] as number) - 1;
      if (number < 0 || this.name(number) === name) return number;
    }
  }

  /** The columns, to be written before `bytes`; with them `decode` makes the same table. */
  columns(): readonly Int32Array[] {
    return [this.ends, this.slots];
  }

  bytes(): Uint8Array {
    return new TextEncoder().encode(this.text);
  }

  static decode(bytes: Uint8Array, ends: Int32Array, slots: Int32Array): NameTable {
    return new NameTable(new TextDecoder("latin1").decode(bytes), ends, slots);
  }
}

function hashOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 15)) >>> 1;
}
