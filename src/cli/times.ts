/** `--time-passes`: a table of stages and passes to stderr. */

import type { StageTime } from "../driver/request.ts";
import type { Style } from "./report.ts";
import { writeError } from "./output.ts";

/** Prints them with their sum; as JSON an object a line. */
export function printTimes(times: readonly StageTime[], style: Style): void {
  if (style.json) {
    for (const { stage, milliseconds } of times) writeError(`${JSON.stringify({ stage, milliseconds })}\n`);
    return;
  }
  const total = times.filter(({ stage }) => !stage.startsWith("  ")).reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const line = (stage: string, milliseconds: number) => `${milliseconds.toFixed(2).padStart(10)} ms  ${stage}\n`;
  writeError(times.map(({ stage, milliseconds }) => line(stage, milliseconds)).join("") + line("total", total));
}
