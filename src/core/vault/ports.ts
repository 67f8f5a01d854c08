/** PORTS of the vault: what it needs of the platform to turn what a person knows or has into a key. */

export interface StretchCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** Argon2id (RFC 9106), one lane, 32 bytes. Takes seconds and must not hold up the screen. */
export type StretchPassphrase = (passphrase: Uint8Array, salt: Uint8Array, cost: StretchCost) => Promise<Uint8Array>;

export type PasskeyAnswer =
  /** 32 bytes that only this credential gives for this salt. */
  | { readonly kind: "secret"; readonly credential: Uint8Array; readonly secret: Uint8Array }
  /** The person, or the time, ended it. */
  | { readonly kind: "cancelled" }
  /** The passkey cannot give a secret (no WebAuthn PRF). */
  | { readonly kind: "unsupported" };

export interface Passkeys {
  /** Whether it is worth offering. */
  isOffered(): Promise<boolean>;
  /** Makes a passkey of this device. Only on an action of the person. */
  create(salt: Uint8Array): Promise<PasskeyAnswer>;
  ask(credential: Uint8Array, salt: Uint8Array): Promise<PasskeyAnswer>;
}
