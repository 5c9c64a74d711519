import { expect, test } from "bun:test";
import { CAPACITY, READ, WRITE, rowAccess, rowCount, rowFeature, rowHasForm, rowMnemonic, rowName, rowOperand, rowOperandCount } from "./columns.ts";
import { operandKinds } from "./operands.ts";
import { parseRow } from "./parseRow.ts";
import { furtherGroups, groups } from "./rows/groups.ts";
import { allRowNames, expandAll, impliedRegisters, refuseDuplicates, row, rowOf } from "./table.ts";
import { allCases } from "./testing/cases.ts";

/** Parses a row as if it stood in the table, into the last place, which no row has. */
const parse = (name: string, text: string) => () => parseRow(CAPACITY - 1, name, text);

test("a name is its mnemonic and its operands, one line each", () => {
  expandAll();
  for (let at = 0; at < rowCount(); at++) {
    const operands = Array.from({ length: rowOperandCount(at) }, (_, i) => `_${operandKinds[rowOperand(at, i)].name}`);
    expect(`${rowMnemonic(at).replaceAll(" ", "_")}${operands.join("")}`).toBe(rowName(at));
  }
});

test("the mnemonic that is printed is the one in the name, without exception", () => {
  for (const item of allCases(true)) {
    const printed = item.text.replace(/^\{\w+\} /, "");
    expect(printed === rowMnemonic(item.row) || printed.startsWith(`${rowMnemonic(item.row)} `)).toBe(true);
  }
});

test("no name stands in two groups, no encoding under two names", () => {
  const all = allRowNames();
  expect(new Set<string>(all).size).toBe(all.length);
  expect(all.length).toBe([...groups, ...furtherGroups].reduce((sum, group) => sum + Object.keys(group).length, 0));
  refuseDuplicates();
});

test("marks, implied registers, features and forms can be asked for", () => {
  const add = row("add_rm64_r64");
  expect([rowAccess(add, 0), rowAccess(add, 1)]).toEqual([READ | WRITE, READ]);
  expect(rowAccess(row("lea_r64_m"), 1)).toBe(0);
  expect(rowAccess(row("mov_r64_rm64"), 0)).toBe(WRITE);
  expect(impliedRegisters("div_rm64")).toEqual([["rax", READ | WRITE], ["rdx", READ | WRITE]]);
  expect(rowFeature(row("shlx_r64_rm64_r64"))).toBe("bmi2");
  expect(rowHasForm(add, "mr") && rowHasForm(add, "rr") && !rowHasForm(add, "rm")).toBe(true);
  expect(rowName(rowOf("setcc_rm8", 5))).toBe("setne_rm8");
});

test("an unknown name does not compile, and throws", () => {
  // @ts-expect-error: there is no such row
  expect(() => row("add_rm64_r63")).toThrow("no row add_rm64_r63");
});

test("a row that makes no sense throws when it is parsed", () => {
  expect(parse("add_rm64_r64", "rw r | REX.W 01 /r")).not.toThrow();
  expect(parse("add_rm64_r64", "rw r REX.W 01 /r")).toThrow("no encoding");
  expect(parse("add_rm64_r64", "rw r | REX.W 1 /r")).toThrow("encoding token 1");
  expect(parse("add_rm64_r64", "rw r | REX.W 01 /9")).toThrow("encoding token /9");
  expect(parse("add_rm64_r64", "rw r | REX.W /r")).toThrow("no opcode");
  expect(parse("add_rm64_r64", "rw | REX.W 01 /r")).toThrow("an operand without mark");
  expect(parse("add_rm64_r64", "rw r r | REX.W 01 /r")).toThrow("a mark without operand");
  expect(parse("add_rm64_r64", "rw x | REX.W 01 /r")).toThrow("operand mark x");
  expect(parse("add_rm64_r64", "rw r | REX.W 01 /0")).toThrow("digit with wrong operands");
  expect(parse("add_rm64_r64", "rw r | REX.W 01")).toThrow("operands without ModRM");
  expect(parse("add_rm64_i32", "rw | REX.W 81 /0 ib")).toThrow("immediate of name and encoding differ");
  expect(parse("add_rm64_rm64", "rw r | REX.W 01 /r")).toThrow("two operands that may be memory");
  expect(parse("add_rm64_q64", "rw r | REX.W 01 /r")).toThrow();
  expect(parse("andn_r64_r64_rm64", "w r r | VEX.LZ.0F37.W1 F2 /r")).toThrow("VEX part 0F37");
  expect(parse("popcnt_r64_rm64", "w r | F3 REX.W 0F B8 /r | pop")).toThrow("unknown feature");
});
