/**
 * What `check` is given to compute constants that it cannot fold itself: calls of functions, loops, matches. The driver builds it from `irgen`
 * and the IR's interpreter, which `check` may not import.
 */

import type { Node } from "../syntax/ast.ts";
import type { ErrorCode } from "../source/errorCodes.ts";
import type { Label } from "../source/diagnostics.ts";
import type { CheckedProgram } from "./checkedProgram.ts";
import type { ConstantValue } from "./definitions.ts";
import type { TypeId } from "./types.ts";

export interface EvaluationFailure {
  /** E0601 (not a constant), E0602 (a panic), E0603 (budget), E0610 (keeps memory), E0611 (leaves the program), E0613 (recursion). */
  readonly code: ErrorCode;
  readonly message: string;
  /** Where it went wrong, if that is elsewhere than the expression: the calls that led there. */
  readonly labels: readonly Label[];
}

/**
 * Computes the value of the checked expression `node`, converted to `type`. Functions that it calls are asked for by `program.require`, and constants by
 * `program.constantValue`, before they are used.
 */
export type Evaluate = (program: CheckedProgram, node: Node, type: TypeId) => ConstantValue | EvaluationFailure;

/** Whether the evaluator gave up. */
export function isFailure(value: ConstantValue | EvaluationFailure): value is EvaluationFailure {
  return "code" in value;
}
