/**
 * Archives: a magic line, then members behind 60-byte text headers: name 16, mtime 12, uid 6, gid 6, mode 8, size 10, "`\n"; contents are padded to even.
 * `/` is the symbol table (big-endian; `/SYM64/` with 64 bits; a second one is Microsoft's, sorted, and says the same), `//` holds long names, which are referred to as `/offset`; BSD writes `#1/length` and the
 * name before the content.
 */

export interface ArchiveMember {
  readonly name: string;
  /** Undefined in a thin archive, where `name` is a path from the archive's folder. */
  readonly content: Uint8Array | undefined;
}

export interface Archive {
  readonly members: readonly ArchiveMember[];
  /** Which member defines a symbol, as its index; the first that does. */
  readonly symbols: ReadonlyMap<string, number>;
}

export interface ArchiveError {
  readonly field: string;
  /** Byte offset in the archive. */
  readonly offset: number;
  readonly problem: string;
}
export type ArchiveResult = { readonly ok: true; readonly archive: Archive } | { readonly ok: false; readonly error: ArchiveError };

const HEADER = 60;
const MAGIC = "!<arch>\n";
const THIN = "!<thin>\n";
const decoder = new TextDecoder();

/** Whether the bytes begin as an archive does. */
function isArchive(bytes: Uint8Array): boolean {
  const magic = ascii(bytes, 0, 8);
  return magic === MAGIC || magic === THIN;
}

/** Reads the whole directory of an archive; contents are views of `bytes`. */
export function readArchive(bytes: Uint8Array): ArchiveResult {
  if (!isArchive(bytes)) return failed("magic", 0, "not an archive");
  const thin = ascii(bytes, 0, 8) === THIN;
  const members: ArchiveMember[] = [];
  /** Index of the member whose header is at this offset. */
  const memberAt = new Map<number, number>();
  let table: { readonly at: number; readonly size: number; readonly wide: boolean } | undefined;
  let longNames: Uint8Array = new Uint8Array(0);
  for (let at = MAGIC.length; at < bytes.length; ) {
    if (at + HEADER > bytes.length) return failed("header", at, "the archive ends inside a member's header");
    if (ascii(bytes, at + 58, 2) !== "`\n") return failed("ar_fmag", at + 58, "no member's header is here");
    const size = Number.parseInt(ascii(bytes, at + 48, 10), 10);
    if (!(size >= 0)) return failed("ar_size", at + 48, `"${ascii(bytes, at + 48, 10).trim()}" is no size`);
    const rawName = ascii(bytes, at, 16).trimEnd();
    const isTable = rawName === "/" || rawName === "/SYM64/";
    const inside = !thin || isTable || rawName === "//";
    const contentAt = at + HEADER;
    if (inside && contentAt + size > bytes.length) return failed("ar_size", at + 48, `a member of ${size} bytes ends after the archive`);
    if (isTable) table ??= { at: contentAt, size, wide: rawName === "/SYM64/" };
    else if (rawName === "//") longNames = bytes.subarray(contentAt, contentAt + size);
    else {
      const named = memberName(bytes, at, rawName, size, longNames);
      if ("problem" in named) return { ok: false, error: named };
      if (!named.name.startsWith("__.SYMDEF")) {
        memberAt.set(at, members.length);
        members.push({ name: named.name, content: inside ? bytes.subarray(contentAt + named.skip, contentAt + size) : undefined });
      }
    }
    at = contentAt + (inside ? size + (size & 1) : 0);
  }
  if (table === undefined) return { ok: true, archive: { members, symbols: new Map() } };
  return symbolTable(bytes, table, members, memberAt);
}

function symbolTable(
  bytes: Uint8Array, table: { at: number; size: number; wide: boolean }, members: readonly ArchiveMember[], memberAt: ReadonlyMap<number, number>,
): ArchiveResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = table.wide ? 8 : 4;
  const end = table.at + table.size;
  const word = (at: number): number => (table.wide ? view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4) : view.getUint32(at));
  if (table.size < width) return failed("symbol table", table.at, `${table.size} bytes`);
  const count = word(table.at);
  if ((count + 1) * width > table.size) return failed("symbol table", table.at, `${count} symbols in ${table.size} bytes`);
  const symbols = new Map<string, number>();
  let name = table.at + (count + 1) * width;
  for (let i = 0; i < count; i++) {
    const at = table.at + (i + 1) * width;
    const member = memberAt.get(word(at));
    if (member === undefined) return failed("symbol table", at, `no member begins at 0x${word(at).toString(16)}`);
    const zero = bytes.indexOf(0, name);
    if (zero < 0 || zero >= end) return failed("symbol table", name, "a name has no end");
    const text = decoder.decode(bytes.subarray(name, zero));
    if (!symbols.has(text)) symbols.set(text, member);
    name = zero + 1;
  }
  return { ok: true, archive: { members, symbols } };
}

/** The name, and how many bytes of the content it takes. */
function memberName(bytes: Uint8Array, at: number, raw: string, size: number, longNames: Uint8Array): { name: string; skip: number } | ArchiveError {
  if (raw.startsWith("#1/")) {
    const length = Number.parseInt(raw.slice(3), 10);
    if (!(length >= 0 && length <= size)) return { field: "ar_name", offset: at, problem: `"${raw}" in a member of ${size} bytes` };
    return { name: decoder.decode(bytes.subarray(at + HEADER, at + HEADER + length)).replace(/\0+$/, ""), skip: length };
  }
  if (!/^\/\d/.test(raw)) return { name: raw.endsWith("/") ? raw.slice(0, -1) : raw, skip: 0 };
  const offset = Number.parseInt(raw.slice(1), 10);
  const end = offset < longNames.length ? longNames.indexOf(10, offset) : -1;
  if (end < 0) return { field: "ar_name", offset: at, problem: `"${raw}" lies outside the table of long names, of ${longNames.length} bytes` };
  return { name: decoder.decode(longNames.subarray(offset, end)).replace(/\/$/, ""), skip: 0 };
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  let text = "";
  for (let i = from; i < Math.min(from + length, bytes.length); i++) text += String.fromCharCode(bytes[i]);
  return text;
}

function failed(field: string, offset: number, problem: string): ArchiveResult {
  return { ok: false, error: { field, offset, problem } };
}
