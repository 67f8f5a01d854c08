/** Pairing without internet: which code is shown, which is to be read, and what came of it. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Messenger, Paired, PairFailure, PairTrouble, ThreadId } from "../core/views.ts";
import type { CodeScanner } from "./app-ports.ts";
import { copyText } from "./clipboard.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { createScanning } from "./scanning.ts";

export type PairStep =
  /** Who shows the first code, and who reads it? */
  | { readonly kind: "choice" }
  | { readonly kind: "making" }
  /** The first code is on this screen. */
  | { readonly kind: "offer"; readonly code: string }
  /** The first code is to be read off the other screen. */
  | { readonly kind: "reading-offer" }
  /** The second code is to be read off the other screen. */
  | { readonly kind: "reading-answer"; readonly code: string }
  /** The second code is on this screen. */
  | { readonly kind: "answer"; readonly code: string; readonly name: string }
  | { readonly kind: "linking" };

export type PairNews = PairTrouble | "denied" | "no-camera" | "copied" | "not-copied";

export interface PairModel {
  readonly step: ReadonlySignal<PairStep>;
  readonly news: ReadonlySignal<PairNews | undefined>;
  readonly isScanning: ReadonlySignal<boolean>;
  readonly pasted: ReadonlySignal<string>;
  showCode(): void;
  readTheirs(): void;
  /** Their screen shows the answer now. */
  readAnswer(): void;
  /** To the step before. */
  back(): void;
  copyCode(): void;
  type(text: string): void;
  submitPasted(): void;
  startScanning(): void;
  stopScanning(): void;
  /** The picture of the camera is shown here while scanning. Returns what ends it. */
  attach(video: HTMLVideoElement): () => void;
  dispose(): void;
}

export interface PairNeeds {
  readonly messenger: Pick<Messenger, "pairing">;
  readonly scanner: CodeScanner;
  readonly navigator: Navigator;
  readonly open: (thread: ThreadId) => void;
  readonly onFailure: (error: unknown) => void;
}

/** What every code begins with. */
const PAIR_MARK = "Kith pair ";
const CHOICE: PairStep = { kind: "choice" };

export function createPairing({ messenger, scanner, navigator, open, onFailure }: PairNeeds): PairModel {
  const { pairing } = messenger;
  const step = signal<PairStep>(CHOICE);
  const news = signal<PairNews | undefined>(undefined);
  const pasted = signal("");
  const scanning = createScanning({
    scanner,
    onText: (text) => read(text),
    onTrouble: (trouble) => {
      news.value = trouble;
    },
    onFailure,
  });
  let isDisposed = false;
  /** One text at a time: the camera reads the same one again and again. */
  let isReading = false;

  const go = (next: PairStep, told?: PairNews): void => {
    step.value = next;
    news.value = told;
    scanning.stop();
    pasted.value = "";
  };
  const told = (trouble: PairTrouble): void => {
    news.value = trouble;
    // Anything may be in the picture by chance: the person goes on looking.
    if (trouble !== "no-code") scanning.stop();
  };
  /** Unless the person has turned back meanwhile. */
  const settled = (end: Paired | PairFailure, at: PairStep): void => {
    if (isDisposed || step.value !== at) return;
    if (end.kind === "paired") open(end.thread);
    else go(CHOICE, end.trouble);
  };
  const offer = async (): Promise<void> => {
    const making: PairStep = { kind: "making" };
    go(making);
    const made = await pairing.offer();
    if (isDisposed) return pairing.cancel();
    if (step.value !== making) return;
    if (made.kind === "failed") go(CHOICE, made.trouble);
    else go({ kind: "offer", code: made.text });
  };
  const answer = async (text: string, at: PairStep): Promise<void> => {
    const made = await pairing.answer(text);
    if (isDisposed) return pairing.cancel();
    if (step.value !== at) return;
    if (made.kind === "failed") return told(made.trouble);
    const shown: PairStep = { kind: "answer", code: made.text, name: made.name };
    go(shown);
    const waiting = pairing.paired().then((end) => settled(end, shown));
    fireAndForget(waiting, onFailure);
  };
  const complete = async (text: string, at: PairStep): Promise<void> => {
    const linking: PairStep = { kind: "linking" };
    if (text.trim().startsWith(PAIR_MARK)) step.value = linking;
    const end = await pairing.complete(text);
    const isTextAtFault = end.kind === "failed" && end.trouble !== "not-reached" && end.trouble !== "expired";
    if (!isTextAtFault) return settled(end, linking);
    if (step.value === linking) step.value = at;
    if (step.value === at) told(end.trouble);
  };
  const read = (text: string): void => {
    const at = step.value;
    if (isReading || (at.kind !== "reading-offer" && at.kind !== "reading-answer")) return;
    isReading = true;
    const work = at.kind === "reading-offer" ? answer(text, at) : complete(text, at);
    const done = work.finally(() => {
      isReading = false;
    });
    fireAndForget(done, onFailure);
  };

  return {
    step,
    news,
    isScanning: scanning.isOn,
    pasted,
    showCode: () => fireAndForget(offer(), onFailure),
    readTheirs: () => go({ kind: "reading-offer" }),
    readAnswer() {
      if (step.value.kind === "offer") go({ kind: "reading-answer", code: step.value.code });
    },
    back() {
      const { value } = step;
      if (value.kind === "reading-answer") return go({ kind: "offer", code: value.code });
      pairing.cancel();
      go(CHOICE);
    },
    copyCode() {
      const { value } = step;
      if (!("code" in value)) return;
      const copying = copyText(navigator, value.code).then((isDone) => {
        news.value = isDone ? "copied" : "not-copied";
      });
      fireAndForget(copying, onFailure);
    },
    type(text) {
      pasted.value = text;
    },
    submitPasted() {
      if (pasted.value.trim() !== "") read(pasted.value);
    },
    startScanning() {
      news.value = undefined;
      scanning.start();
    },
    stopScanning: scanning.stop,
    attach: scanning.attach,
    dispose() {
      isDisposed = true;
      pairing.cancel();
    },
  };
}
