/** Memory that is given back at once. */

/** Columns smaller than this wait for the collector: giving them back costs more than it saves. */
const worthIt = 1 << 16;

/**
 * Gives the memory of columns that nobody reads any more back, so that what is made next gets it: it is in the caches, and the system need not be asked
 * for more, which zeroes it (0.4 ms a megabyte) or has to take it from others first. The columns are empty then. A part of a buffer is its owner's to give back.
 */
export function release(columns: readonly (Uint8Array | Uint16Array | Int32Array)[]): void {
  for (const column of columns) {
    if (column.byteLength < worthIt) continue;
    const { buffer } = column; // asked for of large ones only: it is made when it is asked for
    if (buffer instanceof ArrayBuffer && buffer.byteLength === column.byteLength) buffer.transfer?.(0); // Node has it from 21 on
  }
}
