/** Bodies that no encoder would write, signed by their author all the same: the decoder refuses each for its own reason. */
import { expect, test } from "vitest";
import { concatBytes, hexToBytes, textToBytes } from "../../../../src/core/codec/bytes.ts";
import type { ConversationId, DeviceId } from "../../../../src/core/codec/ids.ts";
import { decodeKeyPackage, encodeKeyPackage, KEY_PACKAGE_BYTES } from "../../../../src/core/crypto/key-package.ts";
import { decodeRekeyBody, encodeRekeyBodies, FIRST_PART_RECIPIENTS } from "../../../../src/core/crypto/rekey-body.ts";
import { createModelSuite } from "../../../support/model-suite.ts";

const suite = createModelSuite(1);
const conversation = "ab".repeat(32) as ConversationId;
const alice = "0a".repeat(16) as DeviceId;
const logSeed = suite.random(32);
const author = { conversation, device: alice, logKey: suite.publicKey(logSeed) };
const publicKey = suite.kemPublicKey(suite.random(32));
const keyPackage = encodeKeyPackage(suite, logSeed, { conversation, device: alice, number: 1, publicKey });
const commitment = suite.hash(textToBytes("a seed"));

const number = (value: number, size: number): Uint8Array =>
  hexToBytes(value.toString(16).padStart(2 * size, "0"), size);
const row = (device: number, keyNumber = 1): Uint8Array =>
  concatBytes(number(device, 16), number(keyNumber, 4), suite.hash(number(device, 2)));
const rows = (count: number): Uint8Array[] => Array.from({ length: count }, (_, index) => row(index + 1));
const first = (recipients: readonly Uint8Array[], epoch = 2): Uint8Array =>
  concatBytes(number(epoch, 4), commitment, number(0, 1), keyPackage, number(recipients.length, 2), ...recipients);
const second = (recipients: readonly Uint8Array[], part = 1): Uint8Array =>
  concatBytes(number(2, 4), commitment, number(part, 1), number(recipients.length, 2), ...recipients);

test("bodies put together by hand are those that the encoder writes", () => {
  const recipients = Array.from({ length: FIRST_PART_RECIPIENTS + 2 }, (_, index) => ({
    device: (index + 1).toString(16).padStart(32, "0") as DeviceId,
    keyNumber: 1,
    envelopeHash: suite.hash(number(index + 1, 2)),
  }));
  const all = rows(FIRST_PART_RECIPIENTS + 2);
  expect(encodeRekeyBodies({ epoch: 2, commitment, keyPackage, recipients })).toEqual([
    first(all.slice(0, FIRST_PART_RECIPIENTS)),
    second(all.slice(FIRST_PART_RECIPIENTS)),
  ]);
});

test.each<[string, Uint8Array, string]>([
  ["epoch 0", first([row(1)], 0), "epochs begin at 1"],
  ["key number 0", first([row(1, 0)]), "numbered from 1"],
  ["a recipient twice", first([row(1), row(1)]), "not sorted"],
  ["recipients out of order", first([row(2), row(1)]), "not sorted"],
  ["more recipients than its first part may name", first(rows(FIRST_PART_RECIPIENTS + 1)), "too long"],
  ["a second part without recipients", second([]), "without recipients"],
  ["a second part that names more than 251", second(rows(252)), "out of range"],
  ["a third part", second([row(1)], 2), "out of range"],
  ["a count that is not there", first([row(1)]).subarray(0, -52), "bytes missing"],
])("a rekey with %s is refused", (_, body, reason) => {
  expect(() => decodeRekeyBody(suite, author, body)).toThrow(reason);
});

test("nobody makes a rekey of epoch 0 or to a key of number 0, or a key package of number 0", () => {
  const recipient = { device: alice, keyNumber: 0, envelopeHash: commitment };
  expect(() => encodeRekeyBodies({ epoch: 2, commitment, keyPackage, recipients: [recipient] })).toThrow("from 1");
  expect(() => encodeRekeyBodies({ epoch: 0, commitment, keyPackage, recipients: [] })).toThrow("epochs begin at 1");
  const none = { conversation, device: alice, number: 0, publicKey };
  expect(() => encodeKeyPackage(suite, logSeed, none)).toThrow("numbered from 1");
});

test("a key package of number 0 is refused, though its owner signed it", () => {
  const signed = concatBytes(hexToBytes(conversation, 32), hexToBytes(alice, 16), number(0, 4), publicKey);
  const bytes = concatBytes(signed, suite.sign(logSeed, "kith/key-package/1", signed));
  expect(bytes.length).toBe(KEY_PACKAGE_BYTES);
  expect(() => decodeKeyPackage(suite, author, bytes)).toThrow("numbered from 1");
});
