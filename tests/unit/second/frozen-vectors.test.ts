/** Kith's code over the frozen vectors of the second implementation (tests/second), and the files against what it makes now. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  changedClock,
  changedLogs,
  clockChangeOf,
  decodeClockChange,
  encodeClockChange,
} from "../../../src/core/conversations/clock-changes.ts";
import { FRAME } from "../../../src/core/sync/frames.ts";
import { decodeStatementNumbers, encodeStatementNumbers } from "../../../src/core/sync/statement-numbers.ts";
import { openFile } from "../../../src/core/backup/backup-file.ts";
import { bytesToHex, hexToBytes } from "../../../src/core/codec/bytes.ts";
import { decodeHeader, encodeHeader, encodeHeaderPrefix } from "../../../src/core/codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, PeerKey } from "../../../src/core/codec/ids.ts";
import { decodeBundle } from "../../../src/core/conversations/bundle.ts";
import { decodeContent, encodeText } from "../../../src/core/conversations/content.ts";
import { decodeClaim, encodeClaim, proofOf } from "../../../src/core/conversations/first-contact-codec.ts";
import { conversationIdOf } from "../../../src/core/conversations/conversation-id.ts";
import { decodeGenesis, encodeGenesis } from "../../../src/core/membership/genesis.ts";
import { decodeInvite, encodeInvite, inviteIdOf, inviteLink } from "../../../src/core/conversations/invite-codec.ts";
import {
  decodeClock,
  decodeRead,
  digestNumbers,
  foldedDigest,
  encodeClock,
  verifyClock,
  verifyRead,
} from "../../../src/core/conversations/statements.ts";
import {
  decodeSealedRead,
  encodeSealedRead,
  openSealedRead,
  verifySealedRead,
} from "../../../src/core/conversations/sealed-read.ts";
import { codeReadProof, decodeCode, encodeCode } from "../../../src/core/conversations/verify-code.ts";
import { stretch } from "../../../src/core/crypto/argon2.ts";
import { firstChainKey, stepChain } from "../../../src/core/crypto/chain.ts";
import { openEnvelope, sealEnvelope, seedCommitment } from "../../../src/core/crypto/envelope.ts";
import { hpkeSeal } from "../../../src/core/crypto/hpke.ts";
import {
  accountIdOf,
  consentingDevice,
  decodeDeviceList,
  decodeProfile,
  deviceIdOf,
  encodeDeviceList,
  encodeProfile,
} from "../../../src/core/crypto/identity.ts";
import { decodeKeyPackage, encodeKeyPackage } from "../../../src/core/crypto/key-package.ts";
import { openBody, sealBody } from "../../../src/core/crypto/message-body.ts";
import { createSuite } from "../../../src/core/crypto/real-suite.ts";
import { decodeRekeyBody, encodeRekeyBodies } from "../../../src/core/crypto/rekey-body.ts";
import { openResendAnswer, sealResendAnswer } from "../../../src/core/crypto/resend-answer.ts";
import { decodeResendBody, encodeResendBody } from "../../../src/core/crypto/resend-body.ts";
import { safetyNumber } from "../../../src/core/crypto/safety-number.ts";
import type { Suite } from "../../../src/core/crypto/suite.ts";
import { entryIdOf, readEntry, verifyEntry } from "../../../src/core/log/entry.ts";
import { encodeFrame, FrameDecoder } from "../../../src/core/sync/frames.ts";
import { helloTag } from "../../../src/core/sync/hello-tag.ts";
import {
  decodeEntryFrame,
  decodeHave,
  decodeWant,
  encodeEntryFrame,
  encodeHave,
  encodeWant,
} from "../../../src/core/sync/payloads.ts";
import type { StretchPassphrase } from "../../../src/core/vault/ports.ts";
import { VECTOR_FILES, vectorText } from "../../second/vector-cases.ts";
import type { Hexed } from "../../support/hexed.ts";
import { fromHex } from "../../support/published-vectors.ts";
import { encodeSignedRead } from "../../support/signed-read.ts";

const FOLDER = new URL("../../vectors/", import.meta.url);
const suite = createSuite();

const argon2id: StretchPassphrase = (passphrase, salt, cost) => Promise.resolve(stretch(passphrase, salt, cost));

type Files = typeof VECTOR_FILES;

function frozen<Name extends keyof Files>(name: Name): Hexed<Files[Name]> {
  return JSON.parse(readFileSync(new URL(`kith-${name}.json`, FOLDER), "utf8")) as Hexed<Files[Name]>;
}

function entryNamed(name: string): Hexed<Files["entry"]["entries"][number]> {
  const found = frozen("entry").entries.find((entry) => entry.name === name);
  if (found === undefined) throw new Error(`no entry is named ${name}`);
  return found;
}

/** The suite with these bytes where it would draw random ones. */
function drawing(...draws: readonly Uint8Array[]): Suite {
  const rest = [...draws];
  return {
    ...suite,
    random: (length) => {
      const next = rest.shift();
      if (next?.length !== length) throw new Error("other random bytes were expected");
      return next;
    },
    seal: (publicKey, info, aad, plaintext) =>
      hpkeSeal(publicKey, info, aad, plaintext, rest.shift() ?? suite.random(0)),
  };
}

test("the files are what the second implementation makes now, and there are no others", () => {
  const names = readdirSync(FOLDER).filter((name) => name.startsWith("kith-"));
  expect(names.toSorted()).toEqual(
    Object.keys(VECTOR_FILES)
      .map((name) => `kith-${name}.json`)
      .toSorted(),
  );
  for (const [name, content] of Object.entries(VECTOR_FILES)) {
    expect(readFileSync(new URL(`kith-${name}.json`, FOLDER), "utf8"), name).toBe(vectorText(content));
  }
});

describe("identity", () => {
  const { people, created } = frozen("identity");
  const { conversation } = frozen("entry");
  test.each(people)("$name's ids, device list, profile, bundle and key package", (who) => {
    const [rootKey, logKey] = [fromHex(who.rootKey), fromHex(who.logKey)];
    expect(suite.publicKey(fromHex(who.rootSeed))).toEqual(rootKey);
    expect(accountIdOf(suite, rootKey)).toBe(who.account);
    expect(deviceIdOf(suite, logKey)).toBe(who.device);
    const seeds = { logSeed: fromHex(who.logSeed), peerSeed: fromHex(who.peerSeed) };
    const devices = [consentingDevice(suite, rootKey, seeds, created)];
    const list = { rootKey, number: who.listNumber, devices };
    expect(bytesToHex(encodeDeviceList(suite, fromHex(who.rootSeed), list))).toBe(who.list);
    expect(decodeDeviceList(suite, fromHex(who.list))).toEqual(list);
    const profile = { device: deviceIdOf(suite, logKey), number: who.profileNumber, name: who.profileName };
    expect(bytesToHex(encodeProfile(suite, seeds.logSeed, profile))).toBe(who.profile);
    expect(decodeProfile(suite, list, fromHex(who.profile))).toEqual(profile);
    const listBytes = fromHex(who.list);
    expect(decodeBundle(suite, fromHex(who.bundle))).toEqual({ account: who.account, list, listBytes, profile });
    const keyPackage = {
      conversation: conversation as ConversationId,
      device: profile.device,
      number: who.keyPackageNumber,
      publicKey: suite.kemPublicKey(fromHex(who.kemSeed)),
    };
    expect(bytesToHex(encodeKeyPackage(suite, seeds.logSeed, keyPackage))).toBe(who.keyPackage);
    expect(decodeKeyPackage(suite, { ...keyPackage, logKey }, fromHex(who.keyPackage))).toEqual(keyPackage);
  });
});

describe("entries", () => {
  const { entries, logKey, logSeed, ...about } = frozen("entry");
  test.each(entries)("the $name", ({ header, signature, id, body }) => {
    const parts = { header: fromHex(header), signature: fromHex(signature), body: fromHex(body) };
    const decoded = decodeHeader(parts.header);
    expect(bytesToHex(encodeHeader(decoded))).toBe(header);
    expect(bytesToHex(suite.sign(fromHex(logSeed), "kith/entry/1", parts.header))).toBe(signature);
    expect(verifyEntry(suite, fromHex(logKey), parts)).toBe(true);
    expect(entryIdOf(suite, parts.header, parts.signature)).toBe(id);
    expect(readEntry(suite, parts).id).toBe(id);
    expect(decoded).toMatchObject({ suite: 1, conversation: about.conversation, device: about.device });
  });

  test("the genesis names the conversation", () => {
    const body = fromHex(entryNamed("genesis").body);
    const genesis = {
      kind: "direct" as const,
      nonce: fromHex(about.genesisNonce),
      founder: about.founder as AccountId,
      other: about.other as AccountId,
    };
    expect(encodeGenesis(genesis)).toEqual(body);
    expect(decodeGenesis(body)).toEqual(genesis);
    expect(conversationIdOf(suite, body)).toBe(about.conversation);
  });
});

test("rekeys of one and of two parts", () => {
  const rekey = frozen("rekey");
  const { device, conversation, logKey } = frozen("entry");
  const recipientOf = frozen("envelope");
  const owner = {
    conversation: conversation as ConversationId,
    device: device as DeviceId,
    logKey: fromHex(logKey),
  };
  const recipients = [
    {
      device: recipientOf.recipient as DeviceId,
      keyNumber: recipientOf.keyNumber,
      envelopeHash: suite.hash(fromHex(recipientOf.envelope)),
    },
  ];
  const { epoch } = rekey;
  const commitment = fromHex(rekey.commitment);
  const encoded = encodeRekeyBodies({ epoch, commitment, keyPackage: fromHex(rekey.keyPackage), recipients });
  expect(encoded.map(bytesToHex)).toEqual([rekey.body]);
  const said = decodeRekeyBody(suite, owner, fromHex(rekey.body));
  expect(said).toMatchObject({ epoch, commitment, recipients, keyPackage: { number: rekey.keyPackageNumber } });
  const rest = decodeRekeyBody(suite, owner, fromHex(rekey.secondPart));
  expect(rest).toEqual({ epoch, commitment, recipients, keyPackage: undefined });
});

test("an envelope", () => {
  const vector = frozen("envelope");
  const seed = fromHex(vector.seed);
  const place = {
    conversation: vector.conversation as ConversationId,
    author: vector.author as DeviceId,
    epoch: vector.epoch,
    recipient: vector.recipient as DeviceId,
    keyNumber: vector.keyNumber,
    seq: vector.seq,
    commitment: fromHex(vector.commitment),
  };
  expect(bytesToHex(suite.kemPublicKey(fromHex(vector.kemSeed)))).toBe(vector.publicKey);
  expect(seedCommitment(suite, place, seed)).toEqual(place.commitment);
  expect(openEnvelope(suite, place, fromHex(vector.kemSeed), fromHex(vector.envelope))).toEqual(seed);
  const sealed = sealEnvelope(drawing(fromHex(vector.randomness)), place, fromHex(vector.publicKey), seed);
  expect(bytesToHex(sealed)).toBe(vector.envelope);
});

test("a chain", () => {
  const { rekeyHeader, seed, chainKeys, messageKeys } = frozen("chain");
  let chainKey = firstChainKey(suite, fromHex(rekeyHeader), fromHex(seed));
  expect(messageKeys.length).toBe(4);
  for (const [generation, expected] of messageKeys.entries()) {
    expect(bytesToHex(chainKey)).toBe(chainKeys[generation]);
    const { messageKey, next } = stepChain(suite, chainKey);
    expect(bytesToHex(messageKey)).toBe(expected);
    chainKey = next;
  }
});

test("a message, from its text to its sealed body", () => {
  const vector = frozen("message");
  const content = fromHex(vector.content);
  expect(encodeText({ text: vector.text, writtenAt: vector.at })).toEqual(content);
  expect(decodeContent(content)).toEqual({ kind: "text", text: vector.text, writtenAt: vector.at });
  const [key, start] = [fromHex(vector.messageKey), fromHex(vector.headerStart)];
  const message = decodeHeader(fromHex(entryNamed("message").header));
  expect(encodeHeaderPrefix(message)).toEqual(start);
  const opening = fromHex(vector.opening);
  expect(openBody(suite, key, start, fromHex(vector.commitment), fromHex(vector.body))).toEqual({ content, opening });
  const sealed = sealBody(drawing(fromHex(vector.r), fromHex(vector.salt)), key, start, content);
  expect(bytesToHex(sealed.body)).toBe(vector.body);
  expect(bytesToHex(sealed.commitment)).toBe(vector.commitment);
});

test("a resend and its answer", () => {
  const vector = frozen("resend");
  const ranges = vector.ranges.map((range) => ({ ...range, device: range.device as DeviceId }));
  expect(bytesToHex(encodeResendBody(ranges))).toBe(vector.body);
  expect(decodeResendBody(fromHex(vector.body))).toEqual(ranges);
  const kemSeed = fromHex(vector.kemSeed);
  const place = {
    conversation: vector.conversation as ConversationId,
    requester: vector.requester as DeviceId,
    keyNumber: vector.keyNumber,
  };
  const device = frozen("entry").device as DeviceId;
  const messages = [{ device, channel: 1, seq: 1, opening: fromHex(frozen("message").opening) }];
  expect(openResendAnswer(suite, place, kemSeed, fromHex(vector.answer))).toEqual(messages);
  const drawn = drawing(fromHex(vector.randomness));
  expect(bytesToHex(sealResendAnswer(drawn, place, suite.kemPublicKey(kemSeed), messages))).toBe(vector.answer);
});

test("an invite, its claim and both proofs", () => {
  const vector = frozen("invite");
  const secret = fromHex(vector.secret);
  const invite = {
    account: vector.account as AccountId,
    peer: vector.peerKey as PeerKey,
    secret,
    expiresAt: vector.expiry * 1000,
    name: vector.name,
    relays: vector.relays,
  };
  expect(bytesToHex(encodeInvite(suite, invite))).toBe(vector.invite);
  expect(decodeInvite(suite, fromHex(vector.invite))).toEqual({ kind: "invite", invite });
  expect(inviteLink("https://kith.example/", fromHex(vector.invite))).toBe(`https://kith.example/${vector.fragment}`);
  expect(inviteIdOf(suite, secret)).toBe(vector.id);
  expect(bytesToHex(encodeClaim(decodeClaim(fromHex(vector.claimPayload))))).toBe(vector.claimPayload);
  const transcript = {
    acceptorNonce: fromHex(vector.acceptorNonce),
    inviterNonce: fromHex(vector.inviterNonce),
    acceptorPeer: vector.acceptorPeerKey as PeerKey,
    inviterPeer: vector.inviterPeerKey as PeerKey,
    claim: fromHex(vector.claimPayload),
    inviterBundle: fromHex(vector.inviterBundle),
  };
  expect(bytesToHex(proofOf(suite, secret, "acceptor", transcript))).toBe(vector.proof);
  expect(bytesToHex(proofOf(suite, secret, "inviter", transcript))).toBe(vector.welcome);
});

test("clock and read statements", () => {
  const vector = frozen("statements");
  const [logSeed, logKey] = [fromHex(vector.logSeed), fromHex(vector.logKey)];
  const head = {
    conversation: vector.conversation as ConversationId,
    device: vector.device as DeviceId,
    number: vector.number,
  };
  const marks = vector.clockRows.map(({ device, prefix, ...row }) => ({
    ...row,
    device: device as DeviceId,
    headPrefix: prefix,
  }));
  expect(bytesToHex(encodeClock(suite, logSeed, { ...head, marks }))).toBe(vector.clock);
  expect(decodeClock(fromHex(vector.clock))).toEqual({ ...head, marks });
  expect(verifyClock(suite, logKey, fromHex(vector.clock))).toBe(true);
  const [clock, earlier] = [fromHex(vector.clock), fromHex(vector.earlierClock)];
  const logs = changedLogs(earlier, clock);
  const change = clockChangeOf(clock, vector.number - 1, logs ?? new Set());
  expect(bytesToHex(encodeClockChange(change))).toBe(vector.clockChange);
  expect(bytesToHex(changedClock(earlier, decodeClockChange(fromHex(vector.clockChange))))).toBe(vector.clock);
  const rows = [
    { kind: "clock", device: head.device, number: vector.number - 1 },
    { kind: "read", device: head.device, number: 0 },
  ] as const;
  expect(encodeStatementNumbers({ isWanted: true, rows }).map(bytesToHex)).toEqual([vector.wantedNumbers]);
  expect(decodeStatementNumbers(fromHex(vector.wantedNumbers))).toEqual({ isWanted: true, rows });
  const held = [
    { type: FRAME.clock, bytes: clock },
    { type: FRAME.sealedRead, bytes: fromHex(vector.sealedRead) },
  ];
  const digest = digestNumbers(suite, held);
  expect(bytesToHex(digest)).toBe(vector.numbersDigest);
  expect(bytesToHex(foldedDigest(suite, digest, fromHex(vector.listsDigest)))).toBe(vector.foldedDigest);
  const readMarks = vector.readRows.map(({ device, seq }) => ({ device: device as DeviceId, seq }));
  expect(bytesToHex(encodeSignedRead(suite, logSeed, { ...head, marks: readMarks }))).toBe(vector.read);
  expect(decodeRead(fromHex(vector.read))).toEqual({ ...head, marks: readMarks });
  expect(verifyRead(suite, logKey, fromHex(vector.read))).toBe(true);
  const anchor = { device: vector.anchor.device as DeviceId, seq: vector.anchor.seq };
  const [opening, sealed] = [fromHex(vector.opening), fromHex(vector.sealedRead)];
  const again = encodeSealedRead(
    drawing(fromHex(vector.salt)),
    logSeed,
    { ...head, marks: readMarks },
    anchor,
    opening,
  );
  expect(bytesToHex(again)).toBe(vector.sealedRead);
  expect(decodeSealedRead(sealed)).toEqual({ ...head, anchor });
  expect(verifySealedRead(suite, logKey, sealed)).toBe(true);
  expect(openSealedRead(suite, sealed, opening)).toEqual(readMarks);
});

test("frames, and what they carry in a sync", () => {
  const vector = frozen("frames");
  const payload = fromHex(vector.entryPayload);
  const frame = { type: vector.type, session: vector.session, payload };
  expect(bytesToHex(encodeFrame(frame))).toBe(vector.entryFrame);
  expect(new FrameDecoder().push(fromHex(vector.entryFrame))).toEqual([frame]);
  const entry = decodeEntryFrame(payload);
  expect(entry.isLastOfBatch).toBe(true);
  expect(readEntry(suite, entry.parts).id).toBe(entryNamed("message").id);
  expect(encodeEntryFrame(entry)).toEqual(payload);
  expect(bytesToHex(encodeHave(decodeHave(fromHex(vector.have)).rows))).toBe(vector.have);
  expect(bytesToHex(encodeWant(decodeWant(fromHex(vector.want))))).toBe(vector.want);
  const { acceptorNonce, inviterNonce, acceptorPeerKey, inviterPeerKey } = frozen("invite");
  const tag = helloTag(
    suite,
    frozen("entry").conversation as ConversationId,
    { nonce: fromHex(acceptorNonce), peer: acceptorPeerKey },
    { nonce: fromHex(inviterNonce), peer: inviterPeerKey },
  );
  expect(bytesToHex(tag)).toBe(vector.helloTag);
});

test("a safety number and an on-screen code", () => {
  const vector = frozen("safety-number");
  const [shower, reader] = [vector.accounts[0] as AccountId, vector.accounts[1] as AccountId];
  expect(safetyNumber(suite, shower, reader)).toBe(vector.digits);
  expect(safetyNumber(suite, reader, shower)).toBe(vector.digits);
  const code = { shower, reader, secret: hexToBytes(vector.secret, 16) };
  expect(encodeCode(suite, code)).toBe(vector.code);
  expect(decodeCode(suite, vector.code)).toEqual(code);
  const proof = codeReadProof(suite, code, vector.readerPeerKey as PeerKey, vector.showerPeerKey as PeerKey);
  expect(bytesToHex(proof)).toBe(vector.codeRead);
});

test("a backup file", async () => {
  const vector = frozen("backup");
  const clock = { monotonic: () => 0, pause: () => Promise.resolve() };
  const parts = { suite, clock, stretch: argon2id };
  const chunks = vector.chunks.map(fromHex);
  expect(await openFile(parts, vector.passphrase, fromHex(vector.file))).toEqual({ kind: "opened", chunks });
  expect(await openFile(parts, "another", fromHex(vector.file))).toEqual({ kind: "wrong-passphrase" });
});
