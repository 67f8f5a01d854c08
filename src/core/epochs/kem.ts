/** Publishing an own X-Wing key: from then on others can seal to this device in this conversation (PROTOCOL, Key packages). */
import { CONTROL_CHANNEL, CONTROL_KIND } from "../codec/entry.ts";
import type { ConversationId } from "../codec/ids.ts";
import { encodeKeyPackage } from "../crypto/key-package.ts";
import { SEED_BYTES } from "../crypto/envelope.ts";
import type { Suite } from "../crypto/suite.ts";
import { APPEND_TABLES, appendEntry, type SealedEntry, type Author } from "../log/append.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { PublishedKem } from "./key-book.ts";

/** Tables that `publishKem` needs in its transaction. */
export const KEM_TABLES = ["kems", "packages", ...APPEND_TABLES] as const;

export interface KemPublication {
  readonly entry: SealedEntry;
  readonly kem: PublishedKem;
}

/** Appends a `kem` entry with a fresh key. */
export async function publishKem(
  tx: WriteTransaction,
  suite: Suite,
  nowMs: number,
  author: Author,
  conversation: ConversationId,
): Promise<KemPublication> {
  const { device } = author;
  const seed = suite.random(SEED_BYTES);
  const number = ((await tx.get("packages", [conversation, device]))?.number ?? 0) + 1;
  const publicKey = suite.kemPublicKey(seed);
  const content = encodeKeyPackage(suite, author.logSeed, { conversation, device, number, publicKey });
  const draft = { conversation, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.kem, content };
  const entry = await appendEntry(tx, suite, nowMs, author, draft);
  const { seq } = entry.header;
  tx.put("packages", [conversation, device], { number, publicKey });
  tx.put("kems", [conversation, device, number], { seed, seq, createdAt: nowMs });
  return { entry, kem: { device, number, seq, createdAt: nowMs } };
}
