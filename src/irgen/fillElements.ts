/** `[value; count]`. */

import type { TypeId } from "../check/types.ts";
import type { Value } from "../ir/function.ts";
import { Op } from "../ir/ops.ts";
import { Type } from "../ir/types.ts";
import type { Node } from "../syntax/ast.ts";
import { emit, emitInto } from "./dispatch.ts";
import type { Generator } from "./generator.ts";
import { forEachElement } from "./loopBlocks.ts";
import { Shape } from "./shape.ts";

/** `[value; count]`: evaluated once, stored everywhere. */
export function fillElements(g: Generator, value: Node, element: TypeId, count: number, pointer: Value, offset: number): void {
  const { b } = g;
  const size = g.layouts.size(element);
  const shape = g.shapes.of(element);
  if (shape === Shape.Memory) {
    if (count === 0) {
      emit(g, value);
      return;
    }
    emitInto(g, value, pointer, offset);
    if (!g.reachable) return;
    const first = g.addressAt(pointer, offset);
    const rest = b.f.int(Type.i64, count - 1);
    forEachElement(g, rest, (at) => {
      const bytes = b.emit(Op.mul, b.emit(Op.add, at, b.f.int(Type.i64, 1)), b.f.int(Type.i64, size));
      g.copyMemory(b.typed(Op["ptr.add"], Type.ptr, first, bytes), first, size);
    });
    return;
  }
  const item = emit(g, value);
  const second = g.second;
  if (!g.reachable || count === 0 || size === 0) return;
  const start = g.addressAt(pointer, offset);
  const byte = shape === Shape.Scalar ? repeatedByte(g, item, size) : undefined;
  if (byte !== undefined && size * count > 16) {
    g.usesMemory = true;
    b.typed(Op.fill, Type.void, start, b.f.int(Type.i8, byte), b.f.int(Type.i64, size * count));
    return;
  }
  if (count <= 8) {
    for (let i = 0; i < count; i++) g.storeValue(element, item, second, start, i * size);
    return;
  }
  forEachElement(g, b.f.int(Type.i64, count), (at) => {
    const place = b.typed(Op["ptr.add"], Type.ptr, start, b.emit(Op.mul, at, b.f.int(Type.i64, size)));
    g.storeValue(element, item, second, place, 0);
  });
}

/** The byte that a constant consists of, if all of its bytes are equal. */
function repeatedByte(g: Generator, v: Value, size: number): number | undefined {
  const { f } = g.b;
  if (!f.isConst(v) || size > 8) return undefined;
  const first = (f.a[v] as number) & 255;
  for (let i = 0; i < size; i++) if ((((i < 4 ? f.a[v] : f.b[v]) as number) >> (8 * (i & 3)) & 255) !== first) return undefined;
  return first;
}
