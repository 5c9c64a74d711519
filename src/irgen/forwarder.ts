/** Functions that only call another one: named functions as values, and as C calls them. */

import { T, type TypeId } from "../check/types.ts";
import type { SymbolId, Value } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import type { Generator } from "./generator.ts";

/** A function that calls `target`, or makes the call by it, with its own parameters, but for the last `dropped`. */
export function makeForwarder(g: Generator, symbol: SymbolId, target: SymbolId | ((args: Value[]) => Value), result: TypeId, dropped: number): void {
  g.begin(symbol);
  const { b } = g;
  const entry = b.current;
  const count = b.f.paramCount(entry) - dropped;
  const args: Value[] = [];
  for (let i = 0; i < count; i++) args.push(b.f.param(entry, i));
  if (typeof target === "number") g.noteCall(target);
  const call = typeof target === "number" ? b.call(target, args) : target(args);
  const { results } = g.module.signatureOf(symbol);
  const values: number[] = results.length === 0 ? [] : [call];
  for (let i = 1; i < results.length; i++) values.push(b.result(call, i, results[i] as Type));
  if (result === T.never) b.unreachable();
  else b.return(values);
  g.end();
}
