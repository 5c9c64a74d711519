/** What fills the gaps in code. */
import type { Machine } from "./object.ts";

/** An instruction that stops, so that what reads code from one end to the other, as disassemblers do without symbols, stays in step. */
export const codePadding: Readonly<Record<Machine, number>> = { x86_64: 0xcc, arm64: 0 };
