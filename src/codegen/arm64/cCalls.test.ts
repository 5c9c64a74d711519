/** C on arm64: what our functions keep for a caller that clang compiled, and the places of many arguments, narrow ones and results. Run under qemu. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { link } from "../../link/link.ts";
import { readObject } from "../../link/readObject.ts";
import { execute, has, inFolder, run } from "../../link/testing.ts";
import { generate } from "../generate.ts";
import { parse } from "../testing.ts";
import { arm64 } from "./target.ts";

const qemu = process.platform === "linux" && process.arch === "arm64" ? [] : ["qemu-aarch64"];

/** More floating and integer numbers alive at once than there are registers to change freely. */
function crowded(name: string, convention: string, call: string): string {
  const lines = [`func @${name}(f64, i64) -> f64 ${convention === "" ? "" : `${convention} `}{`, "b0(v1: f64, v2: i64):"];
  let v = 3;
  const floats: number[] = [];
  const integers: number[] = [];
  for (let i = 0; i < 24; i++) {
    lines.push(`  v${v}: i64 = add v2, ${i}`, `  v${v + 1}: i64 = mul v${v}, v2`, `  v${v + 2}: f64 = stof v${v + 1}`);
    integers.push(v + 1);
    floats.push(v + 2);
    v += 3;
  }
  if (call !== "") lines.push(`  v${v}: f64 = call @${call}(v1, v2)`);
  else lines.push(`  v${v}: f64 = fadd v1, 0.0`);
  let sum = v++;
  for (let i = 23; i >= 0; i--) {
    lines.push(`  v${v}: f64 = fadd v${sum}, v${floats[i]}`, `  v${v + 1}: f64 = stof v${integers[i]}`, `  v${v + 2}: f64 = fsub v${v}, v${v + 1}`);
    sum = v + 2;
    v += 3;
  }
  return `${lines.join("\n")}\n  return v${sum}\n}\n`;
}

const ours = `${crowded("busy", "", "")}export ${crowded("calls", "c", "busy")}export ${crowded("alone", "c", "")}import func @mix(i8, f32, i16, i64, i64, i64, i64, i64, i64, i32, i8, f64, f64, f64, f64, f64, f64, f64, f64) -> f64 c
export func @back(i8, f32, i16, i64, i64, i64, i64, i64, i64, i32, i8, f64, f64, f64, f64, f64, f64, f64, f64) -> f64 c {
b0(v1: i8, v2: f32, v3: i16, v4: i64, v5: i64, v6: i64, v7: i64, v8: i64, v9: i64, v10: i32, v11: i8, v12: f64, v13: f64, v14: f64, v15: f64, v16: f64, v17: f64, v18: f64, v19: f64):
  v20: f64 = call @mix(v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16, v17, v18, v19)
  v21: f64 = fadd v20, v19
  return v21
}
`;

const c = `
double calls(double, long), alone(double, long), back(signed char, float, short, long, long, long, long, long, long, int, signed char, double, double, double, double, double, double, double, double);
double mix(signed char a, float x, short b, long c, long d, long e, long f, long g, long h, int i, signed char j, double x1, double x2, double x3, double x4, double x5, double x6, double x7, double x8) {
  return a + 2 * x + 3 * b + 4 * c + 5 * d + 6 * e + 7 * f + 8 * g + 9 * h + 10 * i + 11 * j + x1 + 2 * x2 + 3 * x3 + 4 * x4 + 5 * x5 + 6 * x6 + 7 * x7 + 8 * x8;
}
static volatile double given[8] = {1, 2, 3, 4, 5, 6, 7, 8};
static volatile long words[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static int kept(double (*f)(double, long)) {
  double a = given[0], b = given[1], c = given[2], d = given[3], e = given[4], g = given[5], h = given[6], i = given[7];
  long p = words[0], q = words[1], r = words[2], s = words[3], t = words[4], u = words[5], v = words[6], w = words[7], x = words[8];
  double got = f(2.5, 3);
  return got == 2.5 && a == 1 && b == 2 && c == 3 && d == 4 && e == 5 && g == 6 && h == 7 && i == 8 && p + q + r + s + t + u + v + w + x == 45 && x == 9;
}
void start(void) {
  int good = kept(calls) + 2 * kept(alone);
  double wanted = mix(-1, 0.5f, -2, 3, 4, 5, 6, 7, 8, -9, -10, 1, 2, 3, 4, 5, 6, 7, 8) + 8;
  if (back(-1, 0.5f, -2, 3, 4, 5, 6, 7, 8, -9, -10, 1, 2, 3, 4, 5, 6, 7, 8) == wanted) good += 4;
  register long x0 __asm__("x0") = good; register long x8 __asm__("x8") = 94; __asm__ volatile("svc 0" :: "r"(x0), "r"(x8));
  __builtin_unreachable();
}`;

const missing = ["clang", ...qemu].filter((tool) => !has(tool));
if (missing.length > 0) console.log(`not run, for want of ${missing.join(", ")}: C on arm64`);
else {
  for (const level of ["O0", "O1", "Os"] as const) {
    test(`C keeps its registers, and finds its arguments, at ${level}`, () => {
      inFolder((folder) => {
        writeFileSync(join(folder, "a.c"), c);
        expect(run(folder, ["clang", "--target=aarch64-linux-gnu", "-c", "-O2", "-ffreestanding", "-fno-pic", "-fno-stack-protector", "a.c", "-o", "a.o"]).err).toBe("");
        const read = readObject("a.o", new Uint8Array(readFileSync(join(folder, "a.o"))), "arm64");
        if (!read.ok) throw new Error(read.error.message);
        const module = parse(ours);
        const { object } = generate(arm64, module, [...module.functions.keys()], { level, verify: true });
        const linked = link([read.object, object], { machine: "arm64", entry: "start" });
        if (!linked.ok) throw new Error(linked.errors.map(({ message }) => message).join("\n"));
        expect(execute(linked.bytes, qemu).status).toBe(7);
      });
    });
  }
}
