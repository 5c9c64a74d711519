/**
 * What a relocation asks for, in neutral terms: S is the symbol's address, A the addend, P the address of the field itself
 * (so an x86_64 call carries A = -4: the processor counts from the end of the field), G the address of S's slot in
 * the global offset table, T the thread pointer.
 *
 * The ids are stored in byte columns; the numbers of a file format stand in `formats/<format>/relocations.ts`, by these names.
 */
export const RelocationKind = {
  /** Nothing to do. */
  none: 0,
  /** 64-bit S + A. */
  abs64: 1,
  /** 32-bit S + A, which must fit unsigned. */
  abs32: 2,
  /** 32-bit S + A, which must fit signed (x86_64 sign-extends it). */
  abs32signed: 3,
  /** 32-bit S + A - P. */
  pc32: 4,
  /** As pc32, at a call or jump: the target may be reached through a stub. */
  call32: 5,
  /** 64-bit S + A - P. */
  pc64: 6,
  /** 32-bit G + A - P, at an instruction that must stay as it is. */
  gotpcrel: 7,
  /** As gotpcrel, at an instruction without REX that may be rewritten when S is near. */
  gotpcrelx: 8,
  /** As gotpcrel, at an instruction with REX that may be rewritten when S is near. */
  gotpcrelxRex: 9,
  /** 32-bit S + A - T: a thread-local variable of the executable itself. */
  threadOffset32: 10,
  /** 32-bit PC-relative address of a slot that holds S - T. */
  gotThreadOffset: 11,
  /** 16-bit S + A, unsigned or signed. */
  abs16: 12,
  /** 8-bit S + A, unsigned or signed. */
  abs8: 13,
  /** 16-bit S + A - P. */
  pc16: 14,
  /** 8-bit S + A - P. */
  pc8: 15,
  /** 32-bit size of S, plus A. */
  size32: 16,
  /** 64-bit size of S, plus A. */
  size64: 17,
  /** 32-bit S + A minus the image's base (PE's RVA). */
  imageOffset32: 18,
  /** arm64: 26 bits of (S + A - P) / 4, in bl and b. */
  arm64Call26: 19,
  /** arm64: 21 bits of the distance from P's page to that of S + A, in adrp. */
  arm64Page21: 20,
  /** arm64: the 12 low bits of S + A, in add. */
  arm64Add12: 21,
  /** arm64: the 12 low bits of S + A, in the units of the load or store that has the field. */
  arm64Load12: 22,
  /** arm64: 19 bits of (S + A - P) / 4, in a load that counts from itself. */
  arm64Literal19: 23,
} as const;
export type RelocationKindName = keyof typeof RelocationKind;
/** A neutral relocation kind as its column stores it. */
export type RelocationKind = (typeof RelocationKind)[RelocationKindName];

/** The names by id, for messages and for the formats' tables. */
export const relocationKindNames: readonly RelocationKindName[] = Object.keys(RelocationKind).filter(
  (name): name is RelocationKindName => name in RelocationKind,
);

/** By bit: kinds that may need a slot in the global offset table. */
export const slotKinds =
  (1 << RelocationKind.gotpcrel) | (1 << RelocationKind.gotpcrelx) | (1 << RelocationKind.gotpcrelxRex) | (1 << RelocationKind.gotThreadOffset);
