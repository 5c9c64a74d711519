import { expect, test } from "bun:test";
import { Diagnostics } from "../source/diagnostics.ts";
import { Interner } from "../source/interner.ts";
import { SourceMap } from "../source/sourceMap.ts";
import { Ast } from "./ast.ts";
import { parseFile } from "./parser.ts";
import { readReference } from "./reference.ts";

function reference(text: string): string {
  const ast = new Ast();
  const names = new Interner();
  const diagnostics = new Diagnostics();
  const file = new SourceMap().add("shapes.lang", new TextEncoder().encode(text));
  const root = parseFile(ast, names, file, diagnostics);
  expect(diagnostics.list).toEqual([]);
  return readReference(ast, names, file, root).markdown("shapes");
}

test("types with their public fields, methods, traits; functions; what is private is left out", () => {
  expect(reference(`// Shapes in the plane.

/// A circle. O(1) everything.
pub struct Circle: Copy {
    /// From the middle.
    pub radius f64
    secret i64
}

impl Circle {
    /// Its area.
    pub func area(&self) f64 { 3.0 * self.radius }
    pub func undocumented(&self) { }
    /// For its own module.
    func hidden(&self) { }
}
impl Show for Circle { func show(&self, out &mut Formatter) { } }

/// What has a size.
pub trait Sized { 
    /// In square metres.
    func size(&self) f64
}

struct Private { x i64 }
/// Adds
/// them up.
pub func total[T: Sized](
    a &T,
    b &T
) f64 { a.size() + b.size() }
func internal() { }
`)).toBe(`## shapes

Shapes in the plane.

### Circle

\`\`\`text
pub struct Circle: Copy {
    pub radius f64
}
\`\`\`

A circle. O(1) everything.

Implements \`Show\`.

**\`pub func area(&self) f64\`**

Its area.

### Sized

\`\`\`text
pub trait Sized
\`\`\`

What has a size.

**\`func size(&self) f64\`**

In square metres.

### Functions of shapes

**\`pub func total[T: Sized]( a &T, b &T ) f64\`**

Adds
them up.
`);
});

test("a file in which nothing is public has no reference", () => {
  expect(reference("func f() { }\n")).toBe("");
});

test("all implementations for a built-in type are listed, with their bounds; those of a private type are not", () => {
  const text = reference(`struct Own { x i64 }
impl Own {
    /// Hidden.
    func hidden(&self) i64 { self.x }
}
impl[T] []T {
    /// Whether it is empty.
    pub func is_empty(self) bool { self.len == 0 }
}
impl[T: Eq] []T {
    /// Whether it has it.
    pub func has(self, value &T) bool { false }
}
impl[T] []T {
    /// The first.
    pub func first(self) ?&T { None }
}
`);
  expect(text.match(/^###.*|^\*\*.*/gm)).toEqual([
    "### []T", "**`pub func is_empty(self) bool`**", "**`pub func first(self) ?&T`**",
    "### []T, T: Eq", "**`pub func has(self, value &T) bool`**",
  ]);
});
