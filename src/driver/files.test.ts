import { afterAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as node from "./nodeFiles.ts";

/** On Linux there are two, which must not differ but in their speed. */
const implementations = process.platform === "linux" ? { node, linux: await import("./linuxFiles.ts") } : { node };
const folder = mkdtempSync(join(tmpdir(), "lang-files-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const codeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
};

writeFileSync(at("file"), "some text\n");
linkSync(at("file"), at("other name"));
mkdirSync(at("folder"));
symlinkSync("file", at("link"));
symlinkSync("nothing", at("broken"));
symlinkSync("circle", at("circle"));
writeFileSync(at("é ü"), "");

for (const [name, files] of Object.entries(implementations)) {
  describe(`files by ${name}`, () => {
    test("what is known of them", () => {
      const { dev, ino } = statSync(at("file"), { bigint: true });
      const file = files.statusOf(at("file"));
      expect(file).toMatchObject({ kind: "file", size: 10 });
      expect(file?.identity?.endsWith(`:${ino}`)).toBe(true);
      expect(dev).toBeGreaterThan(0n);
      expect(files.statusOf(at("other name"))?.identity).toBe(file?.identity as string);
      expect(files.statusOf(at("link"))).toEqual(file as NonNullable<typeof file>);
      expect(files.linkStatusOf(at("link"))?.kind).toBe("device");
      expect(files.linkStatusOf(at("link"))?.identity).not.toBe(file?.identity as string);
      expect(files.statusOf(at("é ü"))).toMatchObject({ kind: "file", size: 0 });
      expect([".", "/dev/null", at("missing"), at("broken"), at("missing/x")].map((path) => files.statusOf(path)?.kind)).toEqual(["folder", "device", undefined, undefined, undefined]);
      expect(files.linkStatusOf(at("broken"))?.kind).toBe("device");
      if (spawnSync("mkfifo", [at(`pipe of ${name}`)]).status === 0) expect(files.statusOf(at(`pipe of ${name}`))?.kind).toBe("pipe");
    });

    test("what cannot be done, in the system's words", () => {
      expect(codeOf(() => files.statusOf(at("circle")))).toBe("ELOOP");
      expect(codeOf(() => files.statusOf("x".repeat(5000)))).toBe("ENAMETOOLONG");
      expect(codeOf(() => files.statusOf(at("file\0x")))).toBe("ERR_INVALID_ARG_VALUE");
      expect(codeOf(() => files.openToRead(at("missing")))).toBe("ENOENT");
      expect(codeOf(() => files.openToRead(at("file\0x")))).toBe("ERR_INVALID_ARG_VALUE");
      expect(codeOf(() => files.createFile(at("file"), 0o666))).toBe("EEXIST");
      expect(codeOf(() => files.openToWrite(at("folder")))).toBe("EISDIR");
      expect(codeOf(() => files.renameFile(at("file"), at("missing/x")))).toBe("ENOENT");
      expect(codeOf(() => files.removeFile(at("missing")))).toBe("ENOENT");
      const descriptor = files.openToRead(at("folder"));
      expect(codeOf(() => files.readInto(descriptor, new Uint8Array(4)))).toBe("EISDIR");
      files.closeFile(descriptor);
      expect(codeOf(() => files.readInto(descriptor, new Uint8Array(4)))).toBe("EBADF");
      expect(codeOf(() => files.closeFile(descriptor))).toBe("EBADF");
      if (process.platform === "linux") {
        const full = files.openToWrite("/dev/full");
        expect(codeOf(() => files.writeFrom(full, new Uint8Array(4), 0))).toBe("ENOSPC");
        files.closeFile(full);
      }
    });

    test("reading, writing and renaming", () => {
      const mask = process.umask(0o027);
      const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
      const made = files.createFile(at(`${name} é`), 0o777);
      process.umask(mask);
      for (let done = 3; done < bytes.length; ) done += files.writeFrom(made, bytes, done);
      expect(files.writeFrom(made, bytes, bytes.length)).toBe(0);
      files.closeFile(made);
      files.renameFile(at(`${name} é`), at(`${name}.out`));
      expect(Buffer.compare(readFileSync(at(`${name}.out`)), bytes.subarray(3))).toBe(0);
      expect(statSync(at(`${name}.out`)).mode & 0o777).toBe(0o750);
      const descriptor = files.openToRead(at(`${name}.out`));
      const part = new Uint8Array(50_010).fill(1);
      expect(files.readInto(descriptor, part.subarray(10))).toBe(50_000);
      expect([...part.subarray(0, 10)]).toEqual(new Array(10).fill(1));
      expect(Buffer.compare(part.subarray(10), bytes.subarray(3, 50_003))).toBe(0);
      expect(files.readInto(descriptor, part)).toBe(49_997);
      expect(files.readInto(descriptor, part)).toBe(0);
      files.closeFile(descriptor);
      const again = files.openToWrite(at(`${name}.out`));
      files.writeFrom(again, new TextEncoder().encode("new"), 0);
      files.closeFile(again);
      expect(readFileSync(at(`${name}.out`)).subarray(0, 4)).toEqual(Buffer.concat([Buffer.from("new"), bytes.subarray(6, 7)]));
      files.removeFile(at(`${name}.out`));
      expect(files.statusOf(at(`${name}.out`))).toBeUndefined();
    });
  });
}

test.if(process.platform === "linux")("memory of the process is seen, not copied", async () => {
  const { ptr } = await import("bun:ffi");
  const { memoryAt } = await import("./linuxFiles.ts");
  const bytes = new Uint8Array(new ArrayBuffer(64));
  bytes.forEach((_, i) => { bytes[i] = i; });
  const seen = memoryAt(ptr(bytes) + 8, 16);
  expect([...seen]).toEqual([...bytes.subarray(8, 24)]);
  bytes[8] = 99;
  expect(seen[0]).toBe(99);
});

test.if(process.platform === "linux" && process.getuid?.() !== 0)("what may not be read", () => {
  chmodSync(at("file"), 0);
  for (const files of Object.values(implementations)) expect(codeOf(() => files.openToRead(at("file")))).toBe("EACCES");
});
