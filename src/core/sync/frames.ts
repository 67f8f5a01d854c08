/**
 * Frames of the peer stream (PROTOCOL, The peer stream): type 1 | session 4 | length 2 | payload. A frame takes at most 16 KiB.
 * Unknown types are skipped by the receiver, so that old and new versions live together.
 */
import { DecodeError } from "../codec/decode-error.ts";

const MAX_FRAME_BYTES = 16 * 1024;
export const FRAME_HEADER_BYTES = 7;
export const MAX_PAYLOAD_BYTES = MAX_FRAME_BYTES - FRAME_HEADER_BYTES;

export const FRAME = {
  credit: 0,
  greet: 1,
  claim: 2,
  bundle: 3,
  proof: 4,
  welcome: 5,
  refusal: 6,
  request: 7,
  answer: 8,
  ownDevices: 9,
  codeRead: 10,
  groupOffer: 11,
  reachCard: 12,
  release: 15,
  hello: 16,
  unknownConversation: 17,
  have: 18,
  want: 19,
  entry: 20,
  clock: 21,
  read: 22,
  envelope: 23,
  resendAnswer: 24,
  statementsDigest: 25,
  envelopes: 26,
  envelopesWanted: 27,
  wantAgain: 28,
  sealedRead: 29,
  level: 30,
  cardHeld: 32,
  card: 33,
  deposit: 34,
  depositAnswer: 35,
  parcel: 36,
  parcelPart: 37,
  receipt: 38,
  receiptNoted: 39,
  deviceListsHeld: 40,
  deviceList: 41,
  operationsWanted: 42,
  operation: 43,
  statementNumbers: 46,
  clockChange: 47,
} as const;

/** Of contacts alone, and of no conversation: how they are reached, and what they carry for each other. */
export function isContactFrame(type: number): boolean {
  return type === FRAME.reachCard || (type >= FRAME.cardHeld && type <= FRAME.receiptNoted);
}

export function isEnvelopeFrame(type: number): boolean {
  return type === FRAME.envelopes || type === FRAME.envelopesWanted;
}

/** Of members of a group, beside entries and statements. */
export function isMemberFrame(type: number): boolean {
  return isEnvelopeFrame(type) || (type >= FRAME.deviceListsHeld && type <= FRAME.operation);
}

/** Those that belong to no session: all known ones below hello, and those of couriers. */
export const LINK_FRAMES: ReadonlySet<number> = new Set(
  Object.values(FRAME).filter((type) => type < FRAME.hello || isContactFrame(type)),
);

export interface Frame {
  readonly type: number;
  /** 0: the link itself; odd: opened by the stream's opener; even: by the other side. */
  readonly session: number;
  readonly payload: Uint8Array;
}

export function encodeFrame(frame: Frame): Uint8Array {
  const length = frame.payload.length;
  if (length > MAX_PAYLOAD_BYTES) throw new RangeError("payload does not fit a frame");
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, frame.type);
  view.setUint32(1, frame.session);
  view.setUint16(5, length);
  bytes.set(frame.payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** Puts arbitrary pieces of the byte stream together again. Holds less than one frame between calls. */
export class FrameDecoder {
  #rest = new Uint8Array(0);

  /** The frames completed by these bytes. @throws DecodeError for a length that no frame may have. */
  push(bytes: Uint8Array): readonly Frame[] {
    const data = this.#rest.length === 0 ? bytes : join(this.#rest, bytes);
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const frames: Frame[] = [];
    let offset = 0;
    while (data.length - offset >= FRAME_HEADER_BYTES) {
      const length = view.getUint16(offset + 5);
      if (length > MAX_PAYLOAD_BYTES) throw new DecodeError("frame is too long");
      const end = offset + FRAME_HEADER_BYTES + length;
      if (end > data.length) break;
      frames.push({
        type: view.getUint8(offset),
        session: view.getUint32(offset + 1),
        payload: data.slice(offset + FRAME_HEADER_BYTES, end),
      });
      offset = end;
    }
    this.#rest = data.slice(offset);
    return frames;
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}
