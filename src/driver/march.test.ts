import { expect, test } from "bun:test";
import { marchExamples, marchFeatures } from "./march.ts";

test("levels and features by the architecture's names", () => {
  expect(marchFeatures("", "arm64")).toEqual([]);
  expect(marchFeatures("armv8-a", "arm64")).toEqual([]);
  expect(marchFeatures("armv8-a+lse", "arm64")).toEqual(["lse"]);
  expect(marchFeatures("armv8.1-a", "arm64")).toEqual(["crc", "lse"]);
  expect(marchFeatures("armv8.1-a+rcpc", "arm64")).toEqual(["crc", "lse", "rcpc"]);
  expect(marchFeatures("x86-64+bmi2", "x86_64")).toEqual(["bmi2"]);
  expect(marchFeatures("x86_64-v2", "x86_64")).toContain("popcnt");
});

test("the other architecture's names are refused, and what the message gives as an example is not", () => {
  for (const [architecture, other] of [["x86_64", "armv8-a+lse"], ["arm64", "x86-64-v3"], ["arm64", "armv8-a+bmi2"], ["arm64", "lse+armv8-a"], ["x86_64", "pdp11"]] as const) {
    expect(marchFeatures(other, architecture)).toBeUndefined();
  }
  for (const architecture of ["x86_64", "arm64"] as const) {
    for (const [, example] of marchExamples[architecture].matchAll(/-march=([^,\s]+)/g)) expect(marchFeatures(example as string, architecture)).toBeDefined();
  }
});
