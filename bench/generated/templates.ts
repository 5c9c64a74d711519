/**
 * The kinds of functions that generated programs are made of. Each writes one function that others call (and what it needs) and says how
 * it is called; `cost` is a bound on the steps of a call, so that whole programs end soon.
 */

import { array, global, struct, text, variants } from "./dataTemplates.ts";
import type { Callee, Making } from "./making.ts";
import { arithmetic, calls, choice, floating, loop } from "./numberTemplates.ts";

/** As often as programs are to have them. */
export const templates: readonly ((making: Making) => Callee)[] = [arithmetic, arithmetic, loop, loop, array, struct, variants, choice, choice, text, global, floating, calls, calls];
