/** The abbreviations of .debug_abbrev: DWARF 5, 7.5. */

import type { DwarfSection } from "./dwarfSection.ts";

const Tag = {
  arrayType: 0x01, enumerationType: 0x04, formalParameter: 0x05, lexicalBlock: 0x0b, member: 0x0d, pointerType: 0x0f, compileUnit: 0x11, structureType: 0x13, variant: 0x19,
  subrangeType: 0x21, baseType: 0x24, enumerator: 0x28, subprogram: 0x2e, variantPart: 0x33, variable: 0x34,
} as const;
const Attribute = {
  location: 0x02, name: 0x03, byteSize: 0x0b, statementList: 0x10, lowPc: 0x11, highPc: 0x12, language: 0x13, discriminant: 0x15, discriminantValue: 0x16, directory: 0x1b, constValue: 0x1c, producer: 0x25,
  count: 0x37, memberLocation: 0x38, declaredFile: 0x3a, declaredLine: 0x3b, encoding: 0x3e, frameBase: 0x40, type: 0x49, ranges: 0x55,
} as const;
const Form = { address: 0x01, data2: 0x05, data4: 0x06, string: 0x08, data1: 0x0b, udata: 0x0f, reference4: 0x13, sectionOffset: 0x17, expression: 0x18 } as const;

const code = [Attribute.lowPc, Form.address, Attribute.highPc, Form.data4] as const;
const named = [Attribute.name, Form.string] as const;
const sized = [Attribute.byteSize, Form.udata] as const;
const typed = [Attribute.type, Form.reference4] as const;
const placed = [Attribute.declaredFile, Form.udata, Attribute.declaredLine, Form.udata] as const;
const subprogram = [...named, ...code, Attribute.frameBase, Form.expression] as const;

/** Tag, has children, then attribute and form in turn. Numbers are given in this order, from 1. */
const rows = {
  compileUnit: [
    Tag.compileUnit, 1, Attribute.producer, Form.string, Attribute.language, Form.data2, Attribute.name, Form.string, Attribute.directory, Form.string,
    Attribute.lowPc, Form.address, Attribute.ranges, Form.sectionOffset, Attribute.statementList, Form.sectionOffset,
  ],
  function: [Tag.subprogram, 0, ...subprogram, ...placed],
  functionWithoutPlace: [Tag.subprogram, 0, ...subprogram],
  functionWithVariables: [Tag.subprogram, 1, ...subprogram, ...placed],
  parameter: [Tag.formalParameter, 0, ...named, ...typed, Attribute.location, Form.expression],
  variable: [Tag.variable, 0, ...named, ...typed, Attribute.location, Form.expression],
  block: [Tag.lexicalBlock, 1, ...code],
  blockInPieces: [Tag.lexicalBlock, 1, Attribute.ranges, Form.sectionOffset],
  baseType: [Tag.baseType, 0, ...named, Attribute.encoding, Form.data1, ...sized],
  pointer: [Tag.pointerType, 0, ...sized, ...typed],
  anyPointer: [Tag.pointerType, 0, ...sized],
  array: [Tag.arrayType, 1, ...typed],
  arrayLength: [Tag.subrangeType, 0, Attribute.count, Form.udata],
  struct: [Tag.structureType, 1, ...named, ...sized],
  emptyStruct: [Tag.structureType, 0, ...named, ...sized],
  member: [Tag.member, 0, ...named, ...typed, Attribute.memberLocation, Form.udata],
  variantPart: [Tag.variantPart, 1, Attribute.discriminant, Form.reference4],
  variant: [Tag.variant, 1, Attribute.discriminantValue, Form.udata],
  enumeration: [Tag.enumerationType, 1, ...named, ...sized],
  enumerator: [Tag.enumerator, 0, ...named, Attribute.constValue, Form.udata],
} as const satisfies Readonly<Record<string, readonly [tag: number, children: 0 | 1, ...pairs: number[]]>>;

type AbbreviationName = keyof typeof rows;
const names = Object.keys(rows) as AbbreviationName[];

/** The number by which .debug_info names each. */
export const Abbreviation = Object.fromEntries(names.map((name, i) => [name, i + 1])) as { readonly [N in AbbreviationName]: number };

/** Writes .debug_abbrev (DWARF 5, 7.5.3): a row for each entry that the others are made of. */
export function writeAbbreviations(out: DwarfSection): void {
  names.forEach((name, i) => {
    const [tag, children, ...pairs] = rows[name];
    out.unsigned(i + 1);
    out.unsigned(tag);
    out.u8(children);
    for (const number of pairs) out.unsigned(number);
    out.all([0, 0]);
  });
  out.u8(0);
}
