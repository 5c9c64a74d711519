import type { Explanation } from "./explanation.ts";

/** E07xx: files that make up a program; E08xx: targets, outputs and linking. */
export const moduleErrors = {
  E0701: { title: "file not found", explanation: `The included or imported file does not exist. A path is looked for beside the file that names it, then in the library: "std/json" is std/json.lang.

    import "geometry/shapes.lang" as g` },
  E0702: { title: "file includes itself", explanation: `include makes the names of a file visible as if written here, so files that include each other have no order. Import one of them instead; imports may form a cycle.` },
  E0703: { title: "condition of #if is not known", explanation: `#if decides before names are resolved: its condition is made of OS, ARCH, BACKEND, LIBC, DEBUG, TARGET, string and bool literals, == != && || ! and parentheses.

    #if OS == "linux" && ARCH == "x86_64" { }` },
  E0704: { title: "value that #if never has", explanation: `The name compared with never has this value, and has one that is spelled much like it: the branch would never be taken. (Names of systems that no version knows are let through.)

    #if OS == "linux" { }   // linux, macos, windows` },
  E0705: { title: "malformed path of a file", explanation: `The path of an include or import is a non-empty text with / between its parts.` },
  E0706: { title: "module needs a name", explanation: `A module is used under the last part of its path, and this is not a name: give one with as.

    import "data/2024-results.lang" as results` },
  E0707: { title: "too many files", explanation: `The program includes or imports more files, or deeper, than the compiler accepts.` },
  E0801: { title: "no such file", explanation: `The file that the command line names does not exist. Paths start from the current folder; - is standard input.` },
  E0802: { title: "file cannot be read", explanation: `A source file is expected, and the path names a directory or a device, a file that you may not read, one of more than 256 MiB, or one that a compiler
or linker made: an object is linked by a C compiler (lang build prog.lang -o prog.o; cc prog.o other.o), see docs/c-interop.md.` },
  E0803: { title: "output cannot be written", explanation: `The output file or its folder cannot be written; the system's own message follows. Nothing is left half-written.` },
  E0804: { title: "unknown target", explanation: `A target is an operating system and an architecture, such as linux-x86_64, macos-arm64 or windows-x86_64; lang env lists them.` },
  E0805: { title: "target not supported", explanation: `The target is known, but not what is asked for it: LLVM IR is made for some targets only. The direct backend, which is the default, builds for all.` },
  E0806: { title: "unknown kind of output", explanation: `The ending of -o says what to write: none, .exe or .out an executable, .o or .obj an object, .s assembly, .ll LLVM IR, .ir IR.` },
  E0807: { title: "undefined symbol", explanation: `The program calls a function, or uses a global, that no object, library or os layer defines.

    extern func missing() i32` },
  E0808: { title: "symbol defined twice", explanation: `Two objects, or two @export functions, define the same symbol.` },
  E0809: { title: "damaged object or archive", explanation: `The file is not an object or archive of this target, or its contents contradict themselves.` },
  E0811: { title: "relocation does not fit", explanation: `The distance between two parts of the program does not fit the instruction that refers from one to the other.` },
  E0812: { title: "wrong usage", explanation: `The command line is not understood; lang --help shows what may be written.` },
  E0813: { title: "program cannot be run here", explanation: `The program is built for another system or architecture, and nothing on this machine runs it.` },
  E0814: { title: "program too large", explanation: `The program's code and data exceed what the target's file format or address space holds.` },
  E0815: { title: "function not defined by the os layer", explanation: `A func without a body is defined by the target's os layer, with the same type; this target's has none. Perhaps the body was forgotten.

    func os_getpid() i64` },
  E0816: { title: "os layer defines it with another type", explanation: `A func without a body and its definition in the target's os layer have the same parameters and result.` },
  E0817: { title: "IR text not understood", explanation: `A file that ends in .ir holds the IR as text, as -o x.ir writes it; the line named is not of that form, or the module does not
make sense. src/ir/README.md describes the text. Front ends of other languages, which hand a module to lang/kernel, are told with this code what it has wrong.` },
  E0820: { title: "clang not found", explanation: `LANGBE=llvm has clang make the machine code, for comparison. Without LANGBE, lang makes it itself and needs no other program.` },
  E0821: { title: "clang refuses the program", explanation: `The LLVM IR that lang wrote is not accepted by the clang on this machine. The direct backend, which is the default, is not concerned.` },
} as const satisfies Record<`E07${string}` | `E08${string}`, Explanation>;
