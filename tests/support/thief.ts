/** Somebody with a recording of the wire and a copy of the keys of one device, who tries everything with both. */
import { CONTROL_CHANNEL, CONTROL_KIND, encodeHeaderPrefix, MESSAGE_CHANNEL } from "../../src/core/codec/entry.ts";
import type { EntryId } from "../../src/core/codec/ids.ts";
import { decodeContent } from "../../src/core/conversations/content.ts";
import { firstChainKey, stepChain } from "../../src/core/crypto/chain.ts";
import { openEnvelope } from "../../src/core/crypto/envelope.ts";
import { openBody } from "../../src/core/crypto/message-body.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import { decodeRekeyBody } from "../../src/core/crypto/rekey-body.ts";
import { type Entry, readEntry } from "../../src/core/log/entry.ts";
import type { Store } from "../../src/core/store/store.ts";
import { FRAME, type Frame } from "../../src/core/sync/frames.ts";
import { decodeEntryFrame, decodeEnvelopeFrame } from "../../src/core/sync/payloads.ts";

/** Longer than an epoch lasts. */
const MOST_STEPS = 60;

/** Signatures do not stop a thief: they say who wrote something, not who may read it. */
const suite = { ...createSuite(), verify: () => true };

export class Thief {
  readonly #store: Store;
  readonly #entries: readonly Entry[];
  readonly #envelopes: ReadonlyMap<EntryId, readonly Uint8Array[]>;

  /** `store`: the copy. `frames`: all that was on the wire. */
  constructor(store: Store, frames: readonly Frame[]) {
    this.#store = store;
    const entries = frames.filter(({ type }) => type === FRAME.entry);
    const byId = new Map<EntryId, Entry>();
    for (const { payload } of entries) {
      const entry = readEntry(suite, decodeEntryFrame(payload).parts);
      byId.set(entry.id, entry);
    }
    this.#entries = [...byId.values()];
    const envelopes = new Map<EntryId, Uint8Array[]>();
    for (const { payload } of frames.filter(({ type }) => type === FRAME.envelope)) {
      const { entry, envelope } = decodeEnvelopeFrame(payload);
      envelopes.set(entry, [...(envelopes.get(entry) ?? []), envelope]);
    }
    this.#envelopes = envelopes;
  }

  /** Texts of recorded messages that the keys of the copy open, in the order in which they were first on the wire. */
  async read(): Promise<readonly string[]> {
    const messageKeys = (await this.#chainKeys()).flatMap(messageKeysFrom);
    return this.#entries
      .filter(({ header }) => header.channel === MESSAGE_CHANNEL)
      .flatMap(({ header, parts }) => {
        const prefix = encodeHeaderPrefix(header);
        for (const key of messageKeys) {
          const opened = openBody(suite, key, prefix, header.commitment, parts.body);
          const content = opened === undefined ? undefined : decodeContent(opened.content);
          if (content?.kind === "text") return [content.text];
        }
        return [];
      });
  }

  async #chainKeys(): Promise<readonly Uint8Array[]> {
    const { chains, sendings, kems } = await this.#store.read(["chains", "sendings", "kems"], async (tx) => ({
      chains: await tx.range("chains", {}),
      sendings: await tx.range("sendings", {}),
      kems: await tx.range("kems", {}),
    }));
    const keys = [...chains, ...sendings].map(({ value }) => value.key);
    for (const entry of this.#entries) {
      for (const { value } of kems) keys.push(...this.#fromEnvelopes(entry, value.seed));
    }
    return keys;
  }

  /** Chain keys of epochs that a rekey has sealed to this X-Wing secret. */
  #fromEnvelopes({ id, header, parts }: Entry, kemSeed: Uint8Array): readonly Uint8Array[] {
    const { conversation, device, channel, kind, seq } = header;
    if (channel !== CONTROL_CHANNEL || kind !== CONTROL_KIND.rekey) return [];
    const author = { conversation, device, logKey: new Uint8Array(32) };
    const { epoch, commitment, recipients } = decodeRekeyBody(suite, author, parts.body);
    return recipients.flatMap(({ device: recipient, keyNumber }) =>
      (this.#envelopes.get(id) ?? []).flatMap((envelope) => {
        const place = { conversation, author: device, epoch, recipient, keyNumber, seq, commitment };
        const seed = openEnvelope(suite, place, kemSeed, envelope);
        return seed === undefined ? [] : [firstChainKey(suite, parts.header, seed)];
      }),
    );
  }
}

function messageKeysFrom(chainKey: Uint8Array): readonly Uint8Array[] {
  const keys: Uint8Array[] = [];
  let key = chainKey;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { messageKey, next } = stepChain(suite, key);
    keys.push(messageKey);
    key = next;
  }
  return keys;
}
