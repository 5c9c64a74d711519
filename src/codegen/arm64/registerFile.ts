/** The registers as the allocator sees them. x16, x17 and v31 are scratch; x18 is the platform's; x29 and x30 stay out. */
import { maskOf, type RegisterFile } from "../registerFile.ts";
import { V0, calleeSaved } from "./convention.ts";

const callerSaved = Array.from({ length: 16 }, (_, i) => i);
const floats = Array.from({ length: 31 }, (_, i) => V0 + i);

export const SCRATCH = 16;
export const SCRATCH2 = 17;
export const FLOAT_SCRATCH = 31;

export const CLOBBER_CALL = 1;
/** x1, where macOS has the second result of a system call. */
export const CLOBBER_SECOND = 2;

export const registerFile: RegisterFile = {
  count: 64,
  allocatable: [[...callerSaved, ...calleeSaved], floats],
  maskBase: [0, V0],
  calleeSaved: [maskOf(calleeSaved), 0],
  clobbers: [[0, maskOf(callerSaved), maskOf([1])], [0, maskOf(floats), 0]],
};
