/** Symbols and their names, as executables and objects have them. */
import type { MachSymbols } from "./image.ts";
import { NLIST_SIZE } from "./layouts.ts";

/** Writes a text of single bytes. */
export function putText(file: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) file[at + i] = text.charCodeAt(i);
}

const encoder = new TextEncoder();

/** Bytes as text, one a character. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The string table as Apple's tools lay it: a space and a NUL first, so that no name is at 0. */
export function nameTable(names: readonly string[]): { readonly text: string; readonly offsets: readonly number[] } {
  const offsets: number[] = [];
  const parts = [" \0"];
  let at = 2;
  for (const name of names) {
    offsets.push(at);
    const bytes = latin1(encoder.encode(name));
    parts.push(bytes, "\0");
    at += bytes.length + 1;
  }
  return { text: parts.join(""), offsets };
}

/** Writes the symbols at `at` of the file. */
export function writeSymbols(view: DataView, at: number, symbols: MachSymbols, names: readonly number[]): void {
  for (let i = 0; i < symbols.count; i++) {
    const p = at + i * NLIST_SIZE;
    view.setUint32(p, names[i], true);
    view.setUint8(p + 4, symbols.type[i]);
    view.setUint8(p + 5, symbols.section[i]);
    view.setUint16(p + 6, symbols.description[i], true);
    view.setUint32(p + 8, symbols.value[i] >>> 0, true);
    view.setUint32(p + 12, Math.floor(symbols.value[i] / 0x1_0000_0000), true);
  }
}
