/** A small seeded generator of random numbers (xorshift32), so that a seed gives the same program on every machine. */

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x2545f491) | 1;
    for (let i = 0; i < 4; i++) this.next();
  }

  private next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  /** From `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + (this.next() % (high - low + 1));
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.next() % times === 0;
  }

  pick<T>(of: readonly T[]): T {
    return of[this.next() % of.length] as T;
  }

  /** 32 random bits. */
  bits(): number {
    return this.next();
  }
}
