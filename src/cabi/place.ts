/** The convention of a target. */

import { aapcs64, appleArm64, placeArm64, windowsArm64 } from "./aapcs64.ts";
import { placeSysV } from "./sysv_x86_64.ts";
import type { CCall, PlacedCall } from "./value.ts";
import { placeWindows } from "./windows_x86_64.ts";

/** Whose convention: an architecture's own, Apple's variant of it or Windows'. */
export interface CTarget {
  readonly architecture: "x86_64" | "arm64";
  readonly calls: "system" | "apple" | "windows";
}

interface Convention {
  readonly place: (call: CCall) => PlacedCall;
  /** Whether scalars on the stack take a word each. */
  readonly stackInWords: boolean;
}

const systemV: Convention = { place: placeSysV, stackInWords: true };
const conventions: Readonly<Record<CTarget["architecture"], Readonly<Record<CTarget["calls"], Convention>>>> = {
  x86_64: { system: systemV, apple: systemV, windows: { place: placeWindows, stackInWords: true } },
  arm64: {
    system: { place: (call) => placeArm64(call, aapcs64), stackInWords: true },
    apple: { place: (call) => placeArm64(call, appleArm64), stackInWords: false },
    windows: { place: (call) => placeArm64(call, windowsArm64), stackInWords: true },
  },
};

/** Where the arguments and the result of a call travel by the target's C convention. */
export function placeCall({ architecture, calls }: CTarget, call: CCall): PlacedCall {
  return conventions[architecture][calls].place(call);
}

/** Whether scalars on the stack take a word each. */
export function stackInWords({ architecture, calls }: CTarget): boolean {
  return conventions[architecture][calls].stackInWords;
}
