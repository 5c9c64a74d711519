/** Closures: their types from what is wanted and from their bodies, and what they capture (captures.ts). */

import { Names } from "../source/interner.ts";
import { Flag, Kind, type List, type NameId, type Node } from "../syntax/ast.ts";
import { declare, leaveScope } from "./blocks.ts";
import { ClosureFrame, captureModes, markMoving, noteLending, takesReferences } from "./captures.ts";
import { MeaningKind, meaning, meaningIndex } from "./checkedProgram.ts";
import { Progress, type Checker } from "./context.ts";
import { coerce, converts, mismatch } from "./convert.ts";
import type { FunctionDefinition, LocalId } from "./definitions.ts";
import { checkExhaustive, isIrrefutable } from "./exhaustive.ts";
import { checkAs, infer } from "./expressions.ts";
import { findLocal, resolvePath } from "./names.ts";
import { Mode, bindPattern } from "./patterns.ts";
import { resolveSizedType, resolveType } from "./typeNodes.ts";
import { T, TypeFlag, TypeKind, type TypeId } from "./types.ts";
import { freshVariable, leaveOpen, resolved, taint, tieValue, toldType } from "./unknowns.ts";

/** Gives the type of the closure `n` where `expected` is wanted (0: nothing is). */
export function checkClosure(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types, program } = c;
  let wanted = expected;
  while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
  const isKnown = types.kindOf(wanted) === TypeKind.Function;
  const list = ast.parameters(n);
  const length = ast.length(list);
  if (isKnown && types.listLength(wanted) !== length) {
    return c.error("E0301", n, `expected ${c.typeName(wanted)}, found a closure of ${length} ${length === 1 ? "parameter" : "parameters"}`, {
      advice: length > 1 && types.listLength(wanted) === 1 && types.kindOf(types.listItem(wanted, 0)) === TypeKind.Tuple ? ["what comes is one tuple, taken apart in parentheses: |(a, b)| …"] : [],
    });
  }
  const parameters = parameterTypes(c, n, isKnown ? wanted : (0 as TypeId));
  const resultNode = ast.result(n);
  const wantedResult = isKnown ? types.inner(wanted) : (0 as TypeId);
  // What a call has still to find out — the U of map(|x| …) — the body tells.
  const result = resultNode !== 0 ? resolveType(c, resultNode) : types.hasHole(wantedResult) ? (0 as TypeId) : wantedResult;

  const frame = new ClosureFrame(c.closure, c.scopes.top, ast.has(n, Flag.move) || c.movingClosures.has(n));
  const { found, locals } = checkWithin(c, n, frame, parameters, result, wantedResult);
  frame.moves ||= takesReferences(c, n, frame);
  const captures = captureModes(c, n, frame);
  if (captures.length > 0) program.setCaptures(n, captures, frame.moves);
  const changed = frame.noted.find((one) => one.changedAt !== 0);
  if (c.learning && c.unknowns !== undefined) {
    const gives = found === T.error ? freshVariable(c, c.unknowns) : resolved(c, found);
    if (found === T.error) taint(c, gives);
    const takes = parameters.map((type) => resolved(c, type));
    return takes.includes(T.error) ? T.error : types.function(takes, gives, changed === undefined ? 0 : TypeFlag.mutable);
  }
  if (found === T.error || parameters.includes(T.error)) return T.error;
  const f = c.define<FunctionDefinition>((id) => ({
    kind: "function", id, name: 0 as NameId, node: n, file: c.unit.root, public: false, parameters, parameterLocals: locals, result: found, variadic: false, uses: 0,
    origin: "lang", definedBy: undefined, linkName: undefined, exported: false, owner: 0 as TypeId, receiver: "none", typeParameters: [], outerParameters: 0, implementation: 0, trait: 0, hasDefault: false, bodyChecked: true,
  }));
  c.signatures[f.id] = Progress.done;
  c.bodies[f.id] = Progress.done;
  program.setMeaning(n, meaning(MeaningKind.Definition, f.id));
  if (isKnown && types.isExternal(wanted)) {
    const captured = captures[0];
    if (captured !== undefined) return refuseExternal(c, n, captured.node, wanted);
  } else if (isKnown && changed !== undefined && !types.isMutable(wanted)) {
    return c.error("E0380", n, `this closure changes what it captures, and ${c.aType(wanted)} is wanted`, {
      labels: [c.label(changed.changedAt, `${localName(c, changed.local)} is changed here`)],
      advice: [`take a mut ${c.typeName(wanted)} where it is wanted, or keep the state in a Cell`],
    });
  }
  return types.function(parameters, found, changed === undefined ? 0 : TypeFlag.mutable);
}

/** Checks what is in a closure as a function of its own: what `return`, jumps and `defer` mean outside of it is put aside meanwhile. */
function checkWithin(
  c: Checker, n: Node, frame: ClosureFrame, parameters: readonly TypeId[], result: TypeId, wantedResult: TypeId,
): { readonly found: TypeId; readonly locals: LocalId[] } {
  const { result: outerResult, resultNode: outerNode, resultHint: outerHint, functionStart, inClosure, closureFloor, inDefer, diverges, closure: outerFrame } = c;
  const { base } = c.loops;
  const { ast } = c;
  c.closure = frame;
  c.closureFloor = inClosure ? closureFloor : functionStart;
  c.inClosure = true;
  c.functionStart = c.scopes.top;
  c.result = result;
  c.resultNode = ast.result(n);
  c.resultHint = wantedResult;
  c.inDefer = false;
  c.diverges = false;
  c.loops.base = c.loops.depth;
  const outer = c.scopes.enter();
  const locals = declareParameters(c, n, parameters);
  markMoving(c, ast.body(n));
  const found = checkClosureBody(c, ast.body(n), result);
  noteLending(c, n, frame);
  leaveScope(c, outer);
  c.loops.base = base;
  c.diverges = diverges;
  c.inDefer = inDefer;
  c.closureFloor = closureFloor;
  c.inClosure = inClosure;
  c.functionStart = functionStart;
  c.result = outerResult;
  c.resultNode = outerNode;
  c.resultHint = outerHint;
  c.closure = outerFrame;
  return { found, locals };
}

/** What a thread runs is a closure that owns what it captures, or a named function. */
export function checkSpawned(c: Checker, first: Node, args: List): void {
  const { ast } = c;
  const at = ast.withoutParentheses(first !== 0 ? first : ast.length(args) > 0 ? ast.item(args, 0) : (0 as Node));
  const kind = ast.kind[at];
  // The left side of a pipe is checked already.
  if (kind === Kind.Closure && (first === 0 || ast.has(at, Flag.move))) c.movingClosures.add(at);
  else if (at !== 0 && !((kind === Kind.Name && findLocal(c, ast.name(at)) === 0) || (kind === Kind.Field && resolvePath(c, at) !== "value"))) {
    c.error("E0383", at, "spawn takes a closure or a named function", { advice: ["write spawn(|| …) here: the closure takes what it captures along"] });
  }
}

function refuseExternal(c: Checker, n: Node, use: Node, wanted: TypeId): TypeId {
  return c.error("E0381", n, `${c.aType(wanted)} is wanted, and this closure captures`, {
    labels: [c.label(use, "a variable of the function around")], advice: ["a C function pointer has no environment: pass what it needs as an argument"],
  });
}

function localName(c: Checker, local: LocalId): string {
  return c.nameText(c.ast.name(c.program.localNode(local)));
}

/** As written, else as wanted. */
function parameterTypes(c: Checker, n: Node, wanted: TypeId): TypeId[] {
  const { ast, types } = c;
  const list = ast.parameters(n);
  const parameters: TypeId[] = [];
  for (let i = 0; i < ast.length(list); i++) {
    const parameter = ast.item(list, i);
    const typeNode = ast.kind[parameter] === Kind.Parameter ? ast.declaredType(parameter) : (0 as Node);
    if (typeNode !== 0) parameters.push(resolveSizedType(c, typeNode));
    else if (wanted !== 0 && !types.hasHole(types.listItem(wanted, i))) parameters.push(types.listItem(wanted, i));
    else if (toldType(c, parameter) !== 0) parameters.push(toldType(c, parameter));
    else parameters.push(leaveOpen(c, parameter, [0 as TypeId])?.[0] ?? c.error("E0307", parameter, "the type of this parameter is not known", { advice: ["write it behind the name"] }));
  }
  return parameters;
}

/** The locals of the parameters; of one that is a pattern, a local without name holds the value that the pattern takes apart. */
function declareParameters(c: Checker, n: Node, parameters: readonly TypeId[]): LocalId[] {
  const { ast, program } = c;
  const list = ast.parameters(n);
  const locals: LocalId[] = [];
  for (let i = 0; i < ast.length(list); i++) {
    const parameter = ast.item(list, i);
    const type = parameters[i] ?? T.error;
    program.setType(parameter, type);
    const pattern = ast.parameterPattern(parameter);
    if (pattern === 0 && ast.name(parameter) === Names._) {
      const local = program.addLocal(type, 0, parameter);
      program.setMeaning(parameter, meaning(MeaningKind.Local, local));
      locals.push(local);
      continue;
    }
    if (pattern === 0) {
      declare(c, parameter, type, 0);
      locals.push(meaningIndex(program.meaningOf(parameter)) as LocalId);
      continue;
    }
    const local = program.addLocal(type, 0, parameter);
    program.setMeaning(parameter, meaning(MeaningKind.Local, local));
    locals.push(local);
    bindPattern(c, pattern, type, Mode.value, false);
    if (type !== T.error && !isIrrefutable(c, pattern)) checkExhaustive(c, pattern, type, "E0508");
  }
  return locals;
}

/** The body against the result that is wanted (0: the body tells). Gives the result. */
function checkClosureBody(c: Checker, body: Node, result: TypeId): TypeId {
  if (result === T.void) {
    // The value of the body is dropped.
    infer(c, body);
    return T.void;
  }
  if (result !== 0) return checkAs(c, body, result) === T.error ? T.error : result;
  const found = infer(c, body);
  // A return came first.
  if (c.result === 0) return found;
  if (found === T.never) return c.result;
  if (c.learning && (c.types.hasVariable(found) || c.types.hasVariable(c.result))) return tieValue(c, body, found, c.result);
  if (converts(c, found, c.result)) return coerce(c, body, c.result);
  let last = body;
  while (c.ast.kind[last] === Kind.Block && c.ast.result(last) !== 0) last = c.ast.result(last);
  return mismatch(c, last, found, c.result);
}
