/** The cryptographic extension: Arm ARM C4.1.96. */

const aes = (name: string, opcode: string): string => `0100 1110 0010 1000 ${opcode} 10 rn:5 rd:5 | ${name} Vd.16b, Vn.16b | +aes`;
const three = (opcode: string, text: string): string => `0101 1110 000 rm:5 0 ${opcode} 00 rn:5 rd:5 | ${text} | +sha2`;
const two = (opcode: string, text: string): string => `0101 1110 0010 1000 ${opcode} 10 rn:5 rd:5 | ${text} | +sha2`;

/** The rows; made when first asked for. */
export function cryptoRows(): Readonly<Record<string, string>> {
  return {
    aese: aes("aese", "0100"), aesd: aes("aesd", "0101"), aesmc: aes("aesmc", "0110"), aesimc: aes("aesimc", "0111"),
    pmull_1q: "0 0 0 01110 11 1 rm:5 1110 00 rn:5 rd:5 | pmull Vd.1q, Vn.1d, Vm.1d | +aes", pmull2_1q: "0 1 0 01110 11 1 rm:5 1110 00 rn:5 rd:5 | pmull2 Vd.1q, Vn.2d, Vm.2d | +aes",
    sha1c: three("000", "sha1c Qd, Sn, Vm.4s"), sha1p: three("001", "sha1p Qd, Sn, Vm.4s"), sha1m: three("010", "sha1m Qd, Sn, Vm.4s"), sha1su0: three("011", "sha1su0 Vd.4s, Vn.4s, Vm.4s"),
    sha256h: three("100", "sha256h Qd, Qn, Vm.4s"), sha256h2: three("101", "sha256h2 Qd, Qn, Vm.4s"), sha256su1: three("110", "sha256su1 Vd.4s, Vn.4s, Vm.4s"),
    sha1h: two("0000", "sha1h Sd, Sn"), sha1su1: two("0001", "sha1su1 Vd.4s, Vn.4s"), sha256su0: two("0010", "sha256su0 Vd.4s, Vn.4s"),
  };
}
