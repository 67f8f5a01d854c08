/** The dialog that is open: one replaces another. With them come what runs beside the screen, what it has to tell, and parts of it that few need. */
import { useEffect } from "preact/hooks";
import type { GroupThreadView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import type { Dialog } from "../../state/dialogs.ts";
import { startBeside } from "../beside.ts";
import { ChangeLine } from "../components/ChangeLine.tsx";
import { ContactNotices } from "../components/ContactNotices.tsx";
import { CopyBanner } from "../components/CopyBanner.tsx";
import { GroupPicture } from "../components/GroupPicture.tsx";
import { InstallLine } from "../components/InstallLine.tsx";
import { LeftGroup } from "../components/LeftGroup.tsx";
import { LaterMenu } from "../components/Menu.tsx";
import { BelowMessages } from "../components/MissingNote.tsx";
import { RelayBanner } from "../components/RelayBanner.tsx";
import { RequestsLink } from "../components/RequestsLink.tsx";
import { VerifiedMark } from "../components/VerifiedMark.tsx";
import type { LaterProps } from "../LazyDialogs.tsx";
import { ProtectBanner } from "../components/ProtectBanner.tsx";
import { AddPeopleDialog } from "./AddPeopleDialog.tsx";
import { ArrivalDialog } from "./ArrivalDialog.tsx";
import { BackupDialog } from "./BackupDialog.tsx";
import { CreateGroupDialog } from "./CreateGroupDialog.tsx";
import { DetailsDialog } from "./DetailsDialog.tsx";
import { GroupDetailsDialog } from "./GroupDetailsDialog.tsx";
import { InviteDialog } from "./InviteDialog.tsx";
import { NewConversationDialog } from "./NewConversationDialog.tsx";
import { PairDialog } from "./PairDialog.tsx";
import { RequestsDialog } from "./RequestsDialog.tsx";
import { ProtectDialog } from "./ProtectDialog.tsx";
import { RestoreLink } from "./RestoreDialog.tsx";
import { SettingsDialog } from "./SettingsDialog.tsx";
import { VerifyDialog } from "./VerifyDialog.tsx";

export const lazy = {
  change: ChangeLine,
  dialogs: Dialogs,
  install: InstallLine,
  instead: LeftGroup,
  list: RequestsLink,
  menu: LaterMenu,
  name: VerifiedMark,
  picture: GroupPicture,
  notices: ContactNotices,
  restore: RestoreLink,
  waiting: BelowMessages,
};

function Dialogs({ app, ports }: LaterProps) {
  useEffect(() => startBeside(app, ports), [ports]);
  return (
    <>
      <CopyBanner app={app} />
      <ProtectBanner app={app} ports={ports} />
      <RelayBanner app={app} ports={ports} />
      {openDialog(app, ports)}
    </>
  );
}

/** No component of its own: the dialog must leave the page before what it opened takes the focus. */
function openDialog(app: AppModel, ports: AppPorts) {
  const dialog = app.dialog.value;
  switch (dialog) {
    case undefined:
      return null;
    case "arrival":
      return <ArrivalDialog key={dialog} app={app} />;
    case "settings":
      return <SettingsDialog key={dialog} app={app} ports={ports} />;
    case "new-conversation":
      return <NewConversationDialog key={dialog} app={app} ports={ports} />;
    case "invite":
      return <InviteDialog key={dialog} app={app} ports={ports} />;
    case "create-group":
      return <CreateGroupDialog key={dialog} app={app} ports={ports} />;
    case "pair":
      return <PairDialog key={dialog} app={app} ports={ports} />;
    case "protect":
      return <ProtectDialog key={dialog} app={app} ports={ports} does="protect" />;
    case "passphrase":
      return <ProtectDialog key={dialog} app={app} ports={ports} does="change" />;
    case "backup":
      return <BackupDialog key={dialog} app={app} ports={ports} />;
    case "requests":
      return <RequestsDialog key={dialog} app={app} ports={ports} />;
    case "add-people":
    case "group-invite":
    case "verify":
    case "details": {
      const thread = app.conversation.value?.thread;
      const view = thread === undefined ? undefined : app.threads.get(thread);
      if (view?.kind === "group") return groupDialog(dialog, app, ports, view);
      if (view === undefined) return null;
      const Shown = dialog === "verify" ? VerifyDialog : DetailsDialog;
      return <Shown key={dialog} app={app} ports={ports} thread={view} />;
    }
  }
}

function groupDialog(dialog: Dialog, app: AppModel, ports: AppPorts, thread: GroupThreadView) {
  switch (dialog) {
    case "add-people":
      return <AddPeopleDialog key={dialog} app={app} ports={ports} thread={thread} />;
    case "group-invite":
      return <InviteDialog key={dialog} app={app} ports={ports} group={thread} />;
    case "details":
      return <GroupDetailsDialog key={dialog} app={app} ports={ports} thread={thread} />;
    default:
      return null;
  }
}
