import { expect, test } from "vitest";
import { Mailbox } from "../../../../src/adapters/libp2p/mailbox.ts";

test("delivers in order, never inside the call that posted, and one at a time", async () => {
  const mailbox = new Mailbox();
  const heard: string[] = [];
  mailbox.post(() => {
    mailbox.post(() => heard.push("third"));
    heard.push("first");
  });
  mailbox.post(() => heard.push("second"));
  expect(heard).toEqual([]);
  await mailbox.close();
  expect(heard).toEqual(["first", "second", "third"]);
});

test("delivers what was posted before it closed, and nothing after", async () => {
  const mailbox = new Mailbox();
  const heard: string[] = [];
  mailbox.post(() => heard.push("before"));
  await mailbox.close();
  mailbox.post(() => heard.push("after"));
  await mailbox.close();
  expect(heard).toEqual(["before"]);
});
