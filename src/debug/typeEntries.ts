/** Types in .debug_info: one entry each, which others refer to by its offset in the unit. */

import { Abbreviation } from "./abbreviations.ts";
import type { DwarfSection } from "./dwarfSection.ts";
import type { DebugMember, DebugType, DebugTypeId } from "./variableInput.ts";

/** DWARF 5, 7.8. A byte is an unsigned character: debuggers show text then. */
const encodings = { boolean: 0x02, float: 0x04, signed: 0x05, unsigned: 0x07, byte: 0x08, character: 0x10 } as const;
const POINTER_SIZE = 8;

export class TypeEntries {
  private readonly out: DwarfSection;
  /** Where the unit's header starts: references count from there. */
  private readonly unit: number;
  private readonly types: readonly DebugType[];
  private readonly entryAt: (number | undefined)[] = [];
  /** References to what was not written yet. */
  private readonly pending: { readonly at: number; readonly type: DebugTypeId }[] = [];

  constructor(out: DwarfSection, unit: number, types: readonly DebugType[]) {
    this.out = out;
    this.unit = unit;
    this.types = types;
  }

  /** Writes all entries, and fills in the references among them. */
  writeAll(): void {
    this.types.forEach((type, id) => this.entry(type, id));
    for (const { at, type } of this.pending) this.out.patch32(at, (this.entryAt[type] ?? 0) - this.unit);
    this.pending.length = 0;
  }

  /** A reference to a type. */
  reference(type: DebugTypeId): void {
    const known = this.entryAt[type];
    if (known === undefined) this.pending.push({ at: this.out.size, type });
    this.out.u32(known === undefined ? 0 : known - this.unit);
  }

  private entry(type: DebugType, id: DebugTypeId): void {
    const { out } = this;
    // What stands within another comes before it.
    const inner = type.kind === "variants" ? type.variants.map(({ name, members }) => (members.length === 0 ? undefined : this.struct(`${type.name}.${name}`, type.size, members))) : [];
    this.entryAt[id] = out.size;
    switch (type.kind) {
      case "base":
        out.unsigned(Abbreviation.baseType);
        out.text(type.name);
        out.u8(encodings[type.encoding]);
        out.unsigned(type.size);
        return;
      case "pointer":
        out.unsigned(type.target === undefined ? Abbreviation.anyPointer : Abbreviation.pointer);
        out.unsigned(POINTER_SIZE);
        if (type.target !== undefined) this.reference(type.target);
        return;
      case "array":
        out.unsigned(Abbreviation.array);
        this.reference(type.element);
        out.unsigned(Abbreviation.arrayLength);
        out.unsigned(type.count);
        out.u8(0);
        return;
      case "enumeration":
        out.unsigned(Abbreviation.enumeration);
        out.text(type.name);
        out.unsigned(type.size);
        type.values.forEach((name, value) => {
          out.unsigned(Abbreviation.enumerator);
          out.text(name);
          out.unsigned(value);
        });
        out.u8(0);
        return;
      case "struct":
        this.struct(type.name, type.size, type.members);
        return;
      case "variants":
        this.open(type.name, type.size, true);
        this.variants(type.tag, type.variants.map(({ name }) => name), inner);
        out.u8(0);
        return;
    }
  }

  /** The tag, then what each variant carries, side by side in the same memory. */
  private variants(tag: DebugMember, names: readonly string[], contents: readonly (number | undefined)[]): void {
    const { out } = this;
    const discriminant = out.size;
    this.member(tag);
    out.unsigned(Abbreviation.variantPart);
    out.u32(discriminant - this.unit);
    names.forEach((name, i) => {
      const content = contents[i];
      if (content === undefined) return;
      out.unsigned(Abbreviation.variant);
      out.unsigned(i);
      out.unsigned(Abbreviation.member);
      out.text(name);
      out.u32(content - this.unit);
      out.unsigned(0);
      out.u8(0);
    });
    out.u8(0);
  }

  private struct(name: string, size: number, members: readonly DebugMember[]): number {
    const at = this.out.size;
    this.open(name, size, members.length > 0);
    for (const member of members) this.member(member);
    if (members.length > 0) this.out.u8(0);
    return at;
  }

  private open(name: string, size: number, children: boolean): void {
    this.out.unsigned(children ? Abbreviation.struct : Abbreviation.emptyStruct);
    this.out.text(name);
    this.out.unsigned(size);
  }

  private member({ name, type, offset }: DebugMember): void {
    this.out.unsigned(Abbreviation.member);
    this.out.text(name);
    this.reference(type);
    this.out.unsigned(offset);
  }
}
