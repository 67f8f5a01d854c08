/** Messages that this device has no key for, asked for and handed over (PROTOCOL, Resend). */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { readOpening } from "../crypto/message-body.ts";
import {
  MAX_RESEND_ANSWER_BYTES,
  MAX_RESENT_BYTES,
  openResendAnswer,
  resentBytes,
  type ResentMessage,
  sealResendAnswer,
} from "../crypto/resend-answer.ts";
import { decodeResendBody, encodeResendBody, MAX_RESEND_MESSAGES, MAX_RESEND_RANGES } from "../crypto/resend-body.ts";
import type { Suite } from "../crypto/suite.ts";
import type { LogRange } from "../log/accept.ts";
import { appendEntry, type SealedEntry, type Author } from "../log/append.ts";
import type { Entry } from "../log/entry.ts";
import type { ReadTransaction, WriteTransaction } from "../store/store.ts";
import type { KeyPackageRow } from "../store/key-tables.ts";
import type { EntryRow } from "../store/tables.ts";

/** Appends a `resend` entry for as many of these messages as one may ask for. */
export async function requestResend(
  tx: WriteTransaction,
  suite: Suite,
  nowMs: number,
  author: Author,
  conversation: ConversationId,
  ranges: readonly LogRange[],
): Promise<SealedEntry> {
  const asked = withinLimits(ranges.toSorted((a, b) => (a.device + a.channel < b.device + b.channel ? -1 : 1)));
  const content = encodeResendBody(asked);
  return appendEntry(tx, suite, nowMs, author, {
    conversation,
    channel: CONTROL_CHANNEL,
    kind: CONTROL_KIND.resend,
    content,
  });
}

function withinLimits(ranges: readonly LogRange[]): readonly LogRange[] {
  let left = MAX_RESEND_MESSAGES;
  const asked: LogRange[] = [];
  for (const range of ranges.slice(0, MAX_RESEND_RANGES)) {
    if (left === 0) break;
    const to = Math.min(range.to, range.from + left - 1);
    left -= to - range.from + 1;
    asked.push({ ...range, to });
  }
  return asked;
}

/** What a `resend` entry asks for; nothing for other entries and malformed ones. */
export function askedFor(entry: Entry): readonly LogRange[] {
  const { channel, kind } = entry.header;
  if (channel !== CONTROL_CHANNEL || kind !== CONTROL_KIND.resend) return [];
  try {
    return decodeResendBody(entry.parts.body);
  } catch (error) {
    if (error instanceof DecodeError) return [];
    throw error;
  }
}

/** Messages for the device that asked for them. */
export interface ResendAnswer {
  readonly requester: DeviceId;
  readonly keyNumber: number;
  readonly sealed: Uint8Array;
}

/** key number 4 | sealed messages. The requester is who it is sent to. */
export function encodeAnswer({ keyNumber, sealed }: ResendAnswer): Uint8Array {
  return new ByteWriter().uint(keyNumber, 4).fixed(sealed, sealed.length).finish();
}

/** @throws DecodeError */
export function decodeAnswer(requester: DeviceId, bytes: Uint8Array): ResendAnswer {
  if (bytes.length > 4 + MAX_RESEND_ANSWER_BYTES) throw new DecodeError("answer is too long");
  const reader = new ByteReader(bytes);
  return { requester, keyNumber: reader.uint(4), sealed: reader.fixed(reader.remaining) };
}

/** The messages of these entries that could be read here, in as many pieces as answers hold. */
export function resentMessages(rows: readonly EntryRow[]): readonly (readonly ResentMessage[])[] {
  const pieces: ResentMessage[][] = [];
  let left = 0;
  for (const { header, opening } of rows) {
    if (opening === undefined) continue;
    const { device, channel, seq } = decodeHeader(header);
    const message = { device, channel, seq, opening };
    const size = resentBytes(message);
    if (size > left) {
      pieces.push([]);
      left = MAX_RESENT_BYTES;
    }
    pieces.at(-1)?.push(message);
    left -= size;
  }
  return pieces;
}

/** Seals messages to the device that asked for them. About 5 ms. */
export function answerResend(
  suite: Suite,
  conversation: ConversationId,
  requester: DeviceId,
  { number, publicKey }: KeyPackageRow,
  messages: readonly ResentMessage[],
): ResendAnswer {
  const place = { conversation, requester, keyNumber: number };
  return { requester, keyNumber: number, sealed: sealResendAnswer(suite, place, publicKey, messages) };
}

/** A message that was held unread, and what its body was sealed from. */
export interface Recovered extends ResentMessage {
  readonly row: EntryRow;
}

/** What an answer brings of messages that are held unread, as far as it is what their authors committed to. */
export async function openAnswer(
  tx: ReadTransaction,
  suite: Suite,
  conversation: ConversationId,
  { requester, keyNumber, sealed }: ResendAnswer,
): Promise<readonly Recovered[]> {
  const kem = await tx.get("kems", [conversation, requester, keyNumber]);
  if (kem === undefined) return [];
  const messages = openResendAnswer(suite, { conversation, requester, keyNumber }, kem.seed, sealed) ?? [];
  const recovered = await Promise.all(
    messages.map(async (message) => {
      const { device, channel, seq, opening } = message;
      const row = await tx.get("entries", [conversation, device, channel, seq]);
      if (row === undefined || row.opening !== undefined) return undefined;
      const { commitment } = decodeHeader(row.header);
      return readOpening(suite, commitment, opening) === undefined ? undefined : { ...message, row };
    }),
  );
  return recovered.filter((found) => found !== undefined);
}
