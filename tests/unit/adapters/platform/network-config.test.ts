import { describe, expect, test } from "vitest";
import { parseNetworkConfig } from "../../../../src/adapters/platform/network-config.ts";

const RELAY = "/dns4/relay.example/tcp/443/tls/ws/p2p/12D3KooW";

describe("network.json", () => {
  test("gives relays and ICE servers as they stand", () => {
    const iceServers = [
      { urls: "stun:stun.example:3478" },
      { urls: ["turn:turn.example"], username: "a", credential: "b" },
    ];
    expect(parseNetworkConfig({ relays: [RELAY], iceServers, more: 1 })).toEqual({ relays: [RELAY], iceServers });
  });

  test.each([undefined, null, 7, "text", [], { relays: "x", iceServers: {} }])("is empty when it is %j", (value) => {
    expect(parseNetworkConfig(value)).toEqual({ relays: [], iceServers: [] });
  });

  test("leaves out what is no address and no ICE server, and bounds both lists", () => {
    const config = parseNetworkConfig({
      relays: [7, "https://relay.example", `/${"x".repeat(400)}`, ...Array.from({ length: 1500 }, () => RELAY)],
      iceServers: [{ urls: "https://x.example" }, { urls: [] }, { urls: "stun:a.example", username: 7 }, null],
    });
    expect(config.relays).toHaveLength(1000);
    expect(config.iceServers).toEqual([]);
  });
});
