import { expect, test } from "bun:test";
import { Diagnostics, mistakesOf } from "./diagnostics.ts";

const at = (start: number) => ({ start, end: start + 1 });

test("errors that say the same of the same declaration or unknown name are one mistake", () => {
  const diagnostics = new Diagnostics();
  for (const start of [1, 5, 9]) diagnostics.error("E0201", at(start), "unknown name a");
  diagnostics.error("E0201", at(12), "unknown name b");
  for (const start of [20, 25]) diagnostics.error("E0303", at(start), "f takes 1 argument, not 2", { labels: [{ ...at(100), text: "declared here" }] });
  diagnostics.error("E0303", at(30), "f takes 1 argument, not 2", { labels: [{ ...at(200), text: "declared here" }] });
  // What only looks alike may have two causes.
  for (const start of [40, 45]) diagnostics.error("E0301", at(start), "expected i64, found str");
  expect(mistakesOf(diagnostics.list).map((list) => list.map(({ span }) => span.start))).toEqual([[1, 5, 9], [12], [20, 25], [30], [40], [45]]);
});

test("a variable that cannot change is one mistake, whatever would change it", () => {
  const diagnostics = new Diagnostics();
  const labels = [{ ...at(1), text: "declared here" }];
  diagnostics.error("E0310", at(10), "list cannot change", { labels });
  diagnostics.error("E0339", at(20), "push takes &mut self: list cannot change", { labels });
  expect(mistakesOf(diagnostics.list).length).toBe(1);
});

test("what is forgotten is about one declaration; of others nothing would be said again", () => {
  const diagnostics = new Diagnostics();
  diagnostics.error("E0201", at(12), "unknown name a");
  const mark = diagnostics.mark();
  diagnostics.error("E0202", at(2), "unknown type B");
  diagnostics.error("E0301", at(15), "expected i64, found str");
  diagnostics.error("E0202", at(40), "unknown type C");
  diagnostics.backTo(mark, { start: 10, end: 20 });
  expect([diagnostics.list.map(({ span }) => span.start), diagnostics.errorCount]).toEqual([[12, 2, 40], 3]);
});

test("twenty mistakes are the end, and what was forgotten does not count", () => {
  const diagnostics = new Diagnostics();
  for (let i = 0; i < 100; i++) diagnostics.error("E0201", at(i), "unknown name a");
  expect([diagnostics.errorCount, diagnostics.full]).toEqual([100, false]);
  const mark = diagnostics.mark();
  for (let i = 100; i < 200; i++) diagnostics.error("E0301", at(i), "expected i64, found str");
  expect([diagnostics.errorCount, diagnostics.full]).toEqual([119, true]);
  diagnostics.backTo(mark, { start: 100, end: 200 });
  expect([diagnostics.errorCount, diagnostics.full]).toEqual([100, false]);
  for (let i = 200; i < 1000; i++) diagnostics.error("E0201", at(i), "unknown name a");
  expect([diagnostics.errorCount, diagnostics.full]).toEqual([500, true]);
});
