/**
 * Envelopes for other members, kept until the recipient has opened them (PROTOCOL, Envelopes on the way). Only what the rekey entry names
 * by its hash is kept, so nobody but the author of an entry uses up room, and of that no author has more than a share.
 */
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader } from "../codec/entry.ts";
import { bytesToHex } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, DeviceId } from "../codec/ids.ts";
import { envelopeHash } from "../crypto/envelope.ts";
import { decodeRekeyBody } from "../crypto/rekey-body.ts";
import type { HeldEnvelope } from "../epochs/key-book.ts";
import { markOf } from "../log/log-marks.ts";
import type { ServedEnvelope } from "../log/serve.ts";
import type { EntryRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";

/** Of all authors together: 4.8 MB. */
const MAX_CARRIED = 4_096;
/** Of one account: 1.2 MB. */
const MAX_CARRIED_OF_AUTHOR = 1_024;

export interface OfRekey {
  readonly device: DeviceId;
  readonly seq: number;
}

/** Keeps those of these envelopes that belong to others who have yet to open them. Whose. */
export async function keepCarried(
  core: CoreContext,
  conversation: ConversationId,
  { device, seq }: OfRekey,
  envelopes: readonly ServedEnvelope[],
): Promise<readonly DeviceId[]> {
  const { directory, keys, store, suite } = core;
  const author = directory.accountOfDevice(device);
  if (author === undefined || author === directory.self.account) return [];
  const useful = envelopes.filter(({ recipient }) => isUseful(core, conversation, { device, seq, recipient }));
  const room = roomFor(core, author);
  if (useful.length === 0 || room <= 0) return [];
  const kept = await store.write(["entries", "envelopes"], "relaxed", async (tx) => {
    const row = await tx.get("entries", [conversation, device, CONTROL_CHANNEL, seq]);
    const hashes = hashesOf(core, conversation, device, row);
    const named = useful
      .filter(({ recipient, bytes }) => hashes.get(recipient) === bytesToHex(envelopeHash(suite, bytes)))
      .slice(0, room);
    for (const { recipient, bytes } of named) tx.put("envelopes", [conversation, device, seq, recipient], bytes);
    return named;
  });
  for (const { recipient } of kept) {
    const held = { device, seq, recipient };
    // It may have come over two links at once.
    if (!keys.envelopesOf(conversation).some((other) => isSame(other, held))) keys.noteEnvelope(conversation, held);
  }
  return kept.map(({ recipient }) => recipient);
}

/** Not held yet, and for a device that takes part and has not said that it opened the rekey. */
function isUseful(
  { directory, keys, receipts }: CoreContext,
  conversation: ConversationId,
  wanted: HeldEnvelope,
): boolean {
  const { device, seq, recipient } = wanted;
  const takesPart = directory.rosterOf(conversation).others.some(({ devices }) => devices.includes(recipient));
  if (!takesPart || keys.envelopesOf(conversation).some((held) => isSame(held, wanted))) return false;
  const marks = receipts.clockOf(conversation, recipient)?.marks ?? [];
  return (markOf(marks, device, CONTROL_CHANNEL)?.opened ?? 0) < seq;
}

function roomFor({ directory, keys }: CoreContext, author: AccountId): number {
  const counts = keys.countCarried((device) => directory.accountOfDevice(device), directory.self.account);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return Math.min(MAX_CARRIED - all, MAX_CARRIED_OF_AUTHOR - (counts.get(author) ?? 0));
}

/** What the rekey names, by recipient; nothing for other entries. */
function hashesOf(
  { directory, suite }: CoreContext,
  conversation: ConversationId,
  device: DeviceId,
  row: EntryRow | undefined,
): ReadonlyMap<DeviceId, string> {
  const logKey = directory.logKeyOf(device);
  if (row === undefined || logKey === undefined || decodeHeader(row.header).kind !== CONTROL_KIND.rekey)
    return new Map();
  try {
    const { recipients } = decodeRekeyBody(suite, { conversation, device, logKey }, row.body);
    return new Map(recipients.map((recipient) => [recipient.device, bytesToHex(recipient.envelopeHash)]));
  } catch (error) {
    if (error instanceof DecodeError) return new Map();
    throw error;
  }
}

function isSame(a: HeldEnvelope, b: HeldEnvelope): boolean {
  return a.device === b.device && a.seq === b.seq && a.recipient === b.recipient;
}
