/** What the allocator knows of a target's registers. They are numbered below 64 across all classes; masks here cover the first 32. */

export interface RegisterFile {
  readonly count: number;
  /** By class (0 integer, 1 float): the registers to hand out, those that a call changes first. */
  readonly allocatable: readonly (readonly number[])[];
  /** Mask of registers that a function must restore before it returns. */
  readonly calleeSaved: number;
  /** Masks that `MachineFunction.clobbers` counts into; the first is empty. */
  readonly clobbers: readonly number[];
}
