import { expect, test } from "vitest";
import type { SendResult } from "../../../src/core/views.ts";
import { createComposer } from "../../../src/state/composer.ts";
import { messageView, threadView } from "../../support/fake-views.ts";

const bob = threadView("b0b0", "Bob", { path: { kind: "direct" } });

/** A composer over a messenger whose `send` is answered by hand. */
function composing(draft = "") {
  const sent: string[] = [];
  const drafts: string[] = [];
  const answers: ((result: SendResult) => void)[] = [];
  const composer = createComposer({
    thread: bob.id,
    draft,
    messenger: {
      send(_thread, text) {
        sent.push(text);
        return new Promise((resolve) => answers.push(resolve));
      },
      editPending: () => Promise.resolve({ kind: "gone" }),
      saveDraft(_thread, text) {
        drafts.push(text);
        return Promise.resolve();
      },
    },
    onSent: () => undefined,
    onChanged: () => undefined,
    onFailure(error) {
      throw error;
    },
  });
  const answer = async (result: SendResult): Promise<void> => {
    answers.shift()?.(result);
    // The answer passes through a few promises before the composer has seen it.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { composer, sent, drafts, answer };
}

test("clears only once the message is stored, and keeps what was typed meanwhile", async () => {
  const { composer, answer } = composing();
  composer.type("hello");
  composer.send();
  expect(composer.text.value).toBe("hello");
  composer.type("hello, more");
  await answer({ kind: "sent", id: "1" });
  expect(composer.text.value).toBe(", more");
});

test("does not send twice for a second Enter, but sends the next text once the first is stored", async () => {
  const { composer, sent, answer } = composing();
  composer.type("one");
  composer.send();
  composer.send();
  composer.type("onetwo");
  composer.send();
  await answer({ kind: "sent", id: "1" });
  expect(sent).toEqual(["one", "two"]);
  await answer({ kind: "sent", id: "2" });
  expect(composer.text.value).toBe("");
});

test("keeps the text and says why when it could not be stored", async () => {
  const { composer, answer } = composing();
  composer.type("precious");
  composer.send();
  await answer({ kind: "full" });
  expect(composer.text.value).toBe("precious");
  expect(composer.trouble.value).toBe("full");
});

test("does not bring back a sent text as a draft", async () => {
  const { composer, drafts, answer } = composing();
  composer.type("hello");
  composer.send();
  await answer({ kind: "sent", id: "1" });
  composer.flush();
  expect(drafts.at(-1)).toBe("");
});

test("keeps the text of an edit that came too late, and the draft that was set aside for it", async () => {
  const { composer, answer, drafts } = composing("draft");
  composer.edit(messageView(1, { text: "old", isOwn: true, at: 0, author: bob, isPending: true }));
  composer.type("new");
  composer.flush();
  expect(drafts).toEqual([]);
  composer.send();
  await answer({ kind: "empty" });
  expect(composer.trouble.value).toBe("gone");
  expect(composer.text.value).toBe("draft\nnew");
});
