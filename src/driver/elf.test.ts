/** Executables for Linux: their size, and that they run, by themselves or under an emulator. */

import { expect, test } from "bun:test";
import { targets } from "../../os/targets.ts";
import { execute, has, runsHere } from "../link/testing.ts";
import { build } from "./build.ts";
import { host } from "./host.ts";
import { buildRequest } from "./request.ts";

const hello = 'func main() {\n    println("Hello, world!")\n}\n';

const emulators: Readonly<Record<string, readonly string[]>> = { "linux-arm64": ["qemu-aarch64"] };

for (const target of targets.filter(({ format, libc }) => format === "elf" && libc === "none")) {
  test(`${target.name}: hello is small`, () => {
    const answer = build(buildRequest("hello.lang", new TextEncoder().encode(hello), target, { level: "Os", strip: true }), host);
    if (answer.bytes === undefined) throw new Error([...answer.diagnostics, ...answer.failures].map(({ message }) => message).join("\n"));
    expect(answer.bytes.length).toBeLessThanOrEqual(0.7 * 1024);
    const command = target.architecture === "x86_64" && runsHere ? [] : emulators[target.name];
    if (command === undefined || !command.every(has)) console.warn(`${target.name}: not run, for want of ${command?.join() ?? "such a machine"}`);
    else expect(execute(answer.bytes, command)).toEqual({ status: 0, out: "Hello, world!\n", err: "" });
  });
}
