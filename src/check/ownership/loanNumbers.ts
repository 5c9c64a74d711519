/**
 * What the numbers in a set of loans are. Below `flow.firstLoan`: 2i is what input i of the body (inputs.ts) itself refers to, 2i + 1 what is stored behind that.
 * Then the borrows of this body, the marks, and what only reborrows need.
 */

import type { PathId } from "./paths.ts";

/** Among what is stored through a function value: references to variables of the function that calls it. */
export const strayMark = 1 << 20;

/** Likewise: references which the closure has only for the call, though what they point at stays. */
export const lentMark = 1 << 21;

/** Likewise: what was given to a function value may hold function values, and it may call these with references to its own variables, if any function value of the program does such a thing. */
export const passMark = 5 << 18;

/** Among what is stored behind an input: what lies behind it was moved about there, from any place to any that has room for it. */
export const mixMark = 3 << 20;

/** With it: by this function, or one that it calls, and not by code of which only the type is known. */
export const moveMark = mixMark + 1;

/** With another number: that loan goes on, but this reference does not point where it points. `&mut r.x` goes through what `r` holds. */
const throughBit = 1 << 22;

/** With a place: the reference points there. No loan; what goes on is told by others in the same set. */
const pointBit = 1 << 23;

/** Among what a reference to a text or slice holds: it may refer to what a String or List has as its first words, so that what is read through it is theirs. No place. */
export const viewMark = pointBit;

export function through(loan: number): number { return loan >= strayMark ? loan : loan | throughBit; }

/** The loan that goes on; -1: none, it is the mere direction of a reference. */
export function loanOf(one: number): number { return one >= pointBit ? -1 : one & ~throughBit; }

/** `isExact`: to the place itself, not to something within it. */
export function pointer(place: PathId, isExact: boolean): number { return pointBit + place * 2 + (isExact ? 0 : 1); }

export function isPointer(one: number): boolean { return one >= pointBit; }
export function isExact(one: number): boolean { return one < pointBit || (one & 1) === 0; }
export function placeOfPointer(one: number): PathId { return ((one - pointBit) >> 1) as PathId; }
export function isMark(one: number): boolean { return one === strayMark || one === lentMark || one === passMark || one === mixMark || one === moveMark; }
