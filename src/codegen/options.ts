/** What a build asks of the code generator. */

import type { Platform } from "./platform.ts";

export type Level = "O0" | "O1" | "O2" | "Os";

export interface CodegenOptions {
  readonly level: Level;
  /** The operating system's demands; default: those of Linux. */
  readonly platform?: Platform;
  /** Names of processor features beyond the architecture's baseline, as its encoder's table spells them ("sse41", "bmi1"). */
  readonly features?: readonly string[];
  /** Checks every register allocation with the symbolic checker; a mistake throws. */
  readonly verify?: boolean;
  /** Records a line for every instruction that has a position (`-g`), not only for calls. */
  readonly lines?: boolean;
  /** Records where stack slots lie, for debuggers. */
  readonly slots?: boolean;
  /** Records a site for every instruction that has a position (`--check-memory`), so that an access which fails is told its place. */
  readonly accesses?: boolean;
  /** Functions are kept apart in the object, so that a linker can drop those that nothing refers to. Default true. */
  readonly atoms?: boolean;
  /** Takes text of a stage: "machine" (selected), "allocated", of one function. */
  readonly dump?: (stage: string, functionName: string, text: string) => void;
}
