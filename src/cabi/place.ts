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

/** Where the arguments and the result of a call travel by the target's C convention. */
export function placeCall(target: CTarget, call: CCall): PlacedCall {
  if (target.architecture === "arm64") return placeArm64(call, target.calls === "apple" ? appleArm64 : target.calls === "windows" ? windowsArm64 : aapcs64);
  return target.calls === "windows" ? placeWindows(call) : placeSysV(call);
}

/** Whether scalars on the stack take a word each. */
export function stackInWords(target: CTarget): boolean {
  return !(target.calls === "apple" && target.architecture === "arm64");
}
