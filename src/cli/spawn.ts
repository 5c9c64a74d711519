/** Runs a program to its end, with input given and output collected. */

import { spawn } from "node:child_process";
import { givenEnvironment } from "./environment.ts";
import { onInterrupt } from "./interrupt.ts";

export interface Ended {
  readonly kind: "ended";
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** More output than this is cut: a program that prints for ever must not fill memory. */
const largestOutput = 16 << 20;

/** Runs a program on the text `stdin`, and gives what it printed; after so many milliseconds it is ended. */
export function execute(program: string, args: readonly string[], stdin: string, milliseconds: number, environment: Readonly<Record<string, string>> = {}): Promise<Ended | { readonly kind: "timeout" }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...givenEnvironment(), ...environment } });
    const ended = onInterrupt(() => child.kill("SIGKILL"));
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let total = 0;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, milliseconds);
    const collect = (into: Buffer[]) => (chunk: Buffer) => {
      total += chunk.length;
      if (total <= largestOutput) into.push(chunk);
      else child.kill("SIGKILL");
    };
    child.stdout.on("data", collect(out));
    child.stderr.on("data", collect(err));
    // A program that ends without reading its input closes the pipe: that is its right.
    child.stdin.on("error", () => {});
    child.stdin.end(stdin);
    child.on("error", (error) => {
      clearTimeout(timer);
      ended();
      reject(error);
    });
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      ended();
      if (late) resolve({ kind: "timeout" });
      else resolve({ kind: "ended", status, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}
