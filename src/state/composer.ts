/**
 * The text being written in one conversation: its draft, sending it, and editing a message that still waits. The text stays until the
 * messenger has stored the message; what is typed meanwhile stays as well.
 */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import { MAX_TEXT_BYTES, type MessageView, type Messenger, type ThreadId } from "../core/views.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { bytesLeft, utf8Bytes } from "./text-size.ts";

const TELL_BELOW_BYTES = 400;
const DRAFT_PAUSE_MS = 250;

export type ComposerTrouble = "too-long" | "full" | "failed" | "gone";

export interface ComposerModel {
  readonly text: ReadonlySignal<string>;
  /** Id of the waiting message being edited. */
  readonly editing: ReadonlySignal<string | undefined>;
  readonly trouble: ReadonlySignal<ComposerTrouble | undefined>;
  /** Bytes below the limit, negative above it; undefined while there is plenty. */
  readonly left: ReadonlySignal<number | undefined>;
  readonly canSend: ReadonlySignal<boolean>;
  type(text: string): void;
  send(): void;
  edit(message: MessageView): void;
  stopEditing(): void;
  /** Stores the draft now instead of a moment later. */
  flush(): void;
}

export interface ComposerNeeds {
  readonly messenger: Pick<Messenger, "send" | "editPending" | "saveDraft">;
  readonly thread: ThreadId;
  readonly draft: string;
  readonly onSent: () => void;
  readonly onChanged: () => void;
  readonly onFailure: (error: unknown) => void;
}

export function createComposer(needs: ComposerNeeds): ComposerModel {
  const { messenger, thread, onFailure } = needs;
  const text = signal(needs.draft);
  const editing = signal<string | undefined>(undefined);
  const trouble = signal<ComposerTrouble | undefined>(undefined);
  const left = computed(() => bytesLeft(text.value, MAX_TEXT_BYTES, TELL_BELOW_BYTES));

  let setAside = "";
  let saved = needs.draft;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const saveDraft = (): void => {
    const draft = editing.value === undefined ? text.value : setAside;
    if (draft === saved) return;
    saved = draft;
    fireAndForget(messenger.saveDraft(thread, draft), onFailure);
  };
  const saveSoon = (): void => {
    if (timer !== undefined) return;
    saveDraft();
    timer = setTimeout(() => {
      timer = undefined;
      saveDraft();
    }, DRAFT_PAUSE_MS);
  };

  let running: string | undefined;
  let isNextAsked = false;
  const leave = (sent: string): void => {
    text.value = text.value.startsWith(sent) ? text.value.slice(sent.length) : text.value;
    saveDraft();
  };
  const deliver = async (sent: string): Promise<void> => {
    const message = editing.value;
    const result =
      message === undefined ? await messenger.send(thread, sent) : await messenger.editPending(thread, message, sent);
    switch (result.kind) {
      case "sent":
        leave(sent);
        return needs.onSent();
      case "done": {
        const rest = text.value.startsWith(sent) ? text.value.slice(sent.length) : "";
        stopEditing();
        text.value += rest;
        return needs.onChanged();
      }
      case "gone":
        // It left before the change: the text stays here, to be sent as a message of its own or thrown away.
        editing.value = undefined;
        if (setAside !== "") text.value = `${setAside}\n${text.value}`;
        setAside = "";
        trouble.value = "gone";
        return undefined;
      case "empty":
        return undefined;
      case "too-long":
      case "full":
      case "failed":
        trouble.value = result.kind;
        return undefined;
    }
  };
  const send = (): void => {
    if (running !== undefined) {
      isNextAsked = text.value !== running;
      return;
    }
    const sent = text.value;
    if (sent.trim() === "") return;
    if (utf8Bytes(sent) > MAX_TEXT_BYTES) {
      trouble.value = "too-long";
      return;
    }
    trouble.value = undefined;
    running = sent;
    const work = deliver(sent)
      .catch((error: unknown) => {
        trouble.value = "failed";
        throw error;
      })
      .finally(() => {
        running = undefined;
        const isNext = isNextAsked && trouble.value === undefined;
        isNextAsked = false;
        if (isNext) send();
      });
    fireAndForget(work, onFailure);
  };
  const stopEditing = (): void => {
    if (editing.value === undefined) return;
    editing.value = undefined;
    trouble.value = undefined;
    text.value = setAside;
    setAside = "";
  };

  return {
    text,
    editing,
    trouble,
    left,
    canSend: computed(() => text.value.trim() !== "" && (left.value ?? 0) >= 0),
    type(next) {
      text.value = next;
      trouble.value = undefined;
      if (editing.value === undefined) saveSoon();
    },
    send,
    edit(message) {
      if (editing.value === undefined) setAside = text.value;
      editing.value = message.id;
      trouble.value = undefined;
      text.value = message.text;
    },
    stopEditing,
    flush() {
      clearTimeout(timer);
      timer = undefined;
      saveDraft();
    },
  };
}
