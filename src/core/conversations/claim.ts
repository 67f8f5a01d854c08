/** The stored side of first contact: a claim held against an own invite, and the two transactions that make a contact. */
import { CONTROL_CHANNEL, CONTROL_KIND } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, InviteId, PeerKey, ThreadId } from "../codec/ids.ts";
import { readEntry, verifyEntry, type EntryParts } from "../log/entry.ts";
import type { OpeningRow } from "../store/people-tables.ts";
import type { ConversationRow } from "../store/tables.ts";
import type { InviteTrouble } from "../views.ts";
import { ADMISSION_TABLES, type Founding, hasRoom, putAdmitted, putContact, rememberAdmitted } from "./admission.ts";
import { type Bundle, decodeBundle } from "./bundle.ts";
import type { CoreContext } from "./core-context.ts";
import { directThread } from "./directory.ts";
import type { Claim, Request } from "./first-contact-codec.ts";
import { conversationIdOf } from "./conversation-id.ts";
import { decodeGenesis } from "../membership/genesis.ts";
import { inviteState } from "./invites.ts";

export interface ReadClaim extends Founding {
  readonly invite: InviteId;
}

/** The entry that founded an own conversation, by whichever own device: this profile may have become a new one since. */
export async function ownGenesis(core: CoreContext, conversation: ConversationId): Promise<EntryParts | undefined> {
  const { store, directory } = core;
  const devices = directory.devicesOf(directory.self.account)?.devices ?? [];
  return await store.read(["entries"], async (tx) => {
    for (const { device } of devices) {
      const genesis = await tx.get("entries", [conversation, device, CONTROL_CHANNEL, 1]);
      if (genesis !== undefined) return { header: genesis.header, signature: genesis.signature, body: genesis.body };
    }
    return undefined;
  });
}

/** Whether there is such an invite at all: who does not know one costs no signature check. */
export async function hasInvite(core: CoreContext, invite: InviteId): Promise<boolean> {
  return (await core.store.read(["invites"], (tx) => tx.get("invites", [invite]))) !== undefined;
}

/** Verifies everything in a claim that does not need the invite. @throws DecodeError */
export function readClaim(core: CoreContext, peer: PeerKey, claim: Claim): ReadClaim {
  return { invite: claim.invite, ...readFounding(core, peer, claim) };
}

/** Verifies who comes, and that the conversation they founded is one with us. @throws DecodeError */
export function readFounding(core: CoreContext, peer: PeerKey, claim: Request): Founding {
  const { suite, directory } = core;
  const bundle = decodeBundle(suite, claim.bundle);
  if (bundle.account === directory.self.account) throw new DecodeError("a claim of our own account");
  directory.checkDevices(bundle.account, bundle.list);
  if (!bundle.list.devices.some((device) => device.peerKey === peer)) throw new DecodeError("bundle of another peer");
  const genesis = readEntry(suite, claim.genesis);
  const content = claim.genesis.body;
  const founding = decodeGenesis(content);
  const conversation = conversationIdOf(suite, content);
  const author = bundle.list.devices.find((device) => device.device === genesis.header.device);
  const isFirst =
    genesis.header.channel === CONTROL_CHANNEL &&
    genesis.header.kind === CONTROL_KIND.genesis &&
    genesis.header.seq === 1 &&
    genesis.header.suite === suite.id &&
    genesis.header.dependencies.length === 0 &&
    genesis.header.conversation === conversation;
  const isBetweenUs =
    founding.kind === "direct" && founding.founder === bundle.account && founding.other === directory.self.account;
  if (!isFirst || !isBetweenUs || author === undefined || !verifyEntry(suite, author.logKey, claim.genesis)) {
    throw new DecodeError("not the genesis of a conversation with us");
  }
  return { bundle, conversation, genesis };
}

/** Why a claim cannot succeed, as far as that is known before the proof. */
export async function claimTrouble(core: CoreContext, claim: ReadClaim): Promise<InviteTrouble | undefined> {
  const row = await core.store.read(["invites"], (tx) => tx.get("invites", [claim.invite]));
  if (row === undefined) return "unknown";
  const isKnown = core.directory.contacts.get(claim.bundle.account)?.isConfirmed === true;
  const state = inviteState(row, core.clock.now());
  return state === "open" || isKnown || row.usedBy.includes(claim.bundle.account) ? undefined : state;
}

export type Admission =
  | {
      readonly kind: "admitted";
      readonly secret: Uint8Array;
      readonly thread: ThreadId;
      /** False when this account was a contact before: the claim is repeated, or both opened each other's invites. */
      readonly isNewContact: boolean;
    }
  | { readonly kind: "refused"; readonly trouble: InviteTrouble };

/** Counts the use and stores contact, devices, conversation and genesis, all in one transaction, if the secret was proven. */
export async function admitClaim(
  core: CoreContext,
  claim: ReadClaim,
  relays: readonly string[],
  isProven: (secret: Uint8Array) => boolean,
): Promise<Admission> {
  const now = core.clock.now();
  const { account } = claim.bundle;
  if (!hasRoom(core, claim)) return { kind: "refused", trouble: "unknown" };
  const stored = await core.store.write(["invites", ...ADMISSION_TABLES], "strict", async (tx) => {
    const invite = await tx.get("invites", [claim.invite]);
    if (invite === undefined || !isProven(invite.secret)) return { trouble: "unknown" as const };
    const wasConfirmed = (await tx.get("contacts", [account]))?.isConfirmed === true;
    const isUsedByThem = invite.usedBy.includes(account);
    const state = inviteState(invite, now);
    if (state !== "open" && !isUsedByThem && !wasConfirmed) return { trouble: state };
    if (!isUsedByThem && !wasConfirmed) {
      tx.put("invites", [claim.invite], { ...invite, usedBy: [...invite.usedBy, account] });
    }
    return { secret: invite.secret, isNewContact: !wasConfirmed, admitted: await putAdmitted(core, tx, claim, relays) };
  });
  if ("trouble" in stored) return { kind: "refused", trouble: stored.trouble };
  rememberAdmitted(core, stored.admitted);
  return { kind: "admitted", secret: stored.secret, thread: directThread(account), isNewContact: stored.isNewContact };
}

/** The inviter proved the secret back: the contact is confirmed and the conversation founded for it is shared. */
export async function completeOpening(
  core: CoreContext,
  opening: OpeningRow,
  bundle: Bundle,
  relays: readonly string[],
): Promise<void> {
  const { directory } = core;
  const { account } = opening;
  const conversation = directory.conversations.get(opening.conversation);
  if (conversation === undefined) throw new Error("an opening without its conversation");
  const shared: ConversationRow = { ...conversation, isShared: true };
  const tables = ["contacts", "devices", "conversations", "openings"] as const;
  const { contact, devices } = await core.store.write(tables, "strict", async (tx) => {
    const rows = await putContact(core, tx, bundle, relays);
    tx.put("conversations", [shared.id], shared);
    tx.delete("openings", [account]);
    return rows;
  });
  directory.contacts.set(account, contact);
  directory.putDevices(account, devices);
  directory.conversations.set(shared.id, shared);
  directory.openings.delete(account);
}
