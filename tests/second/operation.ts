/** Bodies of operations and the genesis of a group: *Logs and entries*, *Membership*. Ids are hex. */
import { fromHex, join, number, Reader, sized, toHex } from "./bytes.ts";

export type SecondStart = { readonly device: string; readonly seq: number; readonly id: string };

export type SecondChange =
  | {
      readonly kind: "add";
      readonly account: string;
      readonly bundle: string;
      readonly relays: readonly string[];
      readonly starts: readonly SecondStart[];
    }
  | { readonly kind: "remove"; readonly account: string }
  | { readonly kind: "role"; readonly account: string; readonly isAdmin: boolean }
  | { readonly kind: "leave" }
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "picture"; readonly image: string }
  | { readonly kind: "unknown"; readonly type: number; readonly content: string };

export type SecondBody = { readonly parents: readonly string[]; readonly change: SecondChange };

export function groupGenesisBytes(nonce: Uint8Array, founder: Uint8Array, name: string): Uint8Array {
  return join(number(1, 1), number(2, 1), nonce, founder, sized(1, name));
}

export function operationBytes({ parents, change }: SecondBody): Uint8Array {
  return join(number(1, 1), number(parents.length, 1), ...parents.map(fromHex), changeBytes(change));
}

function changeBytes(change: SecondChange): Uint8Array {
  switch (change.kind) {
    case "add":
      return join(
        number(1, 1),
        fromHex(change.account),
        sized(2, fromHex(change.bundle)),
        number(change.relays.length, 1),
        ...change.relays.map((relay) => sized(1, relay)),
        number(change.starts.length, 2),
        ...change.starts.map(({ device, seq, id }) => join(fromHex(device), number(seq, 4), fromHex(id))),
      );
    case "remove":
      return join(number(2, 1), fromHex(change.account));
    case "role":
      return join(number(3, 1), fromHex(change.account), number(change.isAdmin ? 1 : 0, 1));
    case "leave":
      return number(4, 1);
    case "rename":
      return join(number(5, 1), sized(1, change.name));
    case "picture":
      return join(number(128, 1), sized(2, fromHex(change.image)));
    case "unknown":
      return join(number(change.type, 1), fromHex(change.content));
  }
}

/** Of well-formed bytes. */
export function readOperation(bytes: Uint8Array): SecondBody {
  const reader = new Reader(bytes);
  if (reader.number(1) !== 1) throw new Error("another version");
  const parents = reader.times(reader.number(1), () => toHex(reader.take(32)));
  const change = readChange(reader, bytes.length - 2 - 32 * parents.length - 1);
  reader.end();
  return { parents, change };
}

function readChange(reader: Reader, rest: number): SecondChange {
  const type = reader.number(1);
  const text = (): string => Buffer.from(reader.sized(1)).toString();
  const account = (): string => toHex(reader.take(32));
  if (type === 1) {
    return {
      kind: "add",
      account: account(),
      bundle: toHex(reader.sized(2)),
      relays: reader.times(reader.number(1), text),
      starts: reader.times(reader.number(2), () => ({
        device: toHex(reader.take(16)),
        seq: reader.number(4),
        id: account(),
      })),
    };
  }
  if (type === 2) return { kind: "remove", account: account() };
  if (type === 3) return { kind: "role", account: account(), isAdmin: reader.number(1) === 1 };
  if (type === 4) return { kind: "leave" };
  if (type === 5) return { kind: "rename", name: text() };
  if (type === 128) return { kind: "picture", image: toHex(reader.sized(2)) };
  return { kind: "unknown", type, content: toHex(reader.take(rest)) };
}
