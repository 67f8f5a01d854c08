/** One conversation: who it is and how they are reached, the history, the composer. */
import { ArrowLeft, Info } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ThreadView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { ConversationModel } from "../../state/conversation.ts";
import { Avatar } from "../components/Avatar.tsx";
import { Composer } from "../components/Composer.tsx";
import { IconButton } from "../components/IconButton.tsx";
import { MessageLog } from "../components/MessageLog.tsx";
import { NetworkStatus } from "../components/NetworkStatus.tsx";
import { PathIcon } from "../components/PathIcon.tsx";
import { Later } from "../LazyDialogs.tsx";
import { helperWords, pathWords } from "../text/network-words.ts";
import { formatMoment } from "../text/time.ts";

export interface ConversationPaneProps {
  readonly app: AppModel;
  readonly conversation: ConversationModel;
  readonly thread: ThreadView;
}

export function ConversationPane({ app, conversation, thread }: ConversationPaneProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const isNarrow = app.viewport.isNarrow.value;
  useLayoutEffect(() => {
    const composer = field.current;
    if (composer === null || document.querySelector("dialog[open]") !== null) return;
    // On a touch screen the composer is ready without the keyboard covering what was written; a tap on it brings the keyboard.
    if (window.matchMedia("(pointer: coarse)").matches) composer.inputMode = "none";
    composer.focus({ preventScroll: true });
    composer.setSelectionRange(composer.value.length, composer.value.length);
  }, []);
  const extra = connectionExtra(thread, app.now.value);
  return (
    <section
      class="conversation"
      aria-labelledby="conversation-name"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
        if (isNarrow) app.navigation.up();
        else document.querySelector<HTMLElement>(".thread-row[aria-current]")?.focus();
      }}
    >
      <header class="head">
        {isNarrow && <IconButton class="back" icon={ArrowLeft} label="Back" onClick={app.navigation.up} />}
        <Avatar id={thread.id} name={thread.name} kind={thread.kind}>
          <Later app={app} at="picture" thread={thread} />
        </Avatar>
        <div class="who">
          <div class="who-name">
            <h2 id="conversation-name">
              <bdi>{thread.name}</bdi>
            </h2>
            <Later app={app} at="name" thread={thread} />
            {thread.tag !== undefined && <span class="tag">{thread.tag}</span>}
          </div>
          <div class="connection">
            {thread.kind === "group" ? (
              <span class={`dot dot-${thread.group.online > 1 ? "online" : "offline"}`} />
            ) : (
              <PathIcon path={thread.path} />
            )}
            <span role="status" aria-label="Connection">
              {connectionWords(thread)}
            </span>
            {extra !== undefined && <span class="connection-extra">· {extra}</span>}
          </div>
        </div>
        <IconButton icon={Info} label="Details" onClick={() => app.openDialog("details")} />
      </header>
      {isNarrow && <NetworkStatus app={app} place="conversation" />}
      <Later app={app} at="notices" thread={thread} />
      <MessageLog app={app} conversation={conversation} thread={thread} onEdit={() => field.current?.focus()} />
      {canWrite(thread) ? (
        <Composer composer={conversation.composer} field={field} />
      ) : (
        <Later app={app} at="instead" thread={thread} />
      )}
    </section>
  );
}

function canWrite(thread: ThreadView): boolean {
  return thread.kind === "direct" ? !thread.contact.isBlocked : thread.group.ownRole !== undefined;
}

function connectionWords(thread: ThreadView): string {
  if (thread.kind === "direct") return pathWords(thread.path, helperWords(thread));
  const { ownRole, online, size } = thread.group;
  return ownRole === undefined ? "Not a member" : `${online} of ${size} online`;
}

function connectionExtra(thread: ThreadView, now: number): string | undefined {
  if (thread.kind === "group" || thread.path.kind !== "away") return undefined;
  return thread.lastHeard === undefined ? "not heard yet" : `last heard ${formatMoment(thread.lastHeard, now)}`;
}
