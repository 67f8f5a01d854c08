/**
 * Beginning a new epoch (PROTOCOL, Rekey). Sealing its seed to every device takes milliseconds each, so that is prepared outside of
 * any transaction; what was prepared is appended only if nothing it rests on has changed meanwhile.
 */
import { CONTROL_CHANNEL, CONTROL_KIND } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { firstChainKey } from "../crypto/chain.ts";
import { envelopeHash, SEED_BYTES, sealEnvelope, seedCommitment } from "../crypto/envelope.ts";
import { encodeKeyPackage } from "../crypto/key-package.ts";
import { encodeRekeyBodies, FIRST_PART_RECIPIENTS } from "../crypto/rekey-body.ts";
import type { Suite } from "../crypto/suite.ts";
import { APPEND_TABLES, appendEntry, type SealedEntry, type Author } from "../log/append.ts";
import { logName, readLogs } from "../log/log-state.ts";
import type { ReadTransaction, Store, WriteTransaction } from "../store/store.ts";
import type { EpochRecipient } from "../store/key-tables.ts";
import type { HeldEnvelope, PublishedKem } from "./key-book.ts";

/** Tables that `appendRekey` needs in its transaction. */
export const REKEY_TABLES = ["sendings", "kems", "packages", "envelopes", ...APPEND_TABLES] as const;

/** A seal takes about 5 ms: after this many others get their turn. */
const SEALS_AT_ONCE = 4;

interface SealedSeed extends EpochRecipient {
  readonly envelope: Uint8Array;
}

/** A new epoch that is not begun yet. */
export interface RekeyDraft {
  readonly conversation: ConversationId;
  readonly device: DeviceId;
  readonly epoch: number;
  /** The seq that the rekey entry must get. */
  readonly seq: number;
  readonly seed: Uint8Array;
  readonly commitment: Uint8Array;
  readonly kemSeed: Uint8Array;
  readonly kemNumber: number;
  readonly kemPublicKey: Uint8Array;
  readonly sealed: readonly SealedSeed[];
}

export interface Rekeyed {
  /** One, or two for very many recipients. */
  readonly entries: readonly SealedEntry[];
  readonly kem: PublishedKem;
  readonly envelopes: readonly (HeldEnvelope & { readonly bytes: Uint8Array })[];
}

interface Place {
  readonly epoch: number;
  readonly seq: number;
  readonly kemNumber: number;
}

/** Seals a fresh seed to all recipients. `pause` lets others go on between some of them. */
export async function prepareRekey(
  store: Store,
  suite: Suite,
  author: Author,
  conversation: ConversationId,
  recipients: readonly EpochRecipient[],
  pause: () => Promise<void>,
): Promise<RekeyDraft> {
  const { device } = author;
  const { next, publicKeys } = await store.read(["sendings", "packages", "logs"], async (tx) => ({
    next: await nextPlace(tx, conversation, device),
    publicKeys: await Promise.all(
      recipients.map(async (recipient) => tx.get("packages", [conversation, recipient.device])),
    ),
  }));
  const { epoch, seq } = next;
  const seed = suite.random(SEED_BYTES);
  const kemSeed = suite.random(SEED_BYTES);
  const of = { conversation, author: device, epoch };
  const commitment = seedCommitment(suite, of, seed);
  const sealed: SealedSeed[] = [];
  for (const [index, recipient] of recipients.entries()) {
    const held = publicKeys[index];
    // Keys that somebody published wrongly were not taken in.
    if (held === undefined) continue;
    if (index > 0 && index % SEALS_AT_ONCE === 0) await pause();
    const to = { ...of, recipient: recipient.device, keyNumber: held.number, seq, commitment };
    const envelope = sealEnvelope(suite, to, held.publicKey, seed);
    sealed.push({ device: recipient.device, number: held.number, envelope });
  }
  const kemPublicKey = suite.kemPublicKey(kemSeed);
  return { conversation, device, ...next, seed, commitment, kemSeed, kemPublicKey, sealed };
}

/** Appends the rekey and makes it the sending epoch. Undefined if the draft is outdated: nothing was written. */
export async function appendRekey(
  tx: WriteTransaction,
  suite: Suite,
  nowMs: number,
  author: Author,
  draft: RekeyDraft,
): Promise<Rekeyed | undefined> {
  const { conversation, device, epoch, seq, seed, sealed } = draft;
  const place = await nextPlace(tx, conversation, author.device);
  const isCurrent = place.epoch === epoch && place.seq === seq && place.kemNumber === draft.kemNumber;
  if (author.device !== device || !isCurrent) return undefined;
  const keyPackage = { conversation, device, number: draft.kemNumber, publicKey: draft.kemPublicKey };
  const bodies = encodeRekeyBodies({
    epoch,
    commitment: draft.commitment,
    keyPackage: encodeKeyPackage(suite, author.logSeed, keyPackage),
    recipients: sealed.map(({ device: recipient, number, envelope }) => ({
      device: recipient,
      keyNumber: number,
      envelopeHash: envelopeHash(suite, envelope),
    })),
  });
  const entries: SealedEntry[] = [];
  for (const content of bodies) {
    const entry = { conversation, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.rekey, content };
    entries.push(await appendEntry(tx, suite, nowMs, author, entry));
  }
  const [first] = entries;
  if (first === undefined) throw new Error("a rekey without a body");
  tx.put("sendings", [conversation, device], {
    epoch,
    key: firstChainKey(suite, first.parts.header, seed),
    generation: 0,
    startedAt: nowMs,
    recipients: sealed.map(({ device: recipient, number }) => ({ device: recipient, number })),
  });
  tx.put("packages", [conversation, device], { number: draft.kemNumber, publicKey: draft.kemPublicKey });
  tx.put("kems", [conversation, device, draft.kemNumber], { seed: draft.kemSeed, seq, createdAt: nowMs });
  const envelopes = sealed.map(({ device: recipient, envelope }, index) => ({
    device,
    // Of the part that names it.
    seq: index < FIRST_PART_RECIPIENTS ? seq : seq + 1,
    recipient,
    bytes: envelope,
  }));
  for (const envelope of envelopes) {
    tx.put("envelopes", [conversation, device, envelope.seq, envelope.recipient], envelope.bytes);
  }
  return { entries, kem: { device, number: draft.kemNumber, seq, createdAt: nowMs }, envelopes };
}

/** Where the next rekey of this device would stand. */
async function nextPlace(tx: ReadTransaction, conversation: ConversationId, device: DeviceId): Promise<Place> {
  const [sending, own, logs] = await Promise.all([
    tx.get("sendings", [conversation, device]),
    tx.get("packages", [conversation, device]),
    readLogs(tx, conversation),
  ]);
  return {
    epoch: (sending?.epoch ?? 0) + 1,
    seq: (logs.get(logName(device, CONTROL_CHANNEL))?.row.height ?? 0) + 1,
    kemNumber: (own?.number ?? 0) + 1,
  };
}
