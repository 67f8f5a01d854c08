/** What is known about a contact, and a private name for them. */
import { useEffect, useMemo } from "preact/hooks";
import type { DirectThreadView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createContactName } from "../../state/contact-name.ts";
import { fireAndForget } from "../../state/fire-and-forget.ts";
import { createPeople } from "../../state/people.ts";
import { Avatar } from "../components/Avatar.tsx";
import { ConfirmedButton } from "../components/ConfirmedButton.tsx";
import { DifferingCopy } from "../components/DifferingCopy.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { helperWords, pathWords } from "../text/network-words.ts";
import { pathExplanation } from "../text/path-words.ts";
import { blockQuestion } from "../text/people-words.ts";
import { formatExactly } from "../text/time.ts";
import { deleteQuestion } from "../text/settings-words.ts";
import { nameTroubleWords } from "../text/words.ts";

export interface DetailsDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
  readonly thread: DirectThreadView;
}

export function DetailsDialog({ app, ports, thread }: DetailsDialogProps) {
  const model = useMemo(
    () => createContactName(ports.messenger, thread, () => app.announcer.announce({ kind: "saved" }), app.fail),
    [],
  );
  const people = useMemo(
    () => createPeople({ messenger: ports.messenger, open: app.openThread, onFailure: app.fail }),
    [],
  );
  useEffect(() => people.dispose, [people]);
  const close = (): void => {
    model.save();
    if (!model.isTooLong.value) app.closeDialog();
  };
  return (
    <Dialog title="Details" onClose={close}>
      <div class="person">
        <Avatar id={thread.contact.account} name={thread.name} />
        <div>
          <bdi class="person-name">{thread.name}</bdi>
          {thread.contact.privateName !== "" && (
            <p class="quiet">
              calls themselves <bdi>{thread.contact.name}</bdi>
            </p>
          )}
        </div>
      </div>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          model.save();
        }}
      >
        <label for="contact-name">Name for this contact</label>
        <input
          id="contact-name"
          type="text"
          dir="auto"
          autoComplete="off"
          placeholder={thread.contact.name}
          value={model.name.value}
          aria-invalid={model.isTooLong.value}
          aria-describedby="contact-name-note"
          onInput={(event) => model.type(event.currentTarget.value)}
          onBlur={model.save}
        />
        {model.isTooLong.value && (
          <p class="field-trouble" role="alert">
            {nameTroubleWords("too-long")}
          </p>
        )}
        <p id="contact-name-note" class="fine">
          Only you see it. Leave it empty to use the name they chose.
        </p>
      </form>
      <dl class="box stacked">
        <div class="fact">
          <dt>Connection</dt>
          <dd>
            {pathWords(thread.path, helperWords(thread))}
            <small>{pathExplanation(thread.path, thread.name, thread.helper, thread.helperGroup)}</small>
          </dd>
        </div>
        <div class="fact">
          <dt>Last heard</dt>
          <dd>{thread.lastHeard === undefined ? "Not yet" : formatExactly(thread.lastHeard, app.now.value)}</dd>
        </div>
      </dl>
      {thread.differingCopy !== undefined && <DifferingCopy app={app} copy={thread.differingCopy} />}
      <div class="fact box">
        <span>
          {thread.contact.isVerified ? "Verified" : "Not verified"}
          <small>
            {thread.contact.isVerified
              ? `You made sure that this is ${thread.name}.`
              : `A name proves nothing: make sure that this is ${thread.name}.`}
          </small>
        </span>
        <button type="button" class="secondary" onClick={() => app.openDialog("verify")}>
          Verify
        </button>
      </div>
      {thread.contact.isBlocked ? (
        <button type="button" class="secondary" onClick={() => people.unblock(thread.contact.account)}>
          Unblock
        </button>
      ) : (
        <ConfirmedButton
          label="Block"
          question={blockQuestion(thread.name)}
          confirm="Block contact"
          onConfirm={() => people.block(thread.id)}
        />
      )}
      <ConfirmedButton
        label="Delete conversation"
        question={deleteQuestion(thread.name)}
        confirm="Delete"
        onConfirm={() => fireAndForget(ports.messenger.deleteConversation(thread.id), app.fail)}
      />
    </Dialog>
  );
}
