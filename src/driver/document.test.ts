import { expect, test } from "bun:test";
import { documentFiles } from "./document.ts";

/** The lines that tell of traits, file by file. */
function traitsOf(files: Readonly<Record<string, string>>): string[] {
  const { references } = documentFiles(Object.keys(files), (path) => ({ ok: true, bytes: new TextEncoder().encode(files[path] ?? "") }));
  return references.map(({ text }) => (text.match(/^Implements.*/gm) ?? []).join(" "));
}

test("the traits that another file gives a type are listed with the type", () => {
  expect(traitsOf({
    "circle.lang": "pub struct Circle { r f64 }\nimpl Drop for Circle { func drop(&mut self) { } }\n",
    "traits.lang": "impl Clone for Circle { func clone(&self) Circle { Circle { r: self.r } } }\nimpl[T] From[T] for Circle { func from(value T) Circle { Circle { r: 1.0 } } }\n",
  })).toEqual(["Implements `Drop`, `Clone`, `From[T]`.", ""]);
});

test("a private trait of another file is not, nor one of a type whose name two files declare", () => {
  expect(traitsOf({
    "circle.lang": "pub struct Circle { r f64 }\n",
    "private.lang": "trait Hidden { }\nimpl Hidden for Circle { }\n",
    "a.lang": "pub struct Twice { x i64 }\n",
    "b.lang": "pub struct Twice { x i64 }\nimpl Drop for Twice { func drop(&mut self) { } }\n",
    "c.lang": "impl Clone for Twice { func clone(&self) Twice { Twice { x: 1 } } }\n",
  })).toEqual(["", "", "", "Implements `Drop`.", ""]);
});
