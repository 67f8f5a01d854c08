/**
 * Envelopes on a link: what was sealed to the peer's device goes right before the batch whose entries name it (PROTOCOL, Envelopes on the
 * way). What it is to carry for others follows when it was read.
 */
import type { ConversationId, EntryId } from "../codec/ids.ts";
import { MAX_BATCH_ENVELOPES, type ServedEntry } from "../log/serve.ts";
import { type Cost, FREE } from "./allowance.ts";
import { FRAME } from "./frames.ts";
import type { SyncHost } from "./host.ts";
import { decodeEnvelopeFrame, encodeEnvelopeFrame } from "./payloads.ts";
import type { PeerLink } from "./peer-link.ts";

export function sendEnvelopes(
  host: Pick<SyncHost, "deviceOfPeer" | "entryIdOf" | "onSent">,
  link: PeerLink,
  session: { readonly number: number; readonly conversation: ConversationId },
  batch: readonly ServedEntry[],
): void {
  const recipient = host.deviceOfPeer(link.peer);
  for (const { parts, envelopes } of batch) {
    for (const envelope of envelopes ?? []) {
      if (envelope.recipient !== recipient) continue;
      const payload = encodeEnvelopeFrame({ entry: host.entryIdOf(parts), envelope: envelope.bytes });
      link.send(FRAME.envelope, session.number, payload);
    }
  }
  host.onSent(session.conversation, link.peer, batch);
}

/** Those that came of late: an entry that names one comes in one of the next batches. */
export class ArrivedEnvelopes {
  readonly #byEntry = new Map<EntryId, Uint8Array>();

  get byEntry(): ReadonlyMap<EntryId, Uint8Array> {
    return this.#byEntry;
  }

  /** @throws DecodeError when malformed. */
  take(payload: Uint8Array): Cost {
    const { entry, envelope } = decodeEnvelopeFrame(payload);
    this.#byEntry.set(entry, envelope);
    const [oldest] = this.#byEntry.keys();
    if (this.#byEntry.size > MAX_BATCH_ENVELOPES && oldest !== undefined) this.#byEntry.delete(oldest);
    return FREE;
  }
}
