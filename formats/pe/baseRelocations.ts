/** Base relocations: where the image holds addresses of itself, for a loader that places it elsewhere. */
import { BaseRelocation } from "./constants.ts";

const PAGE = 0x1000;

/** The blocks for 64-bit addresses at `addresses` (RVAs, rising). With none, one block that says nothing: loaders of arm64 want one. */
export function baseRelocations(addresses: ArrayLike<number>): Uint8Array {
  const words: number[] = [];
  const bytes: number[] = [];
  let page = 0;
  const flush = (): void => {
    if (words.length % 2 === 1) words.push(BaseRelocation.padding);
    const size = 8 + words.length * 2;
    bytes.push(page & 255, (page >>> 8) & 255, (page >>> 16) & 255, page >>> 24, size & 255, (size >>> 8) & 255, size >>> 16, 0);
    for (const word of words) bytes.push(word & 255, word >> 8);
    words.length = 0;
  };
  for (let i = 0; i < addresses.length; i++) {
    const address = addresses[i];
    const own = address - (address % PAGE);
    if (own !== page && words.length > 0) flush();
    page = own;
    words.push((BaseRelocation.dir64 << 12) | (address - own));
  }
  if (words.length > 0) flush();
  if (bytes.length === 0) {
    page = PAGE;
    words.push(BaseRelocation.padding, BaseRelocation.padding);
    flush();
  }
  return Uint8Array.from(bytes);
}
