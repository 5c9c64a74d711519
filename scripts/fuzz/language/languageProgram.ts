/**
 * Random programs over the whole language: generics, traits, ownership, closures, the collections. Valid by construction: the writer follows what
 * is moved and borrowed, and what each type can do. They end soon, and print what they compute and each drop.
 */

import { Context } from "./context.ts";
import { declareEnum, declareFailing, declareFunction, declareLenders, declareMain, declareMethods, declareStruct, declareTrait, prelude } from "./declarations.ts";

export function languageProgram(seed: number, size = 6): string {
  const c = new Context(seed);
  const { random } = c;
  c.lines.push("// Made by scripts/fuzz/language/languageProgram.ts.", ...prelude.split("\n"));
  const some = (low: number, high: number, write: () => void): void => {
    for (let count = random.between(low, high); count > 0; count--) write();
  };
  declareTrait(c);
  some(1, 3, () => declareStruct(c));
  some(1, 2, () => declareEnum(c));
  some(0, 1, () => declareTrait(c));
  some(0, 2, () => declareStruct(c));
  some(0, 2, () => declareLenders(c));
  some(0, 1, () => declareFailing(c));
  some(1, 4, () => {
    declareFunction(c, size);
    if (random.once(2)) declareMethods(c, size);
  });
  declareMain(c, size * 2);
  return `${c.lines.join("\n")}\n`;
}
