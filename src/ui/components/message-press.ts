/** The actions of a message without its button: a long press on a touch screen, the secondary button of a mouse. */

const LONG_PRESS_MS = 500;
/** A finger that moves further scrolls. */
const STILL_PX = 10;

export interface MessagePressHooks {
  /** A finger was put on this message. */
  readonly onTouch: (article: HTMLElement) => void;
  /** Its actions are wanted. */
  readonly onActions: (article: HTMLElement) => void;
}

/** Listens to a whole log, however many messages it holds. Returns how to stop. */
export function watchMessagePresses(log: HTMLElement, hooks: MessagePressHooks): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let startX = 0;
  let startY = 0;
  const cancel = (): void => clearTimeout(timer);

  log.addEventListener(
    "pointerdown",
    (event) => {
      cancel();
      const article = event.pointerType === "touch" ? articleAt(event) : undefined;
      if (article === undefined) return;
      hooks.onTouch(article);
      if (!isOnBubble(event)) return;
      startX = event.clientX;
      startY = event.clientY;
      timer = setTimeout(() => hooks.onActions(article), LONG_PRESS_MS);
    },
    { signal },
  );
  log.addEventListener(
    "pointermove",
    (event) => {
      if (Math.hypot(event.clientX - startX, event.clientY - startY) > STILL_PX) cancel();
    },
    { signal },
  );
  for (const end of ["pointerup", "pointercancel", "pointerleave"] as const)
    log.addEventListener(end, cancel, { signal });
  log.addEventListener(
    "contextmenu",
    (event) => {
      const article = articleAt(event);
      // What was selected, and a link, keep the browser's own menu.
      if (article === undefined || !isOnBubble(event) || window.getSelection()?.isCollapsed === false) return;
      event.preventDefault();
      cancel();
      hooks.onActions(article);
    },
    { signal },
  );
  return () => {
    cancel();
    listening.abort();
  };
}

function articleAt(event: Event): HTMLElement | undefined {
  return event.target instanceof Element ? (event.target.closest<HTMLElement>("[data-id]") ?? undefined) : undefined;
}

function isOnBubble(event: Event): boolean {
  return (
    event.target instanceof Element && event.target.closest(".bubble") !== null && event.target.closest("a") === null
  );
}
