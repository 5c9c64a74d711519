/** How Mach-O is linked. */

import { LIBSYSTEM } from "../../formats/macho/constants.ts";
import { libSystemNames, libSystemSymbol } from "../../os/macos_imports.ts";
import { machoExecutable } from "../link/macho.ts";
import { suggest } from "../source/suggest.ts";
import { writeMacho } from "../link/writeMacho.ts";
import { machoAssembly } from "./assemblyText.ts";
import type { ImageOfTarget, ImageRequest } from "./images.ts";

/** Executables and objects of macOS. */
export function machoImage({ target, image = {} }: ImageRequest): ImageOfTarget {
  const libraryName = (symbol: string): string | undefined => libSystemSymbol(symbol, target.architecture);
  return {
    format: machoExecutable(image),
    writeObject: (object) => writeMacho(object, libraryName),
    assembly: (object) => machoAssembly(object, libraryName),
    undefinedAdvice: (symbol) => {
      const near = suggest(symbol, libSystemNames());
      return near === undefined ? [] : [`did you mean '${near}'?`];
    },
    imports: (symbol) => {
      const name = libraryName(symbol);
      return name === undefined ? undefined : { library: LIBSYSTEM, name };
    },
  };
}
