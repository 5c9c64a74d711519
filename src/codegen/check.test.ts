import { expect, test } from "bun:test";
import { Allocation } from "./allocation.ts";
import { checkAllocation } from "./check.ts";
import { POSITIONS } from "./intervals.ts";
import { FIRST_STACK, MachineFunction } from "./machine.ts";
import { ObjectWriter } from "./objectWriter.ts";
import { Step } from "./parallelMoves.ts";
import { RandomModule } from "./randomFunction.ts";
import { parse } from "./testing.ts";
import { TraceRecords } from "./traceRecords.ts";
import { registerFile } from "./x86_64/registerFile.ts";
import { Selector } from "./x86_64/select.ts";

function allocate(text: string, name: string): { mf: MachineFunction; allocation: Allocation } {
  const module = parse(text);
  const symbol = module.find(name);
  const f = symbol === undefined ? undefined : module.functions.get(symbol);
  if (f === undefined) throw new Error(`no function ${name}`);
  const objects = new ObjectWriter("test", "x86_64", module, true, 16);
  const selector = new Selector({ module, options: { level: "O1" }, objects, trace: new TraceRecords() });
  const mf = selector.select(f);
  const allocation = new Allocation(registerFile);
  allocation.run(mf);
  return { mf, allocation };
}

const loop = `func @sum(ptr, i64) -> i64 {
b0(v1: ptr, v2: i64):
  jump b1(0, 0)
b1(v3: i64, v4: i64):
  v5: i8 = slt v3, v2
  branch v5, b2, b3
b2:
  v6: i64 = shl v3, 3
  v7: ptr = ptr.add v1, v6
  v8: i64 = load v7
  v9: i64 = call @sum(v7, v8)
  v10: i64 = add v4, v9
  v11: i64 = add v3, 1
  jump b1(v11, v10)
b3:
  return v4
}
`;

test("a right allocation has no problems", () => {
  const { mf, allocation } = allocate(loop, "sum");
  expect(checkAllocation(mf, allocation)).toEqual([]);
});

test("cycles of moves within a loop, along edges and of arguments, go through registers that hold nothing", () => {
  // Each turn hands three values round, and calls with two of them exchanged, while others wait.
  const { mf, allocation } = allocate(`func @f(ptr, i64, i64, i64) -> i64 {
b0(v1: ptr, v2: i64, v3: i64, v4: i64):
  jump b1(v2, v3, v4)
b1(v5: i64, v6: i64, v7: i64):
  v8: i64 = add v5, v7
  v9: i64 = load v1, 40
  v10: ptr = load v1, 48
  v11: i64 = call.indirect v10(v6, v5, v9, v8) (i64, i64, i64, i64) -> (i64, i64)
  v12: i64 = result v11, 1
  v13: i8 = slt v11, v9
  branch v13, b2, b3
b2:
  v14: i64 = add v11, 1
  v15: i64 = call.indirect v10(v12, v14, v11, v7) (i64, i64, i64, i64) -> i64
  jump b1(v6, v7, v5)
b3:
  return v11
}
`, "f");
  expect(checkAllocation(mf, allocation)).toEqual([]);
  const simple = allocate(`func @g(i64, i64, i64) -> i64 {
b0(v1: i64, v2: i64, v3: i64):
  jump b1(v1, v2, v3)
b1(v4: i64, v5: i64, v6: i64):
  v7: i64 = xor v4, v5
  v8: i8 = slt v7, v6
  branch v8, b2, b3
b2:
  jump b1(v5, v6, v4)
b3:
  return v7
}
`, "g");
  expect(checkAllocation(simple.mf, simple.allocation)).toEqual([]);
  // No exchange is left: each of them is as slow as three moves, and holds two values up.
  expect(Array.from(simple.allocation.step.subarray(0, simple.allocation.stepCount)).filter((step) => step === Step.exchange)).toEqual([]);
});

test("what only passes through a loop gives up its register before it, not within", () => {
  // Five values wait for the end of a loop with a call; four live in it, and there are six registers that calls leave alone.
  const { mf, allocation } = allocate(`func @f(ptr, i64) -> i64 {
b0(v1: ptr, v2: i64):
  v3: i64 = load v1, 8
  v4: i64 = load v1, 16
  v5: i64 = load v1, 24
  v6: i64 = load v1, 32
  v7: i64 = load v1, 40
  jump b1(0, 0)
b1(v8: i64, v9: i64):
  v10: i64 = add v8, v9
  v11: i64 = call @f(v1, v10)
  v12: i64 = add v9, v11
  v13: i64 = add v8, 1
  v14: i8 = slt v13, v2
  branch v14, b1(v13, v12), b2
b2:
  v15: i64 = add v12, v3
  v16: i64 = add v15, v4
  v17: i64 = add v16, v5
  v18: i64 = add v17, v6
  v19: i64 = add v18, v7
  return v19
}
`, "f");
  expect(checkAllocation(mf, allocation)).toEqual([]);
  const inLoop = Array.from(allocation.stepKey.subarray(0, allocation.stepCount)).flatMap((key, s) => {
    const instruction = Math.floor(key / 4 / POSITIONS);
    const block = Array.from(mf.blockStart.subarray(0, mf.blockCount)).findLastIndex((start) => start <= instruction);
    const stack = Math.max(allocation.stepFrom[s] as number, allocation.stepTo[s] as number) >= FIRST_STACK;
    return (mf.loopDepth[block] as number) > 0 && stack ? [`${allocation.stepFrom[s]} to ${allocation.stepTo[s]} before instruction ${instruction}`] : [];
  });
  expect(inLoop).toEqual([]);
});

test("every use that is sent to a wrong register is found", () => {
  const { mf, allocation } = allocate(loop, "sum");
  let changed = 0;
  for (let k = 0; k < mf.operandCount; k++) {
    const place = mf.operandPlace[k];
    // Inputs only: a result in another register is found by those who use it.
    if ((mf.operandInfo[k] & 7) > 1 || mf.operandRegister[k] <= 0 || place < 0 || place > 31) continue;
    mf.operandPlace[k] = place === 8 ? 9 : 8;
    expect(`operand ${k}: ${checkAllocation(mf, allocation).length > 0}`).toBe(`operand ${k}: true`);
    mf.operandPlace[k] = place;
    changed++;
  }
  expect(changed).toBeGreaterThan(5);
});

test("every move that is left out or goes astray is found", () => {
  const { text } = new RandomModule(11, { variables: 24, statements: 20 });
  const { mf, allocation } = allocate(text, "test");
  expect(checkAllocation(mf, allocation)).toEqual([]);
  let found = 0;
  const count = Math.min(allocation.stepCount, 40);
  for (let s = 0; s < count; s++) {
    const to = allocation.stepTo[s];
    allocation.stepTo[s] = 700 + s;
    if (checkAllocation(mf, allocation).length > 0) found++;
    allocation.stepTo[s] = to;
  }
  // A value that is stored and never read again on any path makes no difference.
  expect(found).toBeGreaterThan(count * 0.8);
});
