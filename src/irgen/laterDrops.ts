/**
 * Code that depends on moves which are met later: in a loop, of a variable that the loop assigns. It gets a block of its own where it stands, which is filled
 * when the body has ended.
 */

import type { Block } from "../ir/function.ts";
import type { Generator } from "./generator.ts";

interface Later {
  readonly block: Block;
  readonly after: Block;
  readonly position: number;
  readonly work: () => void;
}

export class LaterDrops {
  private readonly g: Generator;
  private readonly open: Later[] = [];
  /** The body has ended: all moves are known. */
  isFinishing = false;

  constructor(g: Generator) {
    this.g = g;
  }

  begin(): void {
    this.open.length = 0;
    this.isFinishing = false;
  }

  /** Does `work` here, on this path, as it is when the body has ended. */
  run(work: () => void): void {
    const { g } = this;
    if (!g.reachable) return;
    const { b } = g;
    const block = b.block();
    const after = b.block();
    g.jump(block);
    b.seal(block);
    this.open.push({ block, after, position: b.position, work });
    b.switchTo(after);
    g.reachable = true;
  }

  /** The body has ended. */
  finish(): void {
    const { g } = this;
    if (this.open.length === 0) return;
    this.isFinishing = true;
    for (const { block, after, position, work } of this.open) {
      g.b.switchTo(block);
      g.b.position = position;
      g.reachable = true;
      work();
      g.jump(after);
      g.b.seal(after);
    }
    this.isFinishing = false;
    g.reachable = false;
  }
}
