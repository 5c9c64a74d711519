/**
 * Gives branches of a region their short form where the target is near enough, and alignments their padding.
 *
 * Starts with every branch long and shortens in rounds, at most ROUNDS of them, each linear in the number of sites: a
 * branch found near enough stays so, because distances only shrink (an alignment counts with its largest padding until
 * the end). So any number of rounds gives correct code. Then the bytes move once.
 */
import { writePadding } from "./padding.ts";
import { rowOpcode } from "./columns.ts";
import { row } from "./table.ts";

// Sites: places whose bytes depend on labels.
export const SITE_JUMP = 0; // E9 rel32
export const SITE_JCC = 1; // 0F 80+cc rel32
export const SITE_SHORT = 2; // EB rel8 or 70+cc rel8
export const SITE_FIELD = 3; // a 32-bit distance from the field's end; the site is the field
export const SITE_ALIGN = 4; // the most padding an alignment may need; the target is the alignment

const ROUNDS = 4;
const JMP8 = row("jmp_rel8");
const JCC8 = row("jcc_rel8");

/** The columns of a region: sites in rising order of offset, labels with the number of sites before each. */
export interface Region {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly count: number;
  readonly at: Int32Array;
  readonly kind: Uint8Array;
  readonly target: Int32Array;
  readonly labelAt: Int32Array;
  readonly labelSite: Int32Array;
}

// Kept from region to region.
let removedColumn = new Int32Array(256);
let savingColumn = new Uint8Array(256);

/**
 * Rewrites the region's bytes in place and returns, for each site, how many bytes went before it (and at `count`, in
 * all). Labels, fixups and marks still have their old offsets. The array is reused by the next call.
 */
export function relaxRegion(region: Region): Int32Array {
  const count = region.count;
  if (removedColumn.length <= count) {
    removedColumn = new Int32Array(count * 2);
    savingColumn = new Uint8Array(count * 2);
  }
  removedColumn.fill(0, 0, count + 1);
  savingColumn.fill(0, 0, count);
  for (let round = 0; round < ROUNDS; round++) {
    if (!shorten(region, savingColumn, removedColumn)) break;
    sum(savingColumn, removedColumn, count);
  }
  settleAlignments(region, savingColumn, removedColumn);
  move(region, savingColumn, removedColumn);
  return removedColumn;
}

/** Marks the branches that are near enough by the last round's distances. */
function shorten(region: Region, saving: Uint8Array, removed: Int32Array): boolean {
  const { at, count, kind, labelAt, labelSite, target } = region;
  let any = false;
  for (let site = 0; site < count; site++) {
    const siteKind = kind[site];
    if (siteKind > SITE_JCC || saving[site] !== 0) continue;
    const label = target[site];
    const after = labelSite[label];
    const to = labelAt[label] - removed[after];
    const size = siteKind === SITE_JUMP ? 5 : 6;
    const near = after > site
      ? to - (at[site] + size - removed[site + 1]) <= 127
      : to - (at[site] - removed[site] + 2) >= -128;
    if (near) {
      saving[site] = size - 2;
      any = true;
    }
  }
  return any;
}

function sum(saving: Uint8Array, removed: Int32Array, count: number): void {
  let total = 0;
  for (let site = 0; site < count; site++) {
    removed[site] = total;
    total += saving[site];
  }
  removed[count] = total;
}

function settleAlignments(region: Region, saving: Uint8Array, removed: Int32Array): void {
  let total = 0;
  for (let site = 0; site < region.count; site++) {
    removed[site] = total;
    if (region.kind[site] === SITE_ALIGN) {
      const most = region.target[site] - 1;
      saving[site] = most - (-(region.at[site] - total) & most);
    }
    total += saving[site];
  }
  removed[region.count] = total;
}

/** Moves the bytes between sites to their new place and writes every site anew. */
function move(region: Region, saving: Uint8Array, removed: Int32Array): void {
  const { at, bytes, count, kind, labelAt, labelSite, target } = region;
  let from = region.start;
  let to = region.start;
  for (let site = 0; site < count; site++) {
    const start = at[site];
    if (from === to) from = to = start;
    else if (start - from > 48) {
      bytes.copyWithin(to, from, start);
      to += start - from;
      from = start;
    } else while (from < start) bytes[to++] = bytes[from++];

    const siteKind = kind[site];
    if (siteKind === SITE_ALIGN) {
      const most = target[site] - 1;
      writePadding(bytes, to, most - saving[site]);
      to += most - saving[site];
      from += most;
      continue;
    }
    const label = target[site];
    const goal = labelAt[label] - removed[labelSite[label]];
    if (siteKind === SITE_SHORT || saving[site] !== 0) {
      if (siteKind === SITE_SHORT) bytes[to] = bytes[from];
      else bytes[to] = siteKind === SITE_JUMP ? rowOpcode[JMP8] : rowOpcode[JCC8 + (bytes[from + 1] & 15)];
      bytes[to + 1] = goal - (to + 2);
      to += 2;
      from += siteKind === SITE_SHORT ? 2 : siteKind === SITE_JUMP ? 5 : 6;
      continue;
    }
    if (siteKind !== SITE_FIELD) bytes[to++] = bytes[from++];
    if (siteKind === SITE_JCC) bytes[to++] = bytes[from++];
    const distance = goal - (to + 4);
    bytes[to++] = distance;
    bytes[to++] = distance >> 8;
    bytes[to++] = distance >> 16;
    bytes[to++] = distance >> 24;
    from += 4;
  }
  if (from !== to) bytes.copyWithin(to, from, region.end);
}
