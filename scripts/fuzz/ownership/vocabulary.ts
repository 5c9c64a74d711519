/** What a random unit is written with: what all units may have, and what the constructs add that were chosen for it. */

import type { Random } from "../../../bench/generated/random.ts";
import { closures } from "./constructs/closures.ts";
import type { Construct, Vocabulary } from "./constructs/construct.ts";
import { drops } from "./constructs/drops.ts";
import { enums } from "./constructs/enums.ts";
import { exits } from "./constructs/exits.ts";
import { generics } from "./constructs/generics.ts";
import { guarded } from "./constructs/guarded.ts";
import { iterators } from "./constructs/iterators.ts";
import { makers } from "./constructs/makers.ts";
import { maps } from "./constructs/maps.ts";
import { nesting } from "./constructs/nesting.ts";
import { queues } from "./constructs/queues.ts";
import { storing } from "./constructs/storing.ts";
import { sharing } from "./constructs/sharing.ts";
import { texts } from "./constructs/texts.ts";
import { traitObjects } from "./constructs/traitObjects.ts";
import { blocks, effects, place, places, values } from "./productions.ts";
import { langPrelude, rustPrelude } from "./types.ts";
import type { Unit } from "./unit.ts";

export const constructs: readonly Construct[] = [closures, traitObjects, sharing, maps, queues, iterators, generics, enums, exits, drops, texts, nesting, makers, guarded, storing];

const variables = ["&S", "&S", "&S", "&mut S", "&mut L", "&L", "&P", "&mut P", "str", "V", "V", "Y", "W", "K", "G", "E", "OR", "OM", "T", "LR", "LR", "C", "I", "IM", "BT", "&mut V", "&mut K", "&mut LR", "&ND", "&mut ND"];
const results = ["&S", "&S", "&S", "str", "V", "OR", "T", "LR", "&mut S", "E", "", "", ""];
const parameters = ["&S", "&S", "&S", "&L", "&P", "V", "&mut V", "&mut LR", "&mut K", "&mut L", "&mut S", "OR", "&mut P", "S", "Y", "&V"];

/** What units need declared, in lang: no more, as a program's closures and types count against each other. */
export function declarationsOf(units: readonly Unit[]): string {
  return [langPrelude, ...constructs.filter(({ name }) => units.some((unit) => unit.constructs.includes(name))).map(({ lang }) => lang)].join("");
}

/** What any unit may need, in Rust. */
export const rustDeclarations = [rustPrelude, ...constructs.map(({ rust }) => rust)].join("");

/** Few, so that what they add meets; some units have none. */
export function chosenConstructs(random: Random): readonly Construct[] {
  const first = random.between(0, constructs.length + 1);
  const second = random.between(0, constructs.length + 1);
  return constructs.filter((_, i) => i === first || i === second);
}

/** A construct's own rows count for more than those that all have. */
function more<T>(base: readonly T[], own: readonly (readonly T[])[]): readonly T[] {
  const added = own.flat();
  const times = added.length === 0 ? 0 : Math.max(1, Math.round(base.length / added.length));
  return [...base, ...Array.from({ length: times }, () => added).flat()];
}

export function vocabularyOf(chosen: readonly Construct[]): Vocabulary {
  const merged = new Map(values);
  for (const { values: own } of chosen) {
    for (const [type, rows] of own) {
      const before = merged.get(type) ?? [];
      merged.set(type, more(before, [rows]));
    }
  }
  const own = chosen.flatMap((one) => one.places);
  // References to what constructs have: made by a borrow, and followed.
  for (const type of new Set(chosen.flatMap((one) => one.parameters))) {
    if (!type.startsWith("&") || merged.has(type)) continue;
    const isMutable = type.startsWith("&mut ");
    const of = type.slice(isMutable ? 5 : 1);
    merged.set(type, [{ lang: isMutable ? "&mut $1" : "&$1", rust: isMutable ? "&mut $1" : "&$1", holes: [`${isMutable ? "!" : "="}${of}`] }]);
    own.push(place(of, type, "(*$)", { mutable: isMutable }));
  }
  return {
    values: merged, places: [...places, ...own], effects: more(effects, chosen.map((one) => one.effects)), blocks: more(blocks, chosen.map((one) => one.blocks)),
    variables: more(variables, chosen.map((one) => one.variables)), results: more(results, chosen.map((one) => one.results)), parameters: more(parameters, chosen.map((one) => one.parameters)),
  };
}
