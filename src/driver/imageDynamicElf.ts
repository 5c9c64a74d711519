/** How ELF is linked with a C library that the loader brings. */

import { glibcVersion, linuxFunction, oldestGlibc } from "../../os/linux_imports.ts";
import { elfDynamic } from "../link/elfDynamic.ts";
import { libcStart, startObject } from "../link/startLibc.ts";
import { writeObject } from "../link/writeObject.ts";
import { elfAssembly } from "./assemblyText.ts";
import type { ImageOfTarget, ImageRequest } from "./images.ts";

export function dynamicElfImage({ target: { interpreter, libc, library, architecture }, image = {} }: ImageRequest): ImageOfTarget {
  if (interpreter === undefined || library === undefined || libc === "none") throw new Error("driver/imageDynamicElf.dynamicElfImage: a target without a C library");
  const version = (_: string, name: string): string | undefined => (libc === "musl" ? undefined : glibcVersion(architecture, name, image.glibc ?? oldestGlibc));
  return {
    format: elfDynamic({ interpreter, libraries: [library], version }),
    writeObject,
    assembly: elfAssembly,
    imports: (symbol) => linuxFunction(symbol, libc),
    start: (main) => startObject(architecture, main),
    entry: libcStart,
  };
}
