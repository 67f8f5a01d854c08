/** Who sealed which epoch to whom, seen at the suites of all devices of an epoch world. */
import { bytesToHex, concatBytes } from "../../src/core/codec/bytes.ts";
import type { DeviceId } from "../../src/core/codec/ids.ts";
import { ENVELOPE_BYTES } from "../../src/core/crypto/envelope.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";

/** Where "kith/envelope/1" and the conversation end in the info of an envelope; author 16 and epoch 4 follow. */
const AUTHOR_AT = 15 + 32;
const EPOCH_AT = AUTHOR_AT + 16;

interface SealedSeed {
  readonly publicKey: Uint8Array;
  readonly info: Uint8Array;
  readonly aad: Uint8Array;
  readonly plaintext: Uint8Array;
}

export class SealLedger {
  readonly #suite: Suite;
  readonly #recipients = new Map<string, Set<DeviceId>>();
  readonly #ownerByKey = new Map<string, DeviceId>();
  readonly #envelopes = new Map<string, SealedSeed>();
  readonly #originals = new Map<string, Uint8Array>();
  /** Authors whose next envelope gets another seed than they commit to. */
  readonly #splitting = new Set<DeviceId>();

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  /** For one device, whose id is not known yet: `ownerOf` is asked when it makes a key. */
  watched(below: Suite, ownerOf: () => DeviceId): Suite {
    return {
      ...below,
      kemPublicKey: (secret) => {
        const publicKey = below.kemPublicKey(secret);
        this.#ownerByKey.set(bytesToHex(publicKey), ownerOf());
        return publicKey;
      },
      seal: (publicKey, info, aad, plaintext) => {
        const isSplit = info.length > EPOCH_AT && this.#splitting.delete(ownerOf());
        const sealed = below.seal(publicKey, info, aad, isSplit ? below.random(plaintext.length) : plaintext);
        if (sealed.length === ENVELOPE_BYTES) this.#note(sealed, { publicKey, info, aad, plaintext });
        return sealed;
      },
    };
  }

  recipientsOf(author: DeviceId, epoch: number): ReadonlySet<DeviceId> {
    return this.#recipients.get(`${author}/${epoch}`) ?? new Set();
  }

  /** The same seed in an envelope of its own, that no entry names. */
  resealed(envelope: Uint8Array): Uint8Array {
    const { publicKey, info, aad, plaintext } = this.#of(envelope);
    const other = this.#suite.seal(publicKey, info, aad, plaintext);
    this.#originals.set(bytesToHex(other), envelope);
    return other;
  }

  /** What a resealed envelope stands for. */
  originalOf(envelope: Uint8Array): Uint8Array {
    return this.#originals.get(bytesToHex(envelope)) ?? envelope;
  }

  epochOf(envelope: Uint8Array): number {
    return epochIn(this.#of(envelope).info);
  }

  splitNext(author: DeviceId): void {
    this.#splitting.add(author);
  }

  #of(envelope: Uint8Array): SealedSeed {
    const sealed = this.#envelopes.get(bytesToHex(envelope));
    if (sealed === undefined) throw new Error("an envelope that nobody sealed");
    return sealed;
  }

  #note(envelope: Uint8Array, sealed: SealedSeed): void {
    this.#envelopes.set(bytesToHex(envelope), sealed);
    const author = bytesToHex(sealed.info.subarray(AUTHOR_AT, EPOCH_AT));
    const name = `${author}/${epochIn(sealed.info)}`;
    const owner = this.#ownerByKey.get(bytesToHex(sealed.publicKey));
    if (owner === undefined) throw new Error("sealed to a key that nobody made");
    this.#recipients.set(name, (this.#recipients.get(name) ?? new Set()).add(owner));
  }
}

function epochIn(info: Uint8Array): number {
  return new DataView(concatBytes(info.subarray(EPOCH_AT, EPOCH_AT + 4)).buffer).getUint32(0);
}
