/** A vault of a test: its passphrases are stretched by one hash instead of for a second, and its passkeys answer at once. */
import { macOf, randomKey } from "../../src/core/crypto/at-rest.ts";
import type { Clock } from "../../src/core/clock.ts";
import { textToBytes } from "../../src/core/codec/bytes.ts";
import type { RawTables } from "../../src/core/store/raw-tables.ts";
import type { Store } from "../../src/core/store/store.ts";
import type { VaultSecret } from "../../src/core/vault/locks.ts";
import type { PasskeyAnswer, Passkeys } from "../../src/core/vault/ports.ts";
import { createVault, type LockedVault, type Vault } from "../../src/core/vault/vault.ts";
import { withAnyRows, type AnyStore } from "../contract/any-rows.ts";

export const PASSPHRASE = "correct horse battery staple";

export class FakePasskeys implements Passkeys {
  isCancelled = false;
  readonly #secret = randomKey();
  readonly #credential = randomKey();

  async isOffered(): Promise<boolean> {
    return true;
  }

  create(salt: Uint8Array): Promise<PasskeyAnswer> {
    return this.ask(this.#credential, salt);
  }

  async ask(credential: Uint8Array, salt: Uint8Array): Promise<PasskeyAnswer> {
    if (this.isCancelled) return { kind: "cancelled" };
    return { kind: "secret", credential, secret: macOf(this.#secret, salt) };
  }
}

export function testVault({ clock, passkeys }: { readonly clock: Clock; readonly passkeys: Passkeys }): Vault {
  return createVault({
    clock,
    passkeys,
    stretch: async (passphrase, salt, { memoryKib, passes }) =>
      macOf(salt, new Uint8Array([...passphrase, ...textToBytes(`${memoryKib} ${passes}`)])),
    onTrouble: () => undefined,
  });
}

export async function openDevice(
  vault: Vault,
  raw: Store<RawTables>,
  ask: (locked: LockedVault) => Promise<void> = () => Promise.reject(new Error("asked for a secret")),
): Promise<AnyStore> {
  return withAnyRows(await vault.open(raw, ask));
}

export function unlockWith(secret: VaultSecret): (locked: LockedVault) => Promise<void> {
  return async (locked) => {
    const result = await locked.unlock(secret);
    if (result !== "unlocked") throw new Error(`not unlocked: ${result}`);
  };
}
