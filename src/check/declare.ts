/** Declarations become definitions: one object each, with its node; types come when they are asked for (signatures.ts). */

import { Flag, Kind, type NameId, type Node } from "../syntax/ast.ts";
import { Names } from "../source/interner.ts";
import type { FileId } from "../source/sourceMap.ts";
import { Progress, type Checker } from "./context.ts";
import type {
  ConstDefinition, DefinitionId, EnumDefinition, FunctionDefinition, GlobalDefinition, StructDefinition, TypeParameterDefinition, VariantDefinition,
} from "./definitions.ts";
import { noParameters } from "./definitions.ts";
import { declareTypeParameters, ownTypes } from "./generics.ts";
import { substitute } from "./matching.ts";
import { noDerives } from "./signatures.ts";
import { T, type TypeId } from "./types.ts";

/** What a method is declared in. */
export interface Surroundings {
  readonly typeParameters: readonly DefinitionId[];
  readonly implementation: DefinitionId | 0;
  readonly trait: DefinitionId | 0;
}

const outside: Surroundings = { typeParameters: noParameters, implementation: 0, trait: 0 };

/** A function, or a method of the type `owner`. */
export function declareFunction(c: Checker, node: Node, file: FileId, owner: TypeId, within: Surroundings = outside): FunctionDefinition {
  const { ast } = c;
  const name = ast.name(node);
  const signature = ast.signature(node);
  const parameters = ast.parameters(signature);
  const first = ast.length(parameters) > 0 ? ast.item(parameters, 0) : (0 as Node);
  const receiver = first !== 0 && ast.has(first, Flag.self)
    ? (ast.has(first, Flag.mutable) ? "mutableReference" : ast.has(first, Flag.reference) ? "reference" : "value")
    : "none";
  let linkName: string | undefined;
  let exported = false;
  let imported = false;
  const attributes = ast.attributes(node);
  for (let i = 0; i < ast.length(attributes); i++) {
    const attribute = ast.item(attributes, i);
    const args = ast.arguments(attribute);
    const texts: string[] = [];
    for (let j = 0; j < ast.length(args); j++) {
      const argument = ast.item(args, j);
      if (ast.kind[argument] === Kind.String) texts.push(new TextDecoder().decode(ast.strings[ast.literal(argument)]));
      else c.error("E0358", argument, "an attribute takes texts");
    }
    const attributeName = ast.name(attribute);
    if (attributeName === Names.export) {
      exported = true;
      linkName = texts[0] ?? c.nameText(name);
      if (texts.length > 1) c.error("E0358", attribute, "@export takes one name");
      if (owner !== 0) c.error("E0358", attribute, "a method cannot be exported");
    } else if (attributeName === Names.import) {
      imported = true;
      linkName = texts.join(".");
      if (texts.length !== 2) c.error("E0358", attribute, "@import takes a module's and a function's name");
    } else {
      c.error("E0358", attribute, `unknown attribute @${c.nameText(attributeName)}`, { advice: ["functions have @export and @import"] });
    }
  }
  const external = ast.has(node, Flag.external);
  const hasBody = ast.body(node) !== 0 || ast.has(node, Flag.deferredBody);
  const origin = external ? "extern" : imported ? "import" : hasBody || within.trait !== 0 ? "lang" : "os";
  const declared = declareTypeParameters(c, ast.typeParameters(signature), file);
  const refined = declared.length === 0 || within.typeParameters.length === 0 ? noParameters : refinedParameters(c, within.typeParameters, declared);
  const isRefined = refined.length > 0;
  const own = isRefined ? without(declared, refined) : declared;
  const outer = isRefined ? refined : within.typeParameters;
  if (isRefined) owner = substitute(c.types, owner, within.typeParameters, ownTypes(c, refined));
  if (own.length > 0 && origin !== "lang" && !c.hasSyntaxError(node)) c.error("E0358", ast.item(ast.typeParameters(signature), 0), "a function without a body here has no type parameters");
  if (own.length > 0 && exported) c.error("E0358", ast.item(ast.typeParameters(signature), 0), "@export is for functions without type parameters");
  const typeParameters = own.length === 0 ? outer : [...outer, ...own];
  const f = c.add<FunctionDefinition>({
    kind: "function", id: c.nextDefinition, name, node, file, public: ast.has(node, Flag.public),
    parameters: [], parameterLocals: [], result: T.error, variadic: ast.has(signature, Flag.variadic), uses: 0, origin,
    definedBy: undefined, linkName: linkName ?? (external ? c.nameText(name) : undefined), exported, owner, receiver, typeParameters, outerParameters: within.typeParameters.length, implementation: within.implementation,
    trait: within.trait, hasDefault: within.trait !== 0 && hasBody, bodyChecked: false,
  });
  if (isRefined) c.refined.set(f.id, within.typeParameters);
  // A method that a trait only asks for has no body to check.
  if (within.trait !== 0 && !hasBody) c.bodies[f.id] = Progress.done;
  return f;
}

function without(ids: readonly DefinitionId[], others: readonly DefinitionId[]): readonly DefinitionId[] {
  return ids.filter((id) => !others.includes(id));
}

/**
 * A method may name type parameters of its impl or trait again, to ask more of them: `impl[T] List[T] { func sort[T: Ord](&mut self) … }`. It then has
 * parameters of its own in the place of all the outer ones. Empty, if it names none again.
 */
function refinedParameters(c: Checker, outer: readonly DefinitionId[], declared: readonly DefinitionId[]): readonly DefinitionId[] {
  const again = (id: DefinitionId): DefinitionId | undefined => declared.find((one) => c.definition(one).name === c.definition(id).name);
  if (!outer.some((id) => again(id) !== undefined)) return noParameters;
  return outer.map((id) => {
    const { name, node, file } = c.definition(id);
    return again(id) ?? c.define<TypeParameterDefinition>((own) => ({ kind: "typeParameter", id: own, name, node, file, public: false, type: c.types.typeParameter(own), bounds: [] })).id;
  });
}

/** Declares a struct by name and type parameters; its fields come when they are asked for. */
export function declareStruct(c: Checker, node: Node, file: FileId): StructDefinition {
  const { ast } = c;
  const typeParameters = declareTypeParameters(c, ast.typeParameters(node), file);
  const types = ownTypes(c, typeParameters);
  const s = c.define<StructDefinition>((id) => ({
    kind: "struct", id, name: ast.name(node), node, file, public: ast.has(node, Flag.public), type: c.types.struct(id, types), fields: [], derives: noDerives, typeParameters,
  }));
  if (c.hasSyntaxError(node)) c.brokenTypes.add(s.id);
  return s;
}

/** Declares an enum and its variants by name; their fields come when they are asked for. */
export function declareEnum(c: Checker, node: Node, file: FileId): EnumDefinition {
  const { ast } = c;
  const typeParameters = declareTypeParameters(c, ast.typeParameters(node), file);
  const types = ownTypes(c, typeParameters);
  const isPublic = ast.has(node, Flag.public);
  const e = c.define<EnumDefinition>((id) => ({
    kind: "enum", id, name: ast.name(node), node, file, public: isPublic, type: c.types.enum(id, types), variants: [], derives: noDerives, typeParameters,
  }));
  if (c.hasSyntaxError(node)) c.brokenTypes.add(e.id);
  const variants: VariantDefinition[] = [];
  const byName = new Map<number, Node>();
  const list = ast.members(node);
  for (let i = 0; i < ast.length(list); i++) {
    const variantNode = ast.item(list, i);
    if (ast.kind[variantNode] !== Kind.Variant) continue;
    const name = ast.name(variantNode);
    const twin = byName.get(name);
    if (twin !== undefined) {
      c.error("E0214", variantNode, `variant ${c.nameText(name)} is declared twice`, { labels: [c.label(twin, "first declared here")] });
      continue;
    }
    byName.set(name, variantNode);
    // A variant's own number is no part of the language.
    if (ast.c[variantNode] !== 0) c.unsupported(ast.c[variantNode] as Node, "numbers of variants are");
    const fields = ast.variantFields(variantNode);
    const named = ast.length(fields) > 0 && ast.kind[ast.item(fields, 0)] === Kind.FieldDeclaration && ast.name(ast.item(fields, 0)) !== 0;
    variants.push(c.define<VariantDefinition>((id) => ({
      kind: "variant", id, name, node: variantNode, file, public: isPublic, owner: e.id, index: variants.length, fields: [], named,
    })));
    if (isLowerCase(c, name)) c.warning("W0110", { start: ast.start[variantNode] as number, end: (ast.start[variantNode] as number) + c.nameText(name).length }, `the variant ${c.nameText(name)} would be a binding in a pattern`, ["capitalise it"]);
  }
  e.variants = variants;
  return e;
}

/** Declares a constant or a global; type and value come when they are asked for. */
export function declareConst(c: Checker, node: Node, file: FileId): ConstDefinition | GlobalDefinition {
  const { ast } = c;
  const common = { name: ast.name(node), node, file, public: ast.has(node, Flag.public), type: T.error as TypeId, value: undefined };
  if (ast.kind[node] === Kind.Const) {
    if (isLowerCase(c, common.name)) c.warning("W0110", c.head(node, common.name), `the constant ${c.nameText(common.name)} would be a binding in a pattern`, ["capitalise it"]);
    return c.define<ConstDefinition>((id) => ({ kind: "const", id, ...common }));
  }
  return c.define<GlobalDefinition>((id) => ({ kind: "global", id, ...common }));
}

function isLowerCase(c: Checker, name: NameId): boolean {
  const first = c.names.firstByte(name);
  return first >= 97 && first <= 122;
}

/** Adds a `test` to those of the program. */
export function declareTest(c: Checker, node: Node, file: FileId): void {
  const { ast } = c;
  const title = new TextDecoder().decode(ast.strings[ast.literal(node)]);
  const f = c.define<FunctionDefinition>((id) => ({
    kind: "function", id, name: Names.test, node, file, public: false, parameters: [], parameterLocals: [], result: T.void, variadic: false, uses: 0, origin: "lang",
    definedBy: undefined, linkName: undefined, exported: false, owner: 0 as TypeId, receiver: "none", typeParameters: [], outerParameters: 0, implementation: 0, trait: 0, hasDefault: false, bodyChecked: false,
  }));
  c.signatures[f.id] = Progress.done;
  c.program.tests.push({ title, node, function: f });
}
