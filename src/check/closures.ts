/** Closures that capture nothing: functions without a name. What captures waits for ownership. */

import { Kind, type Node } from "../syntax/ast.ts";
import { MeaningKind, meaning } from "./checkedProgram.ts";
import { Progress, type Checker } from "./context.ts";
import { declare, leaveScope } from "./blocks.ts";
import type { FunctionDefinition, LocalId } from "./definitions.ts";
import { checkAs, infer } from "./expressions.ts";
import { resolveSizedType, resolveType } from "./typeNodes.ts";
import { T, TypeKind, type TypeId } from "./types.ts";
import type { NameId } from "../syntax/ast.ts";

export function checkClosure(c: Checker, n: Node, expected: TypeId): TypeId {
  const { ast, types, program } = c;
  let wanted = expected;
  while (types.kindOf(wanted) === TypeKind.Optional) wanted = types.inner(wanted);
  const isKnown = types.kindOf(wanted) === TypeKind.Function;
  const list = ast.parameters(n);
  const length = ast.length(list);
  if (isKnown && types.listLength(wanted) !== length) {
    return c.error("E0301", n, `expected ${c.typeName(wanted)}, found a closure of ${length} parameters`);
  }
  const parameters: TypeId[] = [];
  for (let i = 0; i < length; i++) {
    const parameter = ast.item(list, i);
    const typeNode = ast.kind[parameter] === Kind.Parameter ? ast.declaredType(parameter) : (0 as Node);
    if (typeNode !== 0) parameters.push(resolveSizedType(c, typeNode));
    else if (isKnown) parameters.push(types.listItem(wanted, i));
    else parameters.push(c.error("E0307", parameter, "the type of this parameter is not known", { advice: ["write it behind the name"] }));
  }
  const resultNode = ast.result(n);
  const result = resultNode !== 0 ? resolveType(c, resultNode) : isKnown ? types.inner(wanted) : (0 as TypeId);

  const { result: outerResult, resultNode: outerNode, functionStart, inClosure, closureFloor, inDefer, diverges } = c;
  const { base } = c.loops;
  c.closureFloor = inClosure ? closureFloor : functionStart;
  c.inClosure = true;
  c.functionStart = c.scopes.top;
  c.result = result;
  c.resultNode = resultNode;
  c.inDefer = false;
  c.diverges = false;
  c.loops.base = c.loops.nodes.length;
  const outer = c.scopes.enter();
  const locals: LocalId[] = [];
  for (let i = 0; i < length; i++) {
    const parameter = ast.item(list, i);
    const type = parameters[i] ?? T.error;
    if (ast.kind[parameter] === Kind.Parameter) {
      program.setType(parameter, type);
      declare(c, parameter, type, 0);
      locals.push((program.meaningOf(parameter) >> 3) as LocalId);
    } else {
      c.unsupported(parameter, "patterns as parameters are");
    }
  }
  const body = ast.body(n);
  let found: TypeId;
  if (result === 0) {
    found = infer(c, body);
    if (c.result !== 0) found = c.result;
    else if (found === T.never) found = T.never;
  } else if (result === T.void) {
    // The value of the body is dropped.
    infer(c, body);
    found = T.void;
  } else {
    found = checkAs(c, body, result) === T.error ? T.error : result;
  }
  leaveScope(c, outer);
  c.loops.base = base;
  c.diverges = diverges;
  c.inDefer = inDefer;
  c.closureFloor = closureFloor;
  c.inClosure = inClosure;
  c.functionStart = functionStart;
  c.result = outerResult;
  c.resultNode = outerNode;
  if (found === T.error || parameters.includes(T.error)) return T.error;
  const f = c.define<FunctionDefinition>((id) => ({
    kind: "function", id, name: 0 as NameId, node: n, file: c.unit.root, public: false, parameters, parameterLocals: locals, result: found, variadic: false,
    origin: "lang", definedBy: undefined, linkName: undefined, exported: false, owner: 0 as TypeId, receiver: "none", typeParameters: [], bodyChecked: true,
  }));
  c.signatures[f.id] = Progress.done;
  c.bodies[f.id] = Progress.done;
  program.setMeaning(n, meaning(MeaningKind.Definition, f.id));
  return types.function(parameters, found);
}
