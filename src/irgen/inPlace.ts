/**
 * Bodies of functions that are called once, written where they are called: the optimiser would copy them there. As they have inline sites, a stack
 * trace shows the same frames.
 *
 * Not so what is too long to be worth it, and what goes through memory that it borrows in a loop: what is promised of such memory (borrowFacts.ts) is promised of
 * parameters. Whether a function is called once is a guess (FunctionDefinition.uses): one that is asked for again is made then, too.
 */

import type { FunctionDefinition } from "../check/definitions.ts";
import { T, isScalar, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import type { Type } from "../ir/types.ts";
import { Kind, type Node } from "../syntax/ast.ts";
import { isBorrow } from "./borrowFacts.ts";
import type { Return } from "./frame.ts";
import type { Generator } from "./generator.ts";
import { Shape } from "./shape.ts";

/** Nodes of a body that is not too long. */
const LONGEST = 200;

/** Bytes of a value above which the function keeps it in a frame of its own: a caller that does not come to the call needs no such room. */
const LARGEST = 1024;

/** Bodies within bodies, and values of the function that they are in. */
const DEEPEST = 24;
const MOST_VALUES = 3000;

/** Whether the body is to be written where the function is called now. */
export function standsInPlace(g: Generator, definition: FunctionDefinition): boolean {
  if (g.options.bodiesInPlace !== true || definition.uses !== 1 || g.program.substitution !== undefined || g.depth >= DEEPEST || g.b.f.valueCount > MOST_VALUES) return false;
  if (definition.origin !== "lang" || definition.exported || definition.typeParameters.length > 0 || definition.result === T.never || g.program.isLibrary(definition.file)) return false;
  const body = g.ast.body(definition.node);
  return body !== 0 && !g.functions.isKnown(definition) && isFit(g, body, borrows(g, definition.parameters));
}

function borrows(g: Generator, parameters: readonly TypeId[]): boolean {
  for (const type of parameters) if (isBorrow(g, type)) return true;
  return false;
}

/** Short enough, without large values, and without a loop if it borrows. */
function isFit(g: Generator, body: Node, isBorrowing: boolean): boolean {
  const { kind, start } = g.ast;
  const from = start[body] as number;
  // Children come before their parents.
  for (let at = body - 1; at > 0 && (start[at] as number) >= from; at--) {
    if (body - at > LONGEST || (isBorrowing && (kind[at] === Kind.While || kind[at] === Kind.For || kind[at] === Kind.Loop)) || isLarge(g, g.program.typeOf(at as Node))) return false;
  }
  return true;
}

function isLarge(g: Generator, type: TypeId): boolean {
  return !isScalar(type) && g.shapes.of(type) === Shape.Memory && !g.layouts.isUnsized(type) && g.layouts.size(type) > LARGEST;
}

/** Has `write` write the body of `symbol`, which gets `inputs` piece by piece. Its results, piece by piece; undefined if it never returns. */
export function writeInPlace(g: Generator, symbol: SymbolId, inputs: readonly Value[], write: () => void): readonly Value[] | undefined {
  const { b } = g;
  const { position, site } = b;
  b.site = g.module.inlineSites.push({ callee: symbol, position, parent: site }) - 1;
  g.enterBody(inputs);
  write();
  g.frame.end();
  const results = comeBack(g, g.frame.returns, g.module.signatureOf(symbol).results);
  g.leaveBody();
  b.position = position;
  b.site = site;
  g.reachable = results !== undefined;
  return results;
}

/** From wherever a body returned, on. */
function comeBack(g: Generator, returns: readonly Return[], types: readonly Type[]): readonly Value[] | undefined {
  const { b } = g;
  const [first] = returns;
  if (first === undefined) return undefined;
  if (returns.length === 1) {
    b.switchTo(first.block);
    return first.results;
  }
  const after = b.block();
  const params = types.map((type) => b.f.addParam(after, type, b.position));
  for (const { block, position, results } of returns) {
    b.switchTo(block);
    b.position = position;
    b.jump(after, results);
  }
  b.seal(after);
  b.switchTo(after);
  return params;
}
