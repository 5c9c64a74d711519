/**
 * For the bundle: the functions that large builds call most are constants in it. A function that is declared is made when it is first called, so that to
 * JavaScriptCore's compiler its name is a variable: each call, even one that it puts in place, reads the variable, asks whether the function is made already and whether
 * it is the one that it was, ten instructions and as many steps to compile. What a constant holds it knows. A constant is made when its module is loaded, which takes
 * a thousand instructions where nothing calls it, so only what pays is named here.
 */

import { relative, sep } from "node:path";

/**
 * By module. Called more than 2,500 times when 50,000 lines are built at -O0 or 20,000 at -O1, or 15,000 times if a build of a small program needs them not.
 * None is used while modules are loaded, when it may not be there yet: the first start of a bundle, which makes it, would end.
 */
export const knownFunctions: Readonly<Record<string, readonly string[]>> = {
  "src/analysis/columns.ts": ["sizeFor"],
  "src/analysis/ranges.ts": ["otherInterval", "constantInterval", "comparedIntervals"],
  "src/check/arithmetic.ts": ["fits"],
  "src/check/binary.ts": ["arithmeticType"],
  "src/check/blocks.ts": ["leaveScope", "checkStatement", "declare", "checkDropped", "checkReached"],
  "src/check/bodies.ts": ["checkBody", "checkInside"],
  "src/check/calls.ts": ["callOf", "callDefinition"],
  "src/check/checkedProgram.ts": ["meaningKind", "meaningIndex", "meaning"],
  "src/check/context.ts": ["declaredIn", "columnSet", "columnAt"],
  "src/check/convert.ts": ["literalTarget"],
  "src/check/declare.ts": ["declareFunction"],
  "src/check/expressions.ts": ["check", "infer"],
  "src/check/generics.ts": ["declareTypeParameters"],
  "src/check/nameExpressions.ts": ["nameDefinition", "isTypeOrModule"],
  "src/check/names.ts": ["findDeclared", "findLocal"],
  "src/check/operators.ts": ["checkOperation", "checkLeft", "knownAt", "knownOperation", "literalOperand"],
  "src/check/ownership/functions.ts": ["bodyOf"],
  "src/check/program.ts": ["checkReachedBody"],
  "src/check/settle.ts": ["fit", "settleDefault"],
  "src/check/signatures.ts": ["ensureFunction", "resolveSignature"],
  "src/check/surroundings.ts": ["turnTo", "turnBack"],
  "src/check/traits.ts": ["throughReferences"],
  "src/check/typeNodes.ts": ["resolve", "typeMeant", "resolveNamed", "resolveSizedType", "resolveDeclared", "resolveType"],
  "src/check/types.ts": ["isScalar", "isIntegerType", "scalarSize"],
  "src/check/unknowns.ts": ["startAgain"],
  "src/ir/controlFlow.ts": ["sizeFor"],
  "src/ir/definitionTable.ts": ["hash"],
  "src/ir/fold.ts": ["foldSmall", "fold"],
  "src/ir/functionColumns.ts": ["floatingHash"],
  "src/ir/module.ts": ["shortKey"],
  "src/irgen/blocks.ts": ["emitStatements", "blockValue"],
  "src/irgen/calls.ts": ["pushArgument", "callNode"],
  "src/irgen/conditions.ts": ["makesTemporaries"],
  "src/irgen/convert.ts": ["resize"],
  "src/irgen/dispatch.ts": ["emitTyped", "emit", "emitEffect", "emitDropped", "finalType"],
  "src/irgen/functions.ts": ["makeFunction", "writeBody", "finishBody"],
  "src/irgen/literals.ts": ["integerConstant"],
  "src/irgen/mangle.ts": ["mangledPart"],
  "src/irgen/operators.ts": ["scalarOperand", "arithmetic", "arithmeticNode"],
  "src/irgen/overloaded.ts": ["overloadOf"],
  "src/irgen/owned.ts": ["taken", "endTemporaries", "ownValue", "commitMoves", "enterScope"],
  "src/irgen/prebuilt.ts": ["mayBePrebuilt", "usePrebuilt"],
  "src/opt/checks.ts": ["resolve", "visitPure"],
  "src/opt/constants.ts": ["evaluate", "visitTerminator", "visit"],
  "src/opt/inlineBody.ts": ["copyInstruction", "copyFloating"],
  "src/opt/inlineWorth.ts": ["costOfOp"],
  "src/opt/numbering.ts": ["bucketOf", "insert", "resolveOperands", "find", "resolve", "visitPure"],
  "src/opt/promote.ts": ["appendArgs", "renameInstruction", "visitAccess"],
  "src/opt/simplify.ts": ["rewrite", "resolveOperands", "rewriteEffect"],
  "src/opt/simplifyFlow.ts": ["sameEdges", "foldBranch"],
  "src/opt/simplifyInteger.ts": ["integerRules", "reassociate", "maskOfExtension"],
  "src/opt/subjects.ts": ["subjectsOf"],
  "src/syntax/lexNumber.ts": ["lexNumber", "integerLiteral", "isDigit", "setNumber"],
  "src/syntax/mendWord.ts": ["mendWord"],
  "src/syntax/parseBlocks.ts": ["parseBlock"],
  "src/syntax/parseDeclarations.ts": ["endDeclaration", "parseTopLevel", "parseDeclaration", "parseAttributes"],
  "src/syntax/parseExpressions.ts": ["parseBinary", "parseUnary", "parseBinaryRest", "refuseAssignment", "parseAssignmentRest", "parseExpression", "parseExpressionOrAssignment"],
  "src/syntax/parseFunctions.ts": ["parseTypeParameters", "parseFunction"],
  "src/syntax/parsePatterns.ts": ["parseHere", "parsePatternWithoutAlternatives", "parsePattern"],
  "src/syntax/parsePostfix.ts": ["parsePostfix", "parseArguments", "parsePrimary", "leaf"],
  "src/syntax/parseStatements.ts": ["parseStatement", "endExpression", "checkEnd"],
  "src/syntax/parseTypes.ts": ["parseType"],
};

/** The source of a module of the project in `root`, with constants for those of its functions. */
export function makeConstants(root: string, path: string, source: string): string {
  const names = knownFunctions[relative(root, path).replaceAll(sep, "/")];
  return names === undefined ? source : source.replace(new RegExp(`^(export )?function (${names.join("|")})\\b`, "gm"), "$1const $2 = function");
}
