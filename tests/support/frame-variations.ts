/** Every way in which a frame of known fields is tampered with, and what is to become of each. */
import { concatBytes } from "../../src/core/codec/bytes.ts";
import type * as stories from "./frame-stories.ts";
import type { Instead } from "./wire-meddler.ts";

/** Most flips that are made of one field; more with KITH_LONG=1. */
const FLIPS = process.env["KITH_LONG"] === "1" ? 200 : 3;

/**
 * ends: the link. ignored: as if the frame had not come. word: the sender's own to say, and nothing is stored. believed: likewise, and it
 * is stored. same: as if nothing had been changed.
 */
export type Outcome = "ends" | "ignored" | "word" | "believed" | "same";

/**
 * Its length, or undefined for all the rest; what becomes of the frame when one of its bits is turned, and when it is cut here, if not
 * the same as elsewhere.
 */
export type Field = readonly [name: string, bytes: number | undefined, flipped: Outcome, cut?: Outcome];

export interface Case {
  readonly story: stories.Story;
  readonly fields: readonly Field[];
  readonly cut?: Outcome;
  readonly longer?: Outcome;
  /** In another session, or in one where it belongs to none. */
  readonly elsewhere: Outcome;
  /** The same said in another way. */
  readonly otherwise?: Readonly<Record<string, (payload: Uint8Array) => Uint8Array>>;
}

interface Variation {
  readonly name: string;
  readonly outcome: Outcome;
  readonly instead: Instead;
}

const withPayload =
  (change: (payload: Uint8Array) => Uint8Array): Instead =>
  (frame) => ({ ...frame, payload: change(frame.payload) });

export function* variations(
  length: number,
  { fields, cut = "ends", longer = "ends", elsewhere, otherwise = {} }: Case,
): Generator<Variation> {
  let at = 0;
  for (const [name, bytes, outcome, cutHere = cut] of fields) {
    const end = bytes === undefined ? length : at + bytes;
    const step = Math.max(1, Math.ceil((end - at - 1) / (FLIPS - 1)));
    for (let place = at; place < end; place += step) {
      yield {
        name: `${name} changed at ${place}`,
        outcome,
        instead: withPayload((payload) => flipped(payload, place)),
      };
    }
    yield {
      name: `${name} missing, and what follows`,
      outcome: cutHere,
      instead: withPayload((payload) => payload.slice(0, at)),
    };
    yield { name: `cut in ${name}`, outcome: cutHere, instead: withPayload((payload) => payload.slice(0, end - 1)) };
    at = end;
  }
  for (const more of [1, 16]) {
    const extended = withPayload((payload) => concatBytes(payload, new Uint8Array(more)));
    yield { name: `${more} bytes longer`, outcome: longer, instead: extended };
  }
  for (const [name, change] of Object.entries(otherwise)) yield { name, outcome: "ends", instead: withPayload(change) };
  yield { name: "elsewhere", outcome: elsewhere, instead: (frame) => ({ ...frame, session: frame.session + 2 }) };
}

function flipped(payload: Uint8Array, at: number): Uint8Array {
  const changed = payload.slice();
  changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
  return changed;
}
