/** The best that any messenger without a server could do on a schedule: whoever has a message hands it on to everybody they are to know. */
import type { Circle } from "./circle.ts";
import type { Session } from "./presence.ts";

interface Meeting {
  readonly other: number;
  /** Both are online from here… */
  readonly from: number;
  /** …to here. */
  readonly to: number;
}

export class Possible {
  readonly #connectsInMs: number;
  /** By person, in the order of their ends. */
  readonly #meetings: readonly (readonly Meeting[])[];

  constructor(circle: Circle, sessionsOf: readonly (readonly Session[])[], connectsInMs: number) {
    this.#connectsInMs = connectsInMs;
    this.#meetings = sessionsOf.map((own, index) =>
      sessionsOf
        .flatMap((theirs, other) => (areLinked(circle, index, other) ? meetingsOf(own, theirs, other) : []))
        .toSorted((a, b) => a.to - b.to),
    );
  }

  /** When a message that this person wrote at `at` can be with each person; Infinity for never. */
  arrivals(author: number, at: number): readonly number[] {
    const earliest = this.#meetings.map((_, index) => (index === author ? at : Infinity));
    const waiting = new Set(earliest.keys());
    while (waiting.size > 0) {
      const next = [...waiting].reduce((a, b) => ((earliest[b] ?? 0) < (earliest[a] ?? 0) ? b : a));
      waiting.delete(next);
      const has = earliest[next] ?? Infinity;
      if (has === Infinity) break;
      for (const { other, from, to } of this.#meetings[next] ?? []) {
        const arrives = Math.max(has, from + this.#connectsInMs);
        if (arrives < to) earliest[other] = Math.min(earliest[other] ?? Infinity, arrives);
      }
    }
    return earliest;
  }
}

/** Couriers know the two who write to each other, and not one another. */
function areLinked({ kind }: Circle, a: number, b: number): boolean {
  return a !== b && (kind === "group" || Math.min(a, b) < 2);
}

function meetingsOf(own: readonly Session[], theirs: readonly Session[], other: number): readonly Meeting[] {
  return own.flatMap((a) =>
    theirs
      .map((b) => ({ other, from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) }))
      .filter(({ from, to }) => to > from),
  );
}
