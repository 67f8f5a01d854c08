import { generateKeyPair } from "@libp2p/crypto/keys";
import type { PeerId, PeerStore } from "@libp2p/interface";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import { beforeEach, expect, it } from "vitest";
import { persistentPeerStore } from "../../../src/adapters/libp2p/peer-store.ts";

const NEAR = multiaddr("/dns4/near.example/tcp/443/wss");
const FAR = multiaddr("/dns4/far.example/tcp/443/wss");

let alice: PeerId;
let bob: PeerId;
let told: string[];
let store: PeerStore;

const newPeer = async (): Promise<PeerId> => peerIdFromPrivateKey(await generateKeyPair("Ed25519"));

beforeEach(async () => {
  [alice, bob, told] = [await newPeer(), await newPeer(), []];
  const events = { safeDispatchEvent: (type: string) => told.push(type) };
  store = persistentPeerStore({ peerId: alice, events }, { addressFilter: async (_, address) => !address.equals(FAR) });
});

it("joins what is merged and replaces what is patched", async () => {
  await store.merge(bob, { multiaddrs: [NEAR], protocols: ["/b"], tags: { relay: { value: 1 } } });
  await store.merge(bob, { multiaddrs: [NEAR], protocols: ["/a", "/b"], tags: { relay: undefined, old: {} } });

  const merged = await store.get(bob);
  expect(merged.addresses.map(({ multiaddr }) => multiaddr.toString())).toEqual([NEAR.toString()]);
  expect(merged.protocols).toEqual(["/a", "/b"]);
  expect([...merged.tags]).toEqual([["old", { value: 0 }]]);

  await store.patch(bob, { protocols: ["/c"] });
  expect((await store.get(bob)).protocols).toEqual(["/c"]);
  expect((await store.getInfo(bob)).multiaddrs).toHaveLength(1);
});

it("loses nothing of changes made at the same time", async () => {
  await Promise.all(["/a", "/b", "/c"].map(async (protocol) => store.merge(bob, { protocols: [protocol] })));
  expect((await store.get(bob)).protocols).toEqual(["/a", "/b", "/c"]);
});

it("keeps no address that the gate refuses", async () => {
  await store.save(bob, { multiaddrs: [FAR, NEAR] });
  expect((await store.getInfo(bob)).multiaddrs.map(String)).toEqual([NEAR.toString()]);
});

it("names a peer it does not know, and lists all but its own", async () => {
  await expect(store.get(bob)).rejects.toThrow(expect.objectContaining({ name: "NotFoundError" }));
  await store.merge(alice, { protocols: ["/a"] });
  await store.merge(bob, { protocols: ["/a"] });
  expect((await store.all()).map(({ id }) => id.toString())).toEqual([bob.toString()]);
  expect(told).toEqual(["self:peer:update", "peer:update"]);
});

it("makes room by what changed longest ago, and never by its own entry", async () => {
  await store.merge(alice, { protocols: ["/a"] });
  const peers = await Promise.all(Array.from({ length: 1_001 }, newPeer));
  for (const peer of peers) await store.merge(peer, { protocols: ["/a"] });

  expect(await store.has(alice)).toBe(true);
  expect(await store.all()).toHaveLength(999);
  expect(await store.has(peers.at(-1) ?? alice)).toBe(true);
});
