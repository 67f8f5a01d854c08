/** What Bob tells Alice of how he can be reached, for the vectors. */
import { helperMark, reachCardBytes } from "./reach.ts";

interface Holder {
  readonly account: Uint8Array;
  readonly peerKey: Uint8Array;
}

interface Sender {
  readonly device: Uint8Array;
  readonly logSeed: Uint8Array;
}

export function reachCase(alice: Holder, bob: Sender, number: number, later: Uint8Array) {
  const card = {
    device: bob.device,
    number,
    holder: alice.account,
    helps: true,
    relays: ["/dns4/relay.example/tcp/443/wss/p2p/relay"],
    helpers: [alice.peerKey],
  };
  return {
    ...card,
    logSeed: bob.logSeed,
    mark: helperMark(alice.peerKey, alice.account),
    card: reachCardBytes(bob.logSeed, card),
    cardOfLaterVersion: reachCardBytes(bob.logSeed, { ...card, later }),
  };
}
