/**
 * Notifications of what comes while the page is hidden: of messages one per conversation, gone when it was read; one for all who ask to be
 * let in, gone when they were dealt with.
 */
import type { MessageView, MessengerEvent, RequestId, RequestView, SettingsView, ThreadId } from "../core/views.ts";
import type { AppPorts } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { isOfOthers } from "./of-others.ts";

export interface NoticesNeeds {
  readonly ports: Pick<AppPorts, "messenger" | "notifier" | "page">;
  /** `text` is undefined when only the name may be shown, or there is no text. */
  readonly words: (name: string, text: string | undefined) => { readonly title: string; readonly body: string };
  /** `name` is what they call themselves; undefined when it may not be shown. */
  readonly requestWords: (
    name: string | undefined,
    isToGroup: boolean,
  ) => { readonly title: string; readonly body: string };
  /** Undefined where it is no group. */
  readonly groupName: (thread: ThreadId) => string | undefined;
  readonly open: (thread: ThreadId) => void;
  readonly openRequests: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** Longer texts are cut: the system does so as well, at a place of its own. */
const MAX_TEXT = 300;
/** No conversation's id. */
const REQUESTS_TAG = "requests";

/** Returns what ends it. */
export function startNotices(needs: NoticesNeeds): () => void {
  const { ports, words, requestWords, groupName, open, openRequests, onFailure } = needs;
  const { messenger, notifier, page } = ports;
  const shown = new Set<ThreadId>();
  let asking: ReadonlySet<RequestId> = new Set(messenger.people.requests().map(({ id }) => id));
  /** What the notice of requests is about. */
  let told: ReadonlySet<RequestId> = new Set();
  let settings: SettingsView | undefined;

  const mayTell = (): boolean =>
    settings?.notifies === true && !page.isVisible() && notifier.permission() === "granted";
  const show = (thread: ThreadId, messages: readonly MessageView[]): void => {
    if (settings === undefined || !mayTell()) return;
    const newest = messages
      .filter((message) => isOfOthers(message) && message.isKnown !== true)
      .reduce<MessageView | undefined>(
        (last, next) => (last === undefined || next.order > last.order ? next : last),
        undefined,
      );
    if (newest === undefined) return;
    const text = settings.showsText && newest.kind === "text" ? newest.text.slice(0, MAX_TEXT) : undefined;
    shown.add(thread);
    const group = groupName(thread);
    const name = group === undefined ? newest.authorName : `${newest.authorName} · ${group}`;
    notifier.show({ tag: thread, ...words(name, text) });
  };
  const showRequests = (requests: readonly RequestView[]): void => {
    const [newest] = requests.filter(({ id }) => !asking.has(id));
    asking = new Set(requests.map(({ id }) => id));
    if (told.size > 0 && ![...told].some((id) => asking.has(id))) {
      told = new Set();
      notifier.close(REQUESTS_TAG);
    }
    if (newest === undefined || settings === undefined || !mayTell()) return;
    told = new Set([...told, newest.id]);
    notifier.show({
      tag: REQUESTS_TAG,
      ...requestWords(settings.showsText ? newest.name : undefined, newest.group !== undefined),
    });
  };
  const close = (thread: ThreadId): void => {
    if (shown.delete(thread)) notifier.close(thread);
  };
  const handle = (event: MessengerEvent): void => {
    if (event.type === "settings") settings = event.settings;
    else if (event.type === "messages") show(event.thread, event.upserts);
    else if (event.type === "requests") showRequests(event.requests);
    else if (event.type === "thread" && event.thread.unread === 0) close(event.thread.id);
    else if (event.type === "thread-removed") close(event.thread);
  };
  const click = (tag: string): void => {
    if (tag === REQUESTS_TAG) openRequests();
    else open(tag as ThreadId);
  };
  const ends = [messenger.subscribe(handle), notifier.onClick(click)];
  const read = messenger.settings().then((stored) => {
    settings ??= stored;
  });
  fireAndForget(read, onFailure);
  return () => {
    for (const end of ends) end();
  };
}
