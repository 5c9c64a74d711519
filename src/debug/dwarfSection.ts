/** A DWARF section under construction: bytes, and relocations against other sections and code. */
import { Binding, SymbolType } from "../link/object.ts";
import type { ObjectBuilder, SectionId, SymbolId } from "../link/object.ts";
import { RelocationKind } from "../link/relocationKind.ts";

const encoder = new TextEncoder();

export class DwarfSection {
  readonly id: SectionId;
  /** Stands for the section's start, for others that refer into it. */
  readonly symbol: SymbolId;
  private readonly object: ObjectBuilder;
  private bytes = new Uint8Array(1024);
  size = 0;

  /** A section of strings is one that linkers may merge. */
  constructor(object: ObjectBuilder, name: string, strings = false) {
    this.object = object;
    this.id = object.section("info", name, 1, strings ? { merge: "strings", entrySize: 1 } : {});
    this.symbol = object.symbol(name, Binding.local, SymbolType.section);
    object.define(this.symbol, this.id, 0, 0);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.size++] = value;
  }
  u16(value: number): void {
    this.u8(value);
    this.u8(value >> 8);
  }
  u32(value: number): void {
    this.reserve(4);
    this.patch32(this.size, value);
    this.size += 4;
  }
  u64(value: number): void {
    this.u32(value);
    this.u32(Math.floor(value / 0x1_0000_0000));
  }
  unsigned(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.u8((rest & 0x7f) | 0x80);
    this.u8(rest);
  }
  signed(value: number): void {
    let rest = value;
    for (; rest < -64 || rest > 63; rest >>= 7) this.u8((rest & 0x7f) | 0x80);
    this.u8(rest & 0x7f);
  }
  text(value: string): void {
    for (const byte of encoder.encode(value)) this.u8(byte);
    this.u8(0);
  }
  all(values: readonly number[]): void {
    for (const value of values) this.u8(value);
  }

  /** A 4-byte offset into another section. */
  offsetIn(section: DwarfSection, offset: number): void {
    this.object.relocate(this.id, this.size, RelocationKind.abs32, section.symbol, offset);
    this.u32(0);
  }
  /** An 8-byte address. */
  address(symbol: SymbolId, addend: number): void {
    this.object.relocate(this.id, this.size, RelocationKind.abs64, symbol, addend);
    this.u64(0);
  }

  /** Starts a unit whose 4-byte length comes first; `endUnit` fills it in. */
  beginUnit(): number {
    this.u32(0);
    return this.size;
  }
  endUnit(start: number): void {
    this.patch32(start - 4, this.size - start);
  }
  patch8(at: number, value: number): void {
    this.bytes[at] = value;
  }
  patch32(at: number, value: number): void {
    for (let i = 0; i < 4; i++) this.bytes[at + i] = value >> (8 * i);
  }

  finish(): void {
    this.object.adopt(this.id, this.bytes.slice(0, this.size));
  }

  private reserve(more: number): void {
    if (this.size + more <= this.bytes.length) return;
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}
