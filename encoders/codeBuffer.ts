/**
 * A growable buffer of machine code with what hangs on its offsets: labels and branch sites (of the function being
 * written), fixups (for a linker) and marks (for line tables, stack maps, listings). It knows no instruction set: each
 * architecture's assembler extends it and gives the numbers in `siteKind` and `fixupKind` their meaning.
 *
 * Every store is a set of typed-array columns, which grow to four times their length: memory that is not touched costs nothing,
 * and what is copied was touched twice. Offsets are bytes from the buffer's start.
 */

/** A place in the region being written; lives until the next `beginRegion`. */
export type Label = number & { readonly brand: "Label" };

/** What a caller who holds no symbol passes. */
export const NO_SYMBOL = -1;

export class CodeBuffer {
  /** The code; only `[0, length)` is meaningful. The array is replaced when it grows: do not hold it across an emit. */
  bytes: Uint8Array;
  /** The same memory, for fields of four bytes. */
  private fields: DataView;
  length = 0;

  fixupCount = 0;
  protected fixupAtColumn = new Int32Array(64);
  protected fixupKindColumn = new Uint8Array(64);
  protected fixupSymbolColumn = new Int32Array(64);
  protected fixupAddendColumn = new Int32Array(64);

  markCount = 0;
  protected markAtColumn = new Int32Array(64);
  protected markKindColumn = new Uint8Array(64);
  protected markValueColumn = new Int32Array(64);

  /** Where the region (one function, as a rule) began, and the first fixup and mark within. */
  protected regionStart = 0;
  protected regionFixup = 0;
  protected regionMark = 0;

  protected labelCount = 0;
  /** Offset of the label, -1 until bound. */
  protected labelAt = new Int32Array(64);
  /** How many sites stood before the label when it was bound: with it, relaxation moves a label in one step. */
  protected labelSite = new Int32Array(64);

  /** Places in the region which depend on labels or may change size, in rising order of offset. */
  protected siteCount = 0;
  protected siteAt = new Int32Array(64);
  protected siteKind = new Uint8Array(64);
  protected siteTarget = new Int32Array(64);

  /** `capacity`: bytes to begin with. */
  constructor(capacity = 1 << 14) {
    this.bytes = new Uint8Array(capacity);
    this.fields = new DataView(this.bytes.buffer);
  }

  /** Forgets all content and keeps the memory, for the next compilation. */
  reset(): void {
    this.length = 0;
    this.fixupCount = 0;
    this.markCount = 0;
    this.startRegion();
  }

  /** Makes room for `count` more bytes; every instruction calls this once. */
  reserve(count: number): void {
    if (this.length + count > this.bytes.length) this.grow(count);
  }

  /** Appends plain bytes (data between code, or code from elsewhere). */
  append(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.length);
    this.length += source.length;
  }

  /** The code so far, as a view (not a copy). */
  code(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** Overwrites four bytes at `at` with `value`, least significant byte first. */
  patch32(at: number, value: number): void {
    this.fields.setInt32(at, value, true);
  }

  // Fixups: fields that a linker fills in. `addend` is ELF's: the field becomes S + A - P, or S + A.

  /** Notes that the field at offset `at` awaits `symbol`; `kind` is the architecture's. Offsets must not fall. */
  addFixup(at: number, kind: number, symbol: number, addend: number): void {
    const index = this.fixupCount;
    if (index === this.fixupAtColumn.length) this.growFixups();
    this.fixupAtColumn[index] = at;
    this.fixupKindColumn[index] = kind;
    this.fixupSymbolColumn[index] = symbol;
    this.fixupAddendColumn[index] = addend;
    this.fixupCount = index + 1;
  }
  /** Of fixup `index`: the offset of its field, its kind, what it refers to, and what is added to that. */
  fixupAt(index: number): number {
    return this.fixupAtColumn[index];
  }
  fixupKind(index: number): number {
    return this.fixupKindColumn[index];
  }
  fixupSymbol(index: number): number {
    return this.fixupSymbolColumn[index];
  }
  fixupAddend(index: number): number {
    return this.fixupAddendColumn[index];
  }

  // Marks: facts tied to an offset, which move with the code when branches shrink.

  /** Ties `(kind, value)` to the present offset: a source position, a safe point, a block. Both are the caller's own. */
  mark(kind: number, value: number): void {
    const index = this.markCount;
    if (index === this.markAtColumn.length) this.growMarks();
    this.markAtColumn[index] = this.length;
    this.markKindColumn[index] = kind;
    this.markValueColumn[index] = value;
    this.markCount = index + 1;
  }
  /** Of mark `index`: its offset, and what was given for it. */
  markAt(index: number): number {
    return this.markAtColumn[index];
  }
  markKind(index: number): number {
    return this.markKindColumn[index];
  }
  markValue(index: number): number {
    return this.markValueColumn[index];
  }

  // Labels.

  /** A fresh label of this region, not yet bound. Labels are numbered from 0 in the order they are made. */
  newLabel(): Label {
    const label = this.labelCount;
    if (label === this.labelAt.length) this.growLabels(label + 1);
    this.labelAt[label] = -1;
    this.labelCount = label + 1;
    return label as Label;
  }

  /** Makes `count` labels at once and returns the first: label of block b is `first + b`. */
  newLabels(count: number): Label {
    const first = this.labelCount;
    if (first + count > this.labelAt.length) this.growLabels(first + count);
    this.labelAt.fill(-1, first, first + count);
    this.labelCount = first + count;
    return first as Label;
  }

  /** Places `label` at the present offset; a label is bound once. */
  bind(label: Label): void {
    if (this.labelAt[label] !== -1) throw new Error(`encoders/codeBuffer.bind: label ${label} is bound twice`);
    this.labelAt[label] = this.length;
    this.labelSite[label] = this.siteCount;
  }

  /** Offset of a bound label, -1 if not bound. Final only after the region ended. */
  labelOffset(label: Label): number {
    return this.labelAt[label];
  }

  /** Notes a place that is settled when the region ends: a field for a label's distance, or padding. */
  protected addSite(at: number, kind: number, target: number): void {
    const index = this.siteCount;
    if (index === this.siteAt.length) this.growSites();
    this.siteAt[index] = at;
    this.siteKind[index] = kind;
    this.siteTarget[index] = target;
    this.siteCount = index + 1;
  }

  /** Opens a region at the present offset: drops the labels and sites of the last one. */
  protected startRegion(): void {
    this.regionStart = this.length;
    this.regionFixup = this.fixupCount;
    this.regionMark = this.markCount;
    this.labelCount = 0;
    this.siteCount = 0;
  }

  /**
   * Moves the region's fixups, marks and labels after sites have shrunk: `removed[i]` bytes went before site `i`
   * (so `removed[siteCount]` in all). Linear: fixups and marks lie in rising order, as do sites.
   */
  protected moveAttachments(removed: Int32Array): void {
    const siteAt = this.siteAt;
    const sites = this.siteCount;
    for (let i = this.regionFixup, site = 0; i < this.fixupCount; i++) {
      const at = this.fixupAtColumn[i];
      while (site < sites && siteAt[site] < at) site++;
      this.fixupAtColumn[i] = at - removed[site];
    }
    for (let i = this.regionMark, site = 0; i < this.markCount; i++) {
      const at = this.markAtColumn[i];
      while (site < sites && siteAt[site] < at) site++;
      this.markAtColumn[i] = at - removed[site];
    }
    for (let label = 0; label < this.labelCount; label++) {
      if (this.labelAt[label] !== -1) this.labelAt[label] -= removed[this.labelSite[label]];
    }
  }

  private grow(count: number): void {
    let capacity = this.bytes.length * GROWTH;
    while (capacity < this.length + count) capacity *= GROWTH;
    const bytes = new Uint8Array(capacity);
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.fields = new DataView(bytes.buffer);
  }

  private growFixups(): void {
    const capacity = this.fixupCount * GROWTH;
    this.fixupAtColumn = widened(this.fixupAtColumn, capacity);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.fixupKindColumn);
    this.fixupKindColumn = kinds;
    this.fixupSymbolColumn = widened(this.fixupSymbolColumn, capacity);
    this.fixupAddendColumn = widened(this.fixupAddendColumn, capacity);
  }

  private growMarks(): void {
    const capacity = this.markCount * GROWTH;
    this.markAtColumn = widened(this.markAtColumn, capacity);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.markKindColumn);
    this.markKindColumn = kinds;
    this.markValueColumn = widened(this.markValueColumn, capacity);
  }

  private growLabels(needed: number): void {
    let capacity = this.labelAt.length * 2;
    while (capacity < needed) capacity *= 2;
    this.labelAt = widened(this.labelAt, capacity);
    this.labelSite = widened(this.labelSite, capacity);
  }

  private growSites(): void {
    const capacity = this.siteCount * 2;
    this.siteAt = widened(this.siteAt, capacity);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.siteKind);
    this.siteKind = kinds;
    this.siteTarget = widened(this.siteTarget, capacity);
  }
}

const GROWTH = 4;

function widened(column: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(capacity);
  wider.set(column);
  return wider;
}
