/** One message. Its name says who wrote it and when; time and state stand below the last one of a group. */
import { Ellipsis } from "lucide";
import { Component } from "preact";
import type { MessageView } from "../../core/views.ts";
import type { MessageRow } from "../../state/message-rows.ts";
import { colourOf } from "../text/avatar-look.ts";
import { formatTime, isoTime } from "../text/time.ts";
import { deliveryWords } from "../text/words.ts";
import { Icon } from "./Icon.tsx";
import { MessageState } from "./MessageState.tsx";
import { MessageText } from "./MessageText.tsx";

export interface MessageProps {
  readonly row: MessageRow;
  /** The contact's name, or the group's. */
  readonly contact: string;
  /** Above the first of several, so that members can be told apart. */
  readonly isInGroup: boolean;
  readonly tag: string | undefined;
  /** The one of all "Message actions" buttons that Tab reaches. */
  readonly isTabStop: boolean;
  /** The one that was touched last. */
  readonly isPicked: boolean;
  readonly isMenuOpen: boolean;
  readonly onActions: (message: MessageView, button: HTMLElement) => void;
}

/** Drawn again only when something of it changed: a conversation has hundreds of them on the page. */
export class Message extends Component<MessageProps> {
  override shouldComponentUpdate(next: MessageProps): boolean {
    const { row, contact, tag, isTabStop, isPicked, isMenuOpen } = this.props;
    if (next.contact !== contact || next.tag !== tag || next.isMenuOpen !== isMenuOpen) return true;
    if (next.isTabStop !== isTabStop || next.isPicked !== isPicked) return true;
    return ROW_KEYS.some((key) => next.row[key] !== row[key]);
  }

  override render() {
    return <Article {...this.props} />;
  }
}

const ROW_KEYS = ["message", "state", "isGroupStart", "isGroupEnd", "isAuthorNew", "showsMeta"] as const;

function Article({ row, contact, isInGroup, tag, isTabStop, isPicked, isMenuOpen, onActions }: MessageProps) {
  const { message, state } = row;
  const time = formatTime(message.writtenAt);
  const author = message.isOwn ? "You" : message.authorName;
  const classes = ["message", message.isOwn ? "own" : "other"];
  if (row.isGroupStart) classes.push("group-start");
  if (row.isGroupEnd) classes.push("group-end");
  if (isPicked) classes.push("picked");
  return (
    <article class={classes.join(" ")} aria-label={`${author}, ${time}`} data-id={message.id}>
      {isInGroup && !message.isOwn && row.isAuthorNew && (
        <div class={`author author-${colourOf(message.author)}`}>
          <bdi>{author}</bdi>
          {tag !== undefined && <span class="tag">{tag}</span>}
        </div>
      )}
      <div class="message-line">
        <div class="bubble">
          {message.kind === "text" ? (
            <MessageText text={message.text} />
          ) : (
            <p class="message-text quiet">
              {message.kind === "broken"
                ? "This message arrived damaged. Ask for it to be sent again."
                : "This Kith cannot show this message. Reload to update Kith."}
            </p>
          )}
        </div>
        <button
          type="button"
          class="icon-button message-actions"
          aria-label="Message actions"
          aria-haspopup="menu"
          aria-expanded={isMenuOpen}
          tabIndex={isTabStop ? 0 : -1}
          onClick={(event) => onActions(message, event.currentTarget)}
        >
          <Icon icon={Ellipsis} />
        </button>
      </div>
      {row.showsMeta ? (
        <div class="meta">
          {!message.isOwn && !isInGroup && (
            <>
              <bdi class="meta-name">{author}</bdi>
              <span aria-hidden="true">·</span>
            </>
          )}
          <time dir="auto" datetime={isoTime(message.writtenAt)}>
            {time}
          </time>
          {message.isLate && <span>arrived later</span>}
          {state !== undefined && <MessageState state={state} contact={contact} />}
        </div>
      ) : (
        state !== undefined && <span class="visually-hidden">{deliveryWords(state, contact)}</span>
      )}
    </article>
  );
}
