/** Sees to it that what was sealed to somebody reaches them, whoever has it: joins envelopes with sync (PROTOCOL, Envelopes on the way). */
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader } from "./codec/entry.ts";
import type { ConversationId, DeviceId, PeerKey } from "./codec/ids.ts";
import { keepCarried, type OfRekey } from "./conversations/carried-envelopes.ts";
import { carriersFor } from "./conversations/carriers.ts";
import { SMALL_GROUP } from "./conversations/co-members.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { acceptEnvelope, type Outcome } from "./conversations/incoming.ts";
import type { HeldEnvelope } from "./epochs/key-book.ts";
import type { ServedEntry, ServedEnvelope } from "./log/serve.ts";
import type { Cost } from "./sync/allowance.ts";
import {
  decodeEnvelopes,
  decodeEnvelopesWanted,
  encodeEnvelopes,
  encodeEnvelopesWanted,
  MAX_FRAME_ENVELOPES,
  MAX_WANTED_ENVELOPES,
} from "./sync/envelope-frames.ts";
import { FRAME, type Frame } from "./sync/frames.ts";
import { ENVELOPE_BYTES } from "./sync/payloads.ts";
import type { Sync } from "./sync/sync.ts";

/** Own envelopes are waited for this long before messages are asked for. */
const PATIENCE_MS = 2_000;
/** Whoever is there has opened a rekey and told so by then; who is not may only not have been noticed to be gone. */
const THERE_MS = 3_000;
/** What carrying must leave free. */
const ROOM_BYTES = 32 * 1024 * 1024;
/** A transaction, and a signature check. */
const ENVELOPES_WORK = 2;

export interface EnvelopeCareEffects {
  /** Whether so many bytes could be stored now. */
  hasRoomFor(bytes: number): Promise<boolean>;
  /** Something can be read that could not be. */
  opened(conversation: ConversationId, outcome: Outcome): void;
}

export class EnvelopeCare {
  readonly #core: CoreContext;
  readonly #sync: () => Sync;
  readonly #effects: EnvelopeCareEffects;
  /** When own envelopes were last asked for; monotonic. */
  readonly #askedMs = new Map<ConversationId, number>();

  constructor(core: CoreContext, sync: () => Sync, effects: EnvelopeCareEffects) {
    this.#core = core;
    this.#sync = sync;
    this.#effects = effects;
  }

  /** Whether an own envelope was asked for just now: what cannot be read may be readable soon. */
  isAwaiting(conversation: ConversationId): boolean {
    const { clock, directory, keys } = this.#core;
    if (keys.awaitedOf(conversation, directory.self.device).length === 0) return false;
    return clock.monotonic() - (this.#askedMs.get(conversation) ?? -Infinity) < PATIENCE_MS;
  }

  /** Asks for own envelopes that did not come with their entries: one peer, or all who are connected. */
  ask(conversation: ConversationId, peer?: PeerKey): void {
    const { clock, directory, keys } = this.#core;
    const awaited = keys.awaitedOf(conversation, directory.self.device).slice(-MAX_WANTED_ENVELOPES);
    if (awaited.length === 0) return;
    this.#askedMs.set(conversation, clock.monotonic());
    const wanted = encodeEnvelopesWanted(awaited);
    if (peer === undefined) this.#sync().broadcast(conversation, FRAME.envelopesWanted, wanted);
    else this.#core.fireAndForget(this.#sync().sendTo(peer, conversation, FRAME.envelopesWanted, wanted));
  }

  /** Entries left for this peer: with rekeys it may get what it is to carry. */
  onSent(conversation: ConversationId, peer: PeerKey, entries: readonly ServedEntry[]): void {
    const { directory, keys } = this.#core;
    if (directory.conversations.get(conversation)?.kind !== "group") return;
    const open: HeldEnvelope[] = [];
    for (const { device, seq, channel, parts } of entries) {
      if (channel !== CONTROL_CHANNEL || decodeHeader(parts.header).kind !== CONTROL_KIND.rekey) continue;
      const recipients = this.#toCarry(conversation, peer, { device, seq });
      this.#core.fireAndForget(this.#send(conversation, peer, { device, seq }, recipients));
      if (!directory.isOwnDevice(device)) continue;
      const held = keys.envelopesOf(conversation).filter((other) => other.device === device && other.seq === seq);
      open.push(...held.filter(({ recipient }) => !recipients.includes(recipient)));
    }
    if (open.length > 0) this.#core.fireAndForget(this.#carryUnopened(conversation, peer, open));
  }

  /** What somebody who seemed to be there has not opened by now is carried as if they were away. */
  async #carryUnopened(conversation: ConversationId, peer: PeerKey, sent: readonly HeldEnvelope[]): Promise<void> {
    await this.#core.clock.delay(THERE_MS);
    for (const { device, seq, recipient } of sent) {
      await this.#send(
        conversation,
        peer,
        { device, seq },
        this.#toCarry(conversation, peer, { device, seq }, recipient),
      );
    }
  }

  /** @throws DecodeError */
  onFrame(conversation: ConversationId, peer: PeerKey, { type, payload }: Frame): Promise<Cost> {
    return type === FRAME.envelopes
      ? this.#onEnvelopes(conversation, peer, payload)
      : this.#onWanted(conversation, peer, payload);
  }

  async #onEnvelopes(conversation: ConversationId, peer: PeerKey, payload: Uint8Array): Promise<Cost> {
    const { device, seq, envelopes } = decodeEnvelopes(payload);
    const { self } = this.#core.directory;
    const cost = { work: ENVELOPES_WORK, bytes: 0 };
    const others: ServedEnvelope[] = [];
    for (const envelope of envelopes) {
      if (envelope.recipient !== self.device) others.push(envelope);
      else await this.#takeOwn(conversation, { device, seq }, envelope.bytes);
    }
    if (others.length === 0 || !(await this.#effects.hasRoomFor(ROOM_BYTES))) return cost;
    const kept = await keepCarried(this.#core, conversation, { device, seq }, others);
    this.#handOn(conversation, peer, { device, seq }, kept);
    return { ...cost, bytes: kept.length * ENVELOPE_BYTES };
  }

  /** What just came goes to its recipients, who may wait for it, and in a large group on to who comes nearer to them. */
  #handOn(conversation: ConversationId, from: PeerKey, place: OfRekey, recipients: readonly DeviceId[]): void {
    const { directory } = this.#core;
    const isLarge = (directory.conversations.get(conversation)?.members.length ?? 0) > SMALL_GROUP;
    for (const peer of recipients.length === 0 ? [] : this.#sync().gossip.peersIn(conversation)) {
      if (peer === from) continue;
      const own = recipients.filter((recipient) => directory.peerOfDevice(recipient) === peer);
      const toCarry = isLarge ? this.#toCarry(conversation, peer, place) : [];
      const given = [...own, ...toCarry.filter((recipient) => recipients.includes(recipient))];
      this.#core.fireAndForget(this.#send(conversation, peer, place, given));
    }
  }

  async #onWanted(conversation: ConversationId, peer: PeerKey, payload: Uint8Array): Promise<Cost> {
    const places = decodeEnvelopesWanted(payload);
    const recipient = this.#core.directory.deviceOfPeer(peer);
    const held = new Map<string, OfRekey>();
    for (const { device, seq, recipient: to } of this.#core.keys.envelopesOf(conversation)) {
      if (to === recipient) held.set(`${device}/${seq}`, { device, seq });
    }
    for (const { device, seq } of places) {
      const place = held.get(`${device}/${seq}`);
      held.delete(`${device}/${seq}`);
      if (place !== undefined && recipient !== undefined) await this.#send(conversation, peer, place, [recipient]);
    }
    return { work: places.length, bytes: 0 };
  }

  async #takeOwn(conversation: ConversationId, { device, seq }: OfRekey, bytes: Uint8Array): Promise<void> {
    const { directory, keys } = this.#core;
    const awaited = keys.awaitedOf(conversation, directory.self.device);
    if (!awaited.some((place) => place.device === device && place.seq === seq)) return;
    const outcome = await acceptEnvelope(this.#core, conversation, device, seq, bytes);
    if (outcome?.clock !== undefined) this.#effects.opened(conversation, outcome);
  }

  /** For whom this peer is to carry what this rekey brings: those who are away, or `missed` alone. */
  #toCarry(
    conversation: ConversationId,
    peer: PeerKey,
    { device, seq }: OfRekey,
    missed?: DeviceId,
  ): readonly DeviceId[] {
    const { directory, keys } = this.#core;
    const carrier = directory.accountOfPeer(peer);
    const members = directory.conversations.get(conversation)?.members ?? [];
    const held = keys
      .envelopesOf(conversation)
      .filter((envelope) => envelope.device === device && envelope.seq === seq);
    if (carrier === undefined || held.length === 0) return [];
    const peers = this.#sync().gossip.peersIn(conversation);
    const connected = [...new Set([...peers].flatMap((other) => directory.accountOfPeer(other) ?? []))];
    const handing = { members, self: directory.self.account, isAuthor: directory.isOwnDevice(device), connected };
    return held.flatMap(({ recipient }) => {
      const account = directory.accountOfDevice(recipient);
      const theirs = directory.peerOfDevice(recipient);
      const isThere = theirs === undefined || peers.has(theirs);
      const isMeant = missed === undefined ? !isThere : recipient === missed;
      if (account === undefined || !isMeant || !carriersFor(account, handing).includes(carrier)) return [];
      return [recipient];
    });
  }

  async #send(
    conversation: ConversationId,
    peer: PeerKey,
    { device, seq }: OfRekey,
    recipients: readonly DeviceId[],
  ): Promise<void> {
    for (let first = 0; first < recipients.length; first += MAX_FRAME_ENVELOPES) {
      const part = recipients.slice(first, first + MAX_FRAME_ENVELOPES);
      const rows = await this.#core.store.read(["envelopes"], (tx) =>
        Promise.all(part.map((recipient) => tx.get("envelopes", [conversation, device, seq, recipient]))),
      );
      const envelopes = part.flatMap((recipient, index): ServedEnvelope[] => {
        const bytes = rows[index];
        return bytes?.length === ENVELOPE_BYTES ? [{ recipient, bytes }] : [];
      });
      if (envelopes.length === 0) continue;
      const payload = encodeEnvelopes({ device, seq, envelopes });
      if (!(await this.#sync().sendTo(peer, conversation, FRAME.envelopes, payload))) return;
    }
  }
}
