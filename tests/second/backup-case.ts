/** A small backup file, for the vectors. */
import { backupFile } from "./backup.ts";
import { bytesOf } from "./bytes.ts";

export function backupCase(fixed: (name: string, length: number) => Uint8Array) {
  const backup = {
    passphrase: "correct horse é ﬁ",
    memoryKib: 64,
    passes: 2,
    salt: fixed("backup salt", 16),
    nonce: fixed("backup nonce", 19),
    chunks: [bytesOf("what stands in the first chunk"), bytesOf("and in the last")],
  };
  return { ...backup, file: backupFile(backup) };
}
