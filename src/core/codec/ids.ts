/** Branded identifiers. All are lower-case hex of the bytes named, so that they can be map keys, record keys and signals. */

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** SHA-256("kith/account/1" | root key): 32 bytes, 64 hex digits. A contact is an account. */
export type AccountId = Brand<string, "AccountId">;

/** First 16 bytes of SHA-256("kith/device/1" | log key): 32 hex digits. */
export type DeviceId = Brand<string, "DeviceId">;

/** Ed25519 public key of a libp2p node: 32 bytes, 64 hex digits. A peer is a machine. */
export type PeerKey = Brand<string, "PeerKey">;

/** SHA-256("kith/conversation/1" | genesis body): 32 bytes, 64 hex digits. */
export type ConversationId = Brand<string, "ConversationId">;

/** SHA-256(header | signature): 32 bytes, 64 hex digits. */
export type EntryId = Brand<string, "EntryId">;

/** What one row of the conversation list stands for: the other account of direct conversations, later a group's conversation id. */
export type ThreadId = Brand<string, "ThreadId">;

/** Lookup id of an invite: first 16 bytes of SHA-256("kith/invite/1" | secret), 32 hex digits. */
export type InviteId = Brand<string, "InviteId">;
