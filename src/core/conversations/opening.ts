/**
 * Accepting somebody else's invite: contact, conversation and genesis are there at once, also while the inviter is away. What is
 * written waits in the outbox until the secret was proven.
 */
import { CONTROL_CHANNEL, CONTROL_KIND } from "../codec/entry.ts";
import type { AccountId, PeerKey } from "../codec/ids.ts";
import { KEM_TABLES, publishKem } from "../epochs/kem.ts";
import { appendEntry } from "../log/append.ts";
import type { OpeningRow } from "../store/people-tables.ts";
import type { ContactRow, ConversationRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { type Directory, directThread } from "./directory.ts";
import { conversationIdOf } from "./conversation-id.ts";
import { encodeGenesis } from "../membership/genesis.ts";
import type { Invite } from "./invite-codec.ts";
import { noteKem } from "./key-exchange.ts";
import { newThread } from "./thread-rows.ts";

const NONCE_BYTES = 16;
/** Names the opening to this device alone. */
const SECRET_BYTES = 16;

/** A wish is about somebody whom no invite led to. */
type Opened = Pick<Invite, "account" | "peer" | "secret" | "expiresAt" | "relays" | "name"> &
  Pick<OpeningRow, "isWish">;

export async function openInvite(core: CoreContext, invite: Opened): Promise<void> {
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
    ...(invite.isWish === true ? { isWish: true, trouble: "unknown", request: "asking" } : {}),
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

/** Openings whose request was answered since the app was started. */
const answeredNow = new WeakSet<OpeningRow>();

export function noteAnswered(opening: OpeningRow): void {
  answeredNow.add(opening);
}

/**
 * Whether the inviter is to be asked, once a start of the app: who was told that the request waits asks again then, since it may be gone
 * where it waited, with an old copy of that profile or by mistake.
 */
export function isToBeAsked(opening: OpeningRow): boolean {
  return opening.request === "asking" || (opening.request === "waiting" && !answeredNow.has(opening));
}

/** Who was asked, or will be, and has not answered for good: at this peer, or at any of theirs if a common group led there. */
export function openRequestTo(directory: Directory, at: PeerKey): OpeningRow | undefined {
  const known = directory.accountOfPeer(at);
  return [...directory.openings.values()].find(
    ({ account, peer, request, isWish }) =>
      (peer === at || (isWish === true && account === known)) && (request === "asking" || request === "waiting"),
  );
}

/** Asks a member of a common group to become a contact. False for anybody else. */
export async function openWish(core: CoreContext, account: AccountId): Promise<boolean> {
  const { directory, suite, clock } = core;
  const [device] = directory.devicesOf(account)?.devices ?? [];
  const isMet = directory.isCoMember(account) && !directory.blocked.has(account) && account !== directory.self.account;
  if (device === undefined || !isMet || directory.contacts.has(account)) return false;
  const { name = "", relays = [] } = directory.acquaintances.get(account) ?? {};
  const secret = suite.random(SECRET_BYTES);
  await openInvite(core, { account, peer: device.peerKey, secret, expiresAt: clock.now(), relays, name, isWish: true });
  return true;
}
