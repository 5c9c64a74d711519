import { expect, test } from "bun:test";
import { ParallelMoves, Step } from "./parallelMoves.ts";

/** Runs the steps on a row of places that hold their own numbers. */
function run(moves: readonly (readonly [number, number])[], places: number, spare = -1): number[] {
  const m = new ParallelMoves();
  for (const [from, to] of moves) m.add(from, to, 0);
  m.resolve(spare < 0 ? undefined : { spareFor: () => spare });
  const state = Array.from({ length: places }, (_, i) => i);
  for (let i = 0; i < m.stepCount; i++) {
    const [from, to] = [m.stepFrom[i], m.stepTo[i]];
    if (m.step[i] === Step.move) state[to] = from < 0 ? from : (state[from] as number);
    else [state[from], state[to]] = [state[to] as number, state[from] as number];
  }
  return state;
}

test("every map of four places to four sources, constants among them", () => {
  const places = 5;
  // Each of 4 targets gets one of 5 places, a constant, or no move.
  for (let code = 0; code < 7 ** 4; code++) {
    const moves: [number, number][] = [];
    const expected = Array.from({ length: places }, (_, i) => i);
    let rest = code;
    for (let target = 0; target < 4; target++) {
      const source = rest % 7;
      rest = Math.floor(rest / 7);
      if (source === 6) continue;
      const from = source === 5 ? -9 : source;
      moves.push([from, target]);
      expected[target] = from;
    }
    const state = run(moves, places);
    for (const [, target] of moves) expect(`${JSON.stringify(moves)} ${target}=${state[target]}`).toBe(`${JSON.stringify(moves)} ${target}=${expected[target]}`);
    // What is no target keeps its value.
    for (let place = 0; place < places; place++) if (!moves.some(([, to]) => to === place)) expect(state[place]).toBe(place);
  }
});

test("every permutation of six places", () => {
  const permute = (rest: number[], done: number[]): void => {
    if (rest.length === 0) {
      expect(run(done.map((from, to) => [from, to] as const), 6)).toEqual(done);
      // Through a seventh place nothing is exchanged.
      expect(run(done.map((from, to) => [from, to] as const), 7, 6).slice(0, 6)).toEqual(done);
      return;
    }
    for (const next of rest) permute(rest.filter((x) => x !== next), [...done, next]);
  };
  permute([0, 1, 2, 3, 4, 5], []);
});
