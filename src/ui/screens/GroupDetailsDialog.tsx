/** What is known about a group, and what may be changed about it by whoever looks. */
import { useMemo, useRef, useState } from "preact/hooks";
import type { GroupThreadView, MemberView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { fireAndForget } from "../../state/fire-and-forget.ts";
import { createGroupChanges, type GroupChangesModel } from "../../state/group-changes.ts";
import { Avatar } from "../components/Avatar.tsx";
import { ConfirmedButton } from "../components/ConfirmedButton.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { GroupPicture } from "../components/GroupPicture.tsx";
import { PictureButtons } from "../components/PictureButtons.tsx";
import { GroupNameField } from "../components/GroupNameField.tsx";
import type { MenuItem } from "../components/Menu.tsx";
import { MemberRow } from "../components/MemberRow.tsx";
import {
  groupTroubleWords,
  JOINING,
  JOINING_DELETING,
  LEFT,
  LEFT_DELETING,
  leaveQuestion,
  membersWords,
} from "../text/group-words.ts";

/** More than these are shown when asked for. */
const MEMBERS_SHOWN = 12;

export interface GroupDetailsDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
  readonly thread: GroupThreadView;
}

export function GroupDetailsDialog({ app, ports, thread }: GroupDetailsDialogProps) {
  const model = useMemo(
    () =>
      createGroupChanges({
        messenger: ports.messenger,
        thread: thread.id,
        name: thread.name,
        pictures: ports.pictures,
        onSaved: () => app.announcer.announce({ kind: "saved" }),
        onFailure: app.fail,
      }),
    [],
  );
  const { group } = thread;
  const { ownRole } = group;
  const trouble = model.trouble.value;
  const isAboutName = trouble?.kind === "no-name" || trouble?.kind === "name-too-long";
  const close = (): void => {
    // A name that was only cleared is no name to keep anybody here for.
    if (ownRole === "admin" && model.name.value.trim() !== "") model.rename();
    if (model.trouble.value?.kind !== "name-too-long") app.closeDialog();
  };
  return (
    <Dialog title="Details" onClose={close}>
      <div class="person">
        <Avatar id={thread.id} name={thread.name} kind="group">
          <GroupPicture app={app} ports={ports} thread={thread} />
        </Avatar>
        <div>
          <bdi class="person-name">{thread.name}</bdi>
          {ownRole !== undefined && <p class="quiet">{membersWords(group.size)}</p>}
        </div>
      </div>
      {ownRole === undefined && <p class="quiet">{group.isJoining ? JOINING : LEFT}</p>}
      {ownRole === "admin" && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            model.rename();
          }}
        >
          <GroupNameField
            name={model.name.value}
            trouble={isAboutName ? trouble : undefined}
            onType={model.type}
            onDone={model.rename}
          />
        </form>
      )}
      {ownRole === "admin" && <PictureButtons model={model} hasPicture={thread.picture !== undefined} />}
      {ownRole === "admin" && (
        <div class="button-row">
          <button type="button" class="secondary" onClick={() => app.openDialog("add-people")}>
            Add people
          </button>
          <button type="button" class="secondary" onClick={() => app.openDialog("group-invite")}>
            Invite link
          </button>
        </div>
      )}
      {trouble !== undefined && !isAboutName && (
        <p class="field-trouble" role="alert">
          {groupTroubleWords(trouble)}
        </p>
      )}
      {ownRole !== undefined && <Members app={app} thread={thread} model={model} />}
      {ownRole === undefined ? (
        <ConfirmedButton
          label="Delete conversation"
          question={group.isJoining ? JOINING_DELETING : LEFT_DELETING}
          confirm="Delete"
          onConfirm={() => fireAndForget(ports.messenger.deleteConversation(thread.id), app.fail)}
        />
      ) : (
        <ConfirmedButton
          label="Leave group"
          question={leaveQuestion(group)}
          confirm="Leave"
          onConfirm={() => model.leave(app.closeDialog)}
        />
      )}
    </Dialog>
  );
}

/** Who is known here is written to; anybody else is asked first. */
function writeTo(app: AppModel, model: GroupChangesModel, { account, thread }: MemberView): MenuItem {
  if (thread !== undefined) return { label: "Write message", onChoose: () => app.openThread(thread) };
  return { label: "Add as contact", onChoose: () => model.befriend(account, app.openThread) };
}

interface MembersProps {
  readonly app: AppModel;
  readonly thread: GroupThreadView;
  readonly model: GroupChangesModel;
}

function Members({ app, thread: { group }, model }: MembersProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [areAllShown, setAllShown] = useState(false);
  const shown = areAllShown ? group.members : group.members.slice(0, MEMBERS_SHOWN);
  return (
    <section class="region">
      <h3 ref={heading} id="members" tabIndex={-1}>
        Members
      </h3>
      <ul class="box members" aria-labelledby="members">
        {shown.map((member) => (
          <MemberRow
            key={member.account}
            member={member}
            ownName={app.profile.value?.name ?? "You"}
            now={app.now.value}
            write={writeTo(app, model, member)}
            onRole={() => model.setRole(member.account, member.role === "admin" ? "member" : "admin")}
            onRemove={() => model.remove(member.account, () => heading.current?.focus())}
          />
        ))}
      </ul>
      {shown.length < group.members.length && (
        <button type="button" class="secondary" onClick={() => setAllShown(true)}>
          Show all {group.members.length} members
        </button>
      )}
    </section>
  );
}
