/** Adding contacts to a group. */
import { useMemo } from "preact/hooks";
import type { GroupThreadView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createCandidates } from "../../state/candidates.ts";
import { createGroupChanges } from "../../state/group-changes.ts";
import { Dialog } from "../components/Dialog.tsx";
import { PeoplePicker } from "../components/PeoplePicker.tsx";
import { ADDING_EXPLAINED, ALL_ARE_IN, groupTroubleWords } from "../text/group-words.ts";

export interface AddPeopleDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
  readonly thread: GroupThreadView;
}

export function AddPeopleDialog({ app, ports, thread }: AddPeopleDialogProps) {
  const model = useMemo(
    () =>
      createGroupChanges({
        messenger: ports.messenger,
        thread: thread.id,
        name: thread.name,
        pictures: ports.pictures,
        onSaved: () => undefined,
        onFailure: app.fail,
      }),
    [],
  );
  const candidates = useMemo(() => {
    const members = new Set(thread.group.members.map(({ account }) => account));
    return createCandidates(app.threads.list, (account) => members.has(account));
  }, []);
  const trouble = model.trouble.value;
  if (candidates.all.value.length === 0) {
    return (
      <Dialog title="Add people" onClose={app.closeDialog}>
        <p class="quiet">{ALL_ARE_IN}</p>
        <button type="button" class="primary" onClick={() => app.openDialog("group-invite")}>
          Invite link
        </button>
      </Dialog>
    );
  }
  return (
    <Dialog title="Add people" onClose={app.closeDialog}>
      <form
        class="group-form"
        onSubmit={(event) => {
          event.preventDefault();
          model.add(candidates.chosen.value, app.closeDialog);
        }}
      >
        <PeoplePicker model={candidates} legend="Your contacts" />
        <p class="fine">{ADDING_EXPLAINED}</p>
        {trouble !== undefined && (
          <p class="field-trouble" role="alert">
            {groupTroubleWords(trouble)}
          </p>
        )}
        <button type="submit" class="primary">
          Add
        </button>
      </form>
    </Dialog>
  );
}
