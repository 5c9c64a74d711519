import type { Explanation } from "./explanation.ts";

/** W0xxx: what is allowed and probably not meant. */
export const warnings = {
  W0101: { title: "unused Result", explanation: `A Result is dropped here without a look, so that an error would go unnoticed. Use ?, !, ?? or match; let _ = says that it is meant.

    let _ = remove(path)` },
  W0102: { title: "unused variable", explanation: `The variable is never read. A name that starts with _ says that this is meant.

    let _unused = f()` },
  W0103: { title: "unreachable code", explanation: `The code before always leaves: what follows return, break, continue, panic or an endless loop never runs.` },
  W0104: { title: "unreachable arm", explanation: `The arms above match everything that this one would.

    match n { _ => 0, 1 => 1 }` },
  W0105: { title: "comment documents nothing", explanation: `/// documents the declaration that follows; none does. Write // for an ordinary comment.` },
  W0106: { title: "pattern always matches", explanation: `The pattern of if let, while let or let … else matches every value, so that the other way is never taken. Use let.` },
  W0107: { title: "variable need not be mutable", explanation: `The var is never changed: let says so to the reader.` },
  W0108: { title: "unused label", explanation: `No break or continue names this label.` },
  W0109: { title: "unused import", explanation: `The module is never used in this file.` },
  W0110: { title: "name does not say what it is in patterns", explanation: `In patterns a lower-case name binds and a capitalised one is a variant or a constant; this declaration's name reads as the other.` },
  W0111: { title: "leading zero", explanation: `In other languages a number that begins with 0 is octal; here 0755 is 755, as in Rust. Octal numbers begin with 0o.

    let mode = 0755   // 755: write 0o755 if octal is meant` },
} as const satisfies Record<`W${string}`, Explanation>;
