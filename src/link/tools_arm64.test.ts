/** arm64's ELF objects before the tools of others, and theirs before ours. What isn't installed is said, not counted. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { link } from "./link.ts";
import { Binding, ObjectBuilder, SymbolType } from "./object.ts";
import { readObject } from "./readObject.ts";
import { RelocationKind } from "./relocationKind.ts";
import { has, hex, inFolder, run } from "./testing.ts";
import { writeObject } from "./writeObject.ts";

const clang = ["clang", "--target=aarch64-linux-gnu", "-c", "-ffreestanding", "-fno-pic", "-fno-stack-protector", "-nostdlib"];
const qemu = process.platform === "linux" && process.arch === "arm64" ? [] : ["qemu-aarch64"];

function withTools(tools: readonly string[], name: string, body: () => void): void {
  const missing = tools.filter((tool) => !has(tool));
  if (missing.length === 0) test(name, body);
  else console.log(`not run, for want of ${missing.join(", ")}: ${name}`);
}

// The exit status is the sum of what loads and stores of every width find: 1 + 2 + 3 + 4 + 5 + 6 + 7 = 28; and `other` is elsewhere.
const program = `
extern int other(int);
static unsigned char a = 1; static unsigned short b = 2; static unsigned int c = 3; static unsigned long d = 4;
static const double e[2] = {5, 0}; static int room[100000];
static int six(void) { return 6; }
int (*pointer)(void) = six;
static const char *text = "seven!!";
typedef struct { unsigned long x, y; } pair; pair p, q;
void start(void) {
  a += 0; b += 0; c += 0; d += 0; room[99999] = 0; __asm__ volatile("" ::: "memory");
  p.x = 7; __asm__ volatile("ldr q0, [%0]; str q0, [%1]" :: "r"(&p), "r"(&q) : "v0", "memory");
  long n = 0; while (text[n]) n++;
  long sum = a + b + c + d + (long)e[0] + pointer() + (n == 7 ? q.x : 0) + room[99999];
  register long x0 __asm__("x0") = other((int)sum); register long x8 __asm__("x8") = 94; __asm__ volatile("svc 0" :: "r"(x0), "r"(x8));
  __builtin_unreachable();
}`;

for (const level of ["-O0", "-O2"]) {
  withTools(["clang", ...qemu], `clang's object for arm64 at ${level}, linked with one of ours`, () => {
    inFolder((folder) => {
      writeFileSync(join(folder, "a.c"), program);
      const ran = run(folder, [...clang, level, "a.c", "-o", "a.o"]);
      expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: "" });
      const read = readObject("a.o", new Uint8Array(readFileSync(join(folder, "a.o"))), "arm64");
      if (!read.ok) throw new Error(read.error.message);
      const linked = link([read.object, other()], { machine: "arm64", entry: "start" });
      if (!linked.ok) throw new Error(linked.errors.map(({ message }) => message).join("\n"));
      writeFileSync(join(folder, "program"), linked.bytes, { mode: 0o755 });
      expect(run(folder, [...qemu, "./program"]).status).toBe(29);
    });
  });
}

/** `other`: its argument and what a variable of its own holds, 1. By a `b` to a function of its own. */
function other() {
  const object = new ObjectBuilder("other", "arm64");
  const text = object.section("text", ".text", 4);
  const data = object.section("data", ".data", 4);
  const f = object.symbol("other", Binding.global, SymbolType.function);
  const tail = object.symbol("tail", Binding.global, SymbolType.function);
  const one = object.symbol("one", Binding.local, SymbolType.object);
  // b tail; tail: adrp x1, one; ldr w1, [x1, :lo12:one]; add w0, w0, w1; ret
  object.append(text, hex("00000014 01000090 210040b9 0000010b c0035fd6"));
  object.define(f, text, 0, 4);
  object.define(tail, text, 4, 16);
  object.define(one, data, object.append(data, hex("01000000")), 4);
  object.relocate(text, 0, RelocationKind.arm64Call26, tail, 0);
  object.relocate(text, 4, RelocationKind.arm64Page21, one, 0);
  object.relocate(text, 8, RelocationKind.arm64Load12, one, 0);
  return object.finish();
}

withTools(["clang", "aarch64-linux-gnu-ld", ...qemu], "our object for arm64, linked by GNU ld with clang's", () => {
  inFolder((folder) => {
    writeFileSync(join(folder, "a.c"), program);
    writeFileSync(join(folder, "other.o"), writeObject(other()));
    expect(run(folder, [...clang, "-O1", "a.c", "-o", "a.o"]).status).toBe(0);
    const ran = run(folder, ["aarch64-linux-gnu-ld", "-e", "start", "a.o", "other.o", "-o", "program"]);
    expect({ status: ran.status, err: ran.err }).toEqual({ status: 0, err: "" });
    expect(run(folder, [...qemu, "./program"]).status).toBe(29);
  });
});

test("what is written is read again", () => {
  const read = readObject("other.o", writeObject(other()), "arm64");
  if (!read.ok) throw new Error(read.error.message);
  const kinds = read.object.sections.flatMap(({ relocations: { count, kind } }) => [...kind.subarray(0, count)]);
  expect(kinds).toEqual([RelocationKind.arm64Call26, RelocationKind.arm64Page21, RelocationKind.arm64Load12]);
});
