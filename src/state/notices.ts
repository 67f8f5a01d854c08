/** Notifications of messages that arrive while the page is hidden: one per conversation, gone when it was read. */
import type { MessageView, MessengerEvent, SettingsView, ThreadId } from "../core/views.ts";
import type { AppPorts } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export interface NoticesNeeds {
  readonly ports: Pick<AppPorts, "messenger" | "notifier" | "page">;
  /** `text` is undefined when only the name may be shown, or there is no text. */
  readonly words: (name: string, text: string | undefined) => { readonly title: string; readonly body: string };
  readonly open: (thread: ThreadId) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Longer texts are cut: the system does so as well, at a place of its own. */
const MAX_TEXT = 300;

/** Returns what ends it. */
export function startNotices({ ports, words, open, onFailure }: NoticesNeeds): () => void {
  const { messenger, notifier, page } = ports;
  const shown = new Set<ThreadId>();
  let settings: SettingsView | undefined;

  const show = (thread: ThreadId, messages: readonly MessageView[]): void => {
    if (settings?.notifies !== true || page.isVisible() || notifier.permission() !== "granted") return;
    const newest = messages
      .filter((message) => !message.isOwn)
      .reduce<MessageView | undefined>(
        (last, next) => (last === undefined || next.order > last.order ? next : last),
        undefined,
      );
    if (newest === undefined) return;
    const text = settings.showsText && newest.kind === "text" ? newest.text.slice(0, MAX_TEXT) : undefined;
    shown.add(thread);
    notifier.show({ tag: thread, ...words(newest.authorName, text) });
  };
  const close = (thread: ThreadId): void => {
    if (shown.delete(thread)) notifier.close(thread);
  };
  const handle = (event: MessengerEvent): void => {
    if (event.type === "settings") settings = event.settings;
    else if (event.type === "messages") show(event.thread, event.upserts);
    else if (event.type === "thread" && event.thread.unread === 0) close(event.thread.id);
    else if (event.type === "thread-removed") close(event.thread);
  };
  const ends = [messenger.subscribe(handle), notifier.onClick((tag) => open(tag as ThreadId))];
  const read = messenger.settings().then((stored) => {
    settings ??= stored;
  });
  fireAndForget(read, onFailure);
  return () => {
    for (const end of ends) end();
  };
}
