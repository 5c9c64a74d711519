/** The arm64 side of assembly text: the encoders' listing, told about our relocations. */
import { listRegion } from "../../encoders/arm64/listing.ts";
import { listingOf } from "./assembly.ts";
import type { AssemblyOptions, CodeListing } from "./assembly.ts";

/** Names that `as` takes for registers. */
function isReserved(name: string): boolean {
  return /^(?:[wx](?:[12]?\d|30)|[bhsdqv](?:[12]?\d|3[01])|w?sp|[wx]zr|lr|fp|ip[01])$/i.test(name);
}

/** What a relocation asks for shows in its instruction. */
function printCode(code: CodeListing): readonly string[] {
  const lines = listRegion({ ...listingOf(code, (i) => code.relocations.kind[i]), apple: code.apple });
  return [...lines, ...(code.linesAt(code.content.length) ?? [])];
}

/** For `printAssembly` of an arm64 object. */
export const arm64Assembly: AssemblyOptions = { printCode, isReserved, before: [], after: [] };
