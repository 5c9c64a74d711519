/** Which compiler this is: the hash of its sources, which `scripts/bundle.ts` puts in. A checkout, whose sources change, has none. */

export const compilerIdentity: string | undefined = undefined;
