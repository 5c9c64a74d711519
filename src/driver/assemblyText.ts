/** An object as assembly text, in the words of each format's assembler. */

import { printAssembly } from "../link/assembly.ts";
import { coffDialect, elfDialect, machoDialect } from "../link/assemblyDialects.ts";
import type { ObjectFile } from "../link/object.ts";
import { assemblyPrinters } from "./assemblyPrinters.ts";

/** `libraryName`: what the C library calls a function. */
export function elfAssembly(object: ObjectFile, libraryName: (symbol: string) => string = (symbol) => symbol): string {
  return printAssembly(object, assemblyPrinters[object.machine], { ...elfDialect, name: (name, isDefined) => (isDefined ? name : libraryName(name)) });
}

/** `libraryName`: what the system's libraries call a function. */
export function coffAssembly(object: ObjectFile, libraryName: (symbol: string) => string): string {
  return printAssembly(object, assemblyPrinters[object.machine], { ...coffDialect, name: (name, isDefined) => (isDefined ? name : libraryName(name)) });
}

/** `libraryName`: what the system's library calls a function. */
export function machoAssembly(object: ObjectFile, libraryName: (symbol: string) => string | undefined): string {
  return printAssembly(object, assemblyPrinters[object.machine], machoDialect(libraryName));
}
