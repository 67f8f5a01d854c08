/** Verifying one contact: the code on this screen, what was read off the other's, and the person's own decision. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { CodeReading, Messenger, ThreadId } from "../core/views.ts";
import type { CodeScanner } from "./app-ports.ts";
import { copyText } from "./clipboard.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { createScanning } from "./scanning.ts";

/** What is to be told: how a reading went, that the other has read this screen, or why there is no camera. */
export type VerifyNews = CodeReading | { readonly kind: "was-read" | "denied" | "no-camera" | "copied" | "not-copied" };

export interface VerificationModel {
  /** Sixty digits. */
  readonly digits: string;
  /** Text of the code to show; another one every minute, and once it was used. */
  readonly code: ReadonlySignal<string>;
  readonly news: ReadonlySignal<VerifyNews | undefined>;
  readonly isScanning: ReadonlySignal<boolean>;
  readonly pasted: ReadonlySignal<string>;
  type(text: string): void;
  submitPasted(): void;
  copyCode(): void;
  startScanning(): void;
  stopScanning(): void;
  /** The picture of the camera is shown here while scanning. Returns what ends it. */
  attach(video: HTMLVideoElement): () => void;
  mark(isVerified: boolean): void;
  dispose(): void;
}

export interface VerificationNeeds {
  readonly messenger: Pick<Messenger, "people" | "subscribe">;
  readonly scanner: CodeScanner;
  readonly navigator: Navigator;
  readonly thread: ThreadId;
  readonly onFailure: (error: unknown) => void;
}

export function createVerification(needs: VerificationNeeds): VerificationModel {
  const { messenger, scanner, thread, onFailure } = needs;
  const { people } = messenger;
  const code = signal("");
  const news = signal<VerifyNews | undefined>(undefined);
  const pasted = signal("");
  const scanning = createScanning({
    scanner,
    onText: (text) => read(text),
    onTrouble: (trouble) => {
      news.value = { kind: trouble };
    },
    onFailure,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = (): void => {
    clearTimeout(timer);
    const shown = people.showCode(thread);
    code.value = shown?.text ?? "";
    if (shown !== undefined) timer = setTimeout(show, shown.newInMs);
  };
  const read = (text: string): void => {
    news.value = people.readCode(thread, text);
    // Anything else may be in the picture by chance: the person goes on looking.
    if (news.value.kind !== "no-code") scanning.stop();
  };
  const unsubscribe = messenger.subscribe((event) => {
    if (event.type !== "code-read" || event.thread !== thread) return;
    news.value = { kind: "was-read" };
    show();
  });
  show();

  return {
    digits: people.safetyNumber(thread) ?? "",
    code,
    news,
    isScanning: scanning.isOn,
    pasted,
    type(text) {
      pasted.value = text;
    },
    submitPasted() {
      if (pasted.value.trim() !== "") read(pasted.value);
    },
    copyCode() {
      const copying = copyText(needs.navigator, code.value).then((isDone) => {
        news.value = { kind: isDone ? "copied" : "not-copied" };
      });
      fireAndForget(copying, onFailure);
    },
    startScanning() {
      news.value = undefined;
      scanning.start();
    },
    stopScanning: scanning.stop,
    attach: scanning.attach,
    mark: (isVerified) => fireAndForget(people.setVerified(thread, isVerified), onFailure),
    dispose() {
      clearTimeout(timer);
      unsubscribe();
      people.hideCode(thread);
    },
  };
}
