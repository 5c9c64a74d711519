/** Symbols that a linker defines by custom, when somebody refers to them and nobody defines them: the ends of things. */
import type { OutputSection } from "./outputs.ts";

/** What is known once everything has its address. */
export interface Extents {
  readonly base: number;
  readonly end: number;
  readonly outputs: readonly OutputSection[];
  readonly address: Float64Array;
}

const byName: Readonly<Record<string, (e: Extents) => number>> = {
  __executable_start: (e) => e.base,
  __ehdr_start: (e) => e.base,
  etext: (e) => endOf(e, (s) => s.kind === "text"),
  _etext: (e) => endOf(e, (s) => s.kind === "text"),
  edata: (e) => endOf(e, (s) => s.kind === "data"),
  _edata: (e) => endOf(e, (s) => s.kind === "data"),
  __bss_start: (e) => startOf(e, (s) => s.kind === "bss"),
  end: (e) => e.end,
  _end: (e) => e.end,
};
/** `__init_array_start`, `__init_array_end` and so on: .init_array, .fini_array, .preinit_array. */
const arrayBound = /^__((?:pre)?init|fini)_array_(start|end)$/;
/** `__start_NAME` and `__stop_NAME`, where NAME is a section whose name is a C identifier. */
const sectionBound = /^__(start|stop)_([A-Za-z_]\w*)$/;

/** Whether the linker defines `name`. */
export function isProvided(name: string): boolean {
  return Object.hasOwn(byName, name) || (name.startsWith("__") && (arrayBound.test(name) || sectionBound.test(name)));
}

/** Its address; sections that aren't there are empty. */
export function providedAddress(name: string, extents: Extents): number {
  if (Object.hasOwn(byName, name)) return byName[name](extents);
  const array = arrayBound.exec(name);
  if (array !== null) return bound(extents, `.${array[1]}_array`, array[2] === "start");
  const section = sectionBound.exec(name);
  if (section !== null) return bound(extents, section[2], section[1] === "start");
  throw new Error(`link/provided.providedAddress: ${name}`);
}

function bound(e: Extents, section: string, start: boolean): number {
  return start ? startOf(e, (s) => s.name === section) : endOf(e, (s) => s.name === section);
}

function startOf(e: Extents, is: (s: OutputSection) => boolean): number {
  const i = e.outputs.findIndex(is);
  return i < 0 ? e.end : e.address[i];
}

function endOf(e: Extents, is: (s: OutputSection) => boolean): number {
  const i = e.outputs.findLastIndex(is);
  return i < 0 ? e.end : e.address[i] + e.outputs[i].size;
}
