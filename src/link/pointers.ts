/** Where an image holds addresses of itself: what a loader changes that places the image elsewhere. */
import type { GlobalOffsetTable } from "./globalOffsetTable.ts";
import type { LinkError } from "./linkError.ts";
import type { OutputSection } from "./outputs.ts";
import type { Program } from "./program.ts";
import type { Addresses } from "./relocate.ts";
import { RelocationKind } from "./relocationKind.ts";

/** Fields too narrow for an address that the loader chooses. */
const narrow = (1 << RelocationKind.abs32) | (1 << RelocationKind.abs32signed) | (1 << RelocationKind.abs16) | (1 << RelocationKind.abs8);
const addresses = 1 << RelocationKind.abs64;

/** Section and offset of each 64-bit field with an address in a loaded section. */
function eachPointer(program: Program, outputs: readonly OutputSection[], got: GlobalOffsetTable, visit: (section: number, offset: number) => void): void {
  for (const output of outputs) {
    if (output.kind === "info") continue;
    for (const section of output.inputs) {
      const { kinds, kind, symbol, offset, count } = program.relocations[section];
      if ((kinds & addresses) === 0) continue;
      const base = program.symbolBase[program.sectionObject[section]];
      for (let i = 0; i < count; i++) {
        if (kind[i] !== RelocationKind.abs64) continue;
        const target = program.definition[base + symbol[i]];
        if (target >= 0 && program.symbolSection[target] >= 0) visit(section, offset[i]);
      }
    }
  }
  for (const slot of got.addressSlotsOf((symbol) => isThere(program, program.symbolSection[symbol]))) visit(program.gotSection, slot);
}

function isThere(program: Program, section: number): boolean {
  return section >= 0 && program.live[section] === 1;
}

/** Fields of loaded sections that can hold only an address that is known now: code that was compiled for a fixed place. At most five. */
export function fixedAddresses(program: Program, outputs: readonly OutputSection[]): LinkError[] {
  const errors: LinkError[] = [];
  for (const output of outputs) {
    if (output.kind === "info") continue;
    for (const section of output.inputs) {
      const { kinds, kind, symbol, offset, count } = program.relocations[section];
      if ((kinds & narrow) === 0) continue;
      const base = program.symbolBase[program.sectionObject[section]];
      for (let i = 0; i < count && errors.length < 5; i++) {
        const target = program.definition[base + symbol[i]];
        if (((1 << kind[i]) & narrow) === 0 || target < 0 || program.symbolSection[target] < 0) continue;
        const place = program.place(section, offset[i]);
        const name = program.symbolName(target);
        errors.push({ code: "E0811", symbol: name, message: `relocation against ${name} is too narrow for a program that is loaded at any address`, places: [place], advice: ["compile that object with -fPIE"] });
      }
    }
  }
  return errors;
}

/** The addresses of all 64-bit fields with addresses in loaded sections, rising. */
export function ownPointers(program: Program, outputs: readonly OutputSection[], { section: sectionAddress, got }: Addresses): Float64Array {
  const found: number[] = [];
  eachPointer(program, outputs, got, (section, offset) => found.push(sectionAddress[section] + offset));
  return Float64Array.from(found).sort();
}

/** How many `ownPointers` will find, before anything has its address. */
export function countPointers(program: Program, outputs: readonly OutputSection[], got: GlobalOffsetTable): number {
  let count = 0;
  eachPointer(program, outputs, got, () => count++);
  return count;
}
