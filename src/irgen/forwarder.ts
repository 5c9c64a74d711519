/** Functions that only call another one: named functions as values, and as C calls them. */

import { T, type TypeId } from "../check/types.ts";
import type { SymbolId } from "../ir/function.ts";
import { Type } from "../ir/types.ts";
import type { Generator } from "./generator.ts";

/** A function that calls `target` with its own parameters, but for the last `dropped`. */
export function makeForwarder(g: Generator, symbol: SymbolId, target: SymbolId, result: TypeId, dropped: number): void {
  g.begin(symbol);
  const { b } = g;
  const entry = b.current;
  const count = b.f.paramCount(entry) - dropped;
  const args: number[] = [];
  for (let i = 0; i < count; i++) args.push(b.f.param(entry, i));
  g.noteCall(target);
  const call = b.call(target, args);
  const { results } = g.module.signatureOf(symbol);
  const values: number[] = results.length === 0 ? [] : [call];
  for (let i = 1; i < results.length; i++) values.push(b.result(call, i, results[i] as Type));
  if (result === T.never) b.unreachable();
  else b.return(values);
  g.end();
}
