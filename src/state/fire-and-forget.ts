/** The one place where a promise may be left alone: what it throws is a bug or a failing device, and goes to `onFailure`. */
export function fireAndForget(work: Promise<unknown>, onFailure: (error: unknown) => void): void {
  work.catch(onFailure);
}
