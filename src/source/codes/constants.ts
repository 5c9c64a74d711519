import type { Explanation } from "./explanation.ts";

/** E06xx: what compile-time evaluation refuses. */
export const constantErrors = {
  E0601: { title: "not a constant expression", explanation: `Here a value is needed that the compiler can compute: literals, constants, operators, and calls of functions that touch nothing outside. Variables are not known yet.

    const SIZE = 64 * 1024` },
  E0602: { title: "panic at compile time", explanation: `While the compiler computed this value, the program panicked; the message and the calls that led there are shown.` },
  E0603: { title: "constant takes too long", explanation: `Compile-time evaluation has a budget of ten million steps, which this value exceeded. Perhaps it does not end; else compute it at run time.` },
  E0604: { title: "constant depends on itself", explanation: `The value of a constant or a global needs, perhaps through others, its own value.

    const A = B + 1
    const B = A + 1` },
  E0605: { title: "constant arithmetic overflows", explanation: `The operation's result does not fit its type, and would panic when run. Use a wider type, or +% or +| if wrapping or saturating is meant.

    const N = 200u8 + 100u8` },
  E0606: { title: "constant division by zero", explanation: `The divisor is known to be zero, so that the division would always panic.` },
  E0607: { title: "constant index out of bounds", explanation: `The index is known, and outside the array.

    let xs = [1, 2, 3]
    xs[3]                // indexes are 0, 1 and 2` },
  E0608: { title: "dereference of constant nil", explanation: `The pointer is known to be nil, so there is nothing to read or write.` },
  E0609: { title: "constant shift out of range", explanation: `The shift count is known, and negative or not below the width of the type.

    1i32 << 32` },
  E0610: { title: "constant keeps memory", explanation: `A constant or a global's initial value cannot hold memory that was allocated while it was computed. Use an array, a str or a slice of constants.` },
  E0611: { title: "not possible at compile time", explanation: `A function that runs at compile time calls nothing outside the program: no extern func, system call, os function or mutable global.` },
  E0612: { title: "array length not usable", explanation: `An array's length is a constant integer, not negative, and the array fits the address space.

    let grid = [0; 64]` },
  E0613: { title: "recursion too deep at compile time", explanation: `Functions that run at compile time called one another too deeply: 10,000 calls within calls, or 64 MiB of variables, are the most.` },
  E0614: { title: "constant that could change", explanation: `What is in a Cell changes although it is shared, and a constant does not change. Make it a var, or let a function give a new one each time.

    const COUNT = Cell.new(0)    // refused
    var count = Cell.new(0)` },
} as const satisfies Record<`E06${string}`, Explanation>;
