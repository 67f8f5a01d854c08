/** Batches of entries that came in a session, given to whoever stores them. */
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, EntryId, PeerKey } from "../codec/ids.ts";
import type { PassedPiece } from "../log/log-state.ts";
import { cutAtMembers } from "../log/member-entries.ts";
import { type Cost, FREE } from "./allowance.ts";
import type { Frame } from "./frames.ts";
import type { SyncHost } from "./host.ts";
import { decodeEntryFrame } from "./payloads.ts";

export interface Taken {
  readonly cost: Cost;
  /** Nothing more of this conversation with this peer for now. */
  readonly hasStopped: boolean;
  /** What the peer has and could not be taken now. */
  readonly passedOver: readonly PassedPiece[];
}

/** `onStored` is told the highest seq of each log that was stored, by log name. @throws DecodeError for what no honest peer sends. */
export async function takeEntries(
  host: Pick<SyncHost, "accept" | "isGroup">,
  { conversation, peer }: { readonly conversation: ConversationId; readonly peer: PeerKey },
  frames: readonly Frame[],
  envelopes: ReadonlyMap<EntryId, Uint8Array>,
  onStored: (heights: ReadonlyMap<string, number>) => void,
): Promise<Taken> {
  const batch = frames.map((frame) => decodeEntryFrame(frame.payload).parts);
  const passedOver: PassedPiece[] = [];
  let cost = FREE;
  for (const piece of host.isGroup(conversation) ? cutAtMembers(batch) : [batch]) {
    const acceptance = await host.accept(conversation, piece, envelopes, peer);
    if (acceptance.kind === "misbehaved") throw new DecodeError("the peer sent what cannot be accepted");
    if (acceptance.kind === "stop") return { cost, hasStopped: true, passedOver };
    cost = { work: cost.work + acceptance.cost.work, bytes: cost.bytes + acceptance.cost.bytes };
    passedOver.push(...acceptance.passedOver);
    onStored(acceptance.heights);
  }
  return { cost, hasStopped: false, passedOver };
}
