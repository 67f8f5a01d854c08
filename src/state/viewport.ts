/**
 * What the screen can show: one pane or two, and how high the part above the on-screen keyboard is (as the custom property
 * `--viewport-height`, for browsers whose layout does not shrink by itself).
 */
import { signal, type ReadonlySignal } from "@preact/signals";

const NARROW = "(max-width: 719px)";

export interface Viewport {
  /** One pane: the list or a conversation. */
  readonly isNarrow: ReadonlySignal<boolean>;
}

export function createViewport(window: Window): Viewport {
  const query = window.matchMedia(NARROW);
  const isNarrow = signal(query.matches);
  query.addEventListener("change", () => {
    isNarrow.value = query.matches;
  });
  const visual = window.visualViewport;
  if (visual !== null) {
    const fit = (): void => {
      // A pinch zoom makes the visual viewport small as well; then the layout stays.
      if (visual.scale > 1.01) return;
      window.document.documentElement.style.setProperty("--viewport-height", `${visual.height}px`);
      if (visual.offsetTop > 0) window.scrollTo(0, 0);
    };
    fit();
    visual.addEventListener("resize", fit);
    visual.addEventListener("scroll", fit);
  }
  return { isNarrow };
}
