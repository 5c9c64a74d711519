/**
 * One function as LLVM text. Value v is %v…, its one-bit form (of comparisons) %c…, block b is %b…. Blocks are written first, so that it is
 * known from which label each edge comes (checks split blocks); then the phis that stand for block parameters.
 */

import { emptyList, ValueFlag, type Block, type Edge, type List, type SignatureId, type SymbolId, type Value } from "../../ir/function.ts";
import type { Signature } from "../../ir/module.ts";
import { Op, opNames } from "../../ir/ops.ts";
import { Type, isFloat, typeSize } from "../../ir/types.ts";
import { OperandText } from "./operandText.ts";
import { binary, checked, comparisons, conversions, intrinsics, shifts } from "./operations.ts";
import { conventionText, flat, functionType, globalName, resultAddress, resultText, signatureAt, skipsRegister, stackWords, typeText } from "./text.ts";

export class FunctionText extends OperandText {
  /** What is hardly ever run, behind the blocks. */
  private readonly cold: string[] = [];
  private label = "";
  /** By block: the phis' entries, per incoming edge. */
  private readonly incoming = new Map<Block, { readonly edge: Edge; readonly from: string }[]>();

  /** From the first label to the last instruction. */
  body(): string {
    const { f } = this;
    const bodies: string[][] = [];
    for (const block of f.order) {
      this.lines = [];
      this.label = `b${block}`;
      for (let v = f.firstOf(block); v !== 0; v = f.nextOf(v)) this.instruction(v);
      bodies.push(this.lines);
    }
    const text = ["entry:"];
    for (let slot = 0; slot < f.slotCount; slot++) {
      const shape = `[${f.slotSize[slot]} x i8]`;
      text.push(`  %s${slot}${this.context.typed ? ".all" : ""} = alloca ${shape}, align ${Math.max(1, f.slotAlignment[slot] as number)}`);
      if (this.context.typed) text.push(`  %s${slot} = bitcast ${shape}* %s${slot}.all to ptr`);
    }
    text.push(...this.stackParameters(), `  br label %b${f.order[0]}`);
    f.order.forEach((block, at) => text.push(`b${block}:`, ...this.phis(block, at === 0), ...(bodies[at] as string[])));
    return [...text, ...this.cold].join("\n");
  }

  /** What C passed on the stack comes as one block of words. */
  private stackParameters(): string[] {
    const signature = signatureAt(this.module, this.f.signature);
    const words = stackWords(signature);
    const first = signature.parameters.length - words;
    return Array.from({ length: words }, (_, i) => i).flatMap((i) => {
      const shape = `[${words} x i64]`;
      const at = this.context.typed ? "i64* " : "ptr ";
      return [`  %stack${i} = getelementptr ${shape}, ${this.context.typed ? `${shape}*` : "ptr"} %stack, i64 0, i64 ${i}`, `  %p${first + i} = load i64, ${at}%stack${i}`];
    });
  }

  private phis(block: Block, first: boolean): string[] {
    const { f } = this;
    const lines: string[] = [];
    const incoming = this.incoming.get(block) ?? [];
    let index = 0;
    for (let p = f.firstParam[block] as Value; p !== 0; p = f.nextOf(p), index++) {
      const entries = incoming.map(({ edge, from }) => `[ ${this.ref(f.edgeArg(edge, index))}, %${from} ]`);
      if (first) entries.unshift(`[ %p${index}, %entry ]`);
      lines.push(entries.length === 0 ? `  %v${p} = freeze ${typeText(f.typeOf(p))} undef` : `  %v${p} = phi ${typeText(f.typeOf(p))} ${entries.join(", ")}`);
    }
    return lines;
  }

  // ── instructions ──

  private instruction(v: Value): void {
    const { f } = this;
    const op = f.opOf(v);
    const name = opNames[op];
    if (name === undefined) throw new Error(`codegen/llvm/function.instruction: operation ${op}`);
    const a = f.arg0(v), b = f.arg1(v), c = f.arg2(v);
    const type = f.typeOf(v);
    const T = typeText(type);
    const flags = f.flags[v] as number;
    const word = binary[name] ?? shifts[name];
    if (word !== undefined) {
      if (type === Type.ptr) return this.onPointers(v, word);
      const wraps = op === Op.add || op === Op.sub || op === Op.mul ? `${(flags & ValueFlag.noUnsignedWrap) !== 0 ? "nuw " : ""}${(flags & ValueFlag.noSignedWrap) !== 0 ? "nsw " : ""}` : "";
      const right = shifts[name] === undefined ? this.as(b, type) : this.amount(b, type);
      return this.emit(`%v${v} = ${word} ${wraps}${T} ${this.as(a, type)}, ${right}`);
    }
    const predicate = comparisons[name];
    if (predicate !== undefined) {
      this.emit(`%c${v} = ${predicate} ${this.typed(a)}, ${this.as(b, f.typeOf(a))}`);
      return this.emit(`%v${v} = zext i1 %c${v} to i8`);
    }
    const intrinsic = intrinsics[name];
    if (intrinsic !== undefined) {
      if (op === Op.bswap && type === Type.i8) return this.emit(`%v${v} = or i8 ${this.ref(a)}, 0`);
      const operands = op === Op.fma ? [a, b, c] : op === Op.fcopysign ? [a, b] : [a];
      const target = this.intrinsic(`${intrinsic}.${suffix(type)}`, T, operands.map(() => T));
      return this.emit(`%v${v} = call ${T} ${target}(${operands.map((x) => this.typed(x)).join(", ")})`);
    }
    const conversion = conversions[name];
    if (conversion !== undefined) {
      if (type === f.typeOf(a)) return this.emit(`%v${v} = or ${this.typed(a)}, 0`);
      return this.emit(`%v${v} = ${conversion} ${this.typed(a)} to ${T}`);
    }
    const overflow = checked[name];
    if (overflow !== undefined) return this.checkedArithmetic(v, overflow, name.endsWith(".trap"));
    this.numbers(v, op, name);
  }

  /** Operations on numbers and pointers that take more than a row of operations.ts says. */
  private numbers(v: Value, op: Op, name: string): void {
    const { f } = this;
    const a = f.arg0(v), b = f.arg1(v), c = f.arg2(v);
    const type = f.typeOf(v);
    const T = typeText(type);
    switch (op) {
      case Op.smulh: case Op.umulh: {
        const width = 8 * (typeSize[type] as number);
        const [x, y, product, high] = [this.fresh(), this.fresh(), this.fresh(), this.fresh()];
        const extend = op === Op.smulh ? "sext" : "zext";
        this.emit(`${x} = ${extend} ${this.typed(a)} to i${2 * width}`);
        this.emit(`${y} = ${extend} ${this.typed(b)} to i${2 * width}`);
        this.emit(`${product} = mul i${2 * width} ${x}, ${y}`);
        this.emit(`${high} = lshr i${2 * width} ${product}, ${width}`);
        return this.emit(`%v${v} = trunc i${2 * width} ${high} to ${T}`);
      }
      case Op.rotl: case Op.rotr: {
        const target = this.intrinsic(`${op === Op.rotl ? "fshl" : "fshr"}.${suffix(type)}`, T, [T, T, T]);
        return this.emit(`%v${v} = call ${T} ${target}(${this.typed(a)}, ${this.typed(a)}, ${T} ${this.as(b, type)})`);
      }
      case Op.clz: case Op.ctz: {
        const target = this.intrinsic(`${op === Op.clz ? "ctlz" : "cttz"}.${suffix(type)}`, T, [T, "i1"]);
        return this.emit(`%v${v} = call ${T} ${target}(${this.typed(a)}, i1 false)`);
      }
      case Op["udiv.wide"]: { // of 128 bits LLVM would make a call of compiler-rt; targets without the instruction have a helper
        const halves = this.fresh();
        this.emit(`${halves} = call { i64, i64 } asm "div $4", "={ax},={dx},{ax},{dx},r,~{flags}"(${[a, b, c].map((x) => this.typed(x)).join(", ")})`);
        return this.emit(`%v${v} = extractvalue { i64, i64 } ${halves}, 0`);
      }
      case Op.fneg: return this.emit(`%v${v} = fneg ${this.typed(a)}`);
      case Op.ftos: case Op.ftou: {
        const from = typeText(f.typeOf(a));
        const target = this.intrinsic(`${op === Op.ftos ? "fptosi" : "fptoui"}.sat.${suffix(type)}.${suffix(f.typeOf(a))}`, T, [from]);
        return this.emit(`%v${v} = call ${T} ${target}(${this.typed(a)})`);
      }
      case Op.bitcast: {
        const given = f.typeOf(a);
        // Between a float and a pointer the bits go through a word.
        const isFar = (given === Type.ptr && isFloat(type)) || (type === Type.ptr && isFloat(given));
        const from = isFar ? Type.i64 : given;
        const word = from === type ? "bitcast" : from === Type.ptr ? "ptrtoint" : type === Type.ptr ? "inttoptr" : "bitcast";
        return this.emit(`%v${v} = ${word} ${typeText(from)} ${this.as(a, from)} to ${T}`);
      }
      case Op.select: return this.emit(`%v${v} = select i1 ${this.condition(a)}, ${T} ${this.as(b, type)}, ${T} ${this.as(c, type)}`);
      case Op["ptr.add"]: return this.emit(`%v${v} = getelementptr i8, ptr ${this.as(a, Type.ptr)}, i64 ${this.as(b, Type.i64)}`);
      default: return this.memory(v, op, name);
    }
  }

  /** Loads, stores, whole blocks of bytes, atomics. */
  private memory(v: Value, op: Op, name: string): void {
    const { f } = this;
    const a = f.arg0(v), b = f.arg1(v), c = f.arg2(v);
    const type = f.typeOf(v);
    const T = typeText(type);
    const flags = f.flags[v] as number;
    switch (op) {
      case Op.load: {
        const at = this.access(type, this.address(a, f.b[v] as number));
        const fact = type === Type.ptr && (flags & ValueFlag.nonnull) !== 0 ? ", !nonnull !1" : "";
        return this.emit(`%v${v} = load ${(flags & ValueFlag.volatile) !== 0 ? "volatile " : ""}${T}, ${at}, align 1${fact}`);
      }
      case Op.store: {
        const at = this.access(f.typeOf(a), this.address(b, f.c[v] as number));
        return this.emit(`store ${(flags & ValueFlag.volatile) !== 0 ? "volatile " : ""}${this.typed(a)}, ${at}, align 1`);
      }
      case Op.copy: case Op.move: {
        const target = this.intrinsic(`${op === Op.copy ? "memcpy" : "memmove"}.p0.p0.i64`, "void", ["ptr", "ptr", "i64", "i1 immarg"]);
        return this.emit(`call void ${target}(ptr ${this.as(a, Type.ptr)}, ptr ${this.as(b, Type.ptr)}, i64 ${this.as(c, Type.i64)}, i1 false)`);
      }
      case Op.fill: {
        const target = this.intrinsic("memset.p0.i64", "void", ["ptr", "i8", "i64", "i1 immarg"]);
        return this.emit(`call void ${target}(ptr ${this.as(a, Type.ptr)}, i8 ${this.as(b, Type.i8)}, i64 ${this.as(c, Type.i64)}, i1 false)`);
      }
      case Op["atomic.load"]: return this.emit(`%v${v} = load atomic ${T}, ${this.access(type, this.as(a, Type.ptr))} seq_cst, align ${typeSize[type]}`);
      case Op["atomic.store"]: return this.emit(`store atomic ${this.typed(a)}, ${this.access(f.typeOf(a), this.as(b, Type.ptr))} seq_cst, align ${typeSize[f.typeOf(a)]}`);
      case Op["atomic.add"]: return this.emit(`%v${v} = atomicrmw add ${this.access(type, this.as(a, Type.ptr))}, ${T} ${this.as(b, type)} seq_cst`);
      case Op["atomic.swap"]: {
        if (type !== Type.ptr) return this.emit(`%v${v} = atomicrmw xchg ${this.access(type, this.as(a, Type.ptr))}, ${T} ${this.as(b, type)} seq_cst`);
        // LLVM 14 exchanges no pointers.
        const old = this.fresh();
        this.emit(`${old} = atomicrmw xchg ${this.access(Type.i64, this.as(a, Type.ptr))}, i64 ${this.as(b, Type.i64)} seq_cst`);
        return this.emit(`%v${v} = inttoptr i64 ${old} to ptr`);
      }
      case Op["atomic.cas"]: {
        this.emit(`%r${v} = cmpxchg ${this.access(type, this.as(a, Type.ptr))}, ${T} ${this.as(b, type)}, ${T} ${this.as(c, type)} seq_cst seq_cst`);
        return this.emit(`%v${v} = extractvalue { ${T}, i1 } %r${v}, 0`);
      }
      case Op.fence: return this.emit("fence seq_cst");
      default: return this.calls(v, op, name);
    }
  }

  /** Calls, system calls, checks. */
  private calls(v: Value, op: Op, name: string): void {
    const { f } = this;
    switch (op) {
      case Op.call: {
        const symbol = f.a[v] as SymbolId;
        this.tellCaller(v, symbol);
        return this.call(v, this.module.signatureOf(symbol), globalName(this.module.nameOf(symbol)), f.b[v] as List);
      }
      case Op["call.indirect"]: {
        const signature = signatureAt(this.module, f.c[v] as SignatureId);
        let target = this.as(f.arg0(v), Type.ptr);
        if (this.context.typed) {
          const pointer = target;
          target = this.fresh();
          this.emit(`${target} = bitcast ptr ${pointer} to ${functionType(signature, this.context.typed)}*`);
        }
        return this.call(v, signature, target, f.b[v] as List);
      }
      case Op.result: {
        const call = f.arg0(v);
        const id = (f.opOf(call) === Op.call ? this.module.functionSignatures[f.a[call] as number] : f.c[call]) as SignatureId;
        return this.emit(`%v${v} = extractvalue ${resultText(signatureAt(this.module, id))} %r${call}, ${f.b[v]}`);
      }
      case Op.syscall: {
        const items = this.items(f.b[v] as List);
        const { instruction, result, registers, clobbers } = this.context.platform.systemCall;
        const constraints = [`={${result}}`, ...registers.slice(0, items.length).map((register) => `{${register}}`), ...clobbers.map((name) => `~{${name}}`)];
        return this.emit(`%v${v} = call i64 asm sideeffect "${instruction}", "${constraints.join(",")}"(${items.map((item) => `i64 ${this.as(item, Type.i64)}`).join(", ")})`);
      }
      case Op["frame.address"]: return this.emit(`%v${v} = getelementptr i8, ptr @lang.frame, i64 0`);
      case Op["trap.if"]: return this.check(v, this.condition(f.arg0(v)), f.b[v] as number, f.c[v] as List);
      default: return this.terminator(v, op, name);
    }
  }

  private amount(b: Value, type: Type): string {
    const width = 8 * (typeSize[type] as number);
    const { f } = this;
    if (f.isConst(b) && f.bigOf(b) >= 0n && f.bigOf(b) < BigInt(width)) return this.as(b, type);
    const to = this.fresh();
    this.emit(`${to} = and ${typeText(type)} ${this.as(b, type)}, ${width - 1}`);
    return to;
  }

  private onPointers(v: Value, word: string): void {
    const to = this.fresh();
    this.emit(`${to} = ${word} i64 ${this.as(this.f.arg0(v), Type.i64)}, ${this.as(this.f.arg1(v), Type.i64)}`);
    this.emit(`%v${v} = inttoptr i64 ${to} to ptr`);
  }

  private checkedArithmetic(v: Value, name: string, trap: boolean): void {
    const { f } = this;
    const type = f.typeOf(f.arg0(v));
    const T = typeText(type);
    const target = this.intrinsic(`${name}.with.overflow.${suffix(type)}`, `{ ${T}, i1 }`, [T, T]);
    this.emit(`%r${v} = call { ${T}, i1 } ${target}(${this.typed(f.arg0(v))}, ${T} ${this.as(f.arg1(v), type)})`);
    this.emit(`%c${v} = extractvalue { ${T}, i1 } %r${v}, 1`);
    if (!trap) return this.emit(`%v${v} = zext i1 %c${v} to i8`);
    this.check(v, `%c${v}`, f.c[v] as number, emptyList);
    this.emit(`%v${v} = extractvalue { ${T}, i1 } %r${v}, 0`);
  }

  /** A branch to the panic, which lies behind the function's code. */
  private check(v: Value, condition: string, code: number, operands: List): void {
    const n = this.labels++;
    this.emit(`br i1 ${condition}, label %panic${n}, label %go${n}, !prof !0`);
    const { lines } = this;
    this.lines = [];
    this.panic(v, code, operands);
    this.cold.push(`panic${n}:`, ...this.lines);
    this.lines = lines;
    this.lines.push(`go${n}:`);
    this.label = `go${n}`;
  }

  private panic(v: Value, code: number, operands: List): void {
    const { module } = this;
    const handler = module.traps[code]?.handler;
    if (handler === undefined) this.emit(`call void ${this.intrinsic("trap", "void", [])}()`);
    else {
      const signature = module.signatureOf(handler);
      const items = this.items(operands);
      this.tellPlace(v);
      const args = flat(signature.parameters).map((type, i) => `${typeText(type)} ${items[i] === undefined ? "undef" : this.as(items[i] as Value, type)}`);
      this.emit(`call ${conventionText(signature)}${resultText(signature)} ${globalName(module.nameOf(handler))}(${args.join(", ")}) cold noreturn`);
    }
    this.emit("unreachable");
  }

  private tellPlace(v: Value): void {
    this.emit(`store ptr ${this.site(v)}, ${this.access(Type.ptr, "@lang.frame")}, align 8`);
    if (this.context.ownCode) this.emit(`store ptr null, ${this.access(Type.ptr, callerWord)}, align 8`);
  }

  private tellCaller(v: Value, callee: number): void {
    if (this.context.asksForCaller.has(callee)) this.tellPlace(v);
    else if (this.context.ownCode && this.context.toldOfCaller.has(callee)) this.emit(`store ptr ${this.site(v)}, ${this.access(Type.ptr, callerWord)}, align 8`);
  }

  private site(v: Value): string {
    return this.context.sites.add(this.f.position[v] as number, this.f.site[v] as number);
  }

  private call(v: Value, signature: Signature, target: string, list: List): void {
    const parameters = flat(signature.parameters);
    const args = this.items(list).flatMap((item, i) => {
      const type = parameters[i] ?? this.f.typeOf(item);
      return [...(skipsRegister(signature, i) ? ["i64 undef"] : []), `${typeText(type)} ${resultAddress(signature, i)}${this.as(item, type)}`];
    });
    const words = stackWords(signature);
    const saved = words > 0 ? this.stackArguments(args.splice(args.length - words)) : undefined;
    if (saved !== undefined) args.push(saved.argument);
    const result = resultText(signature);
    const flags = this.f.flags[v] as number;
    const several = flat(signature.results).length > 1;
    const fact = this.f.typeOf(v) === Type.ptr && !several && (flags & ValueFlag.nonnull) !== 0 ? "nonnull " : "";
    const shape = signature.variadic ? functionType(signature, this.context.typed) : result;
    const name = result === "void" ? "" : several ? `%r${v} = ` : `%v${v} = `;
    this.emit(`${name}call ${conventionText(signature)}${fact}${shape} ${target}(${args.join(", ")})${(flags & ValueFlag.noreturn) !== 0 ? " noreturn" : ""}`);
    if (several) this.emit(`%v${v} = extractvalue ${result} %r${v}, 0`);
    if (saved !== undefined) this.emit(`call void ${this.intrinsic("stackrestore", "void", ["ptr"])}(ptr ${saved.stack})`);
  }

  /** Lays out the words that C gets on the stack; LLVM copies them to their place. */
  private stackArguments(words: readonly string[]): { readonly argument: string; readonly stack: string } {
    const stack = this.fresh();
    this.emit(`${stack} = call ptr ${this.intrinsic("stacksave", "ptr", [])}()`);
    const shape = `[${words.length} x i64]`;
    const pointer = this.context.typed ? `${shape}*` : "ptr";
    const block = this.fresh();
    this.emit(`${block} = alloca ${shape}, align 16`);
    words.forEach((word, i) => {
      const at = this.fresh();
      this.emit(`${at} = getelementptr ${shape}, ${pointer} ${block}, i64 0, i64 ${i}`);
      this.emit(`store ${word}, ${this.context.typed ? "i64*" : "ptr"} ${at}`);
    });
    return { argument: `${pointer} byval(${shape}) align 8 ${block}`, stack };
  }

  // ── ends of blocks ──

  private terminator(v: Value, op: Op, name: string): void {
    const { f } = this;
    switch (op) {
      case Op.jump: {
        const [to] = this.targets([f.a[v] as Edge]);
        return this.emit(`br label %${to}`);
      }
      case Op.branch: {
        const condition = this.condition(f.arg0(v));
        const [then, otherwise] = this.targets([f.b[v] as Edge, f.c[v] as Edge]);
        return this.emit(`br i1 ${condition}, label %${then}, label %${otherwise}`);
      }
      case Op.switch: {
        const type = typeText(f.typeOf(f.arg0(v)));
        const count = f.switchCount(v);
        const targets = this.targets([...Array.from({ length: count }, (_, i) => f.switchEdge(v, i)), f.c[v] as Edge]);
        const cases = Array.from({ length: count }, (_, i) => `${type} ${(BigInt(f.switchHigh(v, i)) << 32n) | BigInt(f.switchLow(v, i) >>> 0)}, label %${targets[i]}`);
        return this.emit(`switch ${this.typed(f.arg0(v))}, label %${targets[count]} [ ${cases.join(" ")} ]`);
      }
      case Op.return: {
        const results = flat(signatureAt(this.module, f.signature).results);
        const items = this.items(f.a[v] as List);
        if (results.length === 0) return this.emit("ret void");
        if (results.length === 1) return this.emit(`ret ${typeText(results[0] as Type)} ${this.as(items[0] as Value, results[0] as Type)}`);
        const shape = `{ ${results.map(typeText).join(", ")} }`;
        let whole = "undef";
        results.forEach((type, i) => {
          const value = this.as(items[i] as Value, type);
          const to = this.fresh();
          this.emit(`${to} = insertvalue ${shape} ${whole}, ${typeText(type)} ${value}, ${i}`);
          whole = to;
        });
        return this.emit(`ret ${shape} ${whole}`);
      }
      case Op.trap: return this.panic(v, f.a[v] as number, f.b[v] as List);
      case Op.unreachable: return this.emit("unreachable");
      default: throw new Error(`codegen/llvm/function.terminator: operation ${name}`);
    }
  }

  /** Labels to jump to. Two edges to one block with different arguments need a block of their own each: a phi asks whence, not how. */
  private targets(edges: readonly Edge[]): string[] {
    const { f } = this;
    return edges.map((edge) => {
      const block = f.edgeBlock(edge);
      const incoming = this.incoming.get(block) ?? [];
      this.incoming.set(block, incoming);
      if (f.firstParam[block] === 0 || edges.every((other) => other === edge || f.edgeBlock(other) !== block)) {
        incoming.push({ edge, from: this.label });
        return `b${block}`;
      }
      const label = `edge${this.labels++}`;
      this.cold.push(`${label}:`, `  br label %b${block}`);
      incoming.push({ edge, from: label });
      return label;
    });
  }
}

/** Where the program's own code says from where it called the library. */
const callerWord = "getelementptr (i8, ptr @lang.frame, i64 8)";

function suffix(type: Type): string {
  return type === Type.f32 ? "f32" : type === Type.f64 ? "f64" : typeText(type);
}
