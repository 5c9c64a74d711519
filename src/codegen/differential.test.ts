import { expect, test } from "bun:test";
import type { Level } from "./options.ts";
import { RandomModule } from "./randomFunction.ts";
import { runInterpreted, runNative, testTargets } from "./testing.ts";
import type { Call } from "./testing.ts";

function calls(random: RandomModule, floats: boolean): Call[] {
  return Array.from({ length: 6 }, (_, i) => ({
    name: "test",
    args: [BigInt(random.random(1 << 28)) * (i % 2 === 0 ? 1n : -77777777n), BigInt(random.random(300)), BigInt(random.random(1 << 28)) * 8n - (1n << 30n), ...(floats ? [random.random(1 << 20) / 8 - 70000] : [])],
  }));
}

const seeds = Number(process.env["SEEDS"] ?? 5);
const first = Number(process.env["SEED"] ?? 1);
const levels = (process.env["LEVELS"] ?? "O0,O1,Os").split(",") as Level[];

for (const on of testTargets) for (const kind of ["integers", "floats", "wide", "crowded"] as const) {
  test(`random programs of ${kind} do what the interpreter says on ${on.target.machine}`, () => {
    const choices = { floats: kind === "floats" || kind === "crowded", wide: kind === "wide", variables: kind === "crowded" ? 32 : 5 };
    for (let seed = first; seed < first + seeds; seed++) {
      const options = { ...choices, variablesInMemory: seed % 3 === 0 };
      const random = new RandomModule(seed, options);
      const list = calls(random, options.floats);
      const expected = runInterpreted(random.text, list);
      for (const level of levels) {
        const features = seed % 2 === 0 && options.floats ? ["sse41"] : [];
        expect(`seed ${seed} ${level}: ${runNative(on, random.text, list, { level, features, verify: true }).join(" ")}`).toBe(`seed ${seed} ${level}: ${expected.join(" ")}`);
      }
    }
  }, 60000);
}
