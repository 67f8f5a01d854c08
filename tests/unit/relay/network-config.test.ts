import { describe, expect, it } from "vitest";
import { embeddedRelayConfig } from "../../../src/relay/network-config.ts";

describe("the network.json of the embedded relay", () => {
  it.each([
    ["localhost:4173", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    ["127.0.0.1:4173", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    ["kith.localhost", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    ["192.168.1.7:4173", "/ip4/192.168.1.7/tcp/4174/ws/p2p/ID"],
    ["Laptop.lan:4173", "/dns4/laptop.lan/tcp/4174/ws/p2p/ID"],
    ["a/b:1", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    ["[::1]:4173", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    [undefined, "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
  ])("names, for a page opened as %s, %s", (host, expected) => {
    expect(embeddedRelayConfig(host, 4174, "ID")).toEqual({ relays: [expected], iceServers: [] });
  });
});
