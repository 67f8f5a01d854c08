/** The ways to a new conversation: invite somebody, use the invite they sent, or bring contacts together. */
import { useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createInvitePaste } from "../../state/invite-paste.ts";
import { Dialog } from "../components/Dialog.tsx";
import { badInviteWords } from "../text/invite-words.ts";

export interface NewConversationDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
}

export function NewConversationDialog({ app, ports }: NewConversationDialogProps) {
  const paste = useMemo(() => createInvitePaste(ports.messenger, app.openThread, app.fail), []);
  const bad = paste.bad.value;
  return (
    <Dialog title="New conversation" class="dialog-small" onClose={app.closeDialog}>
      <p class="quiet">Make a link for a friend. When they open it, you can write to each other.</p>
      <button type="button" class="primary" onClick={() => app.openDialog("invite")}>
        Invite someone
      </button>
      <button type="button" class="secondary" onClick={() => app.openDialog("create-group")}>
        Create group
      </button>
      <button type="button" class="secondary" onClick={() => app.openDialog("pair")}>
        Pair without internet
      </button>
      <p class="or">
        <span>or</span>
      </p>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          paste.connect();
        }}
      >
        <label for="paste-invite">Paste an invite</label>
        <div class="field-line">
          <input
            id="paste-invite"
            type="text"
            dir="ltr"
            autoComplete="off"
            autoCapitalize="none"
            spellcheck={false}
            value={paste.text.value}
            aria-invalid={bad !== undefined}
            aria-describedby={bad === undefined ? undefined : "paste-trouble"}
            onInput={(event) => paste.type(event.currentTarget.value)}
          />
          <button type="submit" class="secondary">
            Connect
          </button>
        </div>
        {bad !== undefined && (
          <p id="paste-trouble" class="field-trouble" role="alert">
            {badInviteWords(bad)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
