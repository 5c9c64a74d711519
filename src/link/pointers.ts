/** Where an image holds addresses of itself: what a loader changes that places the image elsewhere. */
import type { OutputSection } from "./outputs.ts";
import type { Program } from "./program.ts";
import type { Addresses } from "./relocate.ts";
import { RelocationKind } from "./relocationKind.ts";

const addresses = 1 << RelocationKind.abs64;

/** The addresses of all 64-bit fields with addresses in loaded sections, rising. */
export function ownPointers(program: Program, outputs: readonly OutputSection[], { section: sectionAddress, got, symbol: symbolAddress }: Addresses): Float64Array {
  const found: number[] = [];
  for (const output of outputs) {
    if (output.kind === "info") continue;
    for (const section of output.inputs) {
      const { kinds, kind, symbol, offset, count } = program.relocations[section];
      if ((kinds & addresses) === 0) continue;
      const base = program.symbolBase[program.sectionObject[section]];
      for (let i = 0; i < count; i++) {
        if (kind[i] !== RelocationKind.abs64) continue;
        const target = program.definition[base + symbol[i]];
        if (target >= 0 && program.symbolSection[target] >= 0) found.push(sectionAddress[section] + offset[i]);
      }
    }
  }
  for (const slot of got.addressSlotsOf((symbol) => program.symbolSection[symbol] >= 0 && !Number.isNaN(symbolAddress[symbol]))) found.push(sectionAddress[program.gotSection] + slot);
  return Float64Array.from(found).sort();
}
