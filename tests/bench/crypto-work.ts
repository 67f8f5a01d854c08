/** What is measured of suite 1, the same in Node and in a page. Nothing here knows where it runs. */
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import { firstChainKey, stepChain } from "../../src/core/crypto/chain.ts";
import { envelopeHash, sealEnvelope, seedCommitment } from "../../src/core/crypto/envelope.ts";
import { encodeKeyPackage } from "../../src/core/crypto/key-package.ts";
import { openBody, sealBody } from "../../src/core/crypto/message-body.ts";
import { encodeRekeyBodies, type Recipient } from "../../src/core/crypto/rekey-body.ts";
import type { ConversationId, DeviceId } from "../../src/core/codec/ids.ts";

const MESSAGE_BYTES = 200;
const HEADER_BYTES = 240;
const WARM_UP_ROUNDS = 30;
/** Of what takes too little time for a clock. */
const REPEATS = 100;

const suite = createSuite();
const conversation = "ab".repeat(32) as ConversationId;
const author = "0a".repeat(16) as DeviceId;

/** Milliseconds of each of `rounds` calls, by name. */
export function measurePrimitives(rounds: number): Readonly<Record<string, readonly number[]>> {
  const [seed, message] = [suite.random(32), suite.random(MESSAGE_BYTES)];
  const [publicKey, kemKey] = [suite.publicKey(seed), suite.kemPublicKey(seed)];
  const signature = suite.sign(seed, "kith/entry/1", message);
  const sealed = suite.seal(kemKey, message, message, seed);
  const header = suite.random(HEADER_BYTES);
  const chainKey = firstChainKey(suite, header, seed);
  const { messageKey } = stepChain(suite, chainKey);
  const { body, commitment } = sealBody(suite, messageKey, header, message);
  const works: readonly (readonly [string, () => unknown])[] = [
    ["sign", () => suite.sign(seed, "kith/entry/1", message)],
    ["verify", () => suite.verify(publicKey, "kith/entry/1", message, signature)],
    ["new X-Wing key", () => suite.kemPublicKey(seed)],
    ["check of a foreign X-Wing key", () => suite.isKemPublicKey(kemKey)],
    ["seal 32 bytes", () => suite.seal(kemKey, message, message, seed)],
    ["unseal 32 bytes", () => suite.unseal(seed, message, message, sealed)],
    [
      "100 × chain step and sealing of 200 bytes",
      () => repeat(() => sealBody(suite, stepChain(suite, chainKey).messageKey, header, message)),
    ],
    [
      "100 × chain step and opening of 200 bytes",
      () => repeat(() => openBody(suite, stepChain(suite, chainKey).messageKey, header, commitment, body)),
    ],
  ];
  return Object.fromEntries(works.map(([name, work]) => [name, timesOf(rounds, work)]));
}

export interface RekeyFigures {
  readonly recipients: number;
  /** From the first envelope to the encoded bodies, pauses included. */
  readonly ms: number;
  /** Envelopes and bodies. */
  readonly bytes: number;
  /** The longest stretch between two pauses. */
  readonly longestMs: number;
}

/** Keys of that many recipients, to be made before anything is measured. */
export function recipientKeys(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, () => suite.kemPublicKey(suite.random(32)));
}

/** One rekey: a new key of the author's, an envelope for each of these keys, the bodies. `pause` comes after each envelope. */
export async function measureRekey(keys: readonly Uint8Array[], pause: () => Promise<void>): Promise<RekeyFigures> {
  const start = performance.now();
  let resumed = start;
  let longestMs = 0;
  const rest = async (): Promise<void> => {
    longestMs = Math.max(longestMs, performance.now() - resumed);
    await pause();
    resumed = performance.now();
  };

  const [logSeed, kemSeed, seed] = [suite.random(32), suite.random(32), suite.random(32)];
  const publicKey = suite.kemPublicKey(kemSeed);
  const keyPackage = encodeKeyPackage(suite, logSeed, { conversation, device: author, number: 2, publicKey });
  const commitment = seedCommitment(suite, { conversation, author, epoch: 2 }, seed);
  await rest();
  const recipients: Recipient[] = [];
  let bytes = 0;
  for (const [index, key] of keys.entries()) {
    const device = (index + 1).toString(16).padStart(32, "0") as DeviceId;
    const place = { conversation, author, epoch: 2, recipient: device, keyNumber: 1, seq: 9, commitment };
    const envelope = sealEnvelope(suite, place, key, seed);
    recipients.push({ device, keyNumber: 1, envelopeHash: envelopeHash(suite, envelope) });
    bytes += envelope.length;
    await rest();
  }
  const bodies = encodeRekeyBodies({ epoch: 2, commitment, keyPackage, recipients });
  await rest();
  bytes += bodies.reduce((sum, body) => sum + body.length, 0);
  return { recipients: keys.length, ms: performance.now() - start, bytes, longestMs };
}

function repeat(work: () => unknown): unknown {
  for (let time = 1; time < REPEATS; time += 1) work();
  return work();
}

/** @throws Error if the work gives false or undefined: what fails is fast. */
function timesOf(rounds: number, work: () => unknown): readonly number[] {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    if (work() === undefined || work() === false) throw new Error("the measured work failed");
  }
  return Array.from({ length: rounds }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}
