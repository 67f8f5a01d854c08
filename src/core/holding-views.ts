/** What is known to exist and is not here, and what is here for others. Plain data, see views.ts. */
import type { ThreadId } from "./codec/ids.ts";

/** Messages of one author that are known to exist and cannot be read here. */
export interface MissingView {
  /** Shown name. */
  readonly author: string;
  /** Messages that are not here; told by others, so at most 1,000 are counted. */
  readonly away: number;
  /** Messages that are here and cannot be read yet. */
  readonly locked: number;
  /** Shown names of who says to have all that are not here, its author left out; those who are connected first. */
  readonly holders: readonly string[];
  /** Whether the author can bring them: who left a group brings nothing. */
  readonly isAuthorIn: boolean;
  /** Somebody who can bring them is connected now. */
  readonly isComing: boolean;
}

/** Messages of others in groups that not all members have opened: kept until they have. */
export interface KeptView {
  readonly messages: number;
  readonly bytes: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

export interface Holdings {
  /** By author, of whom most is missing first. */
  missing(thread: ThreadId): readonly MissingView[];
  kept(): Promise<KeptView>;
}
