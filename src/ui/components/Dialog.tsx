/**
 * A modal dialog: Escape, the close button and a press beside it close it, and focus returns to where it was. It is closed before it
 * leaves the page, since only then the browser returns focus.
 */
import { X } from "lucide";
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./IconButton.tsx";

export interface DialogProps {
  readonly title: string;
  readonly class?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Dialog({ title, class: extra = "", onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => {
      isGone.current = true;
      dialog?.close();
    };
  }, []);
  const close = (): void => {
    if (!isGone.current) onClose();
  };
  return (
    <dialog
      ref={element}
      class={`dialog ${extra}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClose={close}
      onPointerDown={(event) => {
        if (event.target === element.current) close();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={titleId} tabIndex={-1} autofocus>
            <bdi>{title}</bdi>
          </h2>
          <IconButton icon={X} label="Close" onClick={close} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
