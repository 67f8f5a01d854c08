/** What members of a group level beside entries: carried envelopes, device lists, operations. *The peer stream*, frames 26, 27, 40 to 43. */
import { compare, join, number } from "./bytes.ts";
import { entryPayload } from "./frames.ts";
import { sha256 } from "./primitives.ts";

export type SecondRekeyPlace = { readonly author: Uint8Array; readonly seq: number };
export type SecondCarried = { readonly recipient: Uint8Array; readonly envelope: Uint8Array };

const placeBytes = ({ author, seq }: SecondRekeyPlace): Uint8Array => join(author, number(seq, 4));

export function envelopesPayload(place: SecondRekeyPlace, carried: readonly SecondCarried[]): Uint8Array {
  const rows = carried.map(({ recipient, envelope }) => join(recipient, envelope));
  return join(placeBytes(place), number(carried.length, 1), ...rows);
}

export function envelopesWantedPayload(places: readonly SecondRekeyPlace[]): Uint8Array {
  return join(number(places.length, 1), ...places.map(placeBytes));
}

export type SecondHeldList = {
  readonly account: Uint8Array;
  readonly number: number;
  readonly list: Uint8Array;
  /** The last list before that named a former device. */
  readonly before?: Uint8Array | undefined;
};

function listRows(held: readonly SecondHeldList[]): Uint8Array {
  const rows = held.map((one) => {
    const prefix = sha256(one.list, one.before ?? "").slice(0, 4);
    return join(one.account.slice(0, 8), number(one.number, 4), prefix);
  });
  return join(...rows.toSorted(compare));
}

/** With the hello. */
export function listsDigestPayload(held: readonly SecondHeldList[]): Uint8Array {
  return sha256(listRows(held)).slice(0, 8);
}

/** The answer where digests differ. */
export function listsHeldPayload(held: readonly SecondHeldList[]): Uint8Array {
  return join(listsDigestPayload(held), number(held.length, 2), listRows(held));
}

export function operationsWantedPayload(ids: readonly Uint8Array[]): Uint8Array {
  return join(number(ids.length, 1), ...ids);
}

/** Alone, it is the last of its batch. */
export function operationPayload(header: Uint8Array, signature: Uint8Array, body: Uint8Array): Uint8Array {
  return entryPayload(true, header, signature, body);
}
