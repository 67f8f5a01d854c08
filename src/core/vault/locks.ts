/**
 * Locks of the vault's key: it is sealed once under a key from the passphrase, once under one from the recovery code, and once under one
 * from a passkey, each by itself. None can be opened with what opens another.
 */
import { randomKey, openBytes, sealBytes, subkey } from "../crypto/at-rest.ts";
import { textToBytes } from "../codec/bytes.ts";
import type { VaultLock } from "../store/raw-tables.ts";
import type { Passkeys, StretchCost, StretchPassphrase } from "./ports.ts";
import { parseRecoveryCode } from "./recovery-code.ts";

/** What new locks cost: 64 MiB, three passes (RFC 9106, second recommendation). */
export const STRETCH_COST: StretchCost = { memoryKib: 65_536, passes: 3 };
/** A store that somebody changed must not make this device give up. */
const MAX_STRETCH_COST: StretchCost = { memoryKib: 1_048_576, passes: 64 };
const SALT_BYTES = 16;

/** What a person offers to open the vault. */
export type VaultSecret =
  | { readonly kind: "passphrase"; readonly text: string }
  | { readonly kind: "recovery"; readonly text: string }
  | { readonly kind: "passkey" };

export type LockAnswer =
  | { readonly kind: "opened"; readonly key: Uint8Array }
  /** Not what opens it. A recovery code that no device ever gave out is "malformed": a slip of the pen. */
  | { readonly kind: "wrong" | "malformed" | "cancelled" | "unsupported" };

/** A passkey that was made for the vault. */
export interface MadePasskey {
  readonly credential: Uint8Array;
  readonly salt: Uint8Array;
  readonly secret: Uint8Array;
}

export function newSalt(): Uint8Array {
  return randomKey().subarray(0, SALT_BYTES);
}

export async function lockWithPassphrase(
  key: Uint8Array,
  generation: number,
  passphrase: string,
  stretch: StretchPassphrase,
  cost: StretchCost,
): Promise<VaultLock> {
  const salt = newSalt();
  const lockKey = await stretch(passphraseBytes(passphrase), salt, cost);
  return { kind: "passphrase", salt, ...cost, sealed: sealBytes(lockKey, lockAad("passphrase", generation), key) };
}

export function lockWithRecovery(key: Uint8Array, generation: number, secret: Uint8Array): VaultLock {
  const salt = newSalt();
  const lockKey = subkey(secret, "kith/vault/recovery/1", salt);
  return { kind: "recovery", salt, sealed: sealBytes(lockKey, lockAad("recovery", generation), key) };
}

export function lockWithPasskey(
  key: Uint8Array,
  generation: number,
  { credential, salt, secret }: MadePasskey,
): VaultLock {
  const lockKey = subkey(secret, "kith/vault/passkey/1", salt);
  return { kind: "passkey", credential, salt, sealed: sealBytes(lockKey, lockAad("passkey", generation), key) };
}

/** Tries the lock of the secret's kind. */
export async function openLocks(
  locks: readonly VaultLock[],
  generation: number,
  secret: VaultSecret,
  stretch: StretchPassphrase,
  passkeys: Passkeys,
): Promise<LockAnswer> {
  for (const lock of locks) {
    if (lock.kind !== secret.kind) continue;
    const lockKey = await lockKeyOf(lock, secret, stretch, passkeys);
    if (!(lockKey instanceof Uint8Array)) return { kind: lockKey };
    const key = openBytes(lockKey, lockAad(lock.kind, generation), lock.sealed);
    return key === undefined ? { kind: "wrong" } : { kind: "opened", key };
  }
  return { kind: "wrong" };
}

async function lockKeyOf(
  lock: VaultLock,
  secret: VaultSecret,
  stretch: StretchPassphrase,
  passkeys: Passkeys,
): Promise<Uint8Array | "wrong" | "malformed" | "cancelled" | "unsupported"> {
  switch (lock.kind) {
    case "passphrase": {
      const { memoryKib, passes, salt } = lock;
      if (secret.kind !== "passphrase") return "wrong";
      if (memoryKib > MAX_STRETCH_COST.memoryKib || passes > MAX_STRETCH_COST.passes) return "wrong";
      return stretch(passphraseBytes(secret.text), salt, { memoryKib, passes });
    }
    case "recovery": {
      const code = secret.kind === "recovery" ? parseRecoveryCode(secret.text) : undefined;
      return code === undefined ? "malformed" : subkey(code, "kith/vault/recovery/1", lock.salt);
    }
    case "passkey": {
      const answer = await passkeys.ask(lock.credential, lock.salt);
      return answer.kind === "secret" ? subkey(answer.secret, "kith/vault/passkey/1", lock.salt) : answer.kind;
    }
  }
}

/** One text, however the keyboard composes it. */
function passphraseBytes(passphrase: string): Uint8Array {
  return textToBytes(passphrase.normalize("NFKC"));
}

function lockAad(kind: VaultLock["kind"], generation: number): Uint8Array {
  return textToBytes(JSON.stringify(["kith/vault/lock/1", kind, generation]));
}
