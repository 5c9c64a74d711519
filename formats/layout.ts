/**
 * Headers as declarations: a row is a field's name, its byte offset and its kind; all little-endian.
 * For headers only: bulk tables (symbols, relocations) are written column by column by whoever owns the columns.
 */

/** Bytes of each kind. `nameN`: N bytes of ASCII, padded with zeros. */
export const widths = { u8: 1, u16: 2, u32: 4, u64: 8, i32: 4, i64: 8, name8: 8, name16: 16 } as const;
export type FieldKind = keyof typeof widths;
export type Fields = Readonly<Record<string, readonly [offset: number, kind: FieldKind]>>;
type FieldValue<K extends FieldKind> = K extends `name${number}` ? string : number;
export type Values<F extends Fields> = { -readonly [N in keyof F]: FieldValue<F[N][1]> };

export interface Layout<F extends Fields> {
  /** Bytes of the whole header. */
  readonly size: number;
  readonly fields: F;
  /** Writes every field at `at`; bytes between fields stay as they are. 64-bit fields take numbers up to 2^53. */
  write(bytes: Uint8Array, at: number, values: Values<F>): void;
  /** Reads every field; the caller has checked that `size` bytes are there. 64-bit fields over 2^53 come rounded. */
  read(bytes: Uint8Array, at: number): Values<F>;
}

/** Declares a header of `size` bytes, its fields in their order; overlapping fields and fields past the end are our bug and throw at load. */
export function layout<const F extends Fields>(size: number, fields: F): Layout<F> {
  const names = Object.keys(fields) as (keyof F & string)[];
  let end = 0;
  for (const name of names) {
    const field = fields[name];
    if (field[0] < end) throw new Error(`formats/layout.layout: ${name} overlaps another field at byte ${field[0]}`);
    end = field[0] + widths[field[1]];
    if (end > size) throw new Error(`formats/layout.layout: ${name} ends at ${end}, the header at ${size}`);
  }
  return {
    size,
    fields,
    write(bytes, at, values) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (const name of names) {
        const field = fields[name];
        writeField(view, at + field[0], field[1], values[name]);
      }
    },
    read(bytes, at) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const values: Record<string, number | string> = {};
      for (const name of names) {
        const [offset, kind] = fields[name];
        values[name] = readField(view, at + offset, kind);
      }
      return values as Values<F>;
    },
  };
}

function writeField(view: DataView, at: number, kind: FieldKind, value: number | string): void {
  if (typeof value === "string") {
    const width = widths[kind];
    if (value.length > width) throw new Error(`formats/layout.writeField: "${value}" is longer than ${width} bytes`);
    for (let i = 0; i < width; i++) view.setUint8(at + i, i < value.length ? value.charCodeAt(i) : 0);
    return;
  }
  switch (kind) {
    case "u8": return view.setUint8(at, value);
    case "u16": return view.setUint16(at, value, true);
    case "u32": return view.setUint32(at, value, true);
    case "i32": return view.setInt32(at, value, true);
    case "u64":
    case "i64":
      view.setUint32(at, value >>> 0, true);
      return view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000) >>> 0, true);
    default: throw new Error(`formats/layout.writeField: a number for a field of kind ${kind}`);
  }
}

function readField(view: DataView, at: number, kind: FieldKind): number | string {
  switch (kind) {
    case "u8": return view.getUint8(at);
    case "u16": return view.getUint16(at, true);
    case "u32": return view.getUint32(at, true);
    case "i32": return view.getInt32(at, true);
    case "u64": return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
    case "i64": return view.getInt32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
    case "name8":
    case "name16": {
      let text = "";
      for (let i = 0; i < widths[kind]; i++) {
        const c = view.getUint8(at + i);
        if (c === 0) break;
        text += String.fromCharCode(c);
      }
      return text;
    }
  }
}
