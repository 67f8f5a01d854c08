import { expect, test } from "vitest";
import type { NetworkView, Path, ThreadView } from "../../../src/core/views.ts";
import type { UdpFinding } from "../../../src/state/app-ports.ts";
import { diagnose } from "../../../src/state/doctor.ts";
import { cameraWords, contactWords, relaysWords, reportText, udpWords } from "../../../src/ui/text/doctor-words.ts";
import { threadView } from "../../support/fake-views.ts";

const RELAY = "/ip4/203.0.113.7/tcp/443/wss/p2p/12D3KooWRelay";
const online: NetworkView = { reachability: { kind: "online" }, relays: [{ address: RELAY, state: "reserved" }] };
const dark: NetworkView = {
  reachability: { kind: "connecting", tried: 3 },
  relays: [{ address: RELAY, state: "unreachable" }],
};
const found = (udp: UdpFinding) => ({ udp, camera: "ready", microphone: "none" }) as const;
const reached = (path: Path): ThreadView => threadView("bob", "Bob", { path });

function reason(path: Path, udp: UdpFinding, network = online) {
  return diagnose(network, found(udp), [reached(path)]).contacts[0]?.reason;
}

test("a relayed contact is explained by what is wrong, not by what might be", () => {
  const relayed: Path = { kind: "relay", relay: RELAY };
  expect(reason(relayed, "blocked")).toBe("udp-blocked-here");
  expect(reason(relayed, "works")).toBe("their-network");
  expect(reason(relayed, "no-server")).toBe("no-stun");
  expect(reason({ kind: "direct" }, "blocked")).toBe("fine");
});

test("whoever is away is not blamed while this device is not reachable itself", () => {
  expect(reason({ kind: "away" }, "works")).toBe("they-are-away");
  expect(reason({ kind: "away" }, "works", dark)).toBe("we-are-offline");
});

test("only confirmed contacts who are not blocked are looked at", () => {
  const asked = threadView("mallory", "Mallory", { path: { kind: "away" }, isConfirmed: false });
  const out = { ...asked, contact: { ...asked.contact, isConfirmed: true, isBlocked: true } };
  expect(diagnose(online, found("works"), [asked, out]).contacts).toEqual([]);
});

test("every finding says what would help, and that messages still arrive where they do", () => {
  const relayed = diagnose(online, found("blocked"), [reached({ kind: "relay", relay: RELAY })]);
  expect(udpWords(relayed).detail).toContain("use another network");
  const [contact] = relayed.contacts;
  if (contact === undefined) throw new Error("Bob is missing");
  expect(contactWords(contact)).toEqual({
    title: "Through relay",
    detail: expect.stringContaining("Messages arrive") as string,
  });
  expect(relaysWords(diagnose(dark, found("works"), [])).detail).toContain("Pair without internet");
});

test("a camera that may not be used says where to allow it, and what to do without", () => {
  const blocked = cameraWords(diagnose(online, { ...found("works"), camera: "blocked" }, []));
  expect(blocked.detail).toContain("site settings");
  expect(blocked.detail).toContain("pasted");
});

test("the report holds no name and no address", () => {
  const diagnosis = diagnose(online, found("works"), [
    reached({ kind: "relay", relay: RELAY }),
    reached({ kind: "direct" }),
  ]);
  const text = reportText(diagnosis, "0.1.0");
  expect(text).toBe(
    [
      "Kith 0.1.0, connection report",
      "State: online",
      "Relays: 1 of 1 answer",
      "UDP: works",
      "Camera: ready, microphone: none",
      "Contacts Through relay (their-network): 1",
      "Contacts Direct (fine): 1",
    ].join("\n"),
  );
  for (const secret of ["Bob", "203.0.113.7", "12D3"]) expect(text).not.toContain(secret);
});
