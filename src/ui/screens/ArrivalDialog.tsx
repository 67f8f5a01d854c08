/** An invite was opened by somebody who uses Kith already. */
import type { AppModel } from "../../state/app.ts";
import { Dialog } from "../components/Dialog.tsx";

export function ArrivalDialog({ app }: { readonly app: AppModel }) {
  const name = app.arrival.inviterName.value ?? "";
  return (
    <Dialog title={`Invite from ${name}`} class="dialog-small" onClose={app.closeDialog}>
      <p>
        <bdi>{name}</bdi> invites you to chat. They see your name, and your devices may link directly once you accept.
      </p>
      <button type="button" class="primary" onClick={app.acceptArrival}>
        Accept
      </button>
    </Dialog>
  );
}
