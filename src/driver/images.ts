/** How each format of the table of targets is linked: the writer of its executables, and where its dynamic functions come from. */

import type { TargetRow } from "../../os/targets.ts";
import { windowsLibraryOf } from "../../os/windows_imports.ts";
import { LIBSYSTEM } from "../../formats/macho/constants.ts";
import { libSystemSymbol } from "../../os/macos_imports.ts";
import { elfExecutable } from "../link/elf.ts";
import type { ImageFormat } from "../link/image.ts";
import type { ImportSource } from "../link/imports.ts";
import { machoExecutable } from "../link/macho.ts";
import { peExecutable } from "../link/pe.ts";
import type { BuildRequest } from "./request.ts";

export interface ImageOfTarget {
  readonly format: ImageFormat;
  readonly imports?: ImportSource;
}

/** By the row's `format`. */
const images: Readonly<Record<TargetRow["format"], (request: ImageRequest) => ImageOfTarget>> = {
  elf: () => ({ format: elfExecutable }),
  macho: ({ target, image = {} }) => ({
    format: machoExecutable(image),
    imports: (symbol) => {
      const name = libSystemSymbol(symbol, target.architecture);
      return name === undefined ? undefined : { library: LIBSYSTEM, name };
    },
  }),
  pe: ({ image = {} }) => ({
    format: peExecutable(image),
    imports: (name) => {
      const library = windowsLibraryOf(name);
      return library === undefined ? undefined : { library, name };
    },
  }),
};

/** What of a request matters here. */
export type ImageRequest = Pick<BuildRequest, "target" | "image">;

export function imageOf(request: ImageRequest): ImageOfTarget {
  return images[request.target.format](request);
}
