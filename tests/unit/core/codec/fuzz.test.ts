/**
 * Every decoder on 100,000 inputs each (KITH_FUZZ=1000000 for a million): it throws DecodeError or nothing, takes less than 50 ms, and
 * what it accepts is exactly what the encoder makes of it. Hashes, signatures and keys are replaced by cheap ones that always fit.
 */
import { describe, expect, test } from "vitest";
import { bytesToHex, concatBytes, equalBytes } from "../../../../src/core/codec/bytes.ts";
import { decodeCbor, encodeCbor } from "../../../../src/core/codec/cbor.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import { decodeHeader, encodeHeader, MAX_BODY_BYTES, NO_ENTRY } from "../../../../src/core/codec/entry.ts";
import type {
  AccountId,
  ConversationId,
  DeviceId,
  EntryId,
  InviteId,
  PeerKey,
} from "../../../../src/core/codec/ids.ts";
import { decodeRelease, encodeRelease } from "../../../../src/core/codec/release.ts";
import { decodeBundle } from "../../../../src/core/conversations/bundle.ts";
import { decodeContent, encodeText } from "../../../../src/core/conversations/content.ts";
import {
  decodeAnswer,
  decodeClaim,
  decodeRefusal,
  decodeRequest,
  encodeAnswer,
  encodeClaim,
  encodeRequest,
} from "../../../../src/core/conversations/first-contact-codec.ts";
import { decodeGenesis, encodeGenesis } from "../../../../src/core/membership/genesis.ts";
import { type Change, decodeOperation, encodeOperation } from "../../../../src/core/membership/operation.ts";
import { decodeGroupOffer, encodeGroupOffer } from "../../../../src/core/conversations/group-offer-codec.ts";
import { decodeIntroduction, encodeIntroduction } from "../../../../src/core/conversations/introduction.ts";
import { decodeInvite, encodeInvite } from "../../../../src/core/conversations/invite-codec.ts";
import { decodeClock, decodeRead, encodeClock } from "../../../../src/core/conversations/statements.ts";
import {
  consentingDevice,
  decodeDeviceList,
  decodeProfile,
  deviceIdOf,
  encodeDeviceList,
  encodeProfile,
} from "../../../../src/core/crypto/identity.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import type { Suite } from "../../../../src/core/crypto/suite.ts";
import { readEntry } from "../../../../src/core/log/entry.ts";
import { encodeFrame, FrameDecoder } from "../../../../src/core/sync/frames.ts";
import {
  decodeEntryFrame,
  decodeGreet,
  decodeHave,
  decodeHello,
  decodeWant,
  encodeEntryFrame,
  encodeGreet,
  encodeHave,
  encodeHello,
  encodeWant,
} from "../../../../src/core/sync/payloads.ts";
import { courierCodecs } from "../../../support/courier-codecs.ts";
import { statementCodecs } from "../../../support/statement-codecs.ts";
import { Fuzz } from "../../../support/fuzz.ts";
import { decodeSealedRead, encodeSealedRead, openSealedRead } from "../../../../src/core/conversations/sealed-read.ts";
import { encodeSignedRead } from "../../../support/signed-read.ts";

const INPUTS = Number(process.env["KITH_FUZZ"] ?? 100_000);
const INPUT_LIMIT_MS = 50;
const TEST_LIMIT_MS = 20_000 + INPUTS / 5;
const SIGNATURE_BYTES = 64;

/** Tells bytes apart well enough, at no cost. Signs with whatever stands at the end of what was decoded. */
let lastSignature = new Uint8Array(SIGNATURE_BYTES);
const cheap: Suite = {
  ...createSuite(),
  random: (length) => new Uint8Array(length),
  hash(bytes) {
    let sum = bytes.length;
    for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) >>> 0;
    const hash = new Uint8Array(32);
    new DataView(hash.buffer).setUint32(0, sum);
    return hash;
  },
  mac: (key) => key,
  equalMacs: () => true,
  publicKey: (seed) => seed,
  sign: () => lastSignature,
  verify: () => true,
  isKemPublicKey: () => true,
};
const signedAs = (bytes: Uint8Array): Suite => {
  lastSignature = Uint8Array.from(bytes.subarray(-SIGNATURE_BYTES));
  return cheap;
};

const seed = new Uint8Array(32).fill(7);
const device = deviceIdOf(cheap, seed);
const other = "0f".repeat(16) as DeviceId;
const conversation = "ab".repeat(32) as ConversationId;
const secondSeed = new Uint8Array(32).fill(9);
const listed = [seed, secondSeed].map((each) =>
  consentingDevice(cheap, seed, { logSeed: each, peerSeed: each }, 1_700_000_000_000),
);
const list = { rootKey: seed, number: 3, devices: listed };
const listBytes = encodeDeviceList(cheap, seed, list);
const profileBytes = encodeProfile(cheap, seed, { device, number: 2, name: "Bob" });
const sized = (bytes: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes);
const bundle = concatBytes(Uint8Array.of(1), sized(listBytes), sized(profileBytes), sized(new Uint8Array(0)));
const header = encodeHeader({
  suite: 0,
  conversation,
  device,
  channel: 1,
  seq: 1,
  previous: NO_ENTRY,
  clock: "0198000000000000",
  dependencies: [{ device: other, channel: 0, seq: 5, idPrefix: "11".repeat(8) }],
  kind: 1,
  epoch: 0,
  generation: 0,
  commitment: new Uint8Array(32),
  bodyLength: 3,
  bodyHash: cheap.hash(Uint8Array.of(1, 2, 3)),
});
const parts = { header, signature: new Uint8Array(SIGNATURE_BYTES), body: Uint8Array.of(1, 2, 3) };
const invite = {
  account: "ee".repeat(32) as AccountId,
  peer: "cd".repeat(32) as PeerKey,
  secret: new Uint8Array(16),
  expiresAt: 1_900_000_000_000,
  name: "Ana",
  relays: ["/dns4/relay.example/tcp/443/wss/p2p/12D3"],
};
const parents = ["1a", "2b"].map((byte) => byte.repeat(32) as EntryId);
const start = { device: other, seq: 3, id: "3c".repeat(32) as EntryId };
const changes: readonly Change[] = [
  { kind: "add", account: invite.account, bundle: Uint8Array.of(1, 2), relays: invite.relays, starts: [start] },
  { kind: "add", account: invite.account, bundle: new Uint8Array(0), relays: [], starts: [] },
  { kind: "remove", account: invite.account },
  { kind: "role", account: invite.account, role: "admin" },
  { kind: "role", account: invite.account, role: "member" },
  { kind: "leave" },
  { kind: "rename", name: "Zoë's 🦉" },
  { kind: "unknown", type: 9, bytes: Uint8Array.of(1, 2, 3) },
];
const mark = { device, channel: 1, height: 9, headPrefix: "01020304", opened: 8 };
const statement = { conversation, device, number: 12 };
const row = { device, channel: 1, base: 0, height: 4, headPrefix: "01020304" };
const range = { device, channel: 1, from: 2, to: 4 };

interface Codec {
  readonly samples: readonly Uint8Array[];
  /** Decodes and, where the encoding is the only one, encodes again. */
  readonly turn: (bytes: Uint8Array) => Uint8Array | undefined;
}

/** Those that read nothing but what the encoder makes, then those that leave room for later versions or never refuse. */
const codecs: Readonly<Record<string, Codec>> = {
  hello: {
    samples: [encodeHello({ tag: seed, digest: secondSeed, statements: seed.slice(0, 8) })],
    turn: (bytes) => encodeHello(decodeHello(bytes)),
  },
  have: {
    samples: [encodeHave([]), encodeHave([row]), encodeHave([row, { ...row, channel: 0 }, { ...row, device: other }])],
    turn(bytes) {
      const { rows, hasMore } = decodeHave(bytes);
      return encodeHave(rows, hasMore);
    },
  },
  want: {
    samples: [encodeWant([]), encodeWant([range]), encodeWant([range, { ...range, device: other }])],
    turn: (bytes) => encodeWant(decodeWant(bytes)),
  },
  header: { samples: [header], turn: (bytes) => encodeHeader(decodeHeader(bytes)) },
  "entry frame": {
    samples: [encodeEntryFrame({ isLastOfBatch: true, parts }), encodeEntryFrame({ isLastOfBatch: false, parts })],
    turn: (bytes) => encodeEntryFrame(decodeEntryFrame(bytes)),
  },
  entry: {
    samples: [encodeEntryFrame({ isLastOfBatch: true, parts })],
    turn(bytes) {
      const frame = decodeEntryFrame(bytes);
      return encodeEntryFrame({ ...frame, parts: readEntry(cheap, frame.parts).parts });
    },
  },
  claim: {
    samples: [encodeClaim({ invite: "aa".repeat(16) as InviteId, bundle, genesis: parts })],
    turn: (bytes) => encodeClaim(decodeClaim(bytes)),
  },
  request: {
    samples: [encodeRequest({ bundle, genesis: parts })],
    turn: (bytes) => encodeRequest(decodeRequest(bytes)),
  },
  answer: {
    samples: [
      encodeAnswer({ kind: "waiting" }),
      encodeAnswer({ kind: "not-taken" }),
      encodeAnswer({ kind: "accepted", bundle }),
    ],
    turn: (bytes) => encodeAnswer(decodeAnswer(bytes)),
  },
  "device list": {
    samples: [listBytes, encodeDeviceList(cheap, seed, { ...list, devices: listed.slice(1) })],
    turn: (bytes) => encodeDeviceList(signedAs(bytes), seed, decodeDeviceList(cheap, bytes)),
  },
  profile: {
    samples: [profileBytes, encodeProfile(cheap, seed, { device, number: 9, name: "Zoë 🦉" })],
    turn: (bytes) => encodeProfile(signedAs(bytes), seed, decodeProfile(cheap, list, bytes)),
  },
  genesis: {
    samples: [
      encodeGenesis({
        kind: "direct",
        nonce: new Uint8Array(16),
        founder: invite.account,
        other: "ff".repeat(32) as AccountId,
      }),
      encodeGenesis({ kind: "group", nonce: new Uint8Array(16), founder: invite.account, name: "Zoë's 🦉" }),
    ],
    turn: (bytes) => encodeGenesis(decodeGenesis(bytes)),
  },
  introduction: {
    samples: [encodeIntroduction(listBytes, "Zoë 🦉"), encodeIntroduction(listBytes, "")],
    turn(bytes) {
      const { listBytes: again, name } = decodeIntroduction(cheap, bytes);
      return encodeIntroduction(again, name);
    },
  },
  "group offer": {
    samples: [encodeGroupOffer({ genesis: parts, founder: encodeIntroduction(listBytes, "Zoë 🦉") })],
    turn: (bytes) => encodeGroupOffer(decodeGroupOffer(bytes)),
  },
  "operation of a group": {
    samples: changes.map((change) => encodeOperation({ parents, change })),
    turn: (bytes) => encodeOperation(decodeOperation(bytes)),
  },
  clock: {
    samples: [[], [mark], [mark, { ...mark, channel: 2 }]].map((marks) =>
      encodeClock(cheap, seed, { ...statement, marks }),
    ),
    turn: (bytes) => encodeClock(signedAs(bytes), seed, decodeClock(bytes)),
  },
  read: {
    samples: [
      encodeSignedRead(cheap, seed, { ...statement, marks: [{ device, seq: 3 }] }),
      encodeSignedRead(cheap, seed, {
        ...statement,
        marks: [
          { device: other, seq: 4 },
          { device, seq: 3 },
        ],
      }),
    ],
    turn: (bytes) => encodeSignedRead(signedAs(bytes), seed, decodeRead(bytes)),
  },
  "sealed read": {
    samples: [1, 12].map((count) => {
      const marks = Array.from({ length: count }, (_, at) => ({
        device: at.toString(16).padStart(32, "0") as DeviceId,
        seq: at,
      }));
      return encodeSealedRead(cheap, seed, { ...statement, marks }, { device, seq: 3 }, seed);
    }),
    turn(bytes) {
      const { anchor, ...head } = decodeSealedRead(bytes);
      const marks = openSealedRead(cheap, bytes, seed);
      if (marks === undefined) return undefined;
      const drawing = { ...signedAs(bytes), random: () => bytes.slice(74, 90) };
      return encodeSealedRead(drawing, seed, { ...head, marks }, anchor, seed);
    },
  },
  cbor: {
    samples: [encodeCbor({ type: "text", version: 1, text: "hello", at: 5 }), encodeCbor([1, -1, "a", true, null])],
    turn: (bytes) => encodeCbor(decodeCbor(bytes, MAX_BODY_BYTES)),
  },
  "invite with a fitting checksum": {
    samples: [encodeInvite(cheap, invite), encodeInvite(cheap, { ...invite, relays: [] })],
    turn(bytes) {
      const body = bytes.subarray(0, -4);
      const whole = concatBytes(body, cheap.hash(concatBytes(CHECKSUM_DOMAIN, body)).subarray(0, 4));
      const decoded = decodeInvite(cheap, whole);
      if (decoded.kind === "invite" && !equalBytes(encodeInvite(cheap, decoded.invite), whole))
        return new Uint8Array(0);
      return undefined;
    },
  },
  greet: {
    samples: [
      encodeGreet({ nonce: seed, relays: ["/memory/a", "/memory/b"] }),
      encodeGreet({ nonce: seed, relays: [] }),
      encodeGreet({ nonce: seed, relays: ["/memory/a"], takesLevel: true, takesNumbers: true }),
    ],
    turn(bytes) {
      const { nonce, relays } = decodeGreet(bytes);
      const again = encodeGreet({ nonce, relays });
      // Later versions may say more at the end, and have other features.
      return equalBytes(again.subarray(1), bytes.subarray(1, again.length)) ? undefined : again;
    },
  },
  ...statementCodecs(device, other),
  release: {
    samples: [encodeRelease({ version: "0.1.0", fingerprint: bytesToHex(seed) })],
    turn: (bytes) => encodeRelease(decodeRelease(bytes)),
  },
  ...courierCodecs({ cheap, signedAs, seed, device, other, conversation, parts }),
  bundle: {
    samples: [bundle],
    turn(bytes) {
      const decoded = decodeBundle(cheap, bytes);
      return equalBytes(decoded.listBytes, bytes.subarray(3, 3 + decoded.listBytes.length))
        ? undefined
        : decoded.listBytes;
    },
  },
  refusal: {
    samples: [Uint8Array.of(1), Uint8Array.of(3, 9)],
    turn(bytes) {
      decodeRefusal(bytes);
      return undefined;
    },
  },
  content: {
    samples: [
      encodeText({ text: "hello", writtenAt: 1_700_000_000_000 }),
      encodeText({ text: "hello", writtenAt: 1_700_000_000_000, rank: "0123456789abcdef" }),
    ],
    turn(bytes) {
      decodeContent(bytes);
      return undefined;
    },
  },
  "frames in pieces": {
    samples: [
      concatBytes(
        encodeFrame({ type: 1, session: 0, payload: seed }),
        encodeFrame({ type: 20, session: 1, payload: new Uint8Array(0) }),
      ),
    ],
    turn(bytes) {
      const decoder = new FrameDecoder();
      const half = bytes.length >> 1;
      const frames = [...decoder.push(bytes.subarray(0, half)), ...decoder.push(bytes.subarray(half))];
      const again = concatBytes(...frames.map((frame) => encodeFrame(frame)));
      return equalBytes(again, bytes.subarray(0, again.length)) ? undefined : again;
    },
  },
};
const CHECKSUM_DOMAIN = new TextEncoder().encode("kith/invite-checksum/1");

/** Undefined when it was refused with a DecodeError. */
function turned({ turn }: Codec, bytes: Uint8Array): Uint8Array | undefined {
  try {
    return turn(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw new Error(`failed on ${bytesToHex(bytes)}`, { cause: error });
  }
}

/** A pause of the machine is told from a slow input by asking again. */
function isSlow(codec: Codec, bytes: Uint8Array): boolean {
  return [1, 2, 3].every(() => {
    const startedAt = performance.now();
    turned(codec, bytes);
    return performance.now() - startedAt >= INPUT_LIMIT_MS;
  });
}

describe.each(Object.entries(codecs))("%s", (name, codec) => {
  test("is read as it was written", () => {
    for (const sample of codec.samples) expect(codec.turn(sample) ?? sample).toEqual(sample);
  });

  test(
    `bears ${INPUTS} inputs`,
    () => {
      const fuzz = new Fuzz(name.length + INPUTS);
      for (let input = 0; input < INPUTS; input += 1) {
        const bytes = fuzz.next(codec.samples);
        const startedAt = performance.now();
        const again = turned(codec, bytes);
        const tookMs = performance.now() - startedAt;
        if (tookMs >= INPUT_LIMIT_MS && isSlow(codec, bytes)) throw new Error(`slow on ${bytesToHex(bytes)}`);
        if (again !== undefined && !equalBytes(again, bytes)) {
          expect.fail(`${bytesToHex(bytes)} was accepted, but is written ${bytesToHex(again)}`);
        }
      }
    },
    TEST_LIMIT_MS,
  );
});
