import { expect, test } from "bun:test";
import { privateMeaning, privateName } from "./privateNames.ts";

test("a private name says what it stands for; that of another compiler says nothing", () => {
  expect([privateName("table", 3), privateName("constant", 0), privateName("unwind"), privateName("slot", "open.64")].map(privateMeaning)).toEqual(["jump table", "constant", "unwind information", "slot of open.64"]);
  expect([".LC0", ".Ltables", ".Lslots.x", "table.3", "main"].map(privateMeaning)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});
