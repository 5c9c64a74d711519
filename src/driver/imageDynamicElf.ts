/** How ELF is linked with a C library that the loader brings. */

import { glibcVersion, linuxAdvice, linuxFunction, linuxName, oldestGlibc } from "../../os/linux_imports.ts";
import { elfDynamic } from "../link/elfDynamic.ts";
import { suggest } from "../source/suggest.ts";
import { libcStart, startObject } from "../link/startLibc.ts";
import { writeObject } from "../link/writeObject.ts";
import { elfAssembly } from "./assemblyText.ts";
import type { ImageOfTarget, ImageRequest } from "./images.ts";

/** Executables of Linux that load glibc or musl. */
export function dynamicElfImage({ target: { interpreter, libc, library, architecture }, image = {} }: ImageRequest): ImageOfTarget {
  if (interpreter === undefined || library === undefined || libc === "none") throw new Error("driver/imageDynamicElf.dynamicElfImage: a target without a C library");
  const floor = image.glibc ?? oldestGlibc;
  const version = (_: string, name: string): string | undefined => (libc === "musl" ? undefined : glibcVersion(architecture, name, floor));
  return {
    format: elfDynamic({ interpreter, libraries: [library], version }),
    writeObject: (object) => writeObject(object, linuxName),
    assembly: (object) => elfAssembly(object, linuxName),
    imports: (symbol) => linuxFunction(symbol, libc, floor),
    undefinedAdvice: (symbol) => linuxAdvice(symbol, libc, suggest),
    start: (main) => startObject(architecture, main),
    entry: libcStart,
  };
}
