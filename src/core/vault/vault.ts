/**
 * The vault: which key the store's rows are sealed under, and who can get at it (PROTOCOL, At rest). Unprotected, the key lies beside the
 * rows; protecting makes a new one that lies only under locks, and seals everything anew.
 */
import type { Clock } from "../clock.ts";
import { randomKey } from "../crypto/at-rest.ts";
import { type Store, StoreClosedError, StoreFailedError, StoreFullError } from "../store/store.ts";
import type { RawTables, VaultLock, VaultRow } from "../store/raw-tables.ts";
import {
  lockWithPasskey,
  lockWithPassphrase,
  lockWithRecovery,
  type MadePasskey,
  newSalt,
  openLocks,
  STRETCH_COST,
  type VaultSecret,
} from "./locks.ts";
import { moveRows } from "./moving.ts";
import type { Passkeys, StretchCost, StretchPassphrase } from "./ports.ts";
import { formatRecoveryCode, RECOVERY_BYTES } from "./recovery-code.ts";
import type { RowSealer } from "./row-sealer.ts";
import { keysOf, nextRow, type OpenKey, readOrFound, VAULT_KEY } from "./vault-record.ts";
import type { VaultKeys } from "./vault-transaction.ts";
import { createVaultStore, type VaultStore } from "./vault-store.ts";

const MOVE_RETRY_MS = 30_000;

export interface VaultView {
  readonly isProtected: boolean;
  readonly hasPasskey: boolean;
  /** What was stored before is still being sealed anew. */
  readonly isMoving: boolean;
}

export type UnlockResult = "unlocked" | "wrong" | "malformed" | "cancelled" | "unsupported";

/** A vault whose key nobody has given yet. */
export interface LockedVault {
  readonly hasPasskey: boolean;
  unlock(secret: VaultSecret): Promise<UnlockResult>;
}

export interface Protecting {
  readonly passphrase: string;
  readonly passkey?: MadePasskey;
}

export type PasskeyMade =
  { readonly kind: "made"; readonly passkey: MadePasskey } | { readonly kind: "cancelled" | "unsupported" };

export interface VaultParts {
  readonly clock: Clock;
  readonly stretch: StretchPassphrase;
  readonly passkeys: Passkeys;
  /** What new passphrase locks cost. */
  readonly cost?: StretchCost;
  /** Told about errors that nobody awaits. */
  readonly onTrouble: (error: unknown) => void;
}

export interface Vault {
  /** Undefined until it was opened. */
  view(): VaultView | undefined;
  onChange(listener: () => void): () => void;
  /**
   * Opens the store over `raw`, which must not be used past it. If it is locked, `ask` is called and must resolve once its
   * `unlock` has resolved with "unlocked". Rejects with the store's errors.
   */
  open(raw: Store<RawTables>, ask: (locked: LockedVault) => Promise<void>): Promise<Store>;
  isPasskeyOffered(): Promise<boolean>;
  makePasskey(): Promise<PasskeyMade>;
  /** Resolves with the recovery code once the new key is in use; what was stored before follows in the background. */
  protect(how: Protecting): Promise<string>;
  changePassphrase(passphrase: string): Promise<void>;
  /** A new key that lies in clear; what was stored before follows in the background. */
  removeProtection(): Promise<void>;
}

export function createVault(parts: VaultParts): Vault {
  return new KeyVault(parts);
}

class KeyVault implements Vault {
  readonly #parts: VaultParts;
  readonly #listeners = new Set<() => void>();
  #raw: Store<RawTables> | undefined;
  #store: VaultStore | undefined;
  #key: OpenKey | undefined;
  #moving: Promise<void> = Promise.resolve();

  constructor(parts: VaultParts) {
    this.#parts = parts;
  }

  view(): VaultView | undefined {
    if (this.#key === undefined) return undefined;
    const { key, previous } = this.#key.row;
    return {
      isProtected: key.kind === "locked",
      hasPasskey: key.kind === "locked" && key.locks.some((lock) => lock.kind === "passkey"),
      isMoving: previous !== undefined,
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async open(raw: Store<RawTables>, ask: (locked: LockedVault) => Promise<void>): Promise<Store> {
    this.#raw = raw;
    const row = await readOrFound(raw);
    this.#key =
      row.key.kind === "clear" ? { bytes: row.key.bytes, row } : await this.#unlocked(row, row.key.locks, ask);
    const keys = keysOf(this.#key);
    this.#store = createVaultStore(raw, keys);
    this.#startMoving(keys);
    this.#tell();
    return this.#store;
  }

  isPasskeyOffered(): Promise<boolean> {
    return this.#parts.passkeys.isOffered();
  }

  async makePasskey(): Promise<PasskeyMade> {
    const salt = newSalt();
    const answer = await this.#parts.passkeys.create(salt);
    if (answer.kind !== "secret") return answer;
    return { kind: "made", passkey: { credential: answer.credential, salt, secret: answer.secret } };
  }

  async protect({ passphrase, passkey }: Protecting): Promise<string> {
    const generation = (await this.#settled()).row.generation + 1;
    const key = randomKey();
    const recovery = randomKey().subarray(0, RECOVERY_BYTES);
    const locks = [
      await this.#passphraseLock(key, generation, passphrase),
      lockWithRecovery(key, generation, recovery),
      ...(passkey === undefined ? [] : [lockWithPasskey(key, generation, passkey)]),
    ];
    await this.#changeKey(key, generation, { kind: "locked", locks });
    return formatRecoveryCode(recovery);
  }

  async changePassphrase(passphrase: string): Promise<void> {
    const { bytes, row } = await this.#settled();
    const lock = await this.#passphraseLock(bytes, row.generation, passphrase);
    const changed = await this.#opened().raw.write(["vault"], "strict", async (tx) => {
      const held = await tx.get("vault", VAULT_KEY);
      if (held?.generation !== row.generation || held.key.kind !== "locked") throw superseded();
      const locks = [lock, ...held.key.locks.filter(({ kind }) => kind !== "passphrase")];
      const next: VaultRow = { ...held, key: { kind: "locked", locks } };
      tx.put("vault", VAULT_KEY, next);
      return next;
    });
    this.#key = { bytes, row: changed };
    this.#tell();
  }

  async removeProtection(): Promise<void> {
    const generation = (await this.#settled()).row.generation + 1;
    const key = randomKey();
    await this.#changeKey(key, generation, { kind: "clear", bytes: key });
  }

  #passphraseLock(key: Uint8Array, generation: number, passphrase: string): Promise<VaultLock> {
    const { stretch, cost = STRETCH_COST } = this.#parts;
    return lockWithPassphrase(key, generation, passphrase, stretch, cost);
  }

  async #unlocked(
    row: VaultRow,
    locks: readonly VaultLock[],
    ask: (locked: LockedVault) => Promise<void>,
  ): Promise<OpenKey> {
    const { stretch, passkeys } = this.#parts;
    let bytes: Uint8Array | undefined;
    await ask({
      hasPasskey: locks.some((lock) => lock.kind === "passkey"),
      async unlock(secret) {
        const answer = await openLocks(locks, row.generation, secret, stretch, passkeys);
        if (answer.kind !== "opened") return answer.kind;
        bytes = answer.key;
        return "unlocked";
      },
    });
    if (bytes === undefined) throw new StoreFailedError("The store is locked");
    return { bytes, row };
  }

  /** The key in use, once the rows of no other are left. */
  async #settled(): Promise<OpenKey> {
    await this.#moving;
    return this.#opened().key;
  }

  async #changeKey(bytes: Uint8Array, generation: number, key: VaultRow["key"]): Promise<void> {
    const { raw, store, key: old } = this.#opened();
    if (old.row.generation !== generation - 1) throw superseded();
    const row = nextRow(old, bytes, key);
    const next: OpenKey = { bytes, row };
    const keys = keysOf(next);
    await store.changeKeys(async () => {
      await raw.write(["vault"], "strict", async (tx) => {
        if ((await tx.get("vault", VAULT_KEY))?.generation !== old.row.generation) throw superseded();
        tx.put("vault", VAULT_KEY, row);
      });
      this.#key = next;
      return keys;
    });
    this.#startMoving(keys);
    this.#tell();
  }

  #startMoving({ current, previous }: VaultKeys): void {
    if (previous !== undefined) this.#moving = this.#move(previous, current);
  }

  /** Never rejects: a full or failing disk is tried again later, a closed one at the next start. */
  async #move(from: RowSealer, to: RowSealer): Promise<void> {
    const { clock, onTrouble } = this.#parts;
    const { raw } = this.#opened();
    for (;;) {
      try {
        if ((await moveRows(raw, from, to, clock)) === "moved") await this.#moved(to);
        return;
      } catch (error) {
        if (error instanceof StoreClosedError) return;
        // A full disk is told of by whoever writes next.
        if (!(error instanceof StoreFullError)) onTrouble(error);
        await clock.delay(MOVE_RETRY_MS);
      }
    }
  }

  async #moved(current: RowSealer): Promise<void> {
    const { store, key } = this.#opened();
    if (key.row.generation !== current.generation) return;
    const { previous: _moved, ...row } = key.row;
    this.#key = { ...key, row };
    await store.changeKeys(async () => ({ current, previous: undefined }));
    this.#tell();
  }

  #opened(): { readonly raw: Store<RawTables>; readonly store: VaultStore; readonly key: OpenKey } {
    if (this.#raw === undefined || this.#store === undefined || this.#key === undefined) {
      throw new StoreFailedError("The vault is not open");
    }
    return { raw: this.#raw, store: this.#store, key: this.#key };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function superseded(): StoreFailedError {
  return new StoreFailedError("Another tab changed the protection");
}
