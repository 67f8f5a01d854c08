/** What was written, by whom and for whom, apart from the core: the truth that its stores are held against. */
import type { AccountId } from "../../src/core/codec/ids.ts";

/** Where a text says which message and version it is. */
const MARK = /\[\[(\d+)\.(\d+)\]\]/;
export const MARK_START = "[[";

export interface Written {
  readonly index: number;
  readonly author: AccountId;
  /** Accounts that may read it, the author included. */
  readonly readers: ReadonlySet<AccountId>;
  /** Of those, the ones that must get it. */
  readonly entitled: ReadonlySet<AccountId>;
  /** Names the conversation, the same for all its members. */
  readonly room: string;
  /** Virtual milliseconds since the start. */
  readonly writtenAt: number;
  /** Of the message that its author saw last in this room. */
  readonly after: number | undefined;
  /** Numbers of the texts it may have. */
  versions: readonly number[];
  /**
   * `certain`: sending was acknowledged, so it must arrive. `open`: the app ended before it answered, or an old copy of the profile forgot
   * it: it arrives everywhere or nowhere. `cancelled`: it must arrive nowhere.
   */
  fate: "certain" | "open" | "cancelled";
}

export interface Marked {
  readonly index: number;
  readonly version: number;
}

export class Ledger {
  readonly #written: Written[] = [];

  get all(): readonly Written[] {
    return this.#written;
  }

  /** Notes a message before it is sent: its fate is open. */
  note(written: Omit<Written, "index" | "versions" | "fate">): Written {
    const noted: Written = { ...written, index: this.#written.length, versions: [0], fate: "open" };
    this.#written.push(noted);
    return noted;
  }

  /** @throws for a text that nobody wrote */
  of(marked: Marked): Written {
    const written = this.#written[marked.index];
    if (written === undefined) throw new Error(`message ${marked.index} was never written`);
    return written;
  }
}

export function textOf(index: number, version: number, length: number): string {
  return `[[${index}.${version}]]${"x".repeat(length)}`;
}

export function markIn(text: string): Marked | undefined {
  const found = MARK.exec(text);
  return found === null ? undefined : { index: Number(found[1]), version: Number(found[2]) };
}
