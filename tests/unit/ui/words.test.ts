import { expect, test } from "vitest";
import { initialsOf } from "../../../src/ui/text/avatar-look.ts";
import { badInviteWords } from "../../../src/ui/text/invite-words.ts";
import { networkWords } from "../../../src/ui/text/network-words.ts";
import { relayHost } from "../../../src/ui/text/path-words.ts";
import { formatBytes } from "../../../src/ui/text/size.ts";

test.each([
  ["Ana Brandt", "AB"],
  ["Bo", "Bo"],
  ["maria de la cruz", "MC"],
  ["👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"],
  ["داليا", "دا"],
])("gives %s the initials %s", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test("begins every alert about a bad invite with the same words", () => {
  for (const bad of ["incomplete", "expired", "withdrawn", "used", "own", "newer", "unknown"] as const) {
    expect(badInviteWords(bad)).toMatch(/^This invite .+\. .+/);
  }
});

test("offers a next step once becoming reachable takes long", () => {
  const network = { reachability: { kind: "connecting", tried: 0 }, relays: [] } as const;
  expect(networkWords(network, false)).toEqual({ state: "Connecting", reason: "looking for a relay" });
  expect(networkWords(network, true).reason).toContain("Check this device’s internet");
});

test("names a relay by host and port, and storage by rounded amounts", () => {
  expect(relayHost("/dns4/relay.example/tcp/443/wss/p2p/12D3")).toBe("relay.example:443");
  expect(formatBytes(1_234_567)).toBe("1.2 MB");
  expect(formatBytes(999)).toBe("999 bytes");
});
