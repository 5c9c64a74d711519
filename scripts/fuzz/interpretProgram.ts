/** Runs a whole program by the interpreter of the IR, as generated, with the system calls that printing and allocating need. */

import { build } from "../../src/driver/build.ts";
import { host } from "../../src/driver/host.ts";
import { Interpreter, type Exit, type InterpreterMemory } from "../../src/ir/interpret.ts";
import { parseModule } from "../../src/ir/parse.ts";
import { requestOf } from "./compare.ts";

export type Interpretation =
  | { readonly kind: "ended"; readonly stdout: string; readonly status: number }
  /** A check failed at LINE:COL; what was written by then, without what waited in a buffer. */
  | { readonly kind: "trapped"; readonly stdout: string; readonly place: string }
  | { readonly kind: "failed"; readonly what: string };

const call = { write: 1n, mmap: 9n, munmap: 11n, sigaction: 13n, sigaltstack: 131n, exitGroup: 231n } as const;

export function interpretProgram(text: string): Interpretation {
  const answer = build(requestOf(text, "O0", "ir", false), host);
  if (answer.bytes === undefined) return { kind: "failed", what: "no IR" };
  const parsed = parseModule(new TextDecoder().decode(answer.bytes));
  if ("problem" in parsed) return { kind: "failed", what: `its text does not parse: ${JSON.stringify(parsed.problem)}` };
  const { module } = parsed;
  const start = module.find("lang_start");
  if (start === undefined) return { kind: "failed", what: "no lang_start" };
  const written: number[] = [];
  const syscall = (args: readonly bigint[], memory: InterpreterMemory): bigint | Exit => {
    const [number, a = 0n, b = 0n, c = 0n] = args;
    switch (number) {
      case call.write: {
        if (a === 1n) for (let i = 0; i < Number(c); i++) written.push(memory.bytes[Number(b) + i] as number);
        return c;
      }
      case call.mmap: {
        const at = memory.allocate(Number(b), 4096, true);
        return at === undefined ? -12n : BigInt(at);
      }
      case call.munmap: case call.sigaction: case call.sigaltstack: return 0n;
      case call.exitGroup: return { exit: Number(a & 255n) };
      default: return -38n;
    }
  };
  const interpreter = new Interpreter(module, { host: { syscall }, steps: 200_000_000 });
  // The initial stack: argc, argv, a null, an empty environment, a null.
  const stack = interpreter.memory.allocate(64, 16, true) ?? 0;
  const name = interpreter.memory.allocate(8, 8, true) ?? 0;
  interpreter.memory.bytes.set(new TextEncoder().encode("program"), name);
  interpreter.memory.view.setBigInt64(stack, 1n, true);
  interpreter.memory.view.setBigInt64(stack + 8, BigInt(name), true);
  const outcome = interpreter.call(start, [BigInt(stack)]);
  const stdout = new TextDecoder().decode(Uint8Array.from(written));
  switch (outcome.kind) {
    case "exited": return { kind: "ended", stdout, status: outcome.status };
    case "trapped": {
      const place = answer.sources.place(outcome.frames[0]?.position ?? 0);
      return { kind: "trapped", stdout, place: `${place?.line}:${place?.column}` };
    }
    default: return { kind: "failed", what: JSON.stringify(outcome, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)).slice(0, 400) };
  }
}
