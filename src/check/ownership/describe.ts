/** Places as the user wrote them. */

import type { Checker } from "../context.ts";
import type { FunctionDefinition, LocalId } from "../definitions.ts";
import { T, TypeKind } from "../types.ts";
import type { Flow } from "./flow.ts";
import type { Input } from "./inputs.ts";
import { Root, Step, fieldOfStep, isFieldStep, variantOfStep, type PathId } from "./paths.ts";

/** `p.name`, `*r`, `xs[…]`; "a temporary value" where there is no name. */
export function describe(c: Checker, flow: Flow, path: PathId): string {
  const { paths } = flow;
  const root = paths.rootOf(path);
  if (!isNamed(flow, path)) return "a temporary value";
  let text = rootName(c, flow, root);
  let stars = 0;
  for (const at of paths.stepsOf(path)) {
    const step = paths.stepOf(at);
    // What a closure borrowed goes by the variable's own name.
    if (paths.parent(at) === root && paths.kindOf(root) === Root.capture && step === Step.deref && paths.typeOf(root) !== c.program.localType(paths.ownerOf(root) as LocalId)) continue;
    const owner = paths.typeOf(paths.parent(at));
    if (step === Step.deref || step === Step.raw || step === Step.owned) {
      const kind = c.types.kindOf(owner);
      const target = paths.typeOf(at);
      const isText = step === Step.owned && (target === T.str || c.types.kindOf(target) === TypeKind.Slice);
      if (kind !== TypeKind.Slice && kind !== TypeKind.Scalar && !isText) stars++;
    } else if (step === Step.index || step === Step.rest || step < 0) {
      text = `${text}[…]`;
      stars = 0;
    } else if (isFieldStep(step)) {
      stars = 0;
      // A part of a variant has no name of its own: the whole is meant.
      if (variantOfStep(step) >= 0) continue;
      text = `${text}.${fieldName(c, owner, fieldOfStep(step))}`;
    }
  }
  return `${"*".repeat(stars)}${text}`;
}

export function isNamed(flow: Flow, path: PathId): boolean {
  const kind = flow.paths.kindOf(flow.paths.rootOf(path));
  return kind === Root.local || kind === Root.parameter || kind === Root.capture;
}

function rootName(c: Checker, flow: Flow, root: PathId): string {
  return localName(c, flow.paths.ownerOf(root) as LocalId);
}

export function localName(c: Checker, local: LocalId): string {
  return c.nameText(c.ast.name(c.program.localNode(local)));
}

function fieldName(c: Checker, owner: Parameters<Checker["typeName"]>[0], index: number): string {
  if (c.types.kindOf(owner) === TypeKind.Struct) {
    const structure = c.definition(c.types.definition(owner));
    if (structure.kind === "struct" && structure.fields[index] !== undefined) return c.nameText(structure.fields[index].name);
  }
  return String(index);
}

/** What is given to a function, by the number that summaries give it: a parameter, a captured variable, or a field of one. */
export function inputName(c: Checker, f: FunctionDefinition, inputs: readonly Input[], i: number): string {
  const input = inputs[i];
  if (input !== undefined && input.of >= 0) return inputName(c, f, inputs, input.of) + fieldNames(c, inputs, input);
  const local = f.parameterLocals[i];
  const captured = i < f.parameters.length ? undefined : c.program.capturesOf(f.node)[i - f.parameters.length];
  return captured !== undefined ? localName(c, captured.local) : local === undefined ? `argument ${i + 1}` : localName(c, local);
}

/** The way from an input to a part of it. */
function fieldNames(c: Checker, inputs: readonly Input[], { of, isBehind, steps, stepTypes }: Input): string {
  const whole = inputs[of]?.type ?? T.error;
  let type = isBehind ? c.types.inner(whole) : whole;
  return steps.map((step, k) => {
    const definition = c.types.kindOf(type) === TypeKind.Struct ? c.definition(c.types.definition(type)) : undefined;
    const field = definition?.kind === "struct" ? definition.fields[fieldOfStep(step)] : undefined;
    type = stepTypes[k] ?? T.error;
    return `.${field === undefined ? fieldOfStep(step) : c.nameText(field.name)}`;
  }).join("");
}
