/** Every diagnostic code, what it is called and what `lang explain` tells about it. A code never changes its meaning. */

import { constantErrors } from "./codes/constants.ts";
import type { Explanation } from "./codes/explanation.ts";
import { moduleErrors } from "./codes/modules.ts";
import { nameErrors } from "./codes/names.ts";
import { ownershipErrors } from "./codes/ownership.ts";
import { patternErrors } from "./codes/patterns.ts";
import { syntaxErrors } from "./codes/syntax.ts";
import { typeErrors } from "./codes/types.ts";
import { warnings } from "./codes/warnings.ts";

export const errorCodes = {
  ...syntaxErrors,
  ...nameErrors,
  ...typeErrors,
  ...ownershipErrors,
  ...patternErrors,
  ...constantErrors,
  ...moduleErrors,
  ...warnings,
} as const satisfies Record<string, Explanation>;

export type ErrorCode = keyof typeof errorCodes;

/** The row of a code as a user typed it (`e0412` too); undefined if there is none. */
export function explanationOf(code: string): (Explanation & { readonly code: ErrorCode }) | undefined {
  const name = code.toUpperCase();
  if (!Object.hasOwn(errorCodes, name)) return undefined;
  return { code: name as ErrorCode, ...errorCodes[name as ErrorCode] };
}
