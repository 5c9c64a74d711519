/** What the operands of nodes are: the table of `ast.ts` for programs to read. */

import { kinds, type KindName } from "./ast.ts";

/** What an operand is: a node, a list, a name, a literal, a plain number. "-" is unused. */
export type Operand = "node" | "list" | "name" | "integer" | "float" | "string" | "format" | "number" | "unary" | "binary" | "-";

/** The operands of each kind, in the order a b c d: the table of ast.ts for a program to read. */
const operands: Readonly<Record<KindName, readonly Operand[]>> = {
  None: [], Integer: ["integer", "name"], Float: ["float", "name"], Bool: ["number"], Nil: [], Char: ["number"], Byte: ["number"], String: ["string"],
  FormatString: ["list"], FormatPiece: ["node", "format"], Name: ["name"], VariantName: ["name"], Field: ["node", "name"], TupleField: ["node", "number"],
  Index: ["node", "list"], Call: ["node", "list"], Intrinsic: ["name", "list"], Unary: ["node", "unary"], Binary: ["node", "node", "binary"],
  Cast: ["node", "node"], Range: ["node", "node"], Try: ["node"], Unwrap: ["node"], Pipe: ["node", "node"], StructLiteral: ["node", "list", "node"],
  FieldInit: ["node", "name"], Array: ["list"], ArrayRepeat: ["node", "node"], Tuple: ["list"], Paren: ["node"], Block: ["list", "node"],
  If: ["node", "node", "node"], LetCondition: ["node", "node"], Match: ["node", "list"], Arm: ["node", "node", "node"], Loop: ["node", "name"],
  While: ["node", "node", "name"], For: ["node", "node", "node", "name"], Closure: ["list", "node", "node"], Return: ["node"], Break: ["node", "name"],
  Continue: ["-", "name"], Assign: ["node", "node", "binary"], PointerType: ["node"], ReferenceType: ["node"], ArrayType: ["node", "node"],
  SliceType: ["node"], OptionalType: ["node"], TupleType: ["list"], FunctionType: ["list", "node"], DynType: ["node"], WildcardPattern: [],
  BindingPattern: ["name", "node"], LiteralPattern: ["node"], RangePattern: ["node", "node"], TuplePattern: ["list"], PathPattern: ["node"],
  VariantPattern: ["node", "list"], StructPattern: ["node", "list"], FieldPattern: ["name", "node"], OrPattern: ["list"], SlicePattern: ["list"], RestPattern: [],
  ExpressionStatement: ["node"], Let: ["node", "node", "node", "node"], Defer: ["node"], CompileIfStatement: ["node", "node", "node"],
  Function: ["name", "node", "node", "list"], Signature: ["list", "list", "node"], Parameter: ["name", "node", "node"], TypeParameter: ["name", "list"],
  Struct: ["name", "list", "list", "list"], FieldDeclaration: ["name", "node"], Enum: ["name", "list", "list", "list"], Variant: ["name", "list", "node"],
  Trait: ["name", "list", "list", "list"], Impl: ["list", "node", "node", "list"], Const: ["name", "node", "node"], Global: ["name", "node", "node"],
  TypeAlias: ["name", "list", "node"], Include: ["string"], Import: ["string", "name"], Test: ["string", "node"], CompileIf: ["node", "list", "list"],
  Attribute: ["name", "list"], File: ["list"], Error: [],
};
/** The operands of kind number `k`. */
export const operandsByKind = kinds.map((name) => operands[name]);
