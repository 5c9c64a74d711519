/** The fixed bits of rows by their names: scripts/bundle.ts puts those that the code generator asks for in place of this module, so that no row is parsed. */
export const bakedWords: Readonly<Record<string, number>> = {};
