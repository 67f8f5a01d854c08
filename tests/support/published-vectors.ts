/** The files of tests/vectors. */
import { readFile } from "node:fs/promises";

export interface Vector {
  readonly tcId: number;
  readonly comment?: string;
  readonly result: "valid" | "invalid" | "acceptable";
}

/** A file of Wycheproof. */
export interface Vectors<Group, Test> {
  readonly numberOfTests: number;
  readonly testGroups: readonly (Group & { readonly tests: readonly (Vector & Test)[] })[];
}

export async function readVectors<File>(name: string): Promise<File> {
  return JSON.parse(await readFile(new URL(`../vectors/${name}`, import.meta.url), "utf8")) as File;
}

export const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
