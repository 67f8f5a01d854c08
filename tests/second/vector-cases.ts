/** The frozen cases: fixed inputs and what this implementation makes of them. Everything is derived from the names given here. */
import { backupCase } from "./backup-case.ts";
import { join, number, toHex } from "./bytes.ts";
import { firstChainKey, messageKey, nextChainKey } from "./chain.ts";
import { conversationId, entryId, entrySignature, genesisBytes, headerBytes, headerStart } from "./entry.ts";
import { courierCase } from "./courier-cases.ts";
import { claimPayload, entryPayload, frameBytes, havePayload, helloTag, wantPayload } from "./frames.ts";
import { groupFramesCase } from "./group-frames-case.ts";
import { xWingKey } from "./hpke.ts";
import {
  accountId,
  bundleBytes,
  consentingDevice,
  deviceId,
  deviceListBytes,
  keyPackageBytes,
  profileBytes,
} from "./identity.ts";
import { inviteBytes, inviteFragment, inviteId, proof } from "./invite.ts";
import { contentCommitment, opening, sealBody } from "./message-body.ts";
import { textContent } from "./message-content.ts";
import { sha256, signingKey } from "./primitives.ts";
import { rekeyBytes, sealEnvelope, seedCommitment } from "./rekey.ts";
import { membershipCase } from "./membership-case.ts";
import { answerContent, resendBytes, sealAnswer } from "./resend.ts";
import { reachCase } from "./reach-case.ts";
import { descriptionBytes, pairAnswer, pairOffer, pairOfferId } from "./pairing.ts";
import { statementCase } from "./statement-case.ts";
import { clockBytes } from "./statements.ts";
import { codeRead, codeText, safetyNumber } from "./verifying.ts";

/** `length` bytes that are the same in every run: the hash of a name, over and over. */
function fixed(name: string, length = 32): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    sha256("kith/vectors", name, number(index, 1)),
  );
  return join(...blocks).slice(0, length);
}

const CREATED_MS = 1_767_225_600_000;
const EXPIRY_S = 1_767_830_400;
const CLOCK = (BigInt(CREATED_MS) << 16n) | 3n;

const alice = person("alice");
const bob = person("bob");

function person(name: string) {
  const [rootSeed, logSeed, peerSeed, kemSeed] = ["root", "log", "peer", "kem"].map((key) => fixed(`${name} ${key}`));
  if (rootSeed === undefined || logSeed === undefined || peerSeed === undefined || kemSeed === undefined) {
    throw new Error("four seeds were expected");
  }
  const [rootKey, logKey, peerKey] = [signingKey(rootSeed), signingKey(logSeed), signingKey(peerSeed)];
  const device = deviceId(logKey);
  const consenting = consentingDevice(rootKey, logSeed, peerSeed, CREATED_MS);
  const list = deviceListBytes(rootSeed, 1, [consenting]);
  const profile = profileBytes(logSeed, 2, `${name} é`);
  const bundle = bundleBytes(list, profile, new Uint8Array(0));
  return {
    name,
    rootSeed,
    rootKey,
    logSeed,
    logKey,
    peerSeed,
    peerKey,
    kemSeed,
    device,
    account: accountId(rootKey),
    list,
    profile,
    bundle,
  };
}

const genesis = genesisBytes(fixed("genesis nonce", 16), alice.account, bob.account);
const conversation = conversationId(genesis);

const genesisHeader = headerBytes({
  conversation,
  device: alice.device,
  channel: 0,
  seq: 1,
  previous: new Uint8Array(32),
  clock: CLOCK,
  dependencies: [],
  kind: 1,
  epoch: 0,
  generation: 0,
  commitment: sha256(genesis),
  bodyLength: genesis.length,
  bodyHash: sha256(genesis),
});
const genesisSignature = entrySignature(alice.logSeed, genesisHeader);
const genesisId = entryId(genesisHeader, genesisSignature);

const keyPackage = (who: typeof alice, packageNumber: number): Uint8Array =>
  keyPackageBytes(who.logSeed, {
    conversation,
    device: who.device,
    number: packageNumber,
    publicKey: xWingKey(who.kemSeed),
  });

const seed = fixed("epoch seed");
const envelopePlace = {
  conversation,
  author: alice.device,
  epoch: 1,
  recipient: bob.device,
  keyNumber: 1,
  seq: 2,
  commitment: seedCommitment(conversation, alice.device, 1, seed),
};
const envelopeRandomness = fixed("envelope randomness", 64);
const envelope = sealEnvelope(xWingKey(bob.kemSeed), envelopePlace, seed, envelopeRandomness);
const rekey = rekeyBytes({
  epoch: 1,
  commitment: envelopePlace.commitment,
  keyPackage: keyPackage(alice, 2),
  recipients: [{ device: bob.device, keyNumber: 1, envelopeHash: sha256(envelope) }],
});
const rekeySecondPart = rekeyBytes({
  epoch: 1,
  commitment: envelopePlace.commitment,
  keyPackage: null,
  recipients: [{ device: bob.device, keyNumber: 1, envelopeHash: sha256(envelope) }],
});
const rekeyHeader = headerBytes({
  conversation,
  device: alice.device,
  channel: 0,
  seq: 2,
  previous: genesisId,
  clock: CLOCK + 1n,
  dependencies: [],
  kind: 4,
  epoch: 0,
  generation: 0,
  commitment: sha256(rekey),
  bodyLength: rekey.length,
  bodyHash: sha256(rekey),
});
const rekeySignature = entrySignature(alice.logSeed, rekeyHeader);
const rekeyId = entryId(rekeyHeader, rekeySignature);

const chainKeys = [firstChainKey(rekeyHeader, seed)];
for (let step = 0; step < 3; step += 1) chainKeys.push(nextChainKey(chainKeys.at(-1) ?? seed));
const messageKeys = chainKeys.map(messageKey);

const text = "meet at the harbour at nine ⚓";
const content = textContent(text, CREATED_MS);
const r = fixed("message r");
const salt = fixed("message salt", 16);
const messageOpening = opening(r, content);
const messageStart = {
  conversation,
  device: alice.device,
  channel: 1,
  seq: 1,
  previous: new Uint8Array(32),
  clock: CLOCK + 2n,
  dependencies: [{ device: alice.device, channel: 0, seq: 2, prefix: rekeyId.slice(0, 8) }],
  kind: 1,
  epoch: 1,
  generation: 0,
};
const body = sealBody(messageKeys[0] ?? seed, salt, headerStart(messageStart), messageOpening);
const messageHeader = headerBytes({
  ...messageStart,
  commitment: contentCommitment(messageOpening),
  bodyLength: body.length,
  bodyHash: sha256(body),
});
const messageSignature = entrySignature(alice.logSeed, messageHeader);
const messageId = entryId(messageHeader, messageSignature);

const relays = ["/ip4/127.0.0.1/tcp/1/ws/p2p/relay", "/dns4/relay.example/tcp/443/wss"];
const inviteSecret = fixed("invite secret", 16);
const invite = inviteBytes({
  expiry: EXPIRY_S,
  account: alice.account,
  peerKey: alice.peerKey,
  secret: inviteSecret,
  name: "alice é",
  relays: relays.map((relay) => join(relay)),
});
const pairDescription = {
  ufrag: "aB+/",
  pwd: "abcdefghijklmnopqrstuv",
  fingerprint: fixed("fingerprint"),
  candidates: [
    { type: "host", address: fixed("mdns name", 16), isMdns: true, port: 50_000 },
    { type: "host", address: Uint8Array.of(192, 168, 1, 2), isMdns: false, port: 50_001 },
    { type: "srflx", address: fixed("ip6", 16), isMdns: false, port: 9 },
  ],
} as const;
const packedPair = descriptionBytes(pairDescription);
const claim = claimPayload(inviteId(inviteSecret), bob.bundle, genesisHeader, genesisSignature, genesis);
const meeting = {
  acceptorNonce: fixed("acceptor nonce"),
  inviterNonce: fixed("inviter nonce"),
  acceptorPeerKey: bob.peerKey,
  inviterPeerKey: alice.peerKey,
  claimPayload: claim,
  inviterBundle: alice.bundle,
};

const clockRows = [
  { device: alice.device, channel: 0, height: 2, prefix: rekeyId.slice(0, 4), opened: 2 },
  { device: alice.device, channel: 1, height: 1, prefix: messageId.slice(0, 4), opened: 0 },
];
const messagePlace = { device: alice.device, seq: 1 };
const codeSecret = fixed("code secret", 16);
const resendRanges = [
  { device: alice.device, channel: 1, from: 1, to: 3 },
  { device: alice.device, channel: 1, from: 5, to: 9 },
];
const resent = answerContent([{ device: alice.device, channel: 1, seq: 1, opening: messageOpening }]);
const answerRandomness = fixed("answer randomness", 64);

const publicParts = ({
  name,
  rootSeed,
  rootKey,
  logSeed,
  logKey,
  peerSeed,
  peerKey,
  device,
  account,
}: typeof alice) => ({
  name,
  rootSeed,
  rootKey,
  logSeed,
  logKey,
  peerSeed,
  peerKey,
  device,
  account,
});

/** File name, without "kith-" and ".json", to what it holds. Bytes become hex in the files. */
export const VECTOR_FILES = {
  backup: backupCase(fixed),
  identity: {
    created: CREATED_MS,
    people: [alice, bob].map((who) => ({
      ...publicParts(who),
      listNumber: 1,
      list: who.list,
      profileNumber: 2,
      profileName: `${who.name} é`,
      profile: who.profile,
      bundle: who.bundle,
      kemSeed: who.kemSeed,
      keyPackageNumber: 1,
      keyPackage: keyPackage(who, 1),
    })),
  },
  entry: {
    logKey: alice.logKey,
    logSeed: alice.logSeed,
    genesisNonce: fixed("genesis nonce", 16),
    founder: alice.account,
    other: bob.account,
    conversation,
    device: alice.device,
    entries: [
      { name: "genesis", header: genesisHeader, signature: genesisSignature, id: genesisId, body: genesis },
      { name: "rekey", header: rekeyHeader, signature: rekeySignature, id: rekeyId, body: rekey },
      { name: "message", header: messageHeader, signature: messageSignature, id: messageId, body },
    ],
  },
  rekey: {
    epoch: 1,
    commitment: envelopePlace.commitment,
    keyPackage: keyPackage(alice, 2),
    keyPackageNumber: 2,
    body: rekey,
    secondPart: rekeySecondPart,
  },
  envelope: {
    ...envelopePlace,
    kemSeed: bob.kemSeed,
    publicKey: xWingKey(bob.kemSeed),
    seed,
    randomness: envelopeRandomness,
    envelope,
  },
  chain: { rekeyHeader, seed, chainKeys, messageKeys },
  message: {
    text,
    at: CREATED_MS,
    content,
    r,
    salt,
    messageKey: messageKeys[0] ?? seed,
    headerStart: headerStart(messageStart),
    opening: messageOpening,
    commitment: contentCommitment(messageOpening),
    body,
  },
  membership: membershipCase,
  resend: {
    ranges: resendRanges,
    body: resendBytes(resendRanges),
    conversation,
    requester: bob.device,
    keyNumber: 1,
    kemSeed: bob.kemSeed,
    content: resent,
    randomness: answerRandomness,
    answer: sealAnswer(xWingKey(bob.kemSeed), conversation, bob.device, 1, resent, answerRandomness),
  },
  invite: {
    expiry: EXPIRY_S,
    account: alice.account,
    peerKey: alice.peerKey,
    secret: inviteSecret,
    name: "alice é",
    relays,
    invite,
    fragment: inviteFragment(invite),
    id: inviteId(inviteSecret),
    ...meeting,
    proof: proof(inviteSecret, "acceptor", meeting),
    welcome: proof(inviteSecret, "inviter", meeting),
  },
  statements: statementCase({
    ...bob,
    conversation,
    number: CREATED_MS,
    clockRows,
    readRows: [messagePlace],
    anchor: messagePlace,
    opening: messageOpening,
    salt: fixed("read salt", 16),
  }),
  couriers: courierCase({
    fixed,
    alice,
    bob,
    conversation,
    rekeyId,
    envelope,
    entries: [
      { header: rekeyHeader, signature: rekeySignature, body: rekey },
      { header: messageHeader, signature: messageSignature, body },
    ],
    clock: clockBytes(bob.logSeed, conversation, bob.device, CREATED_MS, clockRows),
    createdMs: CREATED_MS,
    expirySeconds: EXPIRY_S,
  }),
  reach: reachCase(alice, bob, CREATED_MS, fixed("later fields")),
  pairing: {
    description: pairDescription,
    packed: packedPair,
    invite,
    peerKey: bob.peerKey,
    offer: pairOffer(invite, packedPair),
    offerId: pairOfferId(invite, packedPair),
    answer: pairAnswer(pairOfferId(invite, packedPair), bob.peerKey, packedPair),
  },
  frames: {
    type: 20,
    session: 7,
    entryPayload: entryPayload(true, messageHeader, messageSignature, body),
    entryFrame: frameBytes(20, 7, entryPayload(true, messageHeader, messageSignature, body)),
    helloTag: helloTag(conversation, meeting.acceptorNonce, meeting.inviterNonce, bob.peerKey, alice.peerKey),
    have: havePayload(
      [alice.device],
      clockRows.map(({ channel, height, prefix }) => ({ deviceIndex: 0, channel, base: 0, height, prefix })),
    ),
    want: wantPayload([alice.device], [{ deviceIndex: 0, channel: 1, from: 1, to: 1 }]),
  },
  "group-frames": groupFramesCase({
    alice,
    bob,
    envelope,
    otherEnvelope: fixed("another envelope", envelope.length),
    ids: [rekeyId, messageId],
    entry: { header: rekeyHeader, signature: rekeySignature, body: rekey },
  }),
  "safety-number": {
    accounts: [alice.account, bob.account],
    digits: safetyNumber(alice.account, bob.account),
    secret: codeSecret,
    code: codeText(alice.account, bob.account, codeSecret),
    codeRead: codeRead(codeSecret, alice.account, bob.account, bob.peerKey, alice.peerKey),
    readerPeerKey: bob.peerKey,
    showerPeerKey: alice.peerKey,
  },
} as const;

/** The text of a vector file. */
export function vectorText(content: object): string {
  const hexed = JSON.stringify(content, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value), 2);
  return `${hexed}\n`;
}
