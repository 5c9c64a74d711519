/** Where bodies of the program put another function value in the place of one. */

import { Kind, type Node } from "../../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "../checkedProgram.ts";
import type { Checker } from "../context.ts";
import type { DefinitionId, LocalId } from "../definitions.ts";
import { TypeKind, type TypeId } from "../types.ts";

export interface ReplacedFunctions {
  /** Somebody may do so where a `&mut` to one leads: else what is lent so is afterwards what it was. */
  readonly isBehind: boolean;
  /** Variables that are assigned one: a closure may have captured them. */
  readonly locals: ReadonlySet<LocalId>;
}

export function replacedFunctions(c: Checker): ReplacedFunctions {
  const { ast, program, types, sources, unitOfFile } = c;
  const locals = new Set<LocalId>();
  const isParameter = (type: TypeId): boolean => types.kindOf(type) === TypeKind.TypeParameter;
  // `replace(&mut x, y)`, `swap(&mut x, &mut y)`
  const replaces = (id: DefinitionId): boolean => {
    const definition = c.definition(id);
    if (definition.kind === "builtin") return definition.builtin === "swap";
    return definition.kind === "function" && definition.parameters.some((type) => types.kindOf(type) === TypeKind.Reference && types.isMutable(type) && isParameter(types.inner(type)));
  };
  const finds = (n: Node): boolean => {
    const kind = ast.kind[n];
    if (kind === Kind.Assign) {
      const target = ast.withoutParentheses(ast.left(n));
      const type = program.typeOf(target);
      // `(a.f, b) = …` names several.
      if (ast.kind[target] === Kind.Tuple) return true;
      if (!isParameter(type) && types.kindOf(type) !== TypeKind.Function) return false;
      const m = program.meaningOf(target);
      if (ast.kind[target] !== Kind.Name || meaningKind(m) !== MeaningKind.Local) return true;
      locals.add(meaningIndex(m) as LocalId);
      return false;
    }
    if (kind !== Kind.Name && kind !== Kind.Field && kind !== Kind.Index) return false;
    const m = program.meaningOf(n);
    return meaningKind(m) === MeaningKind.Definition && replaces(meaningIndex(m) as DefinitionId);
  };
  let isBehind = false;
  for (let n = ast.count - 1; n > 0; n--) {
    if (!finds(n as Node) || isBehind) continue;
    const file = sources.fileAt(ast.start[n] as number);
    isBehind = file !== undefined && unitOfFile[sources.files.indexOf(file)]?.library !== true;
  }
  return { isBehind, locals };
}
