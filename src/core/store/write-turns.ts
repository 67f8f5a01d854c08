/** Whose turn it is to write: for store adapters, so that a write's work starts only when those asked for before it have ended. */

export class WriteTurns {
  /** Per table, the end of the last write that was asked for. Never rejects. */
  readonly #lastEnds = new Map<string, Promise<void>>();

  /** Resolves when all writes over one of these tables that were asked for before now have ended, however they ended. */
  async earlier(tables: readonly string[]): Promise<void> {
    await Promise.all(tables.flatMap((table) => this.#lastEnds.get(table) ?? []));
  }

  /** Runs `write` when the earlier ones have ended; the later ones wait for it. */
  run<T>(tables: readonly string[], write: () => Promise<T>): Promise<T> {
    const running = this.earlier(tables).then(write);
    const end = running.then(ignore, ignore);
    for (const table of tables) this.#lastEnds.set(table, end);
    return running;
  }

  /** Resolves when every write that was asked for has ended. */
  async all(): Promise<void> {
    await Promise.all(this.#lastEnds.values());
  }
}

function ignore(): void {
  // How a write ended is its caller's news.
}
