/** Rules of `simplify` for integer arithmetic, plain and checked. A constant operand stands on the right. */

import { noValue, type IrFunction, type Value } from "../ir/function.ts";
import { fold } from "../ir/fold.ts";
import { Op } from "../ir/ops.ts";
import { Type, typeSize } from "../ir/types.ts";
import { rotation } from "./rotations.ts";
import { become, isAllOnes, isOne, isTruth, isZero, powerOfTwo } from "./rule.ts";

/** A value that the operation `v` on `a` and `b` equals, `v` itself if it was changed in place, `noValue` if no rule fits. */
export function integerRules(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  const type = f.typeOf(v);
  const width = 8 * (typeSize[type] as number);
  switch (op) {
    case Op.add:
      if (isZero(f, b)) return a;
      return f.isConst(b) ? reassociate(f, v, op, a, b) : rotation(f, v, op, a, b);
    case Op.sub:
      if (isZero(f, b)) return a;
      if (a === b) return f.int(type, 0);
      // Subtracting a constant is adding its negation; the flags of wrapping do not carry over.
      if (f.isConst(b) && f.flags[v] === 0) return become(v, Op.add, a, fold(f, Op.sub, type, f.int(type, 0), b));
      if (f.op[a] === Op.add && f.arg1(a) === b) return f.arg0(a);
      if (f.op[a] === Op.add && f.arg0(a) === b) return f.arg1(a);
      return noValue;
    case Op.mul: {
      if (isZero(f, b)) return b;
      if (isOne(f, b)) return a;
      if (isAllOnes(f, b)) return become(v, Op.sub, f.int(type, 0), a);
      const shift = powerOfTwo(f, b, width);
      return shift > 0 ? become(v, Op.shl, a, f.int(type, shift)) : reassociate(f, v, op, a, b);
    }
    case Op.and:
      if (isZero(f, b)) return b;
      if (isAllOnes(f, b) || a === b) return a;
      if (isOne(f, b) && type === Type.i8 && isTruth(f, a)) return a;
      return maskOfExtension(f, a, b) ? a : reassociate(f, v, op, a, b);
    case Op.or:
      if (isZero(f, b) || a === b) return a;
      if (isAllOnes(f, b)) return b;
      return f.isConst(b) ? reassociate(f, v, op, a, b) : rotation(f, v, op, a, b);
    case Op.xor:
      if (isZero(f, b)) return a;
      if (a === b) return f.int(type, 0);
      return f.isConst(b) ? reassociate(f, v, op, a, b) : rotation(f, v, op, a, b);
    case Op.shl:
    case Op.lshr:
    case Op.ashr:
    case Op.rotl:
    case Op.rotr:
      if (isZero(f, a)) return a;
      if (!f.isConst(b)) return noValue;
      if (((f.a[b] as number) & (width - 1)) === 0) return a;
      return op === Op.shl || op === Op.lshr ? shiftTwice(f, v, op, a, (f.a[b] as number) & (width - 1), width) : noValue;
    case Op.udiv: {
      if (isOne(f, b)) return a;
      const shift = powerOfTwo(f, b, width);
      return shift > 0 ? become(v, Op.lshr, a, f.int(type, shift)) : noValue;
    }
    case Op.urem: {
      if (isOne(f, b)) return f.int(type, 0);
      return powerOfTwo(f, b, width) > 0 ? become(v, Op.and, a, fold(f, Op.sub, type, b, f.int(type, 1))) : noValue;
    }
    case Op.sdiv: return isOne(f, b) ? a : noValue;
    case Op.srem: return isOne(f, b) ? f.int(type, 0) : noValue;
    case Op["sadd.trap"]:
    case Op["uadd.trap"]:
    case Op["ssub.trap"]:
    case Op["usub.trap"]:
      if (isZero(f, b)) return a;
      if (a === b && (op === Op["ssub.trap"] || op === Op["usub.trap"])) return f.int(type, 0);
      return noValue;
    case Op["smul.trap"]:
    case Op["umul.trap"]:
      if (isZero(f, b)) return b;
      if (isOne(f, b)) return a;
      // A sum overflows where the double does, and is cheaper to check.
      if (powerOfTwo(f, b, width) === 1) return become(v, op === Op["smul.trap"] ? Op["sadd.trap"] : Op["uadd.trap"], a, a);
      return noValue;
    case Op.bswap: return f.op[a] === Op.bswap ? f.arg0(a) : noValue;
    default: return noValue;
  }
}

/** (x << c1) << c2 is x << c1 + c2. */
function shiftTwice(f: IrFunction, v: Value, op: Op, a: Value, by: number, width: number): Value {
  if (f.op[a] !== op || !f.isConst(f.arg1(a)) || f.flags[v] !== 0 || width > 64) return noValue;
  const together = ((f.a[f.arg1(a)] as number) & (width - 1)) + by;
  return together < width ? become(v, op, f.arg0(a), f.int(f.typeOf(v), together)) : f.int(f.typeOf(v), 0);
}

/** (x op c1) op c2 is x op (c1 op c2) for these, which wrap. */
function reassociate(f: IrFunction, v: Value, op: Op, a: Value, b: Value): Value {
  if (!f.isConst(b) || f.op[a] !== op || !f.isConst(f.arg1(a)) || f.flags[v] !== 0) return noValue;
  const joined = fold(f, op, f.typeOf(v), f.arg1(a), b);
  return joined === noValue ? noValue : become(v, op, f.arg0(a), joined);
}

/** Whether a mask keeps all bits that a zero-extended value can have. */
function maskOfExtension(f: IrFunction, a: Value, mask: Value): boolean {
  if (f.op[a] !== Op.zext || !f.isConst(mask)) return false;
  const size = typeSize[f.typeOf(f.arg0(a))] as number;
  const kept = size >= 4 ? -1 : (1 << (8 * size)) - 1;
  return size <= 4 && ((f.a[mask] as number) & kept) === kept;
}
