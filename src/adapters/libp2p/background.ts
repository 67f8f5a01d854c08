/** Work nobody waits for. */

/** For promises whose failure is an expected outcome handled elsewhere: a stream that breaks is heard of by its close event. */
export function fireAndForget(work: Promise<unknown>): void {
  work.catch(() => undefined);
}

/** True after `ms` passed, false when the signal ended the wait. */
export async function waited(delay: Promise<void>): Promise<boolean> {
  return delay.then(
    () => true,
    () => false,
  );
}
