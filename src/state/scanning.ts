/** Reading a code with the camera: whether it is on, and why it went off by itself. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { CodeScanner } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";

export interface Scanning {
  readonly isOn: ReadonlySignal<boolean>;
  start(): void;
  stop(): void;
  /** The picture of the camera is shown here while it is on. Returns what ends it. */
  attach(video: HTMLVideoElement): () => void;
}

export interface ScanningNeeds {
  readonly scanner: CodeScanner;
  readonly onText: (text: string) => void;
  /** There is no camera, or it is not allowed. */
  readonly onTrouble: (trouble: "denied" | "no-camera") => void;
  readonly onFailure: (error: unknown) => void;
}

export function createScanning({ scanner, onText, onTrouble, onFailure }: ScanningNeeds): Scanning {
  const isOn = signal(false);
  return {
    isOn,
    start() {
      isOn.value = true;
    },
    stop() {
      isOn.value = false;
    },
    attach(video) {
      const stopping = new AbortController();
      const scanning = scanner.scan(video, onText, stopping.signal).then((end) => {
        if (stopping.signal.aborted) return;
        isOn.value = false;
        if (end !== "stopped") onTrouble(end);
      });
      fireAndForget(scanning, onFailure);
      return () => stopping.abort();
    },
  };
}
