import { expect, test } from "vitest";
import { parseRelay, peerKeyToPeerId, type RelayAddress } from "../../../../src/adapters/libp2p/addresses.ts";
import { rankRelays } from "../../../../src/adapters/libp2p/relay-choice.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";

function relay(number: number): RelayAddress {
  const id = peerKeyToPeerId(number.toString(16).padStart(64, "0") as PeerKey).toString();
  const parsed = parseRelay(`/dns4/r${number}.example/tcp/443/tls/ws/p2p/${id}`, false);
  if (parsed === undefined) throw new Error("not a relay");
  return parsed;
}

const device = (number: number) => new Uint8Array(32).fill(number);
const relays = Array.from({ length: 10 }, (_, index) => relay(index + 1));

test("one or two relays are used as they are listed", () => {
  expect(rankRelays(relays.slice(0, 2), device(1))).toEqual(relays.slice(0, 2));
});

test("a device ranks the same list the same way every time, in whatever order it is listed", () => {
  const ranked = rankRelays(relays, device(1));
  expect(rankRelays(relays.toReversed(), device(1))).toEqual(ranked);
});

test("devices spread over the relays", () => {
  const first = Array.from({ length: 200 }, (_, index) => rankRelays(relays, device(index))[0]?.id);
  for (const { id } of relays) expect(first.filter((chosen) => chosen === id).length).toBeGreaterThan(5);
});

test("a relay that goes moves only the devices that used it", () => {
  const rest = relays.slice(1);
  for (let number = 0; number < 50; number += 1) {
    const before = rankRelays(relays, device(number)).filter((candidate) => candidate !== relays[0]);
    expect(rankRelays(rest, device(number))).toEqual(before);
  }
});
