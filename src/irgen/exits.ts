/**
 * Exits through the function's scopes: `return` and `?`. Each runs the cleanups that are open where it stands, last first. The first ones are written
 * out where they are, so that passes see which values were moved there. Once a function has many, further exits share one chain: a link for each
 * cleanup, which jumps to that of the cleanup below it, the last to a block that returns what the exit left in `place`. So a function with n owned
 * values and n exits is linear in n.
 *
 * Links of owned values are filled when the body ends: by then it is known which of them are moved anywhere, and have a byte that says so. Links of
 * deferred expressions are filled when they are first needed, while what they name has its home.
 */

import type { TypeId } from "../check/types.ts";
import type { Block, Value } from "../ir/function.ts";
import type { Generator } from "./generator.ts";
import { dropOwned, runCleanup, runCleanups, type Cleanup, type Owned } from "./owned.ts";
import { Shape, type Piece } from "./shape.ts";

/** So many cleanups of exits a function has written out before the others share theirs. */
const WRITTEN_OUT = 32;

/** The cleanup of a chain and what comes after it; undefined: the function's end. */
interface Link {
  readonly cleanup: Cleanup;
  readonly below: Link | undefined;
  readonly block: Block;
}

/** The exits of the function at hand. */
export class Exits {
  private readonly g: Generator;
  private writtenOut = 0;
  /** By cleanup; several where what lies below it has changed meanwhile. */
  private readonly links = new Map<Cleanup, Link[]>();
  /** Those of owned values, in the order of their making. */
  private readonly owned: Link[] = [];
  private readonly blocks: Block[] = [];
  private end: Block | undefined;
  private resultPlace: Value | undefined;

  constructor(g: Generator) {
    this.g = g;
  }

  /** A function begins. */
  begin(): void {
    this.writtenOut = 0;
    if (this.blocks.length === 0) return;
    this.links.clear();
    this.owned.length = this.blocks.length = 0;
    this.end = this.resultPlace = undefined;
  }

  /** Whether the exit at hand leaves by `leave` rather than to write its cleanups out. */
  shares(): boolean {
    const { g } = this;
    if (!g.reachable) return false;
    let count = 0;
    for (const scope of g.frame.scopes) count += scope.length;
    this.writtenOut += count;
    return count > 0 && this.writtenOut > WRITTEN_OUT;
  }

  /** Where an exit that shares puts the function's result, whole, before it leaves. */
  get place(): Value {
    this.resultPlace ??= this.g.temporary(this.g.frame.resultType);
    return this.resultPlace;
  }

  /** Runs the open cleanups and returns what is in `place`. Temporaries of the statement at hand are no other exit's. */
  leave(): void {
    const { g } = this;
    const open = g.frame.scopes.flat();
    let top = open.length;
    while (top > 0 && isTemporary(open[top - 1])) dropOwned(g, open[--top] as Owned);
    let link: Link | undefined;
    for (let i = 0; i < top; i++) link = this.linkOf(open, i, link);
    g.jump(this.blockOf(link));
  }

  /** The link of the open cleanup `at`. */
  private linkOf(open: readonly Cleanup[], at: number, below: Link | undefined): Link {
    const cleanup = open[at] as Cleanup;
    const known = this.links.get(cleanup) ?? [];
    for (const link of known) if (link.below === below) return link;
    const link = { cleanup, below, block: this.newBlock() };
    this.links.set(cleanup, [...known, link]);
    if (typeof cleanup === "object") this.owned.push(link);
    else this.fillDeferred(link, open.slice(0, at));
    return link;
  }

  private fillDeferred(link: Link, open: readonly Cleanup[]): void {
    const { g } = this;
    const { reachable, second, offset, frame } = g;
    const { scopes, made } = frame;
    const { current, position } = g.b;
    const saved = scopes.splice(0, scopes.length, [...open]);
    this.fill(link, () => runCleanup(g, link.cleanup));
    scopes.splice(0, scopes.length, ...saved);
    g.b.switchTo(current);
    g.b.position = position;
    Object.assign(g, { reachable, second, offset });
    frame.made = made;
  }

  private fill(link: Link, work: () => void): void {
    const { g } = this;
    g.b.switchTo(link.block);
    g.reachable = true;
    work();
    g.jump(this.blockOf(link.below));
  }

  private blockOf(link: Link | undefined): Block {
    if (link !== undefined) return link.block;
    this.end ??= this.newBlock();
    return this.end;
  }

  private newBlock(): Block {
    const block = this.g.b.block();
    this.blocks.push(block);
    return block;
  }

  /** The body has ended: fills what is left of the chain. */
  finish(): void {
    const { g } = this;
    if (this.blocks.length === 0) return;
    this.fillOwned();
    for (const block of this.blocks) g.b.seal(block);
    g.startBlock(this.blockOf(undefined));
    this.returnPlace(g.frame.resultType);
    g.reachable = false;
  }

  private fillOwned(): void {
    for (const link of this.owned) this.fill(link, () => runCleanup(this.g, link.cleanup));
  }

  private returnPlace(type: TypeId): void {
    const { g } = this;
    switch (g.shapes.of(type)) {
      case Shape.Void:
        g.return();
        return;
      case Shape.Memory:
        if (g.frame.resultAddress !== 0) g.storeValue(type, this.place, 0 as Value, g.frame.resultAddress, 0);
        returnFrom(g, type, this.place);
        return;
      default: {
        const value = g.loadValue(type, this.place, 0);
        g.return(g.shapes.of(type) === Shape.Pair ? [value, g.second] : [value]);
      }
    }
  }
}

function isTemporary(cleanup: Cleanup | undefined): boolean {
  return typeof cleanup === "object" && cleanup.temporary;
}

/** Leaves the function with the result `value`, which a Memory type has at an address: its cleanups run, then it returns. */
export function leaveFunction(g: Generator, type: TypeId, value: Value, second: Value): void {
  const shape = g.shapes.of(type);
  if (g.frame.exits.shares()) {
    if (shape !== Shape.Void) g.storeValue(type, value, second, g.frame.exits.place, 0);
    g.frame.exits.leave();
    return;
  }
  runCleanups(g, 0);
  if (shape === Shape.Memory) {
    if (g.frame.resultAddress !== 0 && g.reachable) g.storeValue(type, value, 0 as Value, g.frame.resultAddress, 0);
    returnFrom(g, type, value);
    return;
  }
  if (g.reachable) g.return(shape === Shape.Void ? undefined : shape === Shape.Pair ? [value, second] : [value]);
  g.reachable = false;
}

/** Returns the Memory value at `address`, which is the result's own where results travel by address. */
export function returnFrom(g: Generator, type: TypeId, address: Value): void {
  if (g.reachable) {
    const pieces = g.shapes.pieces(type);
    g.return(pieces === undefined ? undefined : loadPieces(g, pieces, address));
  }
  g.reachable = false;
}

/** The scalars as which an aggregate at `address` travels. */
export function loadPieces(g: Generator, pieces: readonly Piece[], address: Value): Value[] {
  return pieces.map((piece) => g.b.load(piece.type, address, piece.offset));
}
