/** Envelopes on a link: what was sealed to the peer's device goes right before the batch whose entries name it (PROTOCOL, Envelopes). */
import type { EntryId } from "../codec/ids.ts";
import { MAX_BATCH_ENVELOPES, type ServedEntry } from "../log/serve.ts";
import { FRAME } from "./frames.ts";
import type { SyncHost } from "./host.ts";
import { decodeEnvelopeFrame, encodeEnvelopeFrame } from "./payloads.ts";
import type { PeerLink } from "./peer-link.ts";

export function sendEnvelopes(
  host: Pick<SyncHost, "deviceOfPeer" | "entryIdOf">,
  link: PeerLink,
  session: number,
  batch: readonly ServedEntry[],
): void {
  const recipient = host.deviceOfPeer(link.peer);
  for (const { parts, envelopes } of batch) {
    for (const envelope of envelopes ?? []) {
      if (envelope.recipient !== recipient) continue;
      const payload = encodeEnvelopeFrame({ entry: host.entryIdOf(parts), envelope: envelope.bytes });
      link.send(FRAME.envelope, session, payload);
    }
  }
}

/** Those that came of late: an entry that names one comes in one of the next batches. */
export class ArrivedEnvelopes {
  readonly #byEntry = new Map<EntryId, Uint8Array>();

  get byEntry(): ReadonlyMap<EntryId, Uint8Array> {
    return this.#byEntry;
  }

  /** @throws DecodeError when malformed. */
  take(payload: Uint8Array): void {
    const { entry, envelope } = decodeEnvelopeFrame(payload);
    this.#byEntry.set(entry, envelope);
    const [oldest] = this.#byEntry.keys();
    if (this.#byEntry.size > MAX_BATCH_ENVELOPES && oldest !== undefined) this.#byEntry.delete(oldest);
  }
}
