/** Turns true once something has lasted too long, so that the screen can say so and offer a next step. */
import { effect, signal, type ReadonlySignal } from "@preact/signals";

const SLOW_AFTER_MS = 15_000;

export function createSlowness(isRunning: () => boolean): {
  readonly isSlow: ReadonlySignal<boolean>;
  dispose(): void;
} {
  const isSlow = signal(false);
  const dispose = effect(() => {
    if (!isRunning()) {
      isSlow.value = false;
      return undefined;
    }
    const timer = setTimeout(() => {
      isSlow.value = true;
    }, SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  });
  return { isSlow, dispose };
}
