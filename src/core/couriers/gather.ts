/** What of a conversation goes into the next parcel: entries that the recipient's clock does not cover, with the seeds sealed to it. */
import { EMPTY_BYTES } from "../codec/bytes.ts";
import type { AccountId, ConversationId, DeviceId, EntryId } from "../codec/ids.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { entryIdOf, type EntryParts } from "../log/entry.ts";
import { logName, type LogState, readLogs } from "../log/log-state.ts";
import { type Missing, readBatch, SERVE_TABLES } from "../log/serve.ts";
import type { ReadTransaction } from "../store/store.ts";
import type { LogHeight } from "../store/courier-tables.ts";
import { encodeParcelContent, MAX_PARCEL_CONTENT_BYTES, MAX_PARCEL_ENTRIES, MAX_PARCEL_ENVELOPES } from "./parcel.ts";

/** An entry and its envelope still fit behind these. */
const GATHERED_BYTES = 44 * 1024;

export interface Gathered {
  readonly content: Uint8Array;
  readonly from: readonly LogHeight[];
  readonly to: readonly LogHeight[];
}

/** Heights of all logs of a conversation that the recipient lacks something of; empty if it lacks nothing, or has another history. */
export async function lackingLogs(
  core: CoreContext,
  tx: ReadTransaction,
  conversation: ConversationId,
  recipient: AccountId,
): Promise<readonly Missing[]> {
  const { directory, receipts } = core;
  const marks = directory
    .currentDevices(recipient)
    .flatMap((device) => receipts.clockOf(conversation, device)?.marks ?? []);
  const lacking: Missing[] = [];
  for (const log of (await readLogs(tx, conversation)).values()) {
    if (directory.accountOfDevice(log.device) === recipient) continue;
    const mark = marks
      .filter(({ device, channel }) => device === log.device && channel === log.channel)
      .reduce<(typeof marks)[number] | undefined>(
        (high, next) => (next.height > (high?.height ?? 0) ? next : high),
        undefined,
      );
    const after = mark?.height ?? 0;
    if (after >= log.row.height) continue;
    if (mark !== undefined && after > 0) {
      const held = await tx.get("entries", [conversation, log.device, log.channel, after]);
      if (held?.id.startsWith(mark.headPrefix) !== true) return [];
    }
    lacking.push({ log, after });
  }
  return lacking;
}

/** The content of a parcel with what stands above `from`. Undefined if there is nothing that can be served. */
export function gather(
  core: CoreContext,
  conversation: ConversationId,
  device: DeviceId,
  from: readonly LogHeight[],
): Promise<Gathered | undefined> {
  const { directory, receipts, store, suite } = core;
  return store.read(SERVE_TABLES, async (tx) => {
    const logs = [...(await readLogs(tx, conversation)).values()].filter(({ device: author, channel }) =>
      from.some((height) => height.device === author && height.channel === channel),
    );
    const reached = new Map(from.map((height) => [logName(height.device, height.channel), height.height]));
    const entries: EntryParts[] = [];
    const envelopes: { entry: EntryId; bytes: Uint8Array }[] = [];
    let bytes = 0;
    while (bytes < GATHERED_BYTES && entries.length < MAX_PARCEL_ENTRIES && envelopes.length < MAX_PARCEL_ENVELOPES) {
      const limits = {
        maxEntries: MAX_PARCEL_ENTRIES - entries.length,
        maxBytes: GATHERED_BYTES - bytes,
        recipient: device,
      };
      const logKeyOf = (author: DeviceId): Uint8Array | undefined => directory.logKeyOf(author);
      const batch = await readBatch(tx, suite, conversation, missingOf(logs, reached), limits, logKeyOf);
      if (batch.length === 0) break;
      for (const entry of batch) {
        const { header, signature, body } = entry.parts;
        const sealed = entry.envelopes ?? [];
        if (envelopes.length + sealed.length > MAX_PARCEL_ENVELOPES) break;
        entries.push(entry.parts);
        bytes += header.length + signature.length + body.length;
        for (const envelope of sealed) {
          envelopes.push({ entry: entryIdOf(suite, header, signature), bytes: envelope.bytes });
          bytes += envelope.bytes.length;
        }
        reached.set(logName(entry.device, entry.channel), entry.seq);
      }
    }
    if (entries.length === 0) return undefined;
    const clock = receipts.clockOf(conversation, directory.self.device)?.bytes ?? EMPTY_BYTES;
    const whole = encodeParcelContent({ conversation, clock, envelopes, entries, letters: EMPTY_BYTES });
    const content =
      whole.length <= MAX_PARCEL_CONTENT_BYTES
        ? whole
        : encodeParcelContent({ conversation, clock: EMPTY_BYTES, envelopes, entries, letters: EMPTY_BYTES });
    const to = from.map((height) => ({
      ...height,
      height: reached.get(logName(height.device, height.channel)) ?? height.height,
    }));
    return { content, from, to };
  });
}

function missingOf(logs: readonly LogState[], reached: ReadonlyMap<string, number>): readonly Missing[] {
  return logs
    .map((log) => ({ log, after: reached.get(logName(log.device, log.channel)) ?? 0 }))
    .filter(({ log, after }) => after < log.row.height);
}
