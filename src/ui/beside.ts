/** What Kith does beside the screen, loaded after it: notifications, looking after the storage, locking. */
import type { AppModel } from "../state/app.ts";
import type { AppPorts } from "../state/app-ports.ts";
import { startAutoLock } from "../state/auto-lock.ts";
import { startGuardian } from "../state/guardian.ts";
import { startNotices } from "../state/notices.ts";
import { requestNoticeWords } from "./text/people-words.ts";

/** Returns what ends it. */
export function startBeside(app: AppModel, ports: AppPorts): () => void {
  const ends = [
    startNotices({
      ports,
      words: (name, text) =>
        text === undefined ? { title: "Kith", body: `New message from ${name}` } : { title: name, body: text },
      requestWords: requestNoticeWords,
      groupName: app.threads.groupName,
      open: app.openThread,
      openRequests: () => {
        // Settings would lie over it.
        if (app.dialog.value === "settings") app.closeDialog();
        app.openDialog("requests");
      },
      onFailure: app.fail,
    }),
    startGuardian({ ports, onLowSpace: () => app.raise("nearly-full"), onFailure: app.fail }),
    startAutoLock({ ports, target: window, onFailure: app.fail }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
