/** What generating a body keeps of it until it ends: of a function, or of one that is written where it is called (inPlace.ts). */

import type { LocalId } from "../check/definitions.ts";
import { T, type TypeId } from "../check/types.ts";
import type { Block, Value } from "../ir/function.ts";
import type { Node } from "../syntax/ast.ts";
import { Exits } from "./exits.ts";
import type { Generator } from "./generator.ts";
import { LaterDrops } from "./laterDrops.ts";
import type { Cleanup, Owned } from "./owned.ts";

/** A loop around the code at hand. */
export interface Loop {
  readonly node: Node;
  readonly breakTo: Block;
  readonly continueTo: Block;
  /** Number of open scopes outside of the loop's body. */
  readonly depth: number;
  /** Where `break v` puts a Memory value. */
  readonly result: Value;
}

/** A place where a body that stands in a call's place returned. */
export interface Return {
  readonly block: Block;
  readonly position: number;
  readonly results: readonly Value[];
}

export class Frame {
  resultType: TypeId = T.void;
  /** Where a result that is returned by address goes; 0 otherwise. */
  resultAddress = 0 as Value;
  readonly loops: Loop[] = [];
  /** Open scopes: for each, what is to be done at its end, in the order in which that came up. */
  readonly scopes: Cleanup[][] = [];
  readonly exits: Exits;
  readonly later: LaterDrops;
  /** Above 0 within an operand that is not always evaluated. */
  conditional = 0;
  /** What the subject of the pattern at hand is, if somebody owns it; and what its bindings move when all of it has matched. */
  matched: Owned | undefined = undefined;
  readonly moves: Owned[] = [];
  /** Locals that the pattern at hand binds, and that are dropped; within a chain of conditions they may stay unbound. */
  readonly bound: LocalId[] = [];
  inChain = false;
  /** The temporary that the expression at hand was put into, if that is dropped. */
  made: Owned | undefined = undefined;
  /** In `place op= e`: what is evaluated between the index of this overloaded index and the call of its method. */
  beforeIndex: { readonly node: Node; readonly run: () => void } | undefined = undefined;
  /** Bounds checks of the place of `place op= e`, which are made after `e`; undefined where checks are made at once. */
  deferredChecks: { readonly index: Value; readonly count: Value; readonly position: number }[] | undefined = undefined;
  /** Of a body in a call's place: what it is called with, piece by piece, and where it returned. */
  inputs: readonly Value[] | undefined = undefined;
  readonly returns: Return[] = [];

  constructor(g: Generator) {
    this.exits = new Exits(g);
    this.later = new LaterDrops(g);
  }

  /** A body begins; `inputs`: one in a call's place. */
  begin(inputs?: readonly Value[]): void {
    this.resultType = T.void;
    this.resultAddress = 0 as Value;
    this.loops.length = 0;
    this.scopes.length = 0;
    this.exits.begin();
    this.later.begin();
    this.conditional = 0;
    this.matched = this.made = undefined;
    this.moves.length = 0;
    this.bound.length = 0;
    this.inChain = false;
    this.beforeIndex = undefined;
    this.deferredChecks = undefined;
    this.inputs = inputs;
    this.returns.length = 0;
  }

  /** It ends: what waited for that is written. */
  end(): void {
    this.later.finish();
    this.exits.finish();
  }
}
