/** The system's files, as far as builds need them. The bundle for Linux has `linuxFiles.ts` in this place. */

export { closeFile, createFile, linkStatusOf, openToRead, openToWrite, readInto, removeFile, renameFile, statusOf, writeFrom, type FileStatus } from "./nodeFiles.ts";

/** The bytes of the process's own memory, where they can be had. */
export const memoryAt: ((address: number, length: number) => Uint8Array<ArrayBuffer>) | undefined = undefined;
