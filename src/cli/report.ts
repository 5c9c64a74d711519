/** How commands speak: diagnostics to stderr in text, or as one JSON object a line; colours where they are wanted. */

import type { BuildAnswer, Failure } from "../driver/request.ts";
import { mistakesOf } from "../source/diagnostics.ts";
import { renderDiagnostic, renderJson, visible } from "../source/render.ts";
import { writeError } from "./output.ts";

export interface Style {
  readonly color: boolean;
  readonly json: boolean;
}

/** `--color=auto|always|never`; NO_COLOR and terminals decide for auto. Looked at when something is printed: asking for the terminal takes milliseconds. */
export function styleOf(options: { readonly color?: string | boolean; readonly json?: boolean }): Style {
  return {
    get color() {
      const { color } = options;
      if (color === "always" || color === true) return true;
      if (color === "never" || color === false) return false;
      return process.stderr.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
    },
    json: options.json === true,
  };
}

/** Prints what a build had to say. Returns true if there were errors. */
export function report(answer: BuildAnswer, style: Style): boolean {
  let errors = 0;
  const out: string[] = [];
  if (style.json) {
    for (const diagnostic of answer.diagnostics) {
      if (diagnostic.severity === "error") errors++;
      out.push(renderJson(diagnostic, answer.sources));
    }
  } else {
    for (const [first, ...again] of mistakesOf(answer.diagnostics)) {
      if (first === undefined) continue;
      if (first.severity === "error") errors++;
      out.push(renderDiagnostic(first, answer.sources, { color: style.color, again: again.map(({ span }) => span) }));
    }
  }
  for (const failure of answer.failures) {
    errors++;
    out.push(failureText(failure, style));
  }
  if (errors > 0 && !style.json) out.push(`${errors === 1 ? "1 error" : `${errors} errors`}\n`);
  if (out.length > 0) writeError(out.map((text) => (text.endsWith("\n") ? text : `${text}\n`)).join(""));
  return errors > 0;
}

/** An error without a place, as text or as a line of JSON; without a line end. */
export function failureText(failure: Failure, style: Style): string {
  if (style.json) return JSON.stringify({ code: failure.code, severity: "error", message: failure.message, file: null, line: null, column: null, endLine: null, endColumn: null, labels: [], advice: failure.advice });
  const [red, bold, cyan, off] = style.color ? ["\u001b[31;1m", "\u001b[1m", "\u001b[36m", "\u001b[0m"] : ["", "", "", ""];
  return [`${red}error[${failure.code}]${off}${bold}: ${visible(failure.message)}${off}`, ...failure.advice.map((line) => `  ${cyan}help${off}: ${visible(line)}`)].join("\n");
}

/** Ends the process for wrong usage. */
export function usageError(message: string, style: Style, advice: readonly string[] = ["lang --help shows what may be written"]): 2 {
  writeError(`${failureText({ code: "E0812", message, advice }, style)}\n`);
  return 2;
}
