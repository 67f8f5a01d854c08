import { expect, test } from "vitest";
import type { GroupChangeView, GroupView, MemberView } from "../../../src/core/views.ts";
import { createAnnouncer } from "../../../src/state/announcer.ts";
import { changeWords, leaveQuestion } from "../../../src/ui/text/group-words.ts";
import { announcementWords } from "../../../src/ui/text/words.ts";
import { FakeMessenger } from "../../support/fake-messenger.ts";
import { lakeGroup } from "../../support/screen-groups.ts";

test.each([
  [{ kind: "created", by: "", name: "Lake" }, "You created the group Lake"],
  [{ kind: "added", by: "Ana", subject: "Bo" }, "Ana added Bo"],
  [{ kind: "added", by: "Ana", subject: "" }, "Ana added you"],
  [{ kind: "removed", by: "", subject: "Bo" }, "You removed Bo"],
  [{ kind: "removed", by: "Ana", subject: "" }, "Ana removed you"],
  [{ kind: "left", by: "Bo" }, "Bo left"],
  [{ kind: "left", by: "" }, "You left"],
  [{ kind: "promoted", by: "Ana", subject: "" }, "Ana made you an admin"],
  [{ kind: "demoted", by: "", subject: "Bo" }, "You made Bo a member without admin rights"],
  [{ kind: "renamed", by: "", name: "Sea" }, "You renamed the group to Sea"],
  [
    { kind: "disputed", by: "Bo" },
    "Not everybody has the same from Bo. Ask the others what they see, and Bo to write it again",
  ],
] satisfies readonly (readonly [GroupChangeView, string])[])("tells %o as “%s”", (change, words) => {
  expect(changeWords(change)).toBe(words);
});

test("warns only the last admin that nobody can change the group after them", () => {
  const ask = (...roles: readonly MemberView["role"][]): string => {
    const members = roles.map((role, index) => ({ role, isOwn: index === 0 }) as MemberView);
    return leaveQuestion({ members, size: members.length, online: 0 } satisfies GroupView);
  };
  expect(ask("admin", "member")).toContain("nobody can change the group then");
  expect(ask("admin", "admin")).not.toContain("nobody can change");
  expect(ask("member", "admin")).not.toContain("nobody can change");
  expect(ask("admin")).not.toContain("nobody can change");
});

test("announces who wrote in which group, and no changes of it", () => {
  const messenger = new FakeMessenger();
  lakeGroup(messenger);
  const [thread] = messenger.threadsById.values();
  const announcer = createAnnouncer();
  announcer.arrived(thread?.messages.slice(0, 3) ?? [], thread?.view.name);
  expect(announcer.spoken.value.map(({ announcement }) => announcementWords(announcement))).toEqual([
    "Ana Brandt in Trip to the lake: So: Friday evening, back on Sunday?",
  ]);
});
