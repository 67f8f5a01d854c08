/** What Alice, Bob and somebody else tell each other in a group, for the vectors. */
import {
  envelopesPayload,
  envelopesWantedPayload,
  listsDigestPayload,
  listsHeldPayload,
  operationPayload,
  operationsWantedPayload,
} from "./group-frames.ts";

type Holder = { readonly account: Uint8Array; readonly device: Uint8Array; readonly list: Uint8Array };

type Given = {
  readonly alice: Holder;
  readonly bob: Holder;
  readonly envelope: Uint8Array;
  readonly otherEnvelope: Uint8Array;
  readonly ids: readonly Uint8Array[];
  readonly entry: { readonly header: Uint8Array; readonly signature: Uint8Array; readonly body: Uint8Array };
};

export function groupFramesCase({ alice, bob, envelope, otherEnvelope, ids, entry }: Given) {
  const place = { author: alice.device, seq: 2 };
  const carried = [
    { recipient: bob.device, envelope },
    { recipient: alice.device, envelope: otherEnvelope },
  ];
  const wanted = [place, { author: bob.device, seq: 70_000 }];
  const lists = [
    { account: bob.account, number: 3, list: bob.list, before: alice.list },
    { account: alice.account, number: 1, list: alice.list },
  ];
  return {
    place,
    carried,
    envelopes: envelopesPayload(place, carried),
    wanted,
    envelopesWanted: envelopesWantedPayload(wanted),
    lists,
    listsDigest: listsDigestPayload(lists),
    listsHeld: listsHeldPayload(lists),
    ids,
    operationsWanted: operationsWantedPayload(ids),
    operation: operationPayload(entry.header, entry.signature, entry.body),
  };
}
