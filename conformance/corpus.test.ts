import { expect, test } from "bun:test";
import { collectPrograms } from "./programs.ts";

const files = await Promise.all(
  [...new Bun.Glob("**/*.lang").scanSync(import.meta.dir)].map(async (path) => ({ path, text: await Bun.file(`${import.meta.dir}/${path}`).text() })),
);

test("every header of the committed suite can be read", () => {
  const { programs, problems } = collectPrograms(files);
  expect(problems).toEqual([]);
  expect(programs.length).toBeGreaterThan(700);
});

test("no two programs of the suite have the same text", () => {
  const seen = new Map<string, string>();
  const doubles: string[] = [];
  for (const program of collectPrograms(files).programs) {
    const text = [...program.files.values()].join("\0");
    const other = seen.get(text);
    if (other !== undefined) doubles.push(`${program.path} = ${other}`);
    seen.set(text, program.path);
  }
  expect(doubles).toEqual([]);
});
