/** PE's and COFF's numbers of our machines. */
import { Machine as PeMachine } from "../../formats/pe/constants.ts";
import type { Machine } from "./object.ts";

export const peMachine: Readonly<Record<Machine, number>> = { x86_64: PeMachine.amd64, arm64: PeMachine.arm64 };
