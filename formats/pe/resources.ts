/** .rsrc: a tree by type, number and language, whose leaves are icons, the manifest and the version. */
import { alignUp } from "../align.ts";
import { ResourceType } from "./constants.ts";
import { ResourceDataEntry, ResourceDirectory } from "./layouts.ts";

export interface Resource {
  readonly type: number;
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** English (United States), which everything without a language of its own has. */
const LANGUAGE = 0x409;
const ENTRY = 8;
const SUBDIRECTORY = 0x8000_0000;

/** The section's bytes, if it is placed at `address`. */
export function buildResources(resources: readonly Resource[], address: number): Uint8Array<ArrayBuffer> {
  const sorted = [...resources].sort((a, b) => a.type - b.type || a.id - b.id);
  const types = [...new Set(sorted.map(({ type }) => type))];
  const directory = (entries: number): number => ResourceDirectory.size + entries * ENTRY;
  let at = directory(types.length);
  const take = (size: number, alignment = 4): number => {
    const own = alignUp(at, alignment);
    at = own + size;
    return own;
  };
  const typeAt = types.map((type) => take(directory(sorted.filter((r) => r.type === type).length)));
  const languageAt = sorted.map(() => take(directory(1)));
  const leafAt = sorted.map(() => take(ResourceDataEntry.size));
  const dataAt = sorted.map(({ bytes }) => take(bytes.length, 8));
  const file = new Uint8Array(at);
  const view = new DataView(file.buffer);
  const writeDirectory = (to: number, entries: readonly (readonly [id: number, target: number])[]): void => {
    ResourceDirectory.write(file, to, { Characteristics: 0, TimeDateStamp: 0, Version: 0, NumberOfNamedEntries: 0, NumberOfIdEntries: entries.length });
    entries.forEach(([id, target], i) => {
      view.setUint32(to + ResourceDirectory.size + i * ENTRY, id, true);
      view.setUint32(to + ResourceDirectory.size + i * ENTRY + 4, target, true);
    });
  };
  const below = (offset: number): number => (offset | SUBDIRECTORY) >>> 0;
  writeDirectory(0, types.map((type, i) => [type, below(typeAt[i])]));
  types.forEach((type, t) => writeDirectory(typeAt[t], sorted.flatMap((r, i): [number, number][] => (r.type === type ? [[r.id, below(languageAt[i])]] : []))));
  sorted.forEach(({ bytes }, i) => {
    writeDirectory(languageAt[i], [[LANGUAGE, leafAt[i]]]);
    ResourceDataEntry.write(file, leafAt[i], { OffsetToData: address + dataAt[i], Size: bytes.length, CodePage: 0, Reserved: 0 });
    file.set(bytes, dataAt[i]);
  });
  return file;
}

export type IconResult = { readonly ok: true; readonly resources: readonly Resource[] } | { readonly ok: false; readonly problem: string };

/** The pictures of an .ico file, and the group that lists them. */
export function iconResources(ico: Uint8Array): IconResult {
  const view = new DataView(ico.buffer, ico.byteOffset, ico.byteLength);
  const bad = (problem: string): IconResult => ({ ok: false, problem });
  if (ico.length < 6 || view.getUint16(0, true) !== 0 || view.getUint16(2, true) !== 1) return bad("it does not begin as an icon file does");
  const count = view.getUint16(4, true);
  if (count === 0 || count > 64 || ico.length < 6 + count * 16) return bad(`it says that it has ${count} pictures`);
  const group = new Uint8Array(6 + count * 14);
  group.set(ico.subarray(0, 6));
  const resources: Resource[] = [];
  for (let i = 0; i < count; i++) {
    const entry = 6 + i * 16;
    const size = view.getUint32(entry + 8, true);
    const offset = view.getUint32(entry + 12, true);
    if (offset + size > ico.length) return bad(`picture ${i + 1} lies outside of the file`);
    group.set(ico.subarray(entry, entry + 12), 6 + i * 14);
    group[6 + i * 14 + 12] = i + 1;
    resources.push({ type: ResourceType.icon, id: i + 1, bytes: ico.subarray(offset, offset + size) });
  }
  return { ok: true, resources: [...resources, { type: ResourceType.groupIcon, id: 1, bytes: group }] };
}

/** The program's manifest: `text` is XML in UTF-8. */
export function manifestResource(text: Uint8Array): Resource {
  return { type: ResourceType.manifest, id: 1, bytes: text };
}

/** What the properties of the file show. `version`: four numbers below 65536. */
export function versionResource(version: readonly number[], texts: Readonly<Record<string, string>>): Resource {
  const fixed = new Uint8Array(52);
  const view = new DataView(fixed.buffer);
  const [a, b, c, d] = [0, 1, 2, 3].map((i) => version[i] ?? 0);
  // VS_FIXEDFILEINFO: signature, structure version, file and product version, flags mask, flags, NT on Win32, application
  [0xfeef04bd, 0x10000, (a << 16) | b, (c << 16) | d, (a << 16) | b, (c << 16) | d, 0x3f, 0, 0x40004, 1].forEach((word, i) => view.setUint32(i * 4, word >>> 0, true));
  const strings = Object.entries(texts).map(([key, text]) => block(key, 1, wide(`${text}\0`), text.length + 1, []));
  const table = block("040904B0", 1, new Uint8Array(0), 0, strings);
  const translation = block("Translation", 0, Uint8Array.of(0x09, 0x04, 0xb0, 0x04), 4, []);
  const bytes = block("VS_VERSION_INFO", 0, fixed, fixed.length, [block("StringFileInfo", 1, new Uint8Array(0), 0, [table]), block("VarFileInfo", 1, new Uint8Array(0), 0, [translation])]);
  return { type: ResourceType.version, id: 1, bytes };
}

/** Length, value's length, whether the value is text, key, value, children; everything on multiples of 4. */
function block(key: string, text: 0 | 1, value: Uint8Array, valueLength: number, children: readonly Uint8Array[]): Uint8Array {
  const name = wide(`${key}\0`);
  const valueAt = alignUp(6 + name.length, 4);
  let at = valueAt + value.length;
  const places = children.map((child) => {
    const own = alignUp(at, 4);
    at = own + child.length;
    return own;
  });
  const bytes = new Uint8Array(at);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, at, true);
  view.setUint16(2, valueLength, true);
  view.setUint16(4, text, true);
  bytes.set(name, 6);
  bytes.set(value, valueAt);
  children.forEach((child, i) => bytes.set(child, places[i]));
  return bytes;
}

/** UTF-16, little-endian. */
function wide(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) bytes.set([text.charCodeAt(i) & 255, text.charCodeAt(i) >> 8], i * 2);
  return bytes;
}
