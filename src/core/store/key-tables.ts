/** Rows about the keys of conversations (tables.ts): own and others', until they are erased. */
import type { DeviceId } from "../codec/ids.ts";

/** An own X-Wing key for one conversation, until it is erased. */
export interface KemRow {
  readonly seed: Uint8Array;
  /** The control entry of this device that published it. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** The newest X-Wing key that a device published in a conversation, own included. */
export interface KeyPackageRow {
  readonly number: number;
  readonly publicKey: Uint8Array;
}

/** How far a device's epoch was read here. Keys before that are erased. */
export interface ChainRow {
  readonly key: Uint8Array;
  /** Of the next message. */
  readonly generation: number;
}

export interface EpochRecipient {
  readonly device: DeviceId;
  /** Of the key that the epoch's seed was sealed to. */
  readonly number: number;
}

/** The epoch that this device writes in. */
export interface SendingRow extends ChainRow {
  readonly epoch: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly recipients: readonly EpochRecipient[];
}

/** A sealed epoch seed that its recipient may not have yet. */
export type EnvelopeRow = Uint8Array;
