/** Reading what others sealed: epochs from rekeys, messages from epochs, each key used once (PROTOCOL, Rekey and message keys). */
import { equalBytes } from "../codec/bytes.ts";
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader, encodeHeaderPrefix, MESSAGE_CHANNEL } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId, EntryId } from "../codec/ids.ts";
import { firstChainKey, stepChain } from "../crypto/chain.ts";
import { envelopeHash, openEnvelope } from "../crypto/envelope.ts";
import { decodeKeyPackage } from "../crypto/key-package.ts";
import { openBody, type OpenedBody } from "../crypto/message-body.ts";
import { decodeRekeyBody, isSecondPart, type RekeyPart } from "../crypto/rekey-body.ts";
import type { Suite } from "../crypto/suite.ts";
import type { Entry, EntryParts } from "../log/entry.ts";
import { logName, type LogState } from "../log/log-state.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { ChainRow, KeyPackageRow } from "../store/key-tables.ts";
import { AwaitedEnvelopes, isAwaitedMark } from "./awaited-envelopes.ts";
import type { HeldEnvelope } from "./key-book.ts";

/** Tables that a `Reader` needs in its transaction. */
export const READER_TABLES = ["chains", "kems", "packages", "envelopes", "entries"] as const;

export type OpenedMessage =
  | ({ readonly kind: "opened" } & OpenedBody)
  /** This device has no key for it. */
  | { readonly kind: "no-key" }
  /** The author broke the rules: nobody can read it. */
  | { readonly kind: "broken" };

/** What a reader needs to know of this device and of the authors. */
export interface ReaderParts {
  readonly suite: Suite;
  readonly conversation: ConversationId;
  readonly self: DeviceId;
  logKeyOf(device: DeviceId): Uint8Array | undefined;
  /** Seeds sealed to this device that came along, by the id of the entry that names them. */
  readonly envelopes: ReadonlyMap<EntryId, Uint8Array>;
  /** Rekeys whose envelope is still to come. Left out: what does not come with its entry does not come. */
  readonly awaited?: readonly HeldEnvelope[] | undefined;
}

/** An honest epoch has no more than 200 messages: whoever claims many more does not make this device compute. */
const MAX_STEPS = 10_000;

/** A key that became known. */
export interface LearntPackage {
  readonly device: DeviceId;
  readonly number: number;
}

/** Opens entries within one transaction; `finish` writes what has changed. */
export class EpochReader {
  readonly #tx: WriteTransaction;
  readonly #parts: ReaderParts;
  /** By "device/epoch". */
  readonly #chains = new Map<string, ChainRow | undefined>();
  /** Headers of rekeys that this reader met, which the store may not have yet, and their bodies, by "device/seq". */
  readonly #met = new Map<string, EntryParts>();
  /** What `finish` writes. */
  readonly #changed = new Map<
    string,
    { readonly device: DeviceId; readonly epoch: number; readonly chain: ChainRow }
  >();
  readonly #learnt: LearntPackage[] = [];
  /** Envelopes of this device that are still to come. */
  readonly awaited: AwaitedEnvelopes | undefined;

  constructor(tx: WriteTransaction, parts: ReaderParts) {
    this.#tx = tx;
    this.#parts = parts;
    this.awaited =
      parts.awaited === undefined ? undefined : new AwaitedEnvelopes(tx, parts.conversation, parts.self, parts.awaited);
  }

  /** Key packages that came with what was opened. */
  get learnt(): readonly LearntPackage[] {
    return this.#learnt;
  }

  /** Takes in a control entry about keys; others are passed over. What is malformed has no effect. */
  async openControl(entry: Entry): Promise<void> {
    const { channel, kind, device } = entry.header;
    const logKey = this.#parts.logKeyOf(device);
    if (channel !== CONTROL_CHANNEL || logKey === undefined) return;
    const { suite, conversation } = this.#parts;
    const author = { conversation, device, logKey };
    if (kind === CONTROL_KIND.kem) {
      const keyPackage = decoded(() => decodeKeyPackage(suite, author, entry.parts.body));
      if (keyPackage !== undefined) await this.#learn(device, keyPackage);
    } else if (kind === CONTROL_KIND.rekey) {
      this.#met.set(`${device}/${entry.header.seq}`, entry.parts);
      const part = decoded(() => decodeRekeyBody(suite, author, entry.parts.body));
      if (part === undefined) return;
      if (part.keyPackage !== undefined) await this.#learn(device, part.keyPackage);
      await this.#openSeed(entry, part);
    }
  }

  /** An envelope that came after the entry that names it. Whether more can be read now. Needs the table `logs`. */
  async openLate(entry: Entry, envelope: Uint8Array): Promise<boolean> {
    const { suite, conversation } = this.#parts;
    const { device, kind, channel, seq } = entry.header;
    const logKey = this.#parts.logKeyOf(device);
    if (channel !== CONTROL_CHANNEL || kind !== CONTROL_KIND.rekey || logKey === undefined) return false;
    const part = decoded(() => decodeRekeyBody(suite, { conversation, device, logKey }, entry.parts.body));
    if (part === undefined) return false;
    const generation = await this.#nextGeneration(device, part.epoch);
    if (generation === undefined) {
      this.awaited?.settle(device, seq);
      return false;
    }
    return this.#openSeed(entry, part, { envelope, generation });
  }

  /** What the body of a message was sealed from. Its log must be opened in order. */
  async openMessage(entry: Entry): Promise<OpenedMessage> {
    const { device, epoch, generation, commitment } = entry.header;
    const { suite } = this.#parts;
    const chain = await this.#chain(device, epoch);
    if (chain === undefined) return { kind: "no-key" };
    if (generation !== chain.generation) return { kind: "broken" };
    const { messageKey, next } = stepChain(suite, chain.key);
    const opened = openBody(suite, messageKey, encodeHeaderPrefix(entry.header), commitment, entry.parts.body);
    await this.#stepTo(entry, next);
    return opened === undefined ? { kind: "broken" } : { kind: "opened", ...opened };
  }

  /** A message whose content was handed over: its key is used up as if it had been opened here, for what follows it in its epoch. */
  async passMessage(entry: Entry): Promise<void> {
    const { device, epoch, generation } = entry.header;
    const chain = await this.#chain(device, epoch);
    if (chain?.generation === generation) await this.#stepTo(entry, stepChain(this.#parts.suite, chain.key).next);
    else if (generation === 0) await this.#eraseBefore(device, epoch);
  }

  /** Writes the chains as they are now, and keeps what came for entries that wait: control comes first, also before what it depends on. */
  finish(logs: ReadonlyMap<string, LogState>, stored: readonly Entry[]): void {
    const { conversation, envelopes, self } = this.#parts;
    for (const { id, header } of envelopes.size === 0 ? [] : stored) {
      const envelope = envelopes.get(id);
      const opened = logs.get(logName(header.device, header.channel))?.row.opened ?? 0;
      if (envelope === undefined || header.seq <= opened) continue;
      this.#tx.put("envelopes", [conversation, header.device, header.seq, self], envelope);
    }
    for (const { device, epoch, chain } of this.#changed.values()) {
      this.#tx.put("chains", [conversation, device, epoch], chain);
    }
  }

  async #stepTo({ header: { device, epoch, generation } }: Entry, key: Uint8Array): Promise<void> {
    // Messages come in the order of epochs: what is older is not needed any more.
    if (generation === 0) await this.#eraseBefore(device, epoch);
    this.#setChain(device, epoch, { key, generation: generation + 1 });
  }

  async #learn(device: DeviceId, { number, publicKey }: KeyPackageRow): Promise<void> {
    const { conversation } = this.#parts;
    const held = await this.#tx.get("packages", [conversation, device]);
    if (number <= (held?.number ?? 0)) return;
    this.#tx.put("packages", [conversation, device], { number, publicKey });
    this.#learnt.push({ device, number });
  }

  async #openSeed(
    entry: Entry,
    part: RekeyPart,
    late?: { readonly envelope: Uint8Array; readonly generation: number },
  ): Promise<boolean> {
    const { suite, conversation, self } = this.#parts;
    const { device, seq } = entry.header;
    const { epoch, commitment } = part;
    const recipient = part.recipients.find((listed) => listed.device === self);
    if (recipient === undefined) return false;
    // It may have come twice: nothing of it is kept.
    const kept = await this.#takeKept(device, seq);
    const envelope = late?.envelope ?? this.#parts.envelopes.get(entry.id) ?? kept;
    const isWhole = envelope !== undefined && equalBytes(envelopeHash(suite, envelope), recipient.envelopeHash);
    if (!isWhole) {
      await this.awaited?.add(device, seq, epoch);
      return false;
    }
    this.awaited?.settle(device, seq);
    const rekeyHeader = part.keyPackage === undefined ? await this.#firstHeader(entry, part) : entry.parts.header;
    if (rekeyHeader === undefined || (await this.#chain(device, epoch)) !== undefined) return false;
    const { keyNumber } = recipient;
    const kem = await this.#tx.get("kems", [conversation, self, keyNumber]);
    if (kem === undefined) return false;
    const firstSeq = part.keyPackage === undefined ? seq - 1 : seq;
    const place = { conversation, author: device, epoch, recipient: self, keyNumber, seq: firstSeq, commitment };
    const seed = openEnvelope(suite, place, kem.seed, envelope);
    if (seed === undefined) return false;
    let key = firstChainKey(suite, rekeyHeader, seed);
    const generation = late?.generation ?? 0;
    for (let step = 0; step < generation; step += 1) key = stepChain(suite, key).next;
    this.#setChain(device, epoch, { key, generation });
    return true;
  }

  /** Of the first message in this epoch that was not opened yet: others may have been handed over. Undefined: the epoch is over. */
  async #nextGeneration(device: DeviceId, epoch: number): Promise<number | undefined> {
    const { conversation } = this.#parts;
    const log = await this.#tx.get("logs", [conversation, device, MESSAGE_CHANNEL]);
    if (log === undefined || log.opened <= log.base) return 0;
    const row = await this.#tx.get("entries", [conversation, device, MESSAGE_CHANNEL, log.opened]);
    if (row === undefined) return undefined;
    const last = decodeHeader(row.header);
    if (last.epoch < epoch) return 0;
    return last.epoch === epoch && last.generation < MAX_STEPS ? last.generation + 1 : undefined;
  }

  /** What came with an entry that could not be opened then. */
  async #takeKept(device: DeviceId, seq: number): Promise<Uint8Array | undefined> {
    const key = [this.#parts.conversation, device, seq, this.#parts.self];
    const kept = await this.#tx.get("envelopes", key);
    if (kept === undefined || isAwaitedMark(kept)) return undefined;
    this.#tx.delete("envelopes", key);
    return kept;
  }

  /** The header of the first part of a rekey, if `second` belongs to the entry right before it. */
  async #firstHeader(entry: Entry, second: RekeyPart): Promise<Uint8Array | undefined> {
    const { suite, conversation } = this.#parts;
    const { device, seq, channel } = entry.header;
    const logKey = this.#parts.logKeyOf(device);
    const row =
      this.#met.get(`${device}/${seq - 1}`) ??
      (await this.#tx.get("entries", [conversation, device, channel, seq - 1]));
    if (row === undefined || logKey === undefined || decodeHeader(row.header).kind !== CONTROL_KIND.rekey)
      return undefined;
    const first = decoded(() => decodeRekeyBody(suite, { conversation, device, logKey }, row.body));
    return first !== undefined && isSecondPart(first, second) ? row.header : undefined;
  }

  async #chain(device: DeviceId, epoch: number): Promise<ChainRow | undefined> {
    const name = `${device}/${epoch}`;
    if (!this.#chains.has(name)) {
      this.#chains.set(name, await this.#tx.get("chains", [this.#parts.conversation, device, epoch]));
    }
    return this.#chains.get(name);
  }

  #setChain(device: DeviceId, epoch: number, chain: ChainRow): void {
    const name = `${device}/${epoch}`;
    this.#chains.set(name, chain);
    this.#changed.set(name, { device, epoch, chain });
  }

  async #eraseBefore(device: DeviceId, epoch: number): Promise<void> {
    await this.awaited?.settleBefore(device, epoch);
    const prefix = [this.#parts.conversation, device];
    this.#tx.deleteRange("chains", { prefix, to: [...prefix, epoch] });
    for (const [name, changed] of this.#changed) {
      if (changed.device !== device || changed.epoch >= epoch) continue;
      this.#changed.delete(name);
      this.#chains.set(name, undefined);
    }
  }
}

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
