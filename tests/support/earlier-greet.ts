/** Greetings as of versions before statements had numbers on the wire: such a peer is told by digests, and gets whole clocks. */
import { FRAME, type Frame } from "../../src/core/sync/frames.ts";
import { decodeGreet, encodeGreet } from "../../src/core/sync/payloads.ts";

/** For `tapWire`. */
export function asOfVersionWithoutNumbers(frame: Frame): Frame | undefined {
  if (frame.type !== FRAME.greet) return undefined;
  return { ...frame, payload: encodeGreet({ ...decodeGreet(frame.payload), takesNumbers: false }) };
}
