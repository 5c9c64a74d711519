/** Loops: over ranges, counted, emptying a collection, with a value; and how they are left. */

import type { Context } from "./context.ts";
import { print, statements } from "./statements.ts";
import { bool, i64, isCopy, string } from "./types.ts";
import { value } from "./values.ts";

export function loop(c: Context): void {
  const { random, scope } = c;
  const rounds = random.between(1, 4);
  switch (random.between(0, 3)) {
    case 0: {
      const i = c.fresh("i");
      c.open(`for ${i} in ${random.pick([`0..${rounds}`, `1..=${rounds}`, `0..${rounds}`])} {`);
      c.inLoop(rounds, () => {
        scope.declare(i, i64);
        statements(c, random.between(1, 3));
      });
      c.close();
      return;
    }
    case 1: {
      const i = c.fresh("w");
      c.line(`var ${i} = 0`);
      c.open(`while ${i} < ${rounds} {`);
      c.line(`${i} += 1`);
      c.inLoop(rounds, () => {
        scope.declare(i, i64);
        if (!statements(c, random.between(1, 3))) leaving(c);
      });
      c.close();
      return;
    }
    case 2: {
      // A list or another collection is emptied.
      const found = c.changeable((type) => type.kind === "list" || type.kind === "heap" || type.kind === "deque").filter(({ variable }) => variable.depth === scope.depth);
      if (found.length === 0) return print(c);
      const place = random.pick(found);
      if (place.type.kind !== "list" && place.type.kind !== "heap" && place.type.kind !== "deque") return;
      const name = c.fresh("m");
      const pop = place.type.kind === "deque" ? random.pick(["pop_front", "pop_back"]) : "pop";
      scope.change(place.variable);
      c.open(`while let Some(${name}) = ${place.text}.${pop}() {`);
      const { item } = place.type;
      c.inLoop(4, () => {
        // It would grow again, or be borrowed when it is asked for the next.
        scope.hidden.add(place.variable);
        scope.declare(name, item);
        statements(c, random.between(1, 3));
        scope.hidden.delete(place.variable);
      });
      c.close();
      return;
    }
    default: {
      const name = c.fresh("v");
      const i = c.fresh("w");
      const type = random.pick([i64, string, c.anyType(1)]);
      c.line(`var ${i} = 0`);
      c.open(`let ${name} ${type.name} = loop {`);
      c.line(`${i} += 1`);
      c.inLoop(rounds, () => {
        const kept = c.loopDepth;
        // What leaves this loop has to bring a value.
        c.loopDepth = 0;
        statements(c, random.between(0, 2));
        c.scope.newStatement();
        c.line(`if ${i} >= ${rounds} { break ${value(c, type, 1)} }`);
        c.loopDepth = kept;
      });
      c.close();
      scope.declare(name, type);
    }
  }
}

/** A variable moves and the loop is left, or a round ends early. */
function leaving(c: Context): void {
  const { random, scope } = c;
  const found = scope.variables.filter((variable) => !isCopy(variable.type) && variable.type.kind !== "param" && scope.canMoveLeaving(variable));
  c.scope.newStatement();
  if (found.length > 0 && random.once(2)) {
    const variable = random.pick(found);
    const before = scope.snapshot();
    const condition = value(c, bool, 1);
    if (scope.canMoveLeaving(variable)) {
      c.line(`if ${condition} { consume(${variable.name}); break }`);
      scope.moveLeaving(variable);
    }
    else scope.merge([before, scope.snapshot()]);
  } else if (random.once(3)) c.line(`if ${value(c, bool, 1)} { ${random.pick(["break", "continue"])} }`);
}
