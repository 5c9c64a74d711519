/** What an operating system demands of machine code, beyond its architecture. */

export interface Platform {
  /** How C functions are called: the architecture's own ABI, Apple's variant of it, or Windows'. */
  readonly calls: "system" | "apple" | "windows";
  /** Whether signal handlers leave memory below the stack pointer alone. */
  readonly redZone: boolean;
  /** What the process entry finds: the kernel's block of arguments at the stack pointer, the arguments of C's `main`, those with argv
   * in the kernel's block, or nothing. */
  readonly entry: "stack" | "main" | "argv" | "nothing";
  /** How a failed system call says so: by a negative result, or by the carry flag with the error in the result; "none": there are none to make. */
  readonly systemCalls: "negative" | "carry" | "none";
}

export const linuxPlatform: Platform = { calls: "system", redZone: true, entry: "stack", systemCalls: "negative" };
