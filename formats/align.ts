/** The next multiple of `alignment`, a power of two; exact beyond 32 bits. */
export function alignUp(value: number, alignment: number): number {
  const rest = value % alignment;
  return rest === 0 ? value : value + alignment - rest;
}
