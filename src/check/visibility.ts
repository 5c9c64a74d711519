/** Who sees what: a module shows what it marks pub, and the library keeps the rest to itself although its prelude is in sight everywhere. */

import type { FileId } from "../source/sourceMap.ts";
import type { Node } from "../syntax/ast.ts";
import type { Checker, Unit } from "./context.ts";
import type { Definition, DefinitionId, FunctionDefinition, ImplDefinition } from "./definitions.ts";

/** A definition that code at `n` may name. */
export function isVisible(c: Checker, definition: Definition, n: Node): boolean {
  if (definition.public) return true;
  // A trait's methods are seen where the trait is.
  if (definition.kind === "function" && (definition.trait !== 0 || implOf(c, definition.implementation)?.trait !== undefined)) return true;
  const unit = c.unitOfFile[definition.file];
  return unit === undefined || unit === c.unit || (unit === c.prelude && seesPrelude(c, definition.file, c.ast.start[n] as number));
}

/** What a file of the prelude keeps to itself is seen at this place of the sources: by the library, and where the file is included by name. */
export function seesPrelude(c: Checker, file: FileId, at: number): boolean {
  return c.unit.library || includesOfPrelude(c, c.unit).has(file) || isLibraryCode(c, at);
}

/** The prelude's files that a unit includes by name, and what those include. */
function includesOfPrelude(c: Checker, unit: Unit): ReadonlySet<FileId> {
  if (unit.preludeFiles.size === 0) return unit.preludeFiles;
  for (const file of unit.preludeFiles) for (const inner of c.includes.get(file) ?? []) unit.preludeFiles.add(inner);
  return unit.preludeFiles;
}

/** The declaration is the library's. */
export function isLibraryOwned(c: Checker, declared: { readonly file: FileId }): boolean {
  return c.unitOfFile[declared.file]?.library === true;
}

/** What stands at this place of the sources is the library's, whichever module it belongs to. */
export function isLibraryCode(c: Checker, at: number): boolean {
  const file = c.sources.fileAt(at);
  return file !== undefined && c.libraryFiles[file.id] === true;
}

/** What to do about something private; for what the library keeps to itself there is nothing. */
export function advicePrivate(c: Checker, declared: { readonly file: FileId }): readonly string[] {
  return isLibraryOwned(c, declared) ? [] : ["mark it pub to make it visible"];
}

/** The impl of that id, if it is one. */
export function implOf(c: Checker, id: DefinitionId | 0): ImplDefinition | undefined {
  if (id === 0) return undefined;
  const definition = c.definition(id);
  return definition.kind === "impl" ? definition : undefined;
}

/** A method that is passed over at `n`, so that one of a trait or of what the type derefs to is found: `anyone` passes over none. */
export function isHidden(c: Checker, method: FunctionDefinition, n: Node | "anyone"): boolean {
  return n !== "anyone" && !isVisible(c, method, n);
}
