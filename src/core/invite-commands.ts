/** Commands about invites, own and others': joins what is stored with the peers it concerns. See views.ts for the contract. */
import type { ConversationId, InviteId } from "./codec/ids.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { directThread } from "./conversations/directory.ts";
import { parseInviteText } from "./conversations/invite-codec.ts";
import { createInvite, inviteView, openInvites, readInvite, withdrawInvite } from "./conversations/invites.ts";
import { openInvite } from "./conversations/opening.ts";
import type { Peers } from "./peers.ts";
import type { KnownPeople } from "./people.ts";
import type { InviteRow } from "./store/people-tables.ts";
import type { InviteView, Messenger } from "./views.ts";

const DAY_MS = 24 * 60 * 60_000;

export interface InviteParts {
  readonly core: CoreContext;
  readonly peers: Peers;
  readonly people: KnownPeople;
  readonly appUrl: string;
}

export class InviteCommands {
  readonly #parts: InviteParts;

  constructor(parts: InviteParts) {
    this.#parts = parts;
  }

  /** Who comes by it is added to `group`. */
  async create(
    options: Parameters<Messenger["createInvite"]>[0] & { readonly group?: ConversationId },
  ): Promise<InviteView> {
    const { core, peers, appUrl } = this.#parts;
    const relays = await peers.ownRelays();
    const row = await createInvite(core, { ...options, lifeMs: options.days * DAY_MS, relays });
    await this.changed();
    return inviteView(row, appUrl);
  }

  /** For one use and a short while; it names no relay. */
  async createBrief(lifeMs: number): Promise<InviteRow> {
    return createInvite(this.#parts.core, { uses: 1, lifeMs, relays: [] });
  }

  open(): Promise<readonly InviteView[]> {
    return openInvites(this.#parts.core, this.#parts.appUrl);
  }

  async withdraw(id: InviteId): Promise<void> {
    await withdrawInvite(this.#parts.core, id);
    await this.changed();
  }

  async accept(text: string): ReturnType<Messenger["acceptInvite"]> {
    const { core, peers, people } = this.#parts;
    const reading = readInvite(core, text);
    if (reading.kind === "known") return reading;
    if (reading.kind !== "valid") return { kind: reading.kind };
    const decoded = parseInviteText(core.suite, text);
    if (decoded.kind !== "invite") return { kind: decoded.kind };
    const { invite } = decoded;
    // Whoever accepts an invite of somebody they blocked wants to hear of them again.
    if (core.directory.blocked.has(invite.account)) await people.unblock(invite.account);
    await openInvite(core, invite);
    const thread = directThread(invite.account);
    core.threadChanged(thread);
    peers.claim(invite.peer);
    return { kind: "accepted", thread };
  }

  /** Own invites are others now, or were used. */
  async changed(): Promise<void> {
    this.#parts.core.emit({ type: "invites", invites: await this.open() });
  }
}
