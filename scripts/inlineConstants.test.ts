import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { typeNames, typeSize } from "../src/ir/types.ts";
import { Kind } from "../src/syntax/ast.ts";
import { constantTables, inlineConstants } from "./inlineConstants.ts";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

test("items of tables become their numbers, where the table is the imported one", async () => {
  const tables = await constantTables(root);
  const inline = (text: string) => inlineConstants(`${root}/src/check/x.ts`, text, tables).split("\n").slice(1).join("\n");
  const imports = 'import { Kind as K, type Node } from "../syntax/ast.ts";\n';
  expect(inline(`${imports}a(K.If, K["If"], K[name], K.None2)`)).toBe(`a(${Kind.If}, ${Kind.If}, K[name], K.None2)`);
  expect(inline(`${imports}b(x.K.If, typeof K.If, Kind.If)`)).toBe("b(x.K.If, typeof K.If, Kind.If)");
  expect(inline('import { Kind } from "./elsewhere.ts";\nKind.If')).toBe("Kind.If");
});

test("what a module computes of its rows is written out", async () => {
  const tables = await constantTables(root);
  const path = `${root}/src/ir/types.ts`;
  const text = inlineConstants(path, readFileSync(path, "utf8"), tables);
  expect(text).toContain(`export const typeSize = new Uint8Array([${typeSize.join()}]);`);
  expect(text).toContain(`export const typeNames: readonly TypeName[] = ${JSON.stringify(typeNames)};`);
});
