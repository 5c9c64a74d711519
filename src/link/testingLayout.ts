/**
 * For tests: COFF and Mach-O objects laid out at made-up addresses, every reference filled in. Two objects that say the same in other words (a symbol, or a
 * section and an offset; a distance filled in, or left to the linker) come out with the same bytes.
 */
import { RelocationKind } from "./relocationKind.ts";
import { patchArm64 } from "./patch_arm64.ts";

interface Part {
  readonly name: string;
  readonly alignment: number;
  readonly content: Uint8Array;
  /** Where the file thinks it lies: of Mach-O, whose fields may count from there. */
  readonly claimed: number;
  readonly relocations: readonly { readonly at: number; readonly symbol: number; readonly type: number; readonly length: number; readonly external: boolean }[];
  address: number;
}

interface Symbol {
  readonly name: string;
  /** Index of its part; -1 for none. */
  readonly part: number;
  readonly offset: number;
}

/** Size and content of each section by name, in hexadecimal. */
export function laidOut(bytes: Uint8Array): Record<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isMacho = view.getUint32(0, true) === 0xfeedfacf;
  const { parts, symbols, machine } = isMacho ? machoParts(view) : coffParts(view);
  place(parts);
  for (const part of parts) (isMacho ? fillMacho : fillCoff)(part, parts, symbols, machine);
  const result: Record<string, string> = {};
  for (const name of new Set(parts.map((part) => part.name))) {
    const own = parts.filter((part) => part.name === name && part.content.length > 0);
    if (own.length === 0) continue;
    const first = Math.min(...own.map(({ address }) => address));
    const whole = new Uint8Array(Math.max(...own.map(({ address, content }) => address + content.length)) - first);
    for (const { address, content } of own) whole.set(content, address - first);
    result[name] = Buffer.from(whole).toString("hex");
  }
  return result;
}

/** Sections of one name behind each other, names a megabyte apart. */
function place(parts: readonly Part[]): void {
  [...new Set(parts.filter(({ content }) => content.length > 0).map(({ name }) => name))].sort().forEach((name, i) => {
    let at = (i + 1) << 20;
    for (const part of parts) {
      if (part.name !== name || part.content.length === 0) continue;
      at = Math.ceil(at / part.alignment) * part.alignment;
      part.address = at;
      at += part.content.length;
    }
  });
}

function addressOf(symbol: Symbol, parts: readonly Part[]): number {
  if (symbol.part >= 0) return (parts[symbol.part] as Part).address + symbol.offset;
  return (32 << 20) + ([...symbol.name].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7) & 0xffff) * 256;
}

function textAt(view: DataView, at: number, limit: number): string {
  let text = "";
  for (let i = 0; i < limit && view.getUint8(at + i) !== 0; i++) text += String.fromCharCode(view.getUint8(at + i));
  return text;
}

function copy(view: DataView, at: number, size: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + at, size).slice();
}

function coffParts(view: DataView): { parts: Part[]; symbols: Symbol[]; machine: string } {
  const [sectionCount, symbolsAt, symbolCount] = [view.getUint16(2, true), view.getUint32(8, true), view.getUint32(12, true)];
  const stringsAt = symbolsAt + symbolCount * 18;
  const parts: Part[] = [];
  for (let i = 0; i < sectionCount; i++) {
    const at = 20 + i * 40;
    const [size, contentAt, relocationsAt, count, flags] = [view.getUint32(at + 16, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true), view.getUint16(at + 32, true), view.getUint32(at + 36, true)];
    const relocations = Array.from({ length: count }, (_, r) => {
      const place = relocationsAt + r * 10;
      return { at: view.getUint32(place, true), symbol: view.getUint32(place + 4, true), type: view.getUint16(place + 8, true), length: 0, external: true };
    });
    const content = (flags & 0x80) !== 0 ? new Uint8Array(size) : copy(view, contentAt, size);
    const short = textAt(view, at, 8);
    const name = short.startsWith("/") ? textAt(view, stringsAt + Number(short.slice(1)), 1000) : short;
    parts.push({ name, alignment: 1 << Math.max(0, ((flags >>> 20) & 15) - 1), content, claimed: 0, relocations, address: 0 });
  }
  const symbols: Symbol[] = [];
  for (let i = 0; i < symbolCount; i++) {
    const at = symbolsAt + i * 18;
    const name = view.getUint32(at, true) === 0 ? textAt(view, stringsAt + view.getUint32(at + 4, true), 1000) : textAt(view, at, 8);
    symbols.push({ name, part: view.getInt16(at + 12, true) - 1, offset: view.getUint32(at + 8, true) });
    for (let aux = view.getUint8(at + 17); aux > 0; aux--, i++) symbols.push({ name: "", part: -1, offset: 0 });
  }
  return { parts, symbols, machine: view.getUint16(0, true) === 0xaa64 ? "arm64" : "x86_64" };
}

function fillCoff(part: Part, parts: readonly Part[], symbols: readonly Symbol[], machine: string): void {
  const view = new DataView(part.content.buffer);
  for (const { at, symbol, type } of part.relocations) {
    const target = symbols[symbol] as Symbol;
    const [s, p] = [addressOf(target, parts), part.address + at];
    const instruction = at + 4 <= part.content.length ? view.getUint32(at, true) : 0;
    const kind = machine === "arm64" ? { 2: "rva", 3: "branch", 4: "page", 6: "add", 7: "load", 8: "secrel", 14: "address", 17: "distance" }[type] : { 1: "address", 3: "rva", 4: "distance", 11: "secrel" }[type];
    switch (kind) {
      case "address": view.setBigInt64(at, view.getBigInt64(at, true) + BigInt(s), true); break;
      case "rva": view.setInt32(at, view.getInt32(at, true) + s, true); break;
      case "secrel": view.setInt32(at, view.getInt32(at, true) + target.offset, true); break;
      case "distance": view.setInt32(at, view.getInt32(at, true) + s - p - 4, true); break;
      case "branch": patch(part, at, RelocationKind.arm64Call26, s + ((instruction << 6) >> 4), p); break;
      case "page": patch(part, at, RelocationKind.arm64Page21, s + ((((instruction >> 5) & 0x7ffff) << 13 >> 11) | ((instruction >> 29) & 3)), p); break;
      case "add": patch(part, at, RelocationKind.arm64Add12, s + ((instruction >> 10) & 0xfff), p); break;
      case "load": patch(part, at, RelocationKind.arm64Load12, s + (((instruction >> 10) & 0xfff) << scaleOf(instruction)), p); break;
      default: throw new Error(`link/testingLayout.fillCoff: type ${type}`);
    }
  }
}

function scaleOf(instruction: number): number {
  const size = instruction >>> 30;
  return size === 0 && (instruction & 0x04800000) === 0x04800000 ? 4 : size;
}

function patch(part: Part, at: number, kind: number, value: number, place: number): void {
  if (!patchArm64(part.content, at, kind, value, place)) throw new Error(`link/testingLayout.patch: ${part.name}+${at}`);
}

function machoParts(view: DataView): { parts: Part[]; symbols: Symbol[]; machine: string } {
  const parts: Part[] = [];
  const symbols: Symbol[] = [];
  let at = 32;
  for (let command = view.getUint32(16, true); command > 0; command--) {
    const kind = view.getUint32(at, true);
    if (kind === 0x19) {
      for (let i = 0; i < view.getUint32(at + 64, true); i++) {
        const s = at + 72 + i * 80;
        const [size, contentAt, alignment, relocationsAt, count, flags] = [Number(view.getBigUint64(s + 40, true)), ...[48, 52, 56, 60, 64].map((o) => view.getUint32(s + o, true))] as [number, number, number, number, number, number];
        const relocations = Array.from({ length: count }, (_, r) => {
          const bits = view.getUint32(relocationsAt + r * 8 + 4, true);
          return { at: view.getUint32(relocationsAt + r * 8, true), symbol: bits & 0xffffff, type: bits >>> 28, length: (bits >>> 25) & 3, external: ((bits >>> 27) & 1) === 1 };
        });
        const content = (flags & 255) === 1 ? new Uint8Array(size) : copy(view, contentAt, size);
        parts.push({ name: `${textAt(view, s + 16, 16)},${textAt(view, s, 16)}`, alignment: 1 << alignment, content, claimed: Number(view.getBigUint64(s + 32, true)), relocations, address: 0 });
      }
    } else if (kind === 2) {
      const [symbolsAt, count, stringsAt] = [8, 12, 16].map((o) => view.getUint32(at + o, true)) as [number, number, number];
      for (let i = 0; i < count; i++) {
        const s = symbolsAt + i * 16;
        const part = view.getUint8(s + 5) - 1;
        symbols.push({ name: textAt(view, stringsAt + view.getUint32(s, true), 1000), part, offset: Number(view.getBigUint64(s + 8, true)) - (parts[part]?.claimed ?? 0) });
      }
    }
    at += view.getUint32(at + 4, true);
  }
  return { parts, symbols, machine: view.getUint32(4, true) === 0x0100000c ? "arm64" : "x86_64" };
}

function fillMacho(part: Part, parts: readonly Part[], symbols: readonly Symbol[], machine: string): void {
  const view = new DataView(part.content.buffer);
  let addend = 0;
  let subtracted: number | undefined;
  for (const { at, symbol, type, length, external } of part.relocations) {
    const kind = machine === "arm64" ? { 0: "address", 1: "minus", 2: "branch", 3: "page", 4: "low", 10: "addend" }[type] : { 0: "address", 1: "distance", 2: "distance", 5: "minus", 6: "distance", 7: "distance", 8: "distance" }[type];
    if (kind === "addend") {
      addend = (symbol << 8) >> 8;
      continue;
    }
    if (!external) {
      // The field has the address that the file gave the place.
      const target = parts[symbol - 1] as Part;
      if (kind !== "address" || length !== 3) throw new Error(`link/testingLayout.fillMacho: ${part.name}+${at} names a section`);
      view.setBigInt64(at, view.getBigInt64(at, true) + BigInt(target.address - target.claimed), true);
      continue;
    }
    const [s, p] = [addressOf(symbols[symbol] as Symbol, parts) + addend, part.address + at];
    addend = 0;
    switch (kind) {
      case "minus": subtracted = s; continue;
      case "address":
        if (length === 3) view.setBigInt64(at, view.getBigInt64(at, true) + BigInt(s - (subtracted ?? 0)), true);
        else view.setInt32(at, view.getInt32(at, true) + s - (subtracted ?? 0), true);
        subtracted = undefined;
        break;
      case "distance": view.setInt32(at, view.getInt32(at, true) + s - p - 4, true); break;
      case "branch": patch(part, at, RelocationKind.arm64Call26, s, p); break;
      case "page": patch(part, at, RelocationKind.arm64Page21, s, p); break;
      case "low": {
        const isLoad = (view.getUint32(at, true) & 0x3b000000) === 0x39000000;
        patch(part, at, isLoad ? RelocationKind.arm64Load12 : RelocationKind.arm64Add12, s, p);
        break;
      }
      default: throw new Error(`link/testingLayout.fillMacho: type ${type}`);
    }
  }
}
