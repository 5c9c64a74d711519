/** What the allocator knows of a target's registers. They are numbered below 64 across all classes; masks have bit r % 32 for register r. */

export interface RegisterFile {
  readonly count: number;
  /** By class (0 integer, 1 float): the registers to hand out, those that a call changes first. */
  readonly allocatable: readonly (readonly number[])[];
  /** The register of bit 0 of each class's masks: 0 or 32. */
  readonly maskBase: readonly [number, number];
  /** By class: mask of registers that a function must restore before it returns. */
  readonly calleeSaved: readonly [number, number];
  /** By class: masks that `MachineFunction.clobbers` counts into; the first is empty. Where classes share a word, they share the masks. */
  readonly clobbers: readonly [readonly number[], readonly number[]];
}

/** The mask of registers of one class. */
export function maskOf(registers: readonly number[]): number {
  let mask = 0;
  for (const register of registers) mask |= 1 << (register & 31);
  return mask;
}
