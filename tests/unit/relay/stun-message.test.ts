import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeBindingRequest, encodeBindingAnswer } from "../../../src/relay/stun-message.ts";

/** RFC 5769, section 2.1: a request with, among others, PRIORITY, which only ICE agents understand. */
const SAMPLE_REQUEST = Buffer.from(
  "000100582112a442b7e7a701bc34d686fa87dfae" +
    "802200105354554e207465737420636c69656e74" +
    "002400046e0001ff" +
    "80290008932ff9b151263b36" +
    "000600096576746a3a68367659202020" +
    "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2" +
    "80280004e57a3bcf",
  "hex",
);
const TRANSACTION_ID = SAMPLE_REQUEST.subarray(8, 20);
/** The XOR-MAPPED-ADDRESS of the answers in sections 2.2 and 2.3. */
const IPV4_ATTRIBUTE = "002000080001a147e112a643";
const IPV6_ATTRIBUTE = "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9";

const PLAIN = Buffer.concat([Buffer.from("000100002112a442", "hex"), TRANSACTION_ID]);

function answerTo(packet: Buffer, address = "192.0.2.1"): string | undefined {
  const request = decodeBindingRequest(packet);
  return request === undefined ? undefined : encodeBindingAnswer(request, address, 32_853).toString("hex");
}

/** With one attribute more. */
function withAttribute(type: number, value: Buffer, lengthSaid = value.length): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(lengthSaid, 2);
  const packet = Buffer.concat([PLAIN, header, value]);
  packet.writeUInt16BE(packet.length - 20, 2);
  return packet;
}

describe("an answer to a binding request", () => {
  it.each([
    ["192.0.2.1", IPV4_ATTRIBUTE],
    ["2001:db8:1234:5678:11:2233:4455:6677", IPV6_ATTRIBUTE],
  ])("tells %s as the samples of RFC 5769 do", (address, attribute) => {
    const length = (attribute.length / 2).toString(16).padStart(4, "0");
    const header = `0101${length}2112a442${TRANSACTION_ID.toString("hex")}`;
    expect(answerTo(PLAIN, address)).toBe(header + attribute);
  });

  it.each([
    ["::1", "00000000000000000000000000000001"],
    ["fe80::1:0%eth0", "fe800000000000000000000000010000"],
    ["::", "00000000000000000000000000000000"],
    ["1::", "00010000000000000000000000000000"],
    ["64:ff9b::192.0.2.1", "0064ff9b0000000000000000c0000201"],
  ])("tells the short form %s in full", (address, bytes) => {
    const mask = Buffer.concat([Buffer.from("2112a442", "hex"), TRANSACTION_ID]);
    const told = Buffer.from(answerTo(PLAIN, address) ?? "", "hex").subarray(28);
    const address16 = told.map((byte, index) => byte ^ (mask[index] ?? 0));
    expect(Buffer.from(address16).toString("hex")).toBe(bytes);
  });

  it("names the attributes that it would have to understand", () => {
    const answer = answerTo(SAMPLE_REQUEST);
    const error = "0009000400000414";
    expect(answer?.slice(0, 4)).toBe("0111");
    expect(answer?.slice(40)).toMatch(new RegExp(`^${error}000a00020024000080280004[0-9a-f]{8}$`));
  });

  it("carries a fingerprint when the request did, and one that is right", () => {
    const answer = Buffer.from(answerTo(SAMPLE_REQUEST) ?? "", "hex");
    expect(answer.readUInt16BE(2)).toBe(answer.length - 20);
    const sum = crc32(answer.subarray(0, -8)) ^ 0x5354554e;
    expect(answer.readUInt32BE(answer.length - 4)).toBe(sum >>> 0);
    expect(decodeBindingRequest(SAMPLE_REQUEST)?.hasFingerprint).toBe(true);
    expect(answerTo(PLAIN)).not.toContain("80280004");
  });

  it("is hardly larger than the request", () => {
    const most = withAttribute(0x7fff, Buffer.alloc(0));
    expect((answerTo(most) ?? "").length / 2 / most.length).toBeLessThan(2.3);
    expect((answerTo(PLAIN, "::1") ?? "").length / 2 / PLAIN.length).toBeLessThan(2.3);
  });
});

describe("a packet that gets no answer", () => {
  it.each([
    ["shorter than a header", PLAIN.subarray(0, 19)],
    ["empty", Buffer.alloc(0)],
    ["longer than 548 bytes", withAttribute(0x8022, Buffer.alloc(528))],
    ["of another length than it says", Buffer.concat([PLAIN, Buffer.alloc(4)])],
    ["without the magic cookie", changed(PLAIN, 4)],
    ["an answer", changed(PLAIN, 0)],
    ["of another method", changed(PLAIN, 1)],
    ["with an attribute that ends behind the packet", withAttribute(0x8022, Buffer.alloc(4), 8)],
    ["with half an attribute's header", cut(withAttribute(0x8022, Buffer.alloc(4)), 6)],
    ["with a wrong fingerprint", changed(SAMPLE_REQUEST, SAMPLE_REQUEST.length - 1)],
    ["changed under its fingerprint", changed(SAMPLE_REQUEST, 30)],
    ["with a fingerprint that is not the last", afterFingerprint()],
  ])("is %s", (_name, packet) => {
    expect(answerTo(packet)).toBeUndefined();
  });
});

function changed(packet: Buffer, offset: number): Buffer {
  const copy = Buffer.from(packet);
  copy[offset] = (copy[offset] ?? 0) ^ 2;
  return copy;
}

function cut(packet: Buffer, bytes: number): Buffer {
  const copy = Buffer.from(packet.subarray(0, packet.length - bytes));
  copy.writeUInt16BE(copy.length - 20, 2);
  return copy;
}

/** Its sum is of a packet that counts what follows, as a forger would have it. */
function afterFingerprint(): Buffer {
  const packet = Buffer.concat([SAMPLE_REQUEST, Buffer.from("80220000", "hex")]);
  packet.writeUInt16BE(packet.length - 20, 2);
  return packet;
}
