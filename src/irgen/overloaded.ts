/** Operators that a trait's method is called for: `+ - * / %`, unary `-`, indexes. Comparisons look for `eq` and `cmp` by themselves (compare.ts). */

import { MeaningKind, meaningIndex, meaningKind, type Instance } from "../check/checkedProgram.ts";
import type { DefinitionId } from "../check/definitions.ts";
import { TypeKind, isScalar, type TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { calleeOf } from "./callees.ts";
import { callInstance, pushArgument, pushBuilt, pushMemory, pushReceiver } from "./calls.ts";
import { emitPlace, finalType } from "./dispatch.ts";
import type { Generator } from "./generator.ts";
import { wholeAfter, type Cleanup } from "./owned.ts";
import { Shape } from "./shape.ts";
import { variableOf } from "./variables.ts";

/** The method that an operator's node calls; undefined where the operator is the language's own. */
export function overloadOf(g: Generator, n: Node): Instance | undefined {
  const means = g.program.meaningOf(n);
  if (meaningKind(means) !== MeaningKind.Definition) return undefined;
  const definition = g.program.definition(meaningIndex(means) as DefinitionId);
  if (definition.kind !== "function") return undefined;
  const args = g.program.argsOf(n);
  // In an instance for numbers the operator is the language's own after all.
  if (args.length > 0 && isScalar(args[0] as TypeId) && calleeOf(g, definition, args).kind === "derived") return undefined;
  return { function: definition, args };
}

function parameterTypes(g: Generator, { function: definition, args }: Instance): readonly TypeId[] {
  return definition.parameters.map((type) => g.program.substituted(type, definition.typeParameters, args));
}

/** `op operand`: the operand is the method's argument. The result goes to `into`, if that is not 0. */
export function overloadedUnary(g: Generator, n: Node, method: Instance, into: Value): Value {
  return callOperator(g, n, method, g.ast.operand(n), 0 as Value, into);
}

/** `left op right`: the operands are the method's arguments. The result goes to `into`, if that is not 0. */
export function overloadedBinary(g: Generator, n: Node, method: Instance, into: Value): Value {
  const { ast } = g;
  // Down the left side, which may be very long, then up again.
  const above: { readonly node: Node; readonly method: Instance; readonly into: Value }[] = [];
  let node = n;
  let own = method;
  let target = into;
  for (let below = chainedBelow(g, node); below !== undefined; below = chainedBelow(g, node)) {
    above.push({ node, method: own, into: target });
    node = ast.left(node);
    own = below;
    target = g.temporary(g.program.typeOf(node));
  }
  let value = callOperator(g, node, own, ast.left(node), 0 as Value, target);
  for (let next = above.pop(); next !== undefined; next = above.pop()) {
    value = callOperator(g, next.node, next.method, node, target, next.into);
    ({ node, into: target } = next);
  }
  return value;
}

/** The method that makes the left operand of an operator, in memory and as it is wanted: `a + b` in `a + b + c`. */
function chainedBelow(g: Generator, n: Node): Instance | undefined {
  const left = g.ast.left(n);
  if (g.ast.kind[left] !== Kind.Binary || g.shapes.of(g.program.typeOf(left)) !== Shape.Memory || finalType(g, left) !== g.program.typeOf(left)) return undefined;
  return overloadOf(g, left);
}

/** One operator that calls a method; its first operand is in memory at `given` already, if that is not 0. */
function callOperator(g: Generator, n: Node, method: Instance, first: Node, given: Value, into: Value): Value {
  const result = g.program.typeOf(n);
  const types = parameterTypes(g, method);
  const values: Value[] = [];
  const pending: Cleanup[] = [];
  if (given === 0) pushArgument(g, first, types[0] as TypeId, values, pending);
  else pushBuilt(g, g.program.typeOf(first), given, values, pending);
  if (g.ast.kind[n] === Kind.Binary) pushArgument(g, g.ast.right(n), types[1] as TypeId, values, pending);
  wholeAfter(g, pending);
  if (!g.reachable) return g.nothing(result);
  g.b.position = g.ast.start[n] as number;
  return callInstance(g, method, values, result, into);
}

/** `place op= right`: the value moves out of the place, and what the method makes of it moves in. */
export function overloadedAssignment(g: Generator, n: Node, method: Instance): void {
  const { ast } = g;
  const place = ast.left(n);
  const type = g.program.typeOf(place);
  const types = parameterTypes(g, method);
  const local = variableOf(g, place);
  const values: Value[] = [];
  const pending: Cleanup[] = [];
  const right: Value[] = [];
  const pushRight = (): void => pushArgument(g, ast.right(n), types[1] as TypeId, right, pending);
  const index = overloadedIndexOf(g, place);
  const outer = g.frame.beforeIndex;
  if (index !== 0) g.frame.beforeIndex = { node: index, run: pushRight };
  const target = local === 0 ? emitPlace(g, place) : (0 as Value);
  const address = local === 0 ? g.addressAt(target, g.offset) : (0 as Value);
  g.frame.beforeIndex = outer;
  if (index === 0) pushRight();
  wholeAfter(g, pending);
  if (!g.reachable) return;
  const aside = g.temporary(type);
  const old = local === 0 ? g.loadValue(type, address, 0) : g.locals.read(local);
  g.storeValue(type, old, g.second, aside, 0);
  if (g.shapes.of(type) === Shape.Memory) pushMemory(g, type, aside, values);
  else {
    values.push(g.loadValue(type, aside, 0));
    if (g.shapes.of(type) === Shape.Pair) values.push(g.second);
  }
  values.push(...right);
  g.b.position = ast.start[n] as number;
  const made = g.temporary(type);
  callInstance(g, method, values, type, made);
  const value = g.loadValue(type, made, 0);
  if (local === 0) g.storeValue(type, value, g.second, address, 0);
  else g.locals.write(local, value, g.second);
}

/** The index of a place, or of what it is a field of, if a method finds its element: that borrows its receiver, so it is called behind what else is evaluated. */
export function overloadedIndexOf(g: Generator, place: Node): Node {
  const { ast } = g;
  let at = place;
  while (ast.kind[at] === Kind.Paren || ast.kind[at] === Kind.Field || ast.kind[at] === Kind.TupleField) at = ast.operand(at);
  return ast.kind[at] === Kind.Index && overloadOf(g, at) !== undefined ? at : (0 as Node);
}

/** The place that `index` or `index_mut` of the object gives. */
export function overloadedIndex(g: Generator, n: Node, method: Instance): Value {
  const { ast, types } = g;
  const list = parameterTypes(g, method);
  const values: Value[] = [];
  const pending: Cleanup[] = [];
  pushReceiver(g, ast.operand(n), list[0] as TypeId, values, pending);
  pushArgument(g, ast.item(ast.arguments(n), 0), list[1] as TypeId, values, pending);
  if (g.frame.beforeIndex?.node === n) {
    const { run } = g.frame.beforeIndex;
    g.frame.beforeIndex = undefined;
    run();
  }
  wholeAfter(g, pending);
  g.offset = 0;
  if (!g.reachable) return 0 as Value;
  g.b.position = ast.start[n] as number;
  const { function: definition, args } = method;
  const result = g.program.substituted(definition.result, definition.typeParameters, args);
  if (types.kindOf(result) !== TypeKind.Reference) throw new Error("irgen/overloaded.overloadedIndex: an index is no reference");
  const pointer = callInstance(g, method, values, result, 0 as Value);
  g.metadata = g.second;
  g.offset = 0;
  return pointer;
}
