import { expect, test } from "vitest";
import { createNotifyChoice } from "../../../src/state/notify-choice.ts";
import { startNotices } from "../../../src/state/notices.ts";
import type { Notifier, NotifyPermission, PageLife } from "../../../src/state/app-ports.ts";
import type { AccountId, ThreadId } from "../../../src/core/views.ts";
import { FakeMessenger } from "../../support/fake-messenger.ts";
import { threadView } from "../../support/fake-views.ts";
import { lakeGroup } from "../../support/screen-groups.ts";

const ANA = "a11a" as ThreadId;
const BEA = "b0b0" as ThreadId;
const NOBODY = "0000" as AccountId;
const GROUP = "9a00" as ThreadId;

class FakeNotifier implements Notifier {
  current: NotifyPermission = "granted";
  answer: NotifyPermission = "granted";
  asked = 0;
  readonly shown = new Map<string, { readonly title: string; readonly body: string }>();
  click: ((tag: string) => void) | undefined;
  readonly permission = (): NotifyPermission => this.current;
  readonly ask = (): Promise<NotifyPermission> => {
    this.asked += 1;
    this.current = this.answer;
    return Promise.resolve(this.current);
  };
  show({ tag, ...words }: { readonly tag: string; readonly title: string; readonly body: string }): void {
    this.shown.set(tag, words);
  }
  close(tag: string): void {
    this.shown.delete(tag);
  }
  onClick(listener: (tag: string) => void): () => void {
    this.click = listener;
    return () => undefined;
  }
}

async function started(settings: { readonly notifies: boolean; readonly showsText?: boolean }) {
  const messenger = new FakeMessenger();
  for (const [id, name] of [
    [ANA, "Ana"],
    [BEA, "Bea"],
  ] as const)
    messenger.add(threadView(id, name, { path: { kind: "direct" } }));
  messenger.settingsView = { ...messenger.settingsView, showsText: true, ...settings };
  const notifier = new FakeNotifier();
  const page = { isVisible: () => state.isVisible } as PageLife;
  const state = { isVisible: false, opened: [] as string[] };
  messenger.people.ask("Zoe");
  const end = startNotices({
    ports: { messenger, notifier, page },
    words: (title, text) => ({ title, body: text ?? "-" }),
    requestWords: (name) => ({ title: "Kith", body: name ?? "somebody" }),
    groupName: (thread) => (thread === GROUP ? "Trip to the lake" : undefined),
    open: (thread) => state.opened.push(thread),
    openRequests: () => state.opened.push("requests"),
    onFailure: (error) => {
      throw error;
    },
  });
  await Promise.resolve();
  return { messenger, notifier, state, end };
}

test("a message that arrives while the page is hidden is told, one notice per conversation", async () => {
  const { messenger, notifier } = await started({ notifies: true });
  messenger.receive(ANA, "one");
  messenger.receive(ANA, "two");
  messenger.receive(BEA, "three");
  expect([...notifier.shown]).toEqual([
    [ANA, { title: "Ana", body: "two" }],
    [BEA, { title: "Bea", body: "three" }],
  ]);
});

test("nothing is told while the page is visible, of own messages, without a yes, or once the browser took it back", async () => {
  const visible = await started({ notifies: true });
  visible.state.isVisible = true;
  visible.messenger.receive(ANA, "seen");
  visible.state.isVisible = false;
  await visible.messenger.send(ANA, "own");
  visible.notifier.current = "denied";
  visible.messenger.receive(ANA, "blocked");
  expect(visible.notifier.shown.size).toBe(0);
  const off = await started({ notifies: false });
  off.messenger.receive(ANA, "quiet");
  expect(off.notifier.shown.size).toBe(0);
});

test("nothing is told again of a message that was here as an early copy", async () => {
  const { messenger, notifier } = await started({ notifies: true });
  const early = messenger.receive(ANA, "early");
  notifier.close(ANA);
  messenger.emit({ type: "messages", thread: ANA, upserts: [{ ...early, isKnown: true }], removed: [] });
  expect(notifier.shown.size).toBe(0);
});

test("the text is shown only if that was chosen, and a change counts at once", async () => {
  const { messenger, notifier } = await started({ notifies: true, showsText: false });
  messenger.receive(ANA, "secret");
  expect(notifier.shown.get(ANA)).toEqual({ title: "Ana", body: "-" });
  await messenger.changeSettings({ showsText: true });
  messenger.receive(ANA, "open");
  expect(notifier.shown.get(ANA)).toEqual({ title: "Ana", body: "open" });
});

test("a notice goes when its conversation was read or deleted, and a click opens it", async () => {
  const { messenger, notifier, state } = await started({ notifies: true });
  const { order } = messenger.receive(ANA, "one");
  messenger.receive(BEA, "two");
  await messenger.markRead(ANA, order);
  expect([...notifier.shown.keys()]).toEqual([BEA]);
  notifier.click?.(BEA);
  expect(state.opened).toEqual([BEA]);
  await messenger.deleteConversation(BEA);
  expect(notifier.shown.size).toBe(0);
});

test("who asks to be let in is told of in one notice, under the switches of messages, and a click opens Requests", async () => {
  const { messenger, notifier, state } = await started({ notifies: true, showsText: false });
  messenger.people.ask("Carol");
  expect([...notifier.shown.values()]).toEqual([{ title: "Kith", body: "somebody" }]);
  await messenger.changeSettings({ showsText: true });
  messenger.people.ask("Dan");
  expect([...notifier.shown.values()]).toEqual([{ title: "Kith", body: "Dan" }]);
  notifier.click?.([...notifier.shown.keys()][0] ?? "");
  expect(state.opened).toEqual(["requests"]);
});

test("a notice of requests goes when those it told of were dealt with, and is not made of those who asked before", async () => {
  const { messenger, notifier } = await started({ notifies: true });
  const [zoe] = messenger.people.requests();
  messenger.people.ask("Carol");
  messenger.people.ask("Dan");
  const [dan, carol] = messenger.people.requests();
  await messenger.people.deleteRequest(dan?.account ?? NOBODY);
  expect(notifier.shown.size).toBe(1);
  await messenger.people.deleteRequest(carol?.account ?? NOBODY);
  expect(notifier.shown.size).toBe(0);
  expect(messenger.people.requests()).toEqual([zoe]);
});

test("no request is told while the page is visible or without a yes, also not later", async () => {
  const { messenger, notifier, state } = await started({ notifies: true });
  state.isVisible = true;
  messenger.people.ask("Carol");
  state.isVisible = false;
  messenger.people.ask("Dan");
  expect([...notifier.shown.values()]).toEqual([{ title: "Kith", body: "Dan" }]);
  const off = await started({ notifies: false });
  off.messenger.people.ask("Carol");
  expect(off.notifier.shown.size).toBe(0);
});

test("nothing is told after the end", async () => {
  const { messenger, notifier, end } = await started({ notifies: true });
  end();
  messenger.receive(ANA, "late");
  expect(notifier.shown.size).toBe(0);
});

test("the browser is asked by switching on, and a no is told with what to do", async () => {
  const messenger = new FakeMessenger();
  const notifier = new FakeNotifier();
  notifier.current = "default";
  notifier.answer = "denied";
  const choice = createNotifyChoice({ messenger, notifier });
  await choice.load();
  expect([notifier.asked, choice.notifies.value, choice.trouble.value]).toEqual([0, false, undefined]);
  await choice.setNotifies(true);
  expect([notifier.asked, choice.notifies.value, choice.trouble.value]).toEqual([1, false, "denied"]);
  expect(messenger.settingsView.notifies).toBe(false);
  notifier.current = "default";
  notifier.answer = "granted";
  await choice.setNotifies(true);
  expect([choice.notifies.value, choice.trouble.value]).toEqual([true, undefined]);
  await choice.setShowsText(false);
  expect(messenger.settingsView).toMatchObject({ notifies: true, showsText: false });
});

test("a message of a group names the group, and a change of the group is no message", async () => {
  const { messenger, notifier } = await started({ notifies: true });
  lakeGroup(messenger);
  messenger.groups.tell(GROUP, { kind: "left", by: "Ana Brandt" });
  expect(notifier.shown.size).toBe(0);
  messenger.groups.say(GROUP, "Ana Brandt", "I do");
  expect([...notifier.shown]).toEqual([[GROUP, { title: "Ana Brandt · Trip to the lake", body: "I do" }]]);
});
