/**
 * Accepting somebody else's invite: contact, conversation and genesis are there at once, also while the inviter is away. What is
 * written waits in the outbox until the secret was proven.
 */
import { CONTROL_CHANNEL, CONTROL_KIND } from "../codec/entry.ts";
import { KEM_TABLES, publishKem } from "../epochs/kem.ts";
import { appendEntry } from "../log/append.ts";
import type { OpeningRow } from "../store/people-tables.ts";
import type { ContactRow, ConversationRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { directThread } from "./directory.ts";
import { conversationIdOf } from "./conversation-id.ts";
import { encodeGenesis } from "../membership/genesis.ts";
import type { Invite } from "./invite-codec.ts";
import { noteKem } from "./key-exchange.ts";
import { newThread } from "./thread-rows.ts";

const NONCE_BYTES = 16;

export async function openInvite(core: CoreContext, invite: Invite): Promise<void> {
  const { suite, directory } = core;
  const self = directory.self;
  const now = core.clock.now();
  const thread = directThread(invite.account);
  const genesis = encodeGenesis({
    kind: "direct",
    nonce: suite.random(NONCE_BYTES),
    founder: self.account,
    other: invite.account,
  });
  const id = conversationIdOf(suite, genesis);
  const earlier = directory.openings.get(invite.account);

  const contact: ContactRow = directory.contacts.get(invite.account) ?? {
    account: invite.account,
    name: invite.name,
    profileNumber: 0,
    privateName: "",
    isConfirmed: false,
    relays: invite.relays,
    createdAt: now,
  };
  const conversation: ConversationRow = directory.conversations.get(earlier?.conversation ?? id) ?? {
    id,
    kind: "direct",
    thread,
    founder: self.account,
    members: [self.account, invite.account],
    isShared: false,
  };
  const opening: OpeningRow = {
    account: invite.account,
    peer: invite.peer,
    secret: invite.secret,
    expiresAt: invite.expiresAt,
    relays: invite.relays,
    conversation: conversation.id,
  };
  const tables = ["contacts", "openings", "conversations", "threads", ...KEM_TABLES] as const;
  const { row, published } = await core.store.write(tables, "strict", async (tx) => {
    tx.put("contacts", [contact.account], contact);
    tx.put("openings", [contact.account], opening);
    if (conversation.id === id) {
      tx.put("conversations", [id], conversation);
      const draft = { conversation: id, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.genesis, content: genesis };
      await appendEntry(tx, suite, now, self, draft);
    }
    const publication = conversation.id === id ? await publishKem(tx, suite, now, self, id) : undefined;
    const held = (await tx.get("threads", [thread])) ?? newThread(thread, now);
    tx.put("threads", [thread], held);
    return { row: held, published: publication };
  });
  if (published !== undefined) noteKem(core, id, published.kem);
  directory.contacts.set(contact.account, contact);
  directory.openings.set(contact.account, opening);
  directory.conversations.set(conversation.id, conversation);
  directory.threads.set(thread, row);
  if (!directory.pending.has(thread)) directory.pending.set(thread, { count: 0 });
}

/** Whether the inviter was asked, or will be, and has not answered for good. */
export function isOpenRequest(request: OpeningRow["request"]): boolean {
  return request === "asking" || request === "waiting";
}
