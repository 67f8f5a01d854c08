/** One member of a group: who they are there, whether they can be reached, and what may be done about them. */
import { Ellipsis } from "lucide";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { MemberView } from "../../core/views.ts";
import { memberWords, removeQuestion } from "../text/group-words.ts";
import { Avatar } from "./Avatar.tsx";
import { Icon } from "./Icon.tsx";
import { Menu, type MenuItem } from "./Menu.tsx";

export interface MemberRowProps {
  readonly member: MemberView;
  /** Of oneself. */
  readonly ownName: string;
  readonly now: number;
  /** Opens the conversation with them, or asks to become contacts. */
  readonly write: { readonly label: string; readonly onChoose: () => void };
  readonly onRole: () => void;
  readonly onRemove: () => void;
}

export function MemberRow({ member, ownName, now, write, onRole, onRemove }: MemberRowProps) {
  /** The button below which its menu is open. */
  const [opener, setOpener] = useState<HTMLButtonElement>();
  const [isAsking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const question = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!isAsking) return;
    keep.current?.focus();
    question.current?.scrollIntoView({ block: "nearest" });
  }, [isAsking]);
  const name = member.isOwn ? ownName : member.name;
  const called = member.tag === undefined ? name : `${name} ${member.tag}`;
  const items: MenuItem[] = member.isOwn ? [] : [write];
  if (member.canChangeRole)
    items.push({ label: member.role === "admin" ? "Make member" : "Make admin", onChoose: onRole });
  if (member.canRemove) items.push({ label: "Remove", onChoose: () => setAsking(true) });
  const stay = (): void => {
    setAsking(false);
    button.current?.focus();
  };
  return (
    <li class="member">
      <div class="member-line">
        <Avatar id={member.account} name={name} />
        <div class="member-who">
          <span class="member-name">
            <bdi class="person-name">{name}</bdi>
            {member.tag !== undefined && <span class="tag">{member.tag}</span>}
            {member.isOwn && <span class="tag">You</span>}
          </span>
          <p class="fine">
            {member.isOnline && !member.isOwn && <span class="dot dot-online" />}
            {memberWords(member, now)}
          </p>
        </div>
        {items.length > 0 && (
          <button
            ref={button}
            type="button"
            class="icon-button"
            aria-label={`Actions for ${called}`}
            aria-haspopup="menu"
            aria-expanded={opener !== undefined}
            onClick={(event) => setOpener(opener === undefined ? event.currentTarget : undefined)}
          >
            <Icon icon={Ellipsis} />
          </button>
        )}
      </div>
      {opener !== undefined && (
        <Menu
          label={`Actions for ${called}`}
          button={opener}
          items={items}
          onClose={(how) => {
            if (how === "return-focus") opener.focus({ preventScroll: true });
            setOpener(undefined);
          }}
        />
      )}
      {isAsking && (
        <div ref={question} class="confirm member-confirm" role="group" aria-label={`Remove ${called}`}>
          <p role="alert">{removeQuestion(name)}</p>
          <span class="confirm-actions">
            <button ref={keep} type="button" class="secondary" onClick={stay}>
              Keep
            </button>
            <button
              type="button"
              class="secondary danger"
              onClick={() => {
                stay();
                onRemove();
              }}
            >
              Remove from group
            </button>
          </span>
        </div>
      )}
    </li>
  );
}
