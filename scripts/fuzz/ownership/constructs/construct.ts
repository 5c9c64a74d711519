/** What one construct of the language adds to random units: types, values, places, statements, and declarations that these need. */

import { table, type BlockRow, type PlaceRow, type Production, type Row } from "../productions.ts";
import { addTypes, type TypeRow } from "../types.ts";

/** What units are written with. */
export interface Vocabulary {
  readonly values: ReadonlyMap<string, readonly Production[]>;
  readonly places: readonly PlaceRow[];
  readonly effects: readonly Production[];
  readonly blocks: readonly BlockRow[];
  /** Types of variables, of helpers' results and of their parameters. */
  readonly variables: readonly string[];
  readonly results: readonly string[];
  readonly parameters: readonly string[];
}

export interface Construct extends Vocabulary {
  readonly name: string;
  /** Declarations. */
  readonly lang: string;
  readonly rust: string;
}

interface Parts {
  readonly types?: Readonly<Record<string, TypeRow>>;
  readonly values?: Readonly<Record<string, readonly Row[]>>;
  readonly places?: readonly PlaceRow[];
  readonly effects?: readonly Row[];
  readonly blocks?: readonly BlockRow[];
  readonly variables?: readonly string[];
  readonly results?: readonly string[];
  readonly parameters?: readonly string[];
  readonly lang?: string;
  readonly rust?: string;
}

export function construct(name: string, { types, values, places, effects, blocks, variables, results, parameters, lang, rust }: Parts): Construct {
  addTypes(types ?? {});
  return {
    name, values: table(values ?? {}), places: places ?? [], effects: table({ "": effects ?? [] }).get("") ?? [], blocks: blocks ?? [],
    variables: variables ?? [], results: results ?? [], parameters: parameters ?? [], lang: lang ?? "", rust: rust ?? "",
  };
}

/** What shows a value by looking at it, and no more. */
export const look = ["looked(&$)", "looked(&$)"] as const;
