/** Making a group: its name, and which contacts are in it from the start. */
import { useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createCandidates } from "../../state/candidates.ts";
import { createCreateGroup } from "../../state/create-group.ts";
import { Dialog } from "../components/Dialog.tsx";
import { GroupNameField } from "../components/GroupNameField.tsx";
import { PeoplePicker } from "../components/PeoplePicker.tsx";
import { GROUP_INTRODUCTION, groupTroubleWords, NO_CONTACTS } from "../text/group-words.ts";

export interface CreateGroupDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
}

export function CreateGroupDialog({ app, ports }: CreateGroupDialogProps) {
  const model = useMemo(() => createCreateGroup(ports.messenger, app.openThread, app.fail), []);
  const candidates = useMemo(() => createCandidates(app.threads.list), []);
  const trouble = model.trouble.value;
  const isAboutName = trouble?.kind === "no-name" || trouble?.kind === "name-too-long";
  if (candidates.all.value.length === 0) {
    return (
      <Dialog title="Create group" onClose={app.closeDialog}>
        <p class="quiet">{NO_CONTACTS}</p>
        <button type="button" class="primary" onClick={() => app.openDialog("invite")}>
          Invite someone
        </button>
      </Dialog>
    );
  }
  return (
    <Dialog title="Create group" onClose={app.closeDialog}>
      <form
        class="group-form"
        onSubmit={(event) => {
          event.preventDefault();
          model.create(candidates.chosen.value);
        }}
      >
        <GroupNameField
          name={model.name.value}
          trouble={isAboutName ? trouble : undefined}
          onType={model.type}
          placeholder="Trip to the lake"
        />
        <PeoplePicker model={candidates} legend="Who is in it" />
        <p class="fine">{GROUP_INTRODUCTION}</p>
        {trouble !== undefined && !isAboutName && (
          <p class="field-trouble" role="alert">
            {groupTroubleWords(trouble)}
          </p>
        )}
        <button type="submit" class="primary" aria-busy={model.isCreating.value}>
          Create
        </button>
      </form>
    </Dialog>
  );
}
