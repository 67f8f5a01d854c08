/** The history of a conversation: days, messages, the line above what is new, and the way back to the newest. */
import { ChevronDown } from "lucide";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MessageView, ThreadView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { ConversationModel } from "../../state/conversation.ts";
import type { DayRows } from "../../state/message-rows.ts";
import { Later } from "../LazyDialogs.tsx";
import { formatDay } from "../text/time.ts";
import { Icon } from "./Icon.tsx";
import { LogScroller } from "./log-scroller.ts";
import { watchMessagePresses } from "./message-press.ts";
import { Message } from "./Message.tsx";
import type { MenuItem } from "./Menu.tsx";

interface OpenMenu {
  readonly message: MessageView;
  readonly button: HTMLElement;
}

export interface MessageLogProps {
  readonly app: AppModel;
  readonly conversation: ConversationModel;
  readonly thread: ThreadView;
  readonly onEdit: () => void;
}

export function MessageLog({ app, conversation, thread, onEdit }: MessageLogProps) {
  const log = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const scroller = useRef<LogScroller>(null);
  const [menu, setMenu] = useState<OpenMenu>();
  const [tabStop, setTabStop] = useState<string>();
  const days = conversation.days.value;
  const request = conversation.scrollRequest.value;

  useLayoutEffect(() => {
    if (log.current === null || content.current === null) return undefined;
    const created = new LogScroller(log.current, content.current, conversation.scrolled);
    scroller.current = created;
    return () => created.dispose();
  }, [conversation]);
  useLayoutEffect(() => {
    if (days !== undefined) scroller.current?.settle(request);
  });

  const rows = days?.flatMap((day) => day.rows.filter(({ message }) => message.kind !== "change")) ?? [];
  const shown = useRef(rows);
  shown.current = rows;
  useLayoutEffect(() => {
    if (log.current === null) return undefined;
    return watchMessagePresses(log.current, {
      onTouch: (article) => setTabStop(article.dataset["id"]),
      onActions: (article) => {
        const row = shown.current.find(({ message }) => message.id === article.dataset["id"]);
        const button = article.querySelector<HTMLElement>(".message-actions");
        if (row === undefined || button === null) return;
        setTabStop(row.message.id);
        setMenu({ message: row.message, button });
      },
    });
  }, []);
  const newest = rows.at(-1)?.message.id;
  const stop = rows.some((row) => row.message.id === tabStop) ? tabStop : newest;
  const closeMenu = (how: "return-focus" | "leave"): void => {
    if (how === "return-focus") menu?.button.focus({ preventScroll: true });
    setMenu(undefined);
  };
  const openMenu = (message: MessageView, button: HTMLElement): void => {
    setTabStop(message.id);
    setMenu((open) => (open?.message.id === message.id ? undefined : { message, button }));
  };

  return (
    <div class="log-frame">
      <div
        ref={log}
        class="log"
        role="log"
        aria-label="Messages"
        aria-live="off"
        tabIndex={0}
        onScroll={() => {
          if (menu !== undefined) closeMenu("leave");
        }}
        onKeyDown={(event) => moveAmongActions(event, log.current)}
      >
        <div ref={content} class="log-content">
          {days?.length === 0 && thread.inviteTrouble === undefined && <EmptyLog thread={thread} />}
          {days?.map((day) => (
            <Day
              key={day.day}
              day={day}
              app={app}
              thread={thread}
              tabStop={stop}
              picked={tabStop}
              openMenuId={menu?.message.id}
              onActions={openMenu}
            />
          ))}
          <Later app={app} at="waiting" thread={thread} />
        </div>
      </div>
      {conversation.isAway.value && (
        <button type="button" class="to-newest" aria-label="Newest messages" onClick={conversation.showNewest}>
          <Icon icon={ChevronDown} />
          {thread.unread > 0 && (
            <span class="badge" aria-hidden="true">
              {thread.unread}
            </span>
          )}
        </button>
      )}
      {menu !== undefined && (
        <Later
          app={app}
          at="menu"
          menu={{
            label: "Message actions",
            button: menu.button,
            items: itemsFor(menu.message, app, conversation, onEdit),
            onClose: closeMenu,
          }}
        />
      )}
    </div>
  );
}

interface DayProps {
  readonly day: DayRows;
  readonly app: AppModel;
  readonly thread: ThreadView;
  readonly tabStop: string | undefined;
  readonly picked: string | undefined;
  readonly openMenuId: string | undefined;
  readonly onActions: (message: MessageView, button: HTMLElement) => void;
}

function Day({ day, app, thread, tabStop, picked, openMenuId, onActions }: DayProps) {
  return (
    <section class="day">
      <h3 class="day-title">
        <span>{formatDay(day.at, app.now.value)}</span>
      </h3>
      {day.rows.map((row) => [
        row.isFirstNew && (
          <p key="new" class="new-line" data-new-line>
            <span>New messages</span>
          </p>
        ),
        row.message.kind === "change" ? (
          <Later key={row.message.id} app={app} at="change" message={row.message} />
        ) : (
          <Message
            key={row.message.id}
            row={row}
            contact={thread.name}
            isInGroup={thread.kind === "group"}
            tag={tagOf(thread, row.message)}
            isTabStop={row.message.id === tabStop}
            isPicked={row.message.id === picked}
            isMenuOpen={row.message.id === openMenuId}
            onActions={onActions}
          />
        ),
      ])}
    </section>
  );
}

function tagOf(thread: ThreadView, { author }: MessageView): string | undefined {
  return thread.kind === "group" ? thread.group.members.find(({ account }) => account === author)?.tag : undefined;
}

function EmptyLog({ thread }: { readonly thread: ThreadView }) {
  return (
    <p class="empty-log">
      {thread.kind === "group" || thread.contact.isConfirmed
        ? "Nothing here yet. Write the first message."
        : `Nothing here yet. You can write at once: it leaves when ${thread.name}’s device answers.`}
    </p>
  );
}

function itemsFor(
  message: MessageView,
  app: AppModel,
  conversation: ConversationModel,
  onEdit: () => void,
): readonly MenuItem[] {
  const copy: MenuItem = { label: "Copy", onChoose: () => app.copy(message.text) };
  if (!message.isPending || message.carriers !== undefined) return message.kind === "text" ? [copy] : [];
  const edit: MenuItem = {
    label: "Edit",
    onChoose: () => {
      conversation.composer.edit(message);
      onEdit();
    },
  };
  return [copy, edit, { label: "Cancel", onChoose: () => conversation.cancel(message) }];
}

/** Arrow keys, Home and End move among the actions of the messages, which are one tab stop together. */
function moveAmongActions(event: KeyboardEvent, log: HTMLElement | null): void {
  const buttons = [...(log?.querySelectorAll<HTMLElement>(".message-actions") ?? [])];
  const at = buttons.findIndex((button) => button === event.target);
  if (at === -1) return;
  const moves: Readonly<Record<string, number>> = {
    ArrowUp: at - 1,
    ArrowDown: at + 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const next = buttons[moves[event.key] ?? -1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
