import { expect, test } from "vitest";
import { probeUdp } from "../../../src/adapters/platform/udp-probe.ts";

test("without a STUN server nobody is asked, and nothing is claimed", async () => {
  expect(await probeUdp([])).toBe("no-server");
  // A TURN server would tell less, and is somebody's to pay for.
  expect(await probeUdp([{ urls: "turn:127.0.0.1:9", username: "a", credential: "b" }])).toBe("no-server");
});
