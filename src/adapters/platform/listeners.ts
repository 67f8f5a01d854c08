/** A set of listeners that is told things one after the other. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #listeners = new Set<(...args: Args) => void>();

  /** Returns the unsubscribe function. */
  add(listener: (...args: Args) => void): () => void {
    // Wrapped, so that one function added twice is called twice and removed once.
    const own = (...args: Args): void => listener(...args);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  tell(...args: Args): void {
    for (const listener of this.#listeners) listener(...args);
  }
}
