/** What a build of tomorrow says that today's does not know: frames of unknown types, and entries of unknown kinds. */
import { textToBytes } from "../../src/core/codec/bytes.ts";
import { MESSAGE_CHANNEL } from "../../src/core/codec/entry.ts";
import { orderOf, timelineRow } from "../../src/core/conversations/timeline.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { APPEND_TABLES, appendEntry } from "../../src/core/log/append.ts";
import { encodeFrame, FRAME, type Frame, FrameDecoder } from "../../src/core/sync/frames.ts";
import type { Link, Transport } from "../../src/core/transport/transport.ts";
import type { Chance } from "./chance.ts";
import type { Profile } from "./profile.ts";

const UNKNOWN_FRAME_TYPE = 200;
const UNKNOWN_KIND = 200;
const UNKNOWN_CHANNEL = 7;
const FRAME_CHANCE = 0.2;

/** Sends a frame of an unknown type before some writes: after the greeting, and never between the frames of a batch. */
export function withFrames(below: Transport, chance: Chance): Transport {
  const start = below.start.bind(below);
  below.start = (seed, handlers) =>
    start(seed, {
      onPath: (peer, path) => handlers.onPath(peer, path),
      onReachability: (reachability, relays) => handlers.onReachability(reachability, relays),
      onLink: (link) => handlers.onLink(chatty(link, chance)),
    });
  return below;
}

function chatty(link: Link, chance: Chance): Link {
  const decoder = new FrameDecoder();
  let last: Frame | undefined;
  return {
    peer: link.peer,
    path: link.path,
    isOpener: link.isOpener,
    async send(bytes) {
      const isInBatch = last?.type === FRAME.entry && last.payload[0] !== 1;
      if (last !== undefined && !isInBatch && chance.is(FRAME_CHANCE)) {
        await link.send(encodeFrame({ type: UNKNOWN_FRAME_TYPE, session: 0, payload: textToBytes("of tomorrow") }));
      }
      last = decoder.push(bytes).at(-1) ?? last;
      await link.send(bytes);
    },
    close: () => link.close(),
  };
}

/** Puts an entry of an unknown kind, or of an unknown channel, into one conversation of a closed profile. */
export async function writeUnknown(profile: Profile, suite: Suite, nowMs: number, chance: Chance): Promise<boolean> {
  const identity = await profile.identity();
  const rows = await profile.store.read(["conversations"], (tx) => tx.range("conversations", {}));
  const shared = rows.filter(({ value }) => value.isShared);
  if (identity === undefined || shared.length === 0) return false;
  const { id: conversation, thread } = chance.pick(shared).value;
  const place = chance.is(0.5)
    ? { channel: MESSAGE_CHANNEL, kind: UNKNOWN_KIND }
    : { channel: UNKNOWN_CHANNEL, kind: 1 };
  await profile.store.write(["timeline", ...APPEND_TABLES], "strict", async (tx) => {
    const draft = { conversation, ...place, content: textToBytes("of tomorrow") };
    const { id, header, rank } = await appendEntry(tx, suite, nowMs, identity, draft, orderOf);
    const { device, seq, clock } = header;
    const author = identity.account;
    const said = { id, conversation, author, device, seq, clock, now: nowMs, writtenAt: nowMs };
    const row = timelineRow({ ...said, kind: "unsupported", text: "", isLate: false });
    tx.put("timeline", [thread, orderOf(rank, header)], row);
  });
  return true;
}
