/** A backup file: *Backup*. Argon2id is OpenSSL's; XChaCha20's HChaCha20 (draft-irtf-cfrg-xchacha, 2.2) is written out. */
import { argon2Sync } from "node:crypto";
import { bytesOf, join, number, type Part } from "./bytes.ts";
import { encrypt, expand, sha256 } from "./primitives.ts";

const CONSTANTS = "expand 32-byte k";
const DOUBLE_ROUNDS = 10;
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function quarterRound(state: DataView, [a, b, c, d]: readonly [number, number, number, number]): void {
  const word = (index: number): number => state.getUint32(index * 4, true);
  const step = (to: number, from: number, turned: number, bits: number): void => {
    state.setUint32(to * 4, (word(to) + word(from)) >>> 0, true);
    const mixed = word(turned) ^ word(to);
    state.setUint32(turned * 4, ((mixed << bits) | (mixed >>> (32 - bits))) >>> 0, true);
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}

function hChaCha20(key: Uint8Array, nonce: Uint8Array): Uint8Array {
  const bytes = join(CONSTANTS, key, nonce);
  const state = new DataView(bytes.buffer, bytes.byteOffset);
  for (let round = 0; round < DOUBLE_ROUNDS; round += 1) {
    for (const quarter of QUARTERS) quarterRound(state, quarter);
  }
  return join(bytes.subarray(0, 16), bytes.subarray(48));
}

function xEncrypt(key: Uint8Array, nonce: Uint8Array, aad: Part, content: Uint8Array): Uint8Array {
  return encrypt(hChaCha20(key, nonce.subarray(0, 16)), join(number(0, 4), nonce.subarray(16)), aad, content);
}

export type SecondBackup = {
  readonly passphrase: string;
  readonly memoryKib: number;
  readonly passes: number;
  /** 16 bytes. */
  readonly salt: Uint8Array;
  /** 19 bytes. */
  readonly nonce: Uint8Array;
  readonly chunks: readonly Uint8Array[];
};

export function backupFile({ passphrase, memoryKib, passes, salt, nonce, chunks }: SecondBackup): Uint8Array {
  const message = bytesOf(passphrase.normalize("NFKC"));
  const stretched = argon2Sync("argon2id", {
    message,
    nonce: salt,
    parallelism: 1,
    tagLength: 32,
    memory: memoryKib,
    passes,
  });
  const k = new Uint8Array(stretched);
  const key = expand(k, bytesOf("kith/backup/key/1"), 32);
  const check = expand(k, bytesOf("kith/backup/check/1"), 16);
  const summed = join("KITHBKUP", number(1, 1), number(memoryKib, 4), number(passes, 1), salt, nonce, check);
  const header = join(summed, sha256(summed).slice(0, 8));
  const sealed = chunks.map((chunk, index) => {
    const isLast = index === chunks.length - 1;
    return xEncrypt(key, join(nonce, number(index, 4), number(isLast ? 1 : 0, 1)), header, chunk);
  });
  return join(header, ...sealed.map((chunk) => join(number(chunk.length, 4), chunk)));
}
