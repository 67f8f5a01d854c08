/**
 * A WebRTC session description for one data channel, packed to what two people can carry from screen to screen: credentials, the
 * certificate's fingerprint and a few UDP candidates. Everything else of an SDP is the same for all.
 */
import { ByteReader } from "../../../core/codec/byte-reader.ts";
import { ByteWriter } from "../../../core/codec/byte-writer.ts";
import { bytesToHex, bytesToText, hexToBytes, textToBytes } from "../../../core/codec/bytes.ts";
import { DecodeError } from "../../../core/codec/decode-error.ts";
import { MAX_DESCRIPTION_BYTES } from "../../../core/codec/limits.ts";

const MAX_CANDIDATES = 8;
const FINGERPRINT_BYTES = 32;
/** RFC 8839: at least 4 and 22 characters, at most 256; browsers use 4 to 8 and 22 to 32. */
const MAX_UFRAG_BYTES = 32;
const MAX_PWD_BYTES = 64;
const MDNS_SUFFIX = ".local";

type AddressKind = (typeof ADDRESS_KINDS)[number]["kind"];
const ADDRESS_KINDS = [
  { kind: "ip4", bytes: 4 },
  { kind: "ip6", bytes: 16 },
  /** A random name that only the same local network resolves. */
  { kind: "mdns", bytes: 16 },
] as const;
const CANDIDATE_TYPES = ["host", "srflx"] as const;

export interface Candidate {
  readonly type: (typeof CANDIDATE_TYPES)[number];
  /** As in an SDP. */
  readonly address: string;
  readonly port: number;
}

export interface Description {
  readonly ufrag: string;
  readonly pwd: string;
  /** SHA-256 of the DTLS certificate. */
  readonly fingerprint: Uint8Array;
  readonly candidates: readonly Candidate[];
}

/** @throws DecodeError for an SDP without what a data channel needs. */
export function readSdp(sdp: string): Description {
  const lines = sdp.split(/\r?\n/);
  const value = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
  const [hash, hex] = value("fingerprint")?.split(" ") ?? [];
  const [ufrag, pwd] = [value("ice-ufrag"), value("ice-pwd")];
  if (ufrag === undefined || pwd === undefined || hex === undefined || hash?.toLowerCase() !== "sha-256") {
    throw new DecodeError("not a description of a data channel");
  }
  const candidates = lines.flatMap((line) => readCandidate(line) ?? []);
  return {
    ufrag,
    pwd,
    fingerprint: hexToBytes(hex.replaceAll(":", "").toLowerCase(), FINGERPRINT_BYTES),
    candidates: candidates.slice(0, MAX_CANDIDATES),
  };
}

/** ufrag sized(1) | pwd sized(1) | fingerprint 32 | count 1 (≤ 8) | (type and kind of address 1 | address 4 or 16 | port 2)… */
export function packDescription({ ufrag, pwd, fingerprint, candidates }: Description): Uint8Array {
  const writer = new ByteWriter()
    .sized(textToBytes(ufrag), 1)
    .sized(textToBytes(pwd), 1)
    .fixed(fingerprint, FINGERPRINT_BYTES)
    .uint(candidates.length, 1);
  for (const { type, address, port } of candidates) {
    const { kind, bytes } = packAddress(address);
    const code = CANDIDATE_TYPES.indexOf(type) * ADDRESS_KINDS.length + kind;
    writer.uint(code, 1).fixed(bytes, bytes.length).uint(port, 2);
  }
  return writer.finish();
}

/** @throws DecodeError for anything that no honest device packs: nothing of it can put another line into an SDP. */
export function unpackDescription(bytes: Uint8Array): Description {
  if (bytes.length > MAX_DESCRIPTION_BYTES) throw new DecodeError("a description that is too long");
  const reader = new ByteReader(bytes);
  const ufrag = credential(reader.sized(1, MAX_UFRAG_BYTES), 4);
  const pwd = credential(reader.sized(1, MAX_PWD_BYTES), 22);
  const fingerprint = reader.fixed(FINGERPRINT_BYTES);
  const count = reader.uint(1, MAX_CANDIDATES);
  const candidates = Array.from({ length: count }, (): Candidate => {
    const code = reader.uint(1, CANDIDATE_TYPES.length * ADDRESS_KINDS.length - 1);
    const type = CANDIDATE_TYPES[Math.floor(code / ADDRESS_KINDS.length)] ?? "host";
    const kind = ADDRESS_KINDS[code % ADDRESS_KINDS.length] ?? ADDRESS_KINDS[0];
    const address = unpackAddress(kind.kind, reader.fixed(kind.bytes));
    const port = reader.uint(2);
    if (port === 0) throw new DecodeError("a candidate without a port");
    return { type, address, port };
  });
  reader.end();
  return { ufrag, pwd, fingerprint, candidates };
}

/** As `RTCPeerConnection.setRemoteDescription` takes it. */
export function writeSdp(type: "offer" | "answer", { ufrag, pwd, fingerprint, candidates }: Description): string {
  const hex = [...fingerprint].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join(":");
  return [
    "v=0",
    "o=- 1 2 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    ...candidates.map(candidateLine),
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:sha-256 ${hex}`,
    `a=setup:${type === "offer" ? "actpass" : "active"}`,
    "a=mid:0",
    "a=sctp-port:5000",
    "a=max-message-size:262144",
    "",
  ].join("\r\n");
}

function candidateLine({ type, address, port }: Candidate, index: number): string {
  // RFC 8445, 5.1.2: the type, then the order in which they were listed.
  const priority = (type === "host" ? 126 : 100) * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;
  const related = type === "host" ? "" : " raddr 0.0.0.0 rport 0";
  return `a=candidate:${index + 1} 1 udp ${priority} ${address} ${port} typ ${type}${related}`;
}

function readCandidate(line: string): Candidate | undefined {
  const parts = /^a=candidate:\S+ 1 (\S+) \d+ (\S+) (\d+) typ (host|srflx)/.exec(line);
  if (parts === null || parts[1]?.toLowerCase() !== "udp") return undefined;
  const [, , address = "", port, type] = parts;
  if (packable(address) === undefined) return undefined;
  return { type: type === "srflx" ? "srflx" : "host", address, port: Number(port) };
}

function packAddress(address: string): { readonly kind: number; readonly bytes: Uint8Array } {
  const packed = packable(address);
  if (packed === undefined) throw new DecodeError("an address that cannot be packed");
  return { kind: ADDRESS_KINDS.findIndex(({ kind }) => kind === packed.kind), bytes: packed.bytes };
}

function packable(address: string): { readonly kind: AddressKind; readonly bytes: Uint8Array } | undefined {
  if (address.endsWith(MDNS_SUFFIX)) {
    const hex = address.slice(0, -MDNS_SUFFIX.length).replaceAll("-", "");
    return /^[0-9a-f]{32}$/.test(hex) ? { kind: "mdns", bytes: hexToBytes(hex, 16) } : undefined;
  }
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const numbers = address.split(".").map(Number);
    return numbers.every((number) => number < 256) ? { kind: "ip4", bytes: Uint8Array.from(numbers) } : undefined;
  }
  const bytes = readIp6(address);
  return bytes === undefined ? undefined : { kind: "ip6", bytes };
}

function readIp6(address: string): Uint8Array | undefined {
  if (!/^[0-9a-f:]{2,39}$/i.test(address) || !address.includes(":")) return undefined;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: Math.max(0, missing) }, () => "0"), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
}

function unpackAddress(kind: AddressKind, bytes: Uint8Array): string {
  if (kind === "ip4") return bytes.join(".");
  const hex = bytesToHex(bytes);
  if (kind === "ip6") return (hex.match(/.{4}/g) ?? []).join(":");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}${MDNS_SUFFIX}`;
}

/** RFC 8839, ice-char: nothing that ends a line. */
function credential(bytes: Uint8Array, least: number): string {
  const text = bytesToText(bytes);
  if (text.length < least || !/^[A-Za-z0-9+/]+$/.test(text)) throw new DecodeError("not a credential");
  return text;
}
