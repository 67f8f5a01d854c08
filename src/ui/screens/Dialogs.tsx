/** The dialog that is open: one replaces another. With them comes what runs beside the screen, and what it has to tell. */
import { useEffect } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { startBeside } from "../beside.ts";
import { CopyBanner } from "../components/CopyBanner.tsx";
import { ArrivalDialog } from "./ArrivalDialog.tsx";
import { DetailsDialog } from "./DetailsDialog.tsx";
import { InviteDialog } from "./InviteDialog.tsx";
import { NewConversationDialog } from "./NewConversationDialog.tsx";
import { SettingsDialog } from "./SettingsDialog.tsx";

export function Dialogs({ app }: { readonly app: AppModel }) {
  const ports = app.ports.value;
  useEffect(() => (ports === undefined ? undefined : startBeside(app, ports)), [ports]);
  if (ports === undefined) return null;
  return (
    <>
      <CopyBanner app={app} />
      <ShownDialog app={app} ports={ports} />
    </>
  );
}

function ShownDialog({ app, ports }: { readonly app: AppModel; readonly ports: AppPorts }) {
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
    case "details": {
      const thread = app.conversation.value?.thread;
      const view = thread === undefined ? undefined : app.threads.get(thread);
      return view === undefined ? null : <DetailsDialog key={dialog} app={app} ports={ports} thread={view} />;
    }
  }
}
