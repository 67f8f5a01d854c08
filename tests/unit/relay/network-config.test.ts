import { describe, expect, it } from "vitest";
import { embeddedRelayConfig } from "../../../src/relay/network-config.ts";

const RELAY = { port: 4174, peerId: "ID", stunPort: 4175, announce: [] };

describe("the network.json of the embedded relay", () => {
  it.each([
    ["localhost:4173", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    ["127.0.0.1:4173", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    ["kith.localhost", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    ["a/b:1", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    ["[::1]:4173", "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
    [undefined, "/ip4/127.0.0.1/tcp/4174/ws/p2p/ID"],
  ])("names, for a page opened on this computer as %s, %s and no STUN server", (host, expected) => {
    expect(embeddedRelayConfig(host, RELAY)).toEqual({ relays: [expected], iceServers: [] });
  });

  it.each([
    ["192.168.1.7:4173", "/ip4/192.168.1.7/tcp/4174/ws/p2p/ID", "stun:192.168.1.7:4175"],
    ["Laptop.lan:4173", "/dns4/laptop.lan/tcp/4174/ws/p2p/ID", "stun:laptop.lan:4175"],
  ])("names, for a page opened from elsewhere as %s, %s and %s", (host, relay, urls) => {
    expect(embeddedRelayConfig(host, RELAY)).toEqual({ relays: [relay], iceServers: [{ urls }] });
  });

  it("names what is announced, whatever the page was opened as", () => {
    const announce = ["/dns4/relay.example/tcp/443/tls/ws", "/ip6/2001:db8::1/tcp/443/tls/ws/p2p/ID"];
    expect(embeddedRelayConfig("192.168.1.7:4173", { ...RELAY, announce })).toEqual({
      relays: ["/dns4/relay.example/tcp/443/tls/ws/p2p/ID", "/ip6/2001:db8::1/tcp/443/tls/ws/p2p/ID"],
      iceServers: [{ urls: "stun:relay.example:4175" }, { urls: "stun:[2001:db8::1]:4175" }],
    });
  });
});
