/**
 * Keeps the reader's place in the log. At the bottom it stays at the bottom; elsewhere the messages on the screen stay where they are,
 * whatever is added, removed or grows around them. Done by hand, since not every browser anchors scrolling, and they differ where they do.
 */
import type { ScrollFacts, ScrollRequest } from "../../state/conversation.ts";

const AT_BOTTOM_PX = 40;
const NEAR_EDGE_PX = 800;
const ANCHORS = 12;

interface Anchor {
  readonly id: string;
  readonly top: number;
}

export class LogScroller {
  readonly #log: HTMLElement;
  readonly #report: (facts: ScrollFacts) => void;
  readonly #resized: ResizeObserver;
  #isPinned = true;
  #anchors: readonly Anchor[] = [];
  #height = 0;
  #room = 0;
  #scrolled = 0;
  #handled: ScrollRequest | undefined;
  #noting: number | undefined;

  constructor(log: HTMLElement, content: HTMLElement, report: (facts: ScrollFacts) => void) {
    this.#log = log;
    this.#report = report;
    this.#resized = new ResizeObserver(() => this.settle(this.#handled));
    this.#resized.observe(log);
    this.#resized.observe(content);
    log.addEventListener("scroll", this.#onScroll, { passive: true });
  }

  dispose(): void {
    this.#resized.disconnect();
    if (this.#noting !== undefined) cancelAnimationFrame(this.#noting);
    this.#log.removeEventListener("scroll", this.#onScroll);
  }

  /** After every change of what is shown, before it is painted. */
  settle(request: ScrollRequest | undefined): void {
    const log = this.#log;
    if (request !== undefined && request !== this.#handled) this.#follow(request);
    else if (this.#isPinned) log.scrollTop = log.scrollHeight;
    else this.#restore();
    this.#handled = request;
    this.#height = log.scrollHeight;
    this.#room = log.clientHeight;
    // At the bottom nothing is kept in place, and reading where everything stands costs more than drawing one more message.
    if (this.#isPinned) this.#rememberSoon();
    else this.#remember();
  }

  /** Once a frame. */
  #rememberSoon(): void {
    this.#noting ??= requestAnimationFrame(() => {
      this.#noting = undefined;
      this.#remember();
    });
  }

  #follow(request: ScrollRequest): void {
    const log = this.#log;
    const line = request.to === "first-new" ? log.querySelector("[data-new-line]") : null;
    if (line === null) log.scrollTop = log.scrollHeight;
    else log.scrollTop += line.getBoundingClientRect().top - log.getBoundingClientRect().top - log.clientHeight / 4;
    this.#isPinned = this.#distance() <= AT_BOTTOM_PX;
  }

  #restore(): void {
    // How far the reader scrolled since, of which the browser has not told yet.
    const own = this.#log.scrollTop - this.#scrolled;
    for (const { id, top } of this.#anchors) {
      const article = this.#log.querySelector(`[data-id="${CSS.escape(id)}"]`);
      if (article === null) continue;
      const moved = this.#topOf(article) + own - top;
      if (Math.abs(moved) >= 1) this.#log.scrollTop += moved;
      return;
    }
  }

  readonly #onScroll = (): void => {
    const log = this.#log;
    // The layout changed under the reader, who did not scroll: put it right first.
    if (log.scrollHeight !== this.#height || log.clientHeight !== this.#room) {
      this.settle(this.#handled);
      return;
    }
    this.#isPinned = this.#distance() <= AT_BOTTOM_PX;
    this.#remember();
  };

  #remember(): void {
    const log = this.#log;
    this.#height = log.scrollHeight;
    this.#room = log.clientHeight;
    this.#scrolled = log.scrollTop;
    const articles = [...log.querySelectorAll<HTMLElement>("[data-id]")];
    const bottom = log.clientHeight + 1;
    const first = articles.findIndex((article) => this.#topOf(article) + article.offsetHeight > 0);
    const visible = first === -1 ? [] : articles.slice(first, first + ANCHORS);
    this.#anchors = visible.map((article) => ({ id: article.dataset["id"] ?? "", top: this.#topOf(article) }));
    const last = articles.findLast((article) => this.#topOf(article) + article.offsetHeight <= bottom);
    const distance = this.#distance();
    this.#report({
      isAtBottom: this.#isPinned,
      isNearTop: log.scrollTop < NEAR_EDGE_PX,
      isNearBottom: distance < NEAR_EDGE_PX,
      lastVisible: last?.dataset["id"],
    });
  }

  #topOf(element: Element): number {
    return element.getBoundingClientRect().top - this.#log.getBoundingClientRect().top;
  }

  #distance(): number {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight;
  }
}
