/** What stands outside functions: structs, enums, traits and their implementations, functions that take and lend. */

import type { Callee, Context } from "./context.ts";
import { print, statements } from "./statements.ts";
import { fieldsOf, has, i64, implementsTrait, isCopy, named, string, wrap, type EnumDecl, type EnumType, type Method, type Parameter, type StructDecl, type StructType, type Trait, type TraitDecl, type Type } from "./types.ts";
import { value } from "./values.ts";

/** What every program has: the tracer of drops, and functions that take any type. */
export const prelude = `struct D: Eq, Ord, Hash, Show { f0 i64 }
impl D {
    func new(id i64) D { println(f"new {id}"); D { f0: id } }
}
impl Drop for D {
    func drop(&mut self) { println(f"drop {self.f0}") }
}
impl Clone for D {
    func clone(&self) D { D.new(self.f0 +% 1000) }
}
struct View[T] { r &T, n i64 }
func consume[T](x T) { let _kept = x }
func taken[T](x T) bool { let _kept = x; true }
func renew[T](place &mut T, fresh T) { *place = fresh }
func list_of_1[T](a T) List[T] { var made = List[T].new(); made.push(a); made }
func list_of_2[T](a T, b T) List[T] { var made = list_of_1(a); made.push(b); made }
func list_of_3[T](a T, b T, c T) List[T] { var made = list_of_2(a, b); made.push(c); made }
func deque_of[T](a T, b T) Deque[T] { var made Deque[T] = Deque.new(); made.push_back(a); made.push_front(b); made }
func set_of[T: Hash + Eq](a T, b T) Set[T] { var made Set[T] = Set.new(); made.insert(a); made.insert(b); made }
func heap_of[T: Ord](a T, b T) Heap[T] { var made Heap[T] = Heap.new(); made.push(a); made.push(b); made }
func map_of[K: Hash + Eq, V](a K, b V, c K, d V) Map[K, V] { var made Map[K, V] = Map.new(); made.insert(a, b); made.insert(c, d); made }`;

const derivable: readonly Trait[] = ["Clone", "Eq", "Ord", "Hash", "Show", "Default"];

/** A parameter that has everything: what is derived is asked of the arguments. */
const parameter = (name: string, bounds: readonly (Trait | TraitDecl)[]): Extract<Type, { kind: "param" }> => ({ kind: "param", name, bounds });

export function declareStruct(c: Context): void {
  const { random } = c;
  const params = random.once(3) ? ["T"] : [];
  const kept = c.params;
  c.params = params.map((name) => parameter(name, [...derivable, "Copy"]));
  const drops = params.length === 0 && random.once(4);
  const fields = Array.from({ length: random.between(1, 4) }, () => c.anyType(2)).map((type) => (type.kind === "param" || params.length === 0 || !random.once(2) ? type : (c.params[0] as Type)));
  // A literal tells its arguments by its fields.
  if (params.length > 0) fields.push(c.params[0] as Type);
  c.params = kept;
  if (drops) fields[0] = i64;
  const name = c.fresh("S");
  // What is not derived of a struct with Default or Ord is still shown.
  const derives = derivable.filter((trait) => fields.every((field) => has(field, trait)) && (trait !== "Ord" || fields.every((field) => has(field, "Eq"))) && !random.once(6));
  const usable: Trait[] = derives.filter((trait) => (trait === "Ord" ? derives.includes("Eq") : true));
  if (!drops && params.length === 0 && fields.every(isCopy) && usable.includes("Clone") && random.once(2)) usable.push("Copy");
  const decl: StructDecl = { kind: "struct", name, params, fields, derives: usable, drops, adds: false, traits: [], methods: [] };
  c.open(`struct ${name}${params.length === 0 ? "" : `[${params.join(", ")}]`}${usable.length === 0 ? "" : `: ${usable.join(", ")}`} {`);
  fields.forEach((field, i) => c.line(`f${i} ${field.name}`));
  c.close();
  if (drops) c.line(`impl Drop for ${name} { func drop(&mut self) { println(f"drop ${name} {self.f0}") } }`);
  c.structs.push(decl);
  if (params.length === 0 && !drops && fields.some((field) => field.kind === "int" || field.kind === "string") && random.once(2)) {
    decl.adds = true;
    c.open(`impl Add for ${name} {`);
    c.line(`func add(self, other ${name}) ${name} { ${name} { ${fields.map((field, i) => `f${i}: ${field.kind === "int" ? `self.f${i} +% other.f${i}` : field.kind === "string" ? `self.f${i} + other.f${i}` : random.once(2) ? `self.f${i}` : `other.f${i}`}`).join(", ")} } }`);
    c.close();
  }
}

export function declareEnum(c: Context): void {
  const { random } = c;
  const params = random.once(4) ? ["T"] : [];
  const name = c.fresh("E");
  const kept = c.params;
  c.params = params.map((param) => parameter(param, [...derivable, "Copy"]));
  const variants = Array.from({ length: random.between(2, 4) }, (_, v) => ({ name: `${name}V${v}`, parts: Array.from({ length: random.between(0, 2) }, () => c.anyType(2)) as Type[] }));
  if (params.length > 0) (variants[0] as { parts: Type[] }).parts.push(c.params[0] as Type);
  const recursive = random.once(2);
  const parts = variants.flatMap((variant) => variant.parts);
  const derives = derivable.filter((trait) => trait !== "Default" && parts.every((part) => has(part, trait)) && (trait !== "Ord" || parts.every((part) => has(part, "Eq"))) && !random.once(6));
  const usable = derives.filter((trait) => (trait === "Ord" ? derives.includes("Eq") : true));
  const decl: EnumDecl = { kind: "enum", name, params, variants, derives: usable, traits: [] };
  if (recursive) variants.push({ name: `${name}Tree`, parts: [wrap("box", named(decl, c.params)), random.pick([i64, string])] });
  c.params = kept;
  c.open(`enum ${name}${params.length === 0 ? "" : `[${params.join(", ")}]`}${usable.length === 0 ? "" : `: ${usable.join(", ")}`} {`);
  for (const variant of variants) c.line(`${variant.name}${variant.parts.length === 0 ? "" : `(${variant.parts.map((part) => part.name).join(", ")})`}`);
  c.close();
  c.enums.push(decl);
  const type = named(decl, []) as EnumType;
  if (params.length > 0) return;
  // Two that walk it: by reference, and taking it apart.
  c.open(`func size_${name}(e &${name}) i64 {`);
  c.open("match e {");
  for (const variant of variants) {
    const recursion = variant.parts.findIndex((part) => part.kind === "box" && part.item.name === type.name);
    c.line(`${variant.name}${variant.parts.length === 0 ? "" : `(${variant.parts.map((_, i) => (i === recursion ? "inner" : "_")).join(", ")})`} => ${recursion >= 0 ? `1 +% size_${name}(inner)` : `${random.between(1, 9)}`}`);
  }
  c.close();
  c.close();
  c.callees.push({ name: `size_${name}`, typeParams: [], params: [{ mode: "ref", type }], result: i64, lends: "none", cost: 20 });
  c.open(`func turn_${name}(e ${name}) ${name} {`);
  c.open("match e {");
  for (const variant of variants) {
    const names = variant.parts.map((_, i) => `x${i}`);
    c.line(`${variant.name}${names.length === 0 ? "" : `(${names.join(", ")})`} => ${name}.${variant.name}${names.length === 0 ? "" : `(${variant.parts.map((part, i) => (part.kind === "box" && part.item.name === type.name ? `Box.new(turn_${name}(x${i}.into_inner()))` : part.kind === "int" ? `x${i} +% 1` : `x${i}`)).join(", ")})`}`);
  }
  c.close();
  c.close();
  c.callees.push({ name: `turn_${name}`, typeParams: [], params: [{ mode: "value", type }], result: type, lends: "none", cost: 30 });
}

export function declareTrait(c: Context): void {
  const number = c.traits.length;
  const trait: TraitDecl = { name: `T${number}`, required: `weigh${number}`, defaulted: `twice${number}`, changing: `change${number}` };
  c.traits.push(trait);
  c.open(`trait ${trait.name} {`);
  c.line(`func ${trait.required}(&self, by i64) i64`);
  c.line(`func ${trait.defaulted}(&self, by i64) i64 { self.${trait.required}(by) *% 2 +% self.${trait.required}(1) }`);
  c.line(`func ${trait.changing}(&mut self, by i64) { println(f"no change by {by}") }`);
  c.close();
  const implement = (head: string, body: string, change: string): void => {
    c.open(`${head} {`);
    c.line(`func ${trait.required}(&self, by i64) i64 { ${body} }`);
    if (change !== "") c.line(`func ${trait.changing}(&mut self, by i64) { ${change} }`);
    c.close();
  };
  implement(`impl ${trait.name} for i64`, "*self ^ by", "*self = *self +% by");
  implement(`impl ${trait.name} for String`, "self.len +% by", "self.push('!')");
  implement(`impl[T: ${trait.name}] ${trait.name} for List[T]`, `var sum = by; for x in self { sum = sum +% x.${trait.required}(by) }; sum`, `for x in self.iter_mut() { x.${trait.changing}(by) }`);
  for (const decl of c.structs) {
    if (decl.params.length > 0 || c.random.once(4)) continue;
    const at = decl.fields.findIndex((field) => implementsTrait(field, trait));
    const field = decl.fields[at];
    implement(`impl ${trait.name} for ${decl.name}`, field === undefined ? `by *% ${c.random.between(2, 9)}` : `self.f${at}.${trait.required}(by)`, field === undefined ? "" : `self.f${at}.${trait.changing}(by)`);
    decl.traits.push(trait);
  }
  // Through `dyn`, and for any type that has it.
  const t = parameter("T", [trait]);
  const dyn: Type = { kind: "dyn", name: `dyn ${trait.name}`, trait };
  c.line(`func by_dyn${number}(x &dyn ${trait.name}, n i64) i64 { x.${trait.defaulted}(n) -% 1 }`);
  c.line(`func by_all${number}[T: ${trait.name}](xs []T, n i64) i64 { xs.iter().fold(n, |sum, x| sum +% x.${trait.required}(n)) }`);
  c.line(`func by_change${number}[T: ${trait.name}](x &mut T, n i64) i64 { x.${trait.changing}(n); x.${trait.required}(n) }`);
  c.line(`func by_box${number}(x Box[dyn ${trait.name}], n i64) i64 { x.${trait.required}(n) }`);
  const typeParams = [{ name: "T", bounds: [trait] }];
  const number64: Parameter = { mode: "value", type: i64 };
  c.callees.push({ name: `by_dyn${number}`, typeParams: [], params: [{ mode: "dyn", type: dyn }, number64], result: i64, lends: "none", cost: 20 });
  c.callees.push({ name: `by_all${number}`, typeParams, params: [{ mode: "slice", type: t }, number64], result: i64, lends: "none", cost: 40 });
  c.callees.push({ name: `by_change${number}`, typeParams, params: [{ mode: "mut", type: t }, number64], result: i64, lends: "none", cost: 40 });
  c.callees.push({ name: `by_box${number}`, typeParams: [], params: [{ mode: "value", type: wrap("box", dyn) }, number64], result: i64, lends: "none", cost: 20 });
}

/** Functions that hand on what they are lent. */
export function declareLenders(c: Context): void {
  const { random } = c;
  const type = random.pick([i64, string, wrap("list", i64), named(c.tracer, [])]);
  const name = c.fresh("lend");
  c.line(`func ${name}(a &${type.name}, b &${type.name}) &${type.name} { if a == b { a } else { b } }`);
  c.callees.push({ name, typeParams: [], params: [{ mode: "ref", type }, { mode: "ref", type }], result: type, lends: "shared", cost: 5 });
  const other = c.fresh("lend");
  c.line(`func ${other}(a &mut ${type.name}) &mut ${type.name} { println("lent"); a }`);
  c.callees.push({ name: other, typeParams: [], params: [{ mode: "mut", type }], result: type, lends: "mut", cost: 5 });
  for (const decl of c.structs) {
    const at = decl.fields.findIndex((field) => !isCopy(field) && field.kind !== "func");
    if (decl.params.length > 0 || at < 0 || random.once(2)) continue;
    const lender = c.fresh("part");
    const field = decl.fields[at] as Type;
    const mutable = random.once(2) ? "mut " : "";
    c.line(`func ${lender}(s &${mutable}${decl.name}) &${mutable}${field.name} { &${mutable}s.f${at} }`);
    c.callees.push({ name: lender, typeParams: [], params: [{ mode: mutable === "" ? "ref" : "mut", type: named(decl, []) }], result: field, lends: mutable === "" ? "shared" : "mut", cost: 5 });
  }
}

function parameters(c: Context, count: number): Parameter[] {
  const { random } = c;
  return Array.from({ length: count }, () => {
    const type = c.anyType(2);
    if (type.kind === "func") return { mode: "func" as const, type };
    switch (random.between(0, 5)) {
      case 0: return { mode: "ref" as const, type };
      case 1: return { mode: "mut" as const, type };
      case 2: return { mode: random.pick(["slice", "slice mut"] as const), type: c.anyType(1) };
      default: return { mode: "value" as const, type };
    }
  }).map((param) => (param.type.kind === "func" && param.mode !== "func" ? { mode: "value" as const, type: i64 } : param));
}

const written = ({ mode, type }: Parameter): string => (mode === "ref" ? `&${type.name}` : mode === "mut" ? `&mut ${type.name}` : mode === "slice" ? `[]${type.name}` : mode === "slice mut" ? `[]mut ${type.name}` : type.name);

function enter(c: Context, name: string, { mode, type }: Parameter): void {
  if (mode === "ref" || mode === "mut") c.scope.declare(name, type, { reference: mode === "ref" ? "shared" : "mut", pinned: true });
  else if (mode === "slice" || mode === "slice mut") c.scope.declare(name, type, { reference: "shared", slice: true, pinned: true });
  else c.scope.declare(name, type);
}

/** Statements and a result. */
function body(c: Context, params: readonly { readonly name: string; readonly param: Parameter }[], result: Type | undefined, size: number): number {
  c.cost = 10;
  c.rounds = 1;
  c.loopDepth = 0;
  c.result = result;
  c.scope.block(() => {
    for (const { name, param } of params) enter(c, name, param);
    for (const { name, param } of params) if (param.mode === "slice" && has(param.type, "Show")) c.line(`println(f"{${name}} {${name}.len}")`);
    for (const { name, param } of params) if (param.mode === "slice mut") c.line(`if ${name}.len > 1 { ${name}.${c.random.pick(["reverse()", "swap(0, 1)"])} }`);
    if (statements(c, size)) return;
    if (c.random.once(3)) print(c);
    c.scope.newStatement();
    if (result !== undefined) c.line(`return ${value(c, result, 2)}`);
  });
  return c.cost;
}

export function declareFunction(c: Context, size: number): void {
  const { random } = c;
  const generic = random.once(3);
  const bounds: (Trait | TraitDecl)[] = generic ? [random.pick(["Default", "Default", "Clone"] as const), ...(random.once(2) ? (["Show"] as const) : []), ...(random.once(3) ? (["Eq"] as const) : [])] : [];
  const trait = c.traits[0];
  if (generic && trait !== undefined && random.once(3)) bounds.push(trait);
  const t = parameter("T", bounds);
  c.params = generic ? [t] : [];
  const params: Parameter[] = [...(generic ? [{ mode: "ref" as const, type: t }, ...(random.once(2) ? [{ mode: "value" as const, type: t }] : [])] : []), ...parameters(c, random.between(0, 3))];
  const result = random.once(6) ? undefined : c.anyType(2);
  const name = c.fresh("func_");
  c.open(`func ${name}${generic ? `[T: ${bounds.map((bound) => (typeof bound === "string" ? bound : bound.name)).join(" + ")}]` : ""}(${params.map((param, i) => `p${i} ${written(param)}`).join(", ")})${result === undefined ? "" : ` ${result.name}`} {`);
  const cost = body(c, params.map((param, i) => ({ name: `p${i}`, param })), result, size);
  c.close();
  c.params = [];
  const callee: Callee = { name, typeParams: generic ? [{ name: "T", bounds }] : [], params, result, lends: "none", cost };
  c.callees.push(callee);
}

/** Methods of a struct: looking, changing, taking. */
export function declareMethods(c: Context, size: number): void {
  const { random } = c;
  const decl = random.pick(c.structs);
  if (decl === c.tracer || decl.methods.length > 0) return;
  const params = decl.params.map((name) => parameter(name, ["Clone"]));
  const type = named(decl, params) as StructType;
  c.params = params;
  c.open(`impl${params.length === 0 ? "" : `[${params.map(({ name }) => `${name}: Clone`).join(", ")}]`} ${type.name} {`);
  const made: Method[] = [];
  for (let i = 0; i < random.between(1, 3); i++) {
    const receiver = random.pick(["self", "&self", "&mut self"] as const);
    const given: Parameter[] = Array.from({ length: random.between(0, 2) }, () => ({ mode: "value", type: c.anyType(1) }));
    const result = random.once(4) ? undefined : random.once(3) && decl.fields.length > 0 ? random.pick(fieldsOf(type)) : c.anyType(1);
    const name = c.fresh("method");
    c.open(`func ${name}(${[receiver, ...given.map((param, at) => `p${at} ${written(param)}`)].join(", ")})${result === undefined ? "" : ` ${result.name}`} {`);
    const self = { name: "self", param: { mode: receiver === "self" ? ("value" as const) : receiver === "&self" ? ("ref" as const) : ("mut" as const), type } };
    const cost = body(c, [self, ...given.map((param, at) => ({ name: `p${at}`, param }))], result, Math.max(1, size - 1));
    c.close();
    made.push({ name, receiver, params: given, result, cost });
  }
  c.close();
  c.params = [];
  // A generic one asks its arguments for Clone; not every argument has it.
  if (params.length === 0) decl.methods.push(...made);
}

/** Functions with `?`, by results and by optionals. */
export function declareFailing(c: Context): void {
  const { random } = c;
  const name = c.fresh("try_");
  const type = random.pick([i64, string, named(c.tracer, [])]);
  const make = type === i64 ? "n *% 3" : type === string ? 'f"v{n}"' : "D.new(n)";
  c.line(`func ${name}_one(n i64, least i64) Result[${type.name}, String] { if n < least { return Err(f"{n} below {least}") }; Ok(${make}) }`);
  c.line(`func ${name}_two(n i64, least i64) Result[(${type.name}, ${type.name}), String] { let a = ${name}_one(n, least)?; let b = ${name}_one(n -% ${random.between(1, 9)}, least)?; Ok((a, b)) }`);
  c.line(`func ${name}_some(n i64) ?${type.name} { let (a, b) = ${name}_two(n, 3).ok()?; consume(b); Some(a) }`);
  const number: Parameter = { mode: "value", type: i64 };
  const optional = wrap("optional", type);
  c.callees.push({ name: `${name}_some`, typeParams: [], params: [number], result: optional, lends: "none", cost: 15 });
  c.callees.push({ name: `${name}_one`, typeParams: [], params: [number, number], result: { kind: "result", first: type, second: string, name: `Result[${type.name}, String]` }, lends: "none", cost: 10 });
}

export function declareMain(c: Context, size: number): void {
  c.open("func main() {");
  c.cost = 0;
  c.rounds = 1;
  c.result = undefined;
  c.loopDepth = 0;
  c.scope.block(() => {
    for (let i = 0; i < size; i++) {
      // Such a statement at the outermost level could end the program early.
      statements(c, 1);
      if (c.random.once(3)) print(c);
    }
    c.scope.newStatement();
    for (const place of c.readable((type) => has(type, "Show"))) {
      if (!place.text.includes("[") && place.path === "" && c.scope.canRead(place.variable)) {
        c.scope.newStatement();
        c.scope.read(place.variable);
        c.line(`println(f"${place.text} = {${place.text}}")`);
      }
    }
  });
  c.close();
}

