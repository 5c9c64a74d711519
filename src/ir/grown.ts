/** Columns that are full: the same with room for as many rows again, which are zero. One function a type of column, so that each stays fast. */

export function grown(column: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(column.length * 2);
  to.set(column);
  return to;
}

export function grownBytes(column: Uint8Array): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(column.length * 2);
  to.set(column);
  return to;
}

export function grownFloats(column: Float64Array): Float64Array<ArrayBuffer> {
  const to = new Float64Array(column.length * 2);
  to.set(column);
  return to;
}
