/**
 * What debug information is made from. `TraceRecords` of the code generator and the `inlineSites` of an IR module have this shape;
 * it stands here so that this folder needs to know neither. Offsets count bytes from the start of .text.
 */
export interface TraceInput {
  readonly functionCount: number;
  /** The front end's number of the function. */
  readonly functionSymbol: Int32Array;
  /** Rising. */
  readonly functionStart: Int32Array;
  readonly functionSize: Int32Array;
  /** Bytes from the stack pointer, after a call returned, up to the word with the return address. */
  readonly functionFrame: Int32Array;
  readonly functionFirstSite: Int32Array;

  readonly siteCount: number;
  /** The offset after the call; rising. */
  readonly siteReturn: Int32Array;
  readonly sitePosition: Int32Array;
  /** Index into the inline sites, 0 for none. */
  readonly siteInline: Int32Array;
  /** As functionFrame, at this very call. */
  readonly siteFrame: Int32Array;
}

/** A call that was replaced by the callee's body: `callee` was called at `position`, itself within `parent` (0: the function whose code this is). */
export interface InlinedCall {
  readonly callee: number;
  readonly position: number;
  readonly parent: number;
}

/** With the instructions' own positions (`-g`), for DWARF. */
export interface LineInput extends TraceInput {
  readonly functionFirstLine: Int32Array;
  readonly lineCount: number;
  /** Rising. */
  readonly lineOffset: Int32Array;
  readonly linePosition: Int32Array;
}
