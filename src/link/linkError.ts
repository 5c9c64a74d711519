/** What linking can find wrong, as data. The codes are rows of `src/source/codes/modules.ts`; positions in the source are the driver's to add. */

export interface LinkError {
  /** undefined symbol, defined twice, damaged object, relocation does not fit, program too large */
  readonly code: "E0807" | "E0808" | "E0809" | "E0811" | "E0814";
  readonly message: string;
  /** The symbol at fault, or "". */
  readonly symbol: string;
  /** Who refers to it or defines it: "main.o: in function f". At most five. */
  readonly places: readonly string[];
  readonly advice: readonly string[];
}
