/** The forms of `main`. */

import type { SourceFile } from "../source/sourceMap.ts";
import { Names } from "../source/interner.ts";
import { columnAt, type Checker, type Unit } from "./context.ts";
import type { FunctionDefinition } from "./definitions.ts";
import { ensureFunction } from "./signatures.ts";
import { isShow } from "./traits.ts";
import { T, TypeKind } from "./types.ts";

const forms = ["main is one of: func main(), func main() i64, func main(args []str) i64, func main() Result[T, E] with T void or i64"];

/** The program's main function; undefined after a report, or if there is none and none is needed. */
export function checkMain(c: Checker, unit: Unit, file: SourceFile, isNeeded: boolean): FunctionDefinition | undefined {
  const definition = c.definition(columnAt(unit.names, Names.main));
  if (definition.id === 0) {
    // Where something could not be parsed, it may stand there.
    if (!isNeeded || c.syntaxErrors.length > 0) return undefined;
    const end = file.base + file.bytes.length;
    c.errorAt("E0332", { start: Math.max(file.base, end - 1), end }, "the program has no main function", { advice: ["a program starts in func main()"] });
    return undefined;
  }
  // That it has no body was said.
  if (definition.kind === "function" && definition.origin === "os") return undefined;
  if (definition.kind !== "function") {
    c.errorAt("E0331", c.nameSpan(definition.node, definition.name), "main is no function", { advice: forms });
    return undefined;
  }
  if (c.refused[definition.id] === true) return undefined;
  ensureFunction(c, definition);
  const { types } = c;
  const { parameters, result } = definition;
  if (result === T.error || parameters.includes(T.error)) return undefined;
  const isResult = types.kindOf(result) === TypeKind.Result;
  const fitsResult = result === T.void || result === T.i64 || result === T.never
    || (isResult && (types.inner(result) === T.void || types.inner(result) === T.i64));
  const fitsParameters = parameters.length === 0
    || (parameters.length === 1 && parameters[0] === types.slice(T.str, false) && (result === T.i64 || result === T.void || isResult));
  if (!fitsResult || !fitsParameters || definition.origin !== "lang") {
    c.errorAt("E0331", c.nameSpan(definition.node, definition.name), "this is no form of main", { advice: forms });
    return undefined;
  }
  if (isResult && !isShow(c, types.errorType(result))) {
    c.error("E0337", c.ast.signatureResult(c.ast.signature(definition.node)), `an error from main is printed, and ${c.typeName(types.errorType(result))} cannot be shown`, { advice: ["derive Show for it"] });
    return undefined;
  }
  return definition;
}
