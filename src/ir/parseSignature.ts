/** Types, symbols and signatures in the IR's text. */

import type { SignatureId, SymbolId } from "./function.ts";
import type { Convention, Module } from "./module.ts";
import type { Scanner } from "./scan.ts";
import { Type, typeNames, type TypeName } from "./types.ts";

/** A type by its name. */
export function parseType(scan: Scanner): Type {
  const name = scan.word();
  const type = typeNames.indexOf(name as TypeName);
  if (type < 0) throw scan.error(`'${name}' is no type`);
  return type as Type;
}

/** The id of a declared symbol. */
export function parseSymbol(scan: Scanner, module: Module): SymbolId {
  const name = scan.symbol();
  const id = module.find(name);
  if (id === undefined) throw scan.error(`the symbol '@${name}' is not declared`);
  return id;
}

/** `(types) -> types`, then for C's convention `c` and perhaps the places that the front end chose. */
export function parseSignature(scan: Scanner, module: Module): SignatureId {
  const types = (): { types: Type[]; variadic: boolean } => {
    const found: Type[] = [];
    let variadic = false;
    scan.expect("(");
    if (scan.accept(")")) return { types: found, variadic };
    do {
      if (scan.accept("...")) variadic = true;
      else found.push(parseType(scan));
    } while (scan.accept(","));
    scan.expect(")");
    return { types: found, variadic };
  };
  const parameters = types();
  let results: Type[] = [];
  if (scan.accept("->")) results = scan.peek().text === "(" ? types().types : [parseType(scan)];
  const convention: Convention = scan.accept("c") ? "c" : "lang";
  if (!scan.accept("at")) return module.signature(parameters.types, results, convention, parameters.variadic);
  const places = (): number[] => {
    const found: number[] = [];
    scan.expect("(");
    if (scan.accept(")")) return found;
    do found.push(scan.accept("stack") ? -1 - scan.integer() : scan.integer());
    while (scan.accept(","));
    scan.expect(")");
    return found;
  };
  const into = places();
  scan.expect("->");
  const out = places();
  if (into.length !== parameters.types.length || out.length !== results.length) throw scan.error("every parameter and every result has one place");
  return module.signature(parameters.types, results, convention, parameters.variadic, { parameters: into, results: out, stackSize: scan.integer() });
}
