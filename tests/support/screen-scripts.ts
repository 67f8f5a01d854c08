/** The people and conversations of the screen's page, by name of the script (`?script=…`). */
import type { AccountId, MessageView, ThreadView } from "../../src/core/views.ts";
import { FakeMessenger } from "./fake-messenger.ts";
import { messageView, threadView } from "./fake-views.ts";
import { lakeGroup, largeGroups } from "./screen-groups.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LONG_THREAD_MESSAGES = 2000;

const PARAGRAPH =
  "We looked at three houses by the lake. The first is bright but right at the road, the second has a garden and no boat, and the third is small, with a stove and its own jetty. ";

type Line = readonly [who: "own" | "other", minutesAgo: number, text: string];

function talk(thread: ThreadView, lines: readonly Line[], pendingFrom = Number.POSITIVE_INFINITY): MessageView[] {
  const now = Date.now();
  return lines.map(([who, minutesAgo, text], index) =>
    messageView(index + 1, {
      text,
      isOwn: who === "own",
      at: now - minutesAgo * MINUTE_MS,
      author: thread,
      isPending: index >= pendingFrom,
    }),
  );
}

function ana(messenger: FakeMessenger): void {
  const thread = threadView("a11a", "Ana Brandt", { path: { kind: "direct" }, lastHeard: Date.now() });
  const lines: readonly Line[] = [
    ["other", 1700, "Do you still have the big backpack?"],
    ["own", 1690, "In the cellar. I’ll bring it up."],
    ["other", 310, "Morning! Did the tickets arrive?"],
    ["own", 307, "Yes, both of them."],
    ["own", 307, "Printed and in my bag, so we can’t forget them this time"],
    ["other", 300, "Ha. Good."],
    ["other", 299, "Timetable, in case your phone dies: https://ferries.example/winter?from=north&to=south (page 2)."],
    ["own", 290, "Thank you. Which deck did you book?"],
    ["other", 8, "Upper one, by the window 🌊"],
    ["other", 6, "the ferry leaves at six, not seven"],
  ];
  messenger.add(thread, talk(thread, lines), { own: [{ after: 0, delivered: 9, read: 8 }] }, "000000008");
}

function carol(messenger: FakeMessenger): void {
  const thread = threadView("ca01", "Carol Eze", {
    path: { kind: "away" },
    waiting: 2,
    lastHeard: Date.now() - 15 * 60 * MINUTE_MS,
    activeAt: Date.now() - 40 * MINUTE_MS,
  });
  const lines: readonly Line[] = [
    ["other", 900, "Landing now, phone off. Write me what you decide!"],
    ["own", 200, "We take the small house with the stove."],
    ["own", 42, "Keys are with the neighbour, second floor."],
    ["own", 40, "And bring the good coffee."],
  ];
  messenger.add(thread, talk(thread, lines, 2), { own: [{ after: 0, delivered: 2, read: 0 }] });
}

function bob(messenger: FakeMessenger): void {
  const thread = threadView("b0b0", "Bob", { path: { kind: "relay", relay: "" }, activeAt: Date.now() - 3 * DAY_MS });
  const lines = Array.from({ length: LONG_THREAD_MESSAGES }, (_, index): Line => {
    const minutesAgo = (LONG_THREAD_MESSAGES - index) * 17 + 3 * 1440;
    const text = index % 19 === 0 ? PARAGRAPH.repeat(1 + (index % 3)) : `Message number ${index + 1}`;
    return [index % 3 === 0 ? "own" : "other", minutesAgo, text];
  });
  messenger.add(thread, talk(thread, lines), { own: [{ after: 0, delivered: 99_999, read: 99_999 }] });
}

function others(messenger: FakeMessenger): void {
  const dalia = threadView("da11", "داليا", { path: { kind: "connecting" }, activeAt: Date.now() - 5 * DAY_MS });
  messenger.add(
    dalia,
    talk(dalia, [
      ["other", 7300, "مرحبا! متى يصل القطار؟"],
      ["own", 7290, "في السابعة مساء، على الرصيف 4 (Platform 4)."],
      ["other", 7200, "شكرا! الرابط: https://trains.example/ar\nsee you there"],
      ["other", 7199, "👋🏽👨‍👩‍👧‍👦"],
    ]),
    { own: [{ after: 0, delivered: 9, read: 9 }] },
  );
  const first = threadView("e0e0", "Eva", {
    path: { kind: "away" },
    tag: "3f2a",
    activeAt: Date.now() - 9 * DAY_MS,
    draft: "About Sunday: ",
  });
  messenger.add(first, talk(first, [["other", 12_960, PARAGRAPH.repeat(12)]]));
  const second = threadView("e1e1", "Eva", {
    path: { kind: "away" },
    tag: "c71d",
    activeAt: Date.now() - 400 * DAY_MS,
  });
  messenger.add(second, []);
  const long = threadView("f00d", "Wolfeschlegelsteinhausenbergerdo", {
    path: { kind: "away" },
    activeAt: Date.now() - 500 * DAY_MS,
  });
  messenger.add({ ...long, inviteTrouble: "used" }, []);
}

export type ScriptName = "full" | "groups" | "first-run" | "empty";

export function scriptedMessenger(script: ScriptName): FakeMessenger {
  const messenger = new FakeMessenger();
  messenger.networkView = {
    reachability: { kind: "online" },
    relays: [
      { address: "/dns4/relay.example/tcp/443/wss/p2p/12D3KooW", state: "reserved" },
      { address: "/ip4/127.0.0.1/tcp/4001/ws/p2p/12D3KooX", state: "unreachable" },
    ],
  };
  if (script === "first-run") return messenger;
  messenger.profile = { account: "me" as AccountId, name: "Maple" };
  if (script === "empty") return messenger;
  ana(messenger);
  carol(messenger);
  bob(messenger);
  others(messenger);
  if (script === "groups") {
    lakeGroup(messenger);
    largeGroups(messenger);
  }
  return messenger;
}
