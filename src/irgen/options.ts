/** What a build asks of the generator. */

import type { CTarget } from "../cabi/place.ts";
import type { IrFunction, SymbolId } from "../ir/function.ts";
import type { MadeFunctions, Prebuilt } from "./prebuilt.ts";

export interface GeneratorOptions {
  /** Variables in stack slots, as -O0 wants. */
  readonly variablesInMemory: boolean;
  /** Every variable in a slot, and noted for debuggers. */
  readonly debugVariables?: boolean | undefined;
  /** `--unchecked`: plain operators wrap, shifts are masked, bounds are not checked. */
  readonly unchecked: boolean;
  /** `lang_main` runs the test whose number the program is given, instead of `main`. */
  readonly tests?: boolean | undefined;
  /** The system has no calls that a program may make: `syscall` is refused. */
  readonly noSystemCalls?: boolean | undefined;
  /** Bodies of functions that are called once are written where they are called (inPlace.ts). */
  readonly bodiesInPlace?: boolean | undefined;
  /** Called with each finished function; with `reuse`, its columns are used again for the next. */
  readonly onFunction?: ((f: IrFunction) => void) | undefined;
  readonly reuse?: boolean | undefined;
  /** Whose C convention is followed; where nothing is said, that of Linux on x86_64. */
  readonly foreign?: CTarget | undefined;
  /** Functions of std that whoever runs the module answers: they are declared only. */
  readonly answered?: readonly string[] | undefined;
  /** Functions of the library that are machine code already. */
  readonly prebuilt?: Prebuilt | undefined;
  /** Takes down where functions are declared, for who tells people: the position by symbol. */
  readonly declared?: Map<SymbolId, number> | undefined;
  /** Takes down what is made, for making such a library. */
  readonly made?: MadeFunctions | undefined;
}
