/**
 * Names as integers: each different name gets the next number, straight from the bytes of the source, without a string.
 *
 * In memory: the UTF-8 bytes of all names in one array, where each ends, its hash, and an open-addressing table of numbers.
 * The names below have fixed numbers, in the order of the lists, so that "is it a keyword", "is it a built-in type" and
 * "is it a suffix of a number" are comparisons of integers.
 */

/** An interned name. 0 is "no name". */
export type NameId = number & { readonly brand: "NameId" };

export const keywords = [
  "as", "break", "const", "continue", "defer", "dyn", "else", "enum", "extern", "false", "for", "func", "if", "impl", "in",
  "let", "loop", "match", "move", "mut", "nil", "pub", "return", "self", "Self", "struct", "trait", "true", "type", "var", "while",
] as const;

/** The types that a number may carry as a suffix, integers first. */
export const numberTypes = ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64"] as const;

/** Further names that the compiler itself looks for. */
const knownNames = [
  "bool", "char", "void", "never", "str",
  "_", "main", "len", "ptr", "test", "include", "import", "export", "syscall", "spawn",
  "OS", "ARCH", "BACKEND", "LIBC", "DEBUG", "TARGET",
  "String", "List", "Map", "Set", "Box", "Rc", "Weak", "Arc", "ArcWeak", "Cell", "Result", "Option", "Some", "None", "Ok", "Err",
  "print", "println", "eprint", "eprintln", "assert", "assert_eq", "assume", "panic", "type_of", "exit",
  "Copy", "Clone", "Drop", "Eq", "Ord", "Hash", "Show", "Default", "Add", "Sub", "Mul", "Div", "Rem", "Neg", "Index", "From",
  "Iterator", "Send", "Sync", "IndexMut", "Deref", "DerefMut", "FromIterator", "Ordering", "Range", "RangeInclusive",
  "next", "iter", "iter_mut", "into_iter", "to_list", "GivenItems", "from", "eq", "cmp", "add", "sub", "mul", "div", "rem", "neg", "index", "index_mut", "drop", "deref",
] as const;

type FixedName = (typeof keywords)[number] | (typeof numberTypes)[number] | (typeof knownNames)[number];
const fixedNames: readonly FixedName[] = [...keywords, ...numberTypes, ...knownNames];

/** `Names.main`, `Names.i64`, `Names.self`: the number of each fixed name, the same in every interner. */
export const Names = Object.fromEntries(fixedNames.map((name, index) => [name, index + 1])) as { readonly [N in FixedName]: NameId };

/** Numbers 1 to `keywordCount` are the keywords, in the order of the list. */
export const keywordCount = keywords.length;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The hash's step; the lexer takes it inline while it scans a name. Starts with the first byte. */
export function hashStep(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** All names of an interner: their bytes one behind the other, where each ends, its hash, and the table to find them with. */
export interface InternedNames {
  readonly bytes: Uint8Array;
  readonly ends: Int32Array;
  readonly hashes: Int32Array;
  readonly table: Int32Array;
}

export class Interner {
  count = 1;
  private bytes = new Uint8Array(1 << 13);
  /** Name `id` is `bytes[ends[id - 1] .. ends[id])`. */
  private ends = new Int32Array(1 << 10);
  private hashes = new Int32Array(1 << 10);
  private table = new Int32Array(1 << 11);
  /** The texts that were asked for, which are few of many and come in any order: an array would change its kind twice on the way to a sparse one. */
  private readonly strings = new Map<NameId, string>();
  /** The first bytes as text, as long as all are ASCII: names are cut from it, which is cheaper than to decode each. */
  private text = "";
  private isAscii = true;

  /** With the names of another interner, by the same numbers, if it is given what that one has; else with the fixed names. */
  constructor(names?: InternedNames) {
    if (names !== undefined) {
      this.count = names.ends.length;
      this.bytes = roomy(new Uint8Array(names.bytes.length * 2), names.bytes);
      this.ends = roomy(new Int32Array(names.table.length), names.ends);
      this.hashes = roomy(new Int32Array(names.table.length), names.hashes);
      this.table = names.table.slice();
      return;
    }
    // Encoded at once: a call each takes a small build a while. They are ASCII.
    const bytes = encoder.encode(fixedNames.join(" "));
    for (let from = 0; from < bytes.length; ) {
      let to = from;
      let hash = bytes[to++] as number;
      for (; to < bytes.length && bytes[to] !== 0x20; to++) hash = hashStep(hash, bytes[to] as number);
      this.internBytes(bytes, from, to, hash);
      from = to + 1;
    }
  }

  /** What it has, for another to begin with: views, of which a copy is to be made before more names come. */
  names(): InternedNames {
    const { bytes, ends, hashes, table, count } = this;
    return { bytes: bytes.subarray(0, ends[count - 1]), ends: ends.subarray(0, count), hashes: hashes.subarray(0, count), table };
  }

  /** The number of a name given as text. */
  intern(text: string): NameId {
    const bytes = encoder.encode(text);
    let hash = bytes.length === 0 ? 0 : (bytes[0] as number);
    for (let i = 1; i < bytes.length; i++) hash = hashStep(hash, bytes[i] as number);
    return this.internBytes(bytes, 0, bytes.length, hash);
  }

  /** The number of the name `source[from..to)`, whose hash by `hashStep` the caller knows. */
  internBytes(source: Uint8Array, from: number, to: number, hash: number): NameId {
    const { table, hashes, ends, bytes } = this;
    const mask = table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const id = table[slot] as number;
      if (id === 0) return this.append(source, from, to, hash, slot);
      if (hashes[id] === hash) {
        const end = ends[id] as number;
        let at = ends[id - 1] as number;
        if (end - at === to - from) {
          let i = from;
          while (at < end && bytes[at] === source[i]) {
            at++;
            i++;
          }
          if (at === end) return id as NameId;
        }
      }
      slot = (slot + 1) & mask;
    }
  }

  /** The name's text; made when first asked for. "" for 0. */
  name(id: NameId): string {
    const known = this.strings.get(id);
    if (known !== undefined) return known;
    const text = id === 0 ? "" : this.decoded(this.ends[id - 1] as number, this.ends[id] as number);
    this.strings.set(id, text);
    return text;
  }

  private decoded(from: number, to: number): string {
    const used = this.ends[this.count - 1] as number;
    // While names still come, each text has twice the last one's length: all of them together cost no more than the last.
    if (to > this.text.length && this.isAscii && used >= 2 * this.text.length) {
      const text = decoder.decode(this.bytes.subarray(0, used));
      this.isAscii = text.length === used;
      if (this.isAscii) this.text = text;
    }
    return to <= this.text.length ? this.text.slice(from, to) : decoder.decode(this.bytes.subarray(from, to));
  }

  /** The name's first byte: what tells a capitalised name in ASCII. */
  firstByte(id: NameId): number {
    return this.bytes[this.ends[id - 1] as number] as number;
  }

  private append(source: Uint8Array, from: number, to: number, hash: number, slot: number): NameId {
    const id = this.count++;
    if (id === this.ends.length) {
      this.ends = enlarge(this.ends);
      this.hashes = enlarge(this.hashes);
    }
    const start = this.ends[id - 1] as number;
    const end = start + to - from;
    while (end > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    for (let i = from; i < to; i++) this.bytes[start + i - from] = source[i] as number;
    this.ends[id] = end;
    this.hashes[id] = hash;
    this.table[slot] = id;
    if (id * 2 > this.table.length) this.rehash();
    return id as NameId;
  }

  private rehash(): void {
    const table = new Int32Array(this.table.length * 2);
    const mask = table.length - 1;
    for (let id = 1; id < this.count; id++) {
      const hash = this.hashes[id] as number;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = id;
    }
    this.table = table;
  }
}

function enlarge(from: Int32Array): Int32Array<ArrayBuffer> {
  return roomy(new Int32Array(from.length * 2), from);
}

function roomy<A extends Int32Array | Uint8Array>(to: A, from: ArrayLike<number>): A {
  to.set(from);
  return to;
}
