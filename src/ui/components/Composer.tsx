/** Where a message is written. Enter sends, Shift+Enter breaks the line; an input method's Enter does neither. */
import { SendHorizontal, X } from "lucide";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { ComposerModel } from "../../state/composer.ts";
import { composerTroubleWords, lengthWords } from "../text/words.ts";
import { Icon } from "./Icon.tsx";
import { IconButton } from "./IconButton.tsx";

/** What `keyCode` says while an input method handles the key; some browsers say it only there. */
const IME_KEY_CODE = 229;

export interface ComposerProps {
  readonly composer: ComposerModel;
  readonly field: RefObject<HTMLTextAreaElement | null>;
}

export function Composer({ composer, field }: ComposerProps) {
  const text = composer.text.value;
  const trouble = composer.trouble.value;
  const left = composer.left.value;
  const isEditing = composer.editing.value !== undefined;
  useLayoutEffect(() => {
    if (field.current !== null) fitHeight(field.current);
  }, [text, isEditing]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      composer.send();
    } else if (event.key === "Escape" && isEditing) {
      event.preventDefault();
      event.stopPropagation();
      composer.stopEditing();
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        composer.send();
        field.current?.focus();
      }}
    >
      {isEditing && (
        <div class="composer-mode">
          <span>Editing a message that waits</span>
          <IconButton
            icon={X}
            label="Stop editing"
            onClick={() => {
              composer.stopEditing();
              field.current?.focus();
            }}
          />
        </div>
      )}
      {trouble !== undefined && (
        <p class="composer-trouble" role="alert">
          {composerTroubleWords(trouble)}
        </p>
      )}
      {left !== undefined && trouble === undefined && (
        <p
          id="composer-left"
          class={left < 0 ? "composer-trouble" : "composer-left"}
          role={left < 0 ? "alert" : undefined}
        >
          {lengthWords(left)}
        </p>
      )}
      <div class="composer-line">
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          dir="auto"
          aria-label="Message"
          aria-invalid={(left ?? 0) < 0}
          placeholder="Message"
          enterkeyhint="send"
          autoComplete="off"
          value={text}
          onInput={(event) => composer.type(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onBlur={composer.flush}
          onPointerDown={(event) => {
            event.currentTarget.inputMode = "";
          }}
        />
        <button
          type="submit"
          class="icon-button send"
          aria-label="Send"
          title="Send"
          aria-disabled={!composer.canSend.value}
          onPointerDown={(event) => event.preventDefault()}
        >
          <Icon icon={SendHorizontal} />
        </button>
      </div>
    </form>
  );
}

function isComposing(event: KeyboardEvent): boolean {
  // `keyCode` is deprecated and the only sign that Safari gives for the Enter that ends a composition.
  // oxlint-disable-next-line typescript/no-deprecated
  return event.isComposing || event.keyCode === IME_KEY_CODE;
}

/** As high as its text, up to the most the style sheet allows. */
function fitHeight(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.setProperty("height", "auto");
  field.style.setProperty("height", `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`);
}
