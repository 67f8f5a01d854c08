/** One conversation in the list: who, when, what was said last, what is unread or waits. */
import type { ThreadView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import { formatMoment, isoTime } from "../text/time.ts";
import { deliveryWords, unreadWords } from "../text/words.ts";
import { Later } from "../LazyDialogs.tsx";
import { Avatar } from "./Avatar.tsx";

export function ThreadRow({ app, thread }: { readonly app: AppModel; readonly thread: ThreadView }) {
  const isOpen = app.navigation.thread.value === thread.id;
  const preview = previewOf(thread, isOpen);
  const moment = formatMoment(thread.activeAt, app.now.value);
  return (
    <li>
      <a
        class="thread-row"
        href={`#/c/${thread.id}`}
        aria-current={isOpen ? "page" : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          app.openThread(thread.id);
        }}
      >
        <Avatar id={thread.id} name={thread.name} kind={thread.kind}>
          <Later app={app} at="picture" thread={thread} />
        </Avatar>
        <span class="thread-text">
          <span class="thread-line">
            <bdi class="thread-name">{thread.name}</bdi>
            {thread.tag !== undefined && <span class="tag">{thread.tag}</span>}
            <time dir="auto" datetime={isoTime(thread.activeAt)}>
              <Pause />
              {moment}
            </time>
          </span>
          <span class="thread-line">
            <span class={`thread-preview ${preview.isWarning ? "thread-waits" : ""}`} dir="auto">
              <Pause />
              {preview.text}
            </span>
            {thread.unread > 0 && (
              <span class="badge">
                <span aria-hidden="true">{thread.unread}</span>
                <span class="visually-hidden">, {unreadWords(thread.unread)}</span>
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  );
}

/** Between the parts of the link's name, which is what stands in it. */
function Pause() {
  return <span class="visually-hidden">, </span>;
}

function previewOf(thread: ThreadView, isOpen: boolean): { readonly text: string; readonly isWarning: boolean } {
  if (thread.request === "waiting") return { text: `Waiting for ${thread.name} to accept you`, isWarning: true };
  if (thread.inviteTrouble !== undefined) return { text: "The invite did not work", isWarning: true };
  if (thread.draft !== "" && !isOpen) return { text: `Draft: ${thread.draft}`, isWarning: false };
  if (thread.waiting > 0) return { text: deliveryWords("waiting", thread.name), isWarning: true };
  const { preview } = thread;
  if (preview === undefined) return { text: "No messages yet", isWarning: false };
  const text = preview.kind === "text" ? preview.text : "A message this Kith cannot show";
  const author = preview.isOwn ? "You" : preview.authorName;
  return { text: author === undefined ? text : `${author}: ${text}`, isWarning: false };
}
