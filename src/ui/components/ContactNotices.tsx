/** What stands above the messages because of the contact: an invite that failed, a block, a new device, a fork of the account. */
import { useEffect, useMemo } from "preact/hooks";
import { createPeople } from "../../state/people.ts";
import type { LaterProps } from "../LazyDialogs.tsx";
import { badInviteWords } from "../text/invite-words.ts";
import { blockedNotice, forkNotice, newDeviceNotice, requestWords, wishWords } from "../text/people-words.ts";

export function ContactNotices({ app, ports, thread }: LaterProps) {
  const model = useMemo(
    () => createPeople({ messenger: ports.messenger, open: app.openThread, onFailure: app.fail }),
    [ports],
  );
  useEffect(() => model.dispose, [model]);
  if (thread?.kind !== "direct") return null;
  const { id, name, contact, inviteTrouble, request } = thread;
  const { listChange } = contact;
  if (contact.isBlocked) {
    return (
      <div class="banner banner-warn">
        <p role="status">{blockedNotice(name)}</p>
        <button type="button" class="text-button" onClick={() => model.unblock(contact.account)}>
          Unblock
        </button>
      </div>
    );
  }
  if (listChange?.kind === "fork") {
    return (
      <div class="banner banner-danger">
        <p role="alert">{forkNotice(name)}</p>
        <span class="banner-actions">
          <button type="button" class="text-button" onClick={() => model.settle(id)}>
            Send anyway
          </button>
          <button type="button" class="text-button" onClick={() => model.block(id)}>
            Block
          </button>
        </span>
      </div>
    );
  }
  return (
    <>
      {inviteTrouble !== undefined && (
        <p class="banner banner-warn" role="alert">
          {badInviteWords(inviteTrouble)} {requestWords(request, name)} What you wrote stays here.
        </p>
      )}
      {inviteTrouble === undefined && request !== undefined && (
        <p class="banner banner-warn" role="status">
          {wishWords(request, name)}
        </p>
      )}
      {listChange !== undefined && (
        <div class="banner banner-warn">
          <p role="status">{newDeviceNotice(name, listChange.wasVerified)}</p>
          <span class="banner-actions">
            <button type="button" class="text-button" onClick={() => app.openDialog("verify")}>
              Verify
            </button>
            <button type="button" class="text-button" onClick={() => model.settle(id)}>
              Hide
            </button>
          </span>
        </div>
      )}
    </>
  );
}
