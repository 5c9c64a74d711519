/** The bytes of files that the executable carries. */

import { carriedNames, carriedPath, placesPath } from "./carriedFiles.ts";
import { carriedSlack, placeOf } from "./carriedPlaces.ts";
import { readPart } from "./checkout.ts";
import { memoryAt } from "./files.ts";

/** Where the files are in memory, once it was asked for. */
let places: Uint8Array | undefined;

/** By number of the file, those that were read: where a process has none of them in memory. */
const whole: (Uint8Array<ArrayBuffer> | undefined)[] = [];

/** To be waited for before the library is read: from then on the files are seen where they lie in memory. */
export async function findCarried(): Promise<void> {
  if (memoryAt !== undefined && placesPath !== undefined) places ??= await Bun.file(placesPath).bytes();
}

/** Whether the executable carries its files; a checkout reads the library's sources, and has nothing prebuilt. */
export const carriesFiles = carriedNames.length > 0;

/** Of a file, the bytes from `from` on, at an address for 32-bit words if `from` is one; undefined if none of that name is carried. */
export function carriedBytes(name: string, from = 0, length?: number): Uint8Array<ArrayBuffer> | undefined {
  const number = carriedNames.indexOf(name);
  if (number < 0) return undefined;
  // Where they are placed in memory, they do not begin at their paths' first byte.
  if (places === undefined && memoryAt !== undefined && placesPath !== undefined) throw new Error("driver/carriedBytes.carriedBytes: findCarried was not waited for");
  const place = places === undefined ? undefined : placeOf(places, number);
  if (place !== undefined && memoryAt !== undefined) return memoryAt(place.address + from, length ?? place.length - from);
  const bytes = (whole[number] ??= aligned(readPart(carriedPath(number))));
  return bytes.subarray(from, length === undefined ? bytes.length - carriedSlack : from + length);
}

function aligned({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return byteOffset % 4 === 0 ? new Uint8Array(buffer, byteOffset, length) : new Uint8Array(buffer.slice(byteOffset, byteOffset + length));
}
