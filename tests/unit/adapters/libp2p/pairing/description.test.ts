import { expect, test } from "vitest";
import {
  packDescription,
  readSdp,
  unpackDescription,
  writeSdp,
} from "../../../../../src/adapters/libp2p/pairing/description.ts";
import { DecodeError } from "../../../../../src/core/codec/decode-error.ts";
import { MAX_DESCRIPTION_BYTES } from "../../../../../src/core/codec/limits.ts";
import { Fuzz } from "../../../../support/fuzz.ts";

const FINGERPRINT = Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, "0").toUpperCase()).join(
  ":",
);
/** As a browser writes it, with what Kith does not use. */
const SDP = [
  "v=0",
  "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0",
  "a=extmap-allow-mixed",
  "a=msid-semantic: WMS",
  "m=application 57735 UDP/DTLS/SCTP webrtc-datachannel",
  "c=IN IP4 203.0.113.7",
  "a=candidate:1 1 udp 2113937151 0b5c7d1e-98a1-4c5b-9d3a-6f1f3f1d2c3b.local 57735 typ host generation 0 network-cost 999",
  "a=candidate:2 1 tcp 1518280447 192.168.1.2 9 typ host tcptype active",
  "a=candidate:3 1 UDP 2113937150 192.168.1.2 57736 typ host",
  "a=candidate:4 1 udp 2113937149 2001:db8::1:2 57737 typ host",
  "a=candidate:5 1 udp 1677729535 203.0.113.7 57735 typ srflx raddr 192.168.1.2 rport 57736",
  "a=candidate:6 1 udp 41885439 198.51.100.9 60000 typ relay raddr 203.0.113.7 rport 57735",
  "a=candidate:7 2 udp 1 192.168.1.2 57739 typ host",
  "a=ice-ufrag:aB+/",
  "a=ice-pwd:abcdefghijklmnopqrstuv",
  "a=ice-options:trickle",
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  "a=setup:actpass",
  "a=mid:0",
  "a=sctp-port:5000",
  "a=max-message-size:262144",
  "",
].join("\r\n");

test("what a data channel needs survives packing, and nothing else is carried", () => {
  const description = unpackDescription(packDescription(readSdp(SDP)));
  expect(description.candidates).toEqual([
    { type: "host", address: "0b5c7d1e-98a1-4c5b-9d3a-6f1f3f1d2c3b.local", port: 57_735 },
    { type: "host", address: "192.168.1.2", port: 57_736 },
    { type: "host", address: "2001:0db8:0000:0000:0000:0000:0001:0002", port: 57_737 },
    { type: "srflx", address: "203.0.113.7", port: 57_735 },
  ]);
  expect([description.ufrag, description.pwd]).toEqual(["aB+/", "abcdefghijklmnopqrstuv"]);
  expect([...description.fingerprint]).toEqual(Array.from({ length: 32 }, (_, index) => index));
});

test("the SDP that is written says the same", () => {
  const description = readSdp(SDP);
  const offer = writeSdp("offer", description);
  expect(offer).toContain(`a=fingerprint:sha-256 ${FINGERPRINT}\r\n`);
  expect(offer).toContain("a=setup:actpass\r\n");
  expect(writeSdp("answer", description)).toContain("a=setup:active\r\n");
  expect(packDescription(readSdp(offer))).toEqual(packDescription(description));
});

test("a typical description takes little of a code", () => {
  expect(packDescription(readSdp(SDP)).length).toBeLessThan(130);
});

test("at most eight candidates are packed, and no description is longer than the limit", () => {
  const many = Array.from(
    { length: 40 },
    (_, index) => `a=candidate:${index} 1 udp 1 2001:db8::${index} 1234 typ host`,
  );
  const packed = packDescription(readSdp(`${SDP}${many.join("\r\n")}`));
  expect(unpackDescription(packed).candidates).toHaveLength(8);
  expect(packed.length).toBeLessThanOrEqual(MAX_DESCRIPTION_BYTES);
});

test("an SDP without certificate, or with one of another hash, is none", () => {
  expect(() => readSdp(SDP.replace("sha-256", "sha-1"))).toThrow(DecodeError);
  expect(() => readSdp("v=0\r\n")).toThrow(DecodeError);
});

test("credentials that would begin another line are refused", () => {
  const description = readSdp(SDP);
  for (const ufrag of ["ab\r\na=candidate:1 1 udp 1 10.0.0.1 22 typ host", "a b c", "abc", ""]) {
    expect(() => unpackDescription(packDescription({ ...description, ufrag }))).toThrow(DecodeError);
  }
  expect(() => unpackDescription(packDescription({ ...description, pwd: "tooshort" }))).toThrow(DecodeError);
});

test("whatever is fed to it, it refuses or reads exactly what would be packed again, and the SDP has no line more", () => {
  const samples = [packDescription(readSdp(SDP)), packDescription({ ...readSdp(SDP), candidates: [] })];
  const lines = writeSdp("offer", { ...readSdp(SDP), candidates: [] }).split("\r\n").length;
  const fuzz = new Fuzz(11);
  let read = 0;
  for (let turn = 0; turn < 20_000; turn += 1) {
    const bytes = fuzz.next(samples);
    try {
      const description = unpackDescription(bytes);
      read += 1;
      expect(packDescription(description)).toEqual(bytes);
      expect(writeSdp("offer", description).split("\r\n")).toHaveLength(lines + description.candidates.length);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  expect(read).toBeGreaterThan(100);
});
