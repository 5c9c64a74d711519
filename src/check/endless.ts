/**
 * Generic functions that would need endlessly many instances. A graph over the type parameters of each function (those of an impl
 * are different ones in each of its methods): an edge where a call's type argument is made of the caller's
 * parameter, marked if it is greater than that. A marked edge within a cycle never ends. What goes through a trait's method is seen when the
 * instances are made (irgen).
 */

import { Kind, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaningIndex, meaningKind } from "./checkedProgram.ts";
import type { Checker } from "./context.ts";
import type { DefinitionId, FunctionDefinition } from "./definitions.ts";
import { unitOf } from "./signatures.ts";
import { TypeKind, type TypeId } from "./types.ts";

/** A type parameter of a function. */
type Parameter = number & { readonly brand: "Parameter" };

function parameterIn(f: FunctionDefinition, parameter: DefinitionId): Parameter {
  return (f.id * 0x4000000 + parameter) as Parameter;
}

interface Edge {
  readonly to: Parameter;
  readonly greater: boolean;
  readonly from: FunctionDefinition;
}

/** Reports each function of the user's files whose calls make ever greater types. */
export function checkEndless(c: Checker): void {
  const edges = new Map<Parameter, Edge[]>();
  let isGrowing = false;
  for (const f of c.definitions) {
    if (f.kind !== "function" || f.typeParameters.length === 0 || !f.bodyChecked || f.origin !== "lang" || c.ast.kind[f.node] !== Kind.Function || unitOf(c, f).library) continue;
    isGrowing = edgesOf(c, f, edges) || isGrowing;
  }
  if (!isGrowing) return;
  const reported = new Set<FunctionDefinition>();
  for (const [from, list] of edges) {
    for (const edge of list) {
      if (!edge.greater || reported.has(edge.from) || !reaches(edges, edge.to, from)) continue;
      reported.add(edge.from);
      const { node, name } = edge.from;
      const start = c.ast.start[node] as number;
      c.errorAt("E0354", { start, end: start + 4 }, `${c.nameText(name)} would need endlessly many instances: it calls itself, perhaps through others, with ever greater types`);
    }
  }
}

/** Adds the edges of a body; whether one is greater. */
function edgesOf(c: Checker, f: FunctionDefinition, edges: Map<Parameter, Edge[]>): boolean {
  const { ast, program } = c;
  const [start, end] = [ast.start[f.node] as number, ast.end[f.node] as number];
  let isGrowing = false;
  for (let n: number = f.node; n > 0 && (ast.start[n] as number) >= start && (ast.end[n] as number) <= end; n--) {
    const list = program.instanceOf(n as Node);
    const m = program.meaningOf(n as Node);
    if (list === 0 || meaningKind(m) !== MeaningKind.Definition) continue;
    const callee = c.definition(meaningIndex(m));
    if (callee.kind !== "function" || unitOf(c, callee).library) continue;
    program.instanceArgs(list).forEach((arg, i) => {
      const own = callee.typeParameters[i];
      if (own === undefined || !c.types.hasParameter(arg)) return;
      const to = parameterIn(callee, own);
      for (const parameter of parametersIn(c, arg)) {
        const greater = c.types.kindOf(arg) !== TypeKind.TypeParameter;
        isGrowing ||= greater;
        const known = edges.get(parameterIn(f, parameter));
        if (known === undefined) edges.set(parameterIn(f, parameter), [{ to, greater, from: f }]);
        else known.push({ to, greater, from: f });
      }
    });
  }
  return isGrowing;
}

function parametersIn(c: Checker, type: TypeId): DefinitionId[] {
  const { types } = c;
  if (!types.hasParameter(type)) return [];
  switch (types.kindOf(type)) {
    case TypeKind.TypeParameter:
      return [types.definition(type)];
    case TypeKind.Struct: case TypeKind.Enum: case TypeKind.Dyn: case TypeKind.Tuple:
      return types.items(type).flatMap((item) => parametersIn(c, item));
    case TypeKind.Function:
      return [...types.items(type), types.inner(type)].flatMap((item) => parametersIn(c, item));
    case TypeKind.Result:
      return [types.inner(type), types.errorType(type)].flatMap((item) => parametersIn(c, item));
    default:
      return parametersIn(c, types.inner(type));
  }
}

function reaches(edges: ReadonlyMap<Parameter, readonly Edge[]>, from: Parameter, to: Parameter): boolean {
  const seen = new Set<Parameter>([from]);
  const waiting = [from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (at === to) return true;
    for (const edge of edges.get(at) ?? []) {
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      waiting.push(edge.to);
    }
  }
  return false;
}
