/** How a section of ours appears in a .o or in assembly text. */
import type { ObjectSection, SectionKind } from "./object.ts";
import { RelocationKind } from "./relocationKind.ts";

/** By bit: what a loader of position-independent programs has to fill in. */
const addresses = 1 << RelocationKind.abs64;

/**
 * Read-only data that holds addresses is read-only only in an executable at a fixed address, such as our linker makes. Others may place the code anywhere,
 * and want to write those addresses first: in a .o it is .data.rel.ro, which loaders protect afterwards.
 */
export function relocatableSection(section: ObjectSection): { readonly name: string; readonly kind: SectionKind } {
  const { name, kind } = section;
  if (kind !== "rodata" || (section.relocations.kinds & addresses) === 0) return { name, kind };
  return { name: name.replace(/^\.rodata/, ".data.rel.ro"), kind: "data" };
}
