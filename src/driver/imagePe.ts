/** How PE is linked, with its resources. */

import { buildResources, iconResources, manifestResource, versionResource } from "../../formats/pe/resources.ts";
import type { Resource } from "../../formats/pe/resources.ts";
import { windowsLibraryOf, windowsName, windowsNames } from "../../os/windows_imports.ts";
import { peExecutable } from "../link/pe.ts";
import { suggest } from "../source/suggest.ts";
import { writeCoff } from "../link/writeCoff.ts";
import { coffAssembly } from "./assemblyText.ts";
import type { ImageOfTarget, ImageRequest } from "./images.ts";
import type { ImageOptions } from "./request.ts";

/** Executables and objects of Windows. */
export function peImage({ image = {} }: ImageRequest): ImageOfTarget {
  return {
    writeObject: (object) => writeCoff(object, windowsName),
    assembly: (object) => coffAssembly(object, windowsName),
    format: peExecutable({ ...image, resources: resourcesOf(image) }),
    undefinedAdvice: (symbol) => {
      const near = suggest(symbol, windowsNames());
      return near === undefined ? [] : [`did you mean '${near}'?`];
    },
    imports: (name) => {
      const library = windowsLibraryOf(name);
      return library === undefined ? undefined : { library, name: windowsName(name) };
    },
  };
}

/** What is wrong with an icon's file; undefined if nothing is. */
export function iconProblem(file: Uint8Array): string | undefined {
  const icon = iconResources(file);
  return icon.ok ? undefined : icon.problem;
}

/** Icon, manifest and version as the section of resources; undefined if there is none of them. */
function resourcesOf(image: ImageOptions): ((address: number) => Uint8Array) | undefined {
  const resources: Resource[] = [];
  if (image.icon !== undefined) {
    const icon = iconResources(image.icon);
    if (!icon.ok) throw new Error(`driver/imagePe.resourcesOf: ${icon.problem}`); // the command line has looked
    resources.push(...icon.resources);
  }
  if (image.manifest !== undefined) resources.push(manifestResource(image.manifest));
  if (image.fileVersion !== undefined) {
    const name = image.identifier ?? "program";
    const version = image.fileVersion.join(".");
    resources.push(versionResource(image.fileVersion, { FileDescription: name, FileVersion: version, InternalName: name, OriginalFilename: `${name}.exe`, ProductName: name, ProductVersion: version }));
  }
  return resources.length === 0 ? undefined : (address) => buildResources(resources, address);
}
