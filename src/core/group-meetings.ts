/** Meeting the members of groups: they are looked for, told of groups that they do not know yet, and heard of through others. */
import type { ConversationId } from "./codec/ids.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { knownBehind } from "./conversations/group-peers.ts";
import { readGroupOffer, takeGroupOffer } from "./conversations/group-offer.ts";
import { decodeClock } from "./conversations/statements.ts";
import { logName } from "./log/log-state.ts";
import { FRAME } from "./sync/frames.ts";
import type { PeerLink } from "./sync/peer-link.ts";
import type { Sync } from "./sync/sync.ts";

export interface GroupMeetingsEffects {
  /** Other peers may be wanted. */
  rewant(): void;
  onTaker(conversation: ConversationId): void;
}

export class GroupMeetings {
  readonly #core: CoreContext;
  readonly #sync: () => Sync;
  readonly #effects: GroupMeetingsEffects;

  constructor(core: CoreContext, sync: () => Sync, effects: GroupMeetingsEffects) {
    this.#core = core;
    this.#sync = sync;
    this.#effects = effects;
  }

  /** Whoever is connected already and is a member now is met in the group, too. */
  membersChanged(conversation: ConversationId): void {
    const { directory } = this.#core;
    const row = directory.conversations.get(conversation);
    if (row === undefined) return;
    this.#effects.rewant();
    this.#core.threadChanged(row.thread);
    for (const account of row.members) {
      for (const { peerKey } of directory.devicesOf(account)?.devices ?? []) {
        if (knownBehind(directory, peerKey) !== undefined) this.#sync().admit(peerKey);
        this.#core.fireAndForget(this.#sync().start(peerKey, conversation));
      }
    }
    this.#sync().gossip.membersChanged(conversation);
    this.#effects.onTaker(conversation);
  }

  /** A valid clock came: what its device has need not be passed on to it. */
  noteClock(conversation: ConversationId, bytes: Uint8Array): void {
    const { directory } = this.#core;
    const { device, marks } = decodeClock(bytes);
    const peer = directory.peerOfDevice(device);
    if (peer === undefined) return;
    const heights = new Map(marks.map((mark) => [logName(mark.device, mark.channel), mark.height]));
    this.#sync().noteHeights(conversation, peer, heights);
    if (directory.conversations.get(conversation)?.kind === "group")
      void this.#sync().gossip.statementsChanged(conversation);
  }

  /** A member does not know this group yet. */
  offer(link: PeerLink, conversation: ConversationId): void {
    const offering = readGroupOffer(this.#core, conversation).then((offer) => {
      if (offer !== undefined) link.send(FRAME.groupOffer, 0, offer);
    });
    this.#core.fireAndForget(offering);
  }

  /** @throws DecodeError */
  async onOffer(link: PeerLink, payload: Uint8Array): Promise<void> {
    const account = this.#core.directory.contactBehind(link.peer);
    if (account === undefined) return;
    const conversation = await takeGroupOffer(this.#core, account, payload);
    if (conversation !== undefined) await this.#sync().start(link.peer, conversation);
  }
}
