/** Words about requests, blocking, verifying and changed devices. */
import type { RequestView, ThreadView } from "../../core/views.ts";
import type { VerifyNews } from "../../state/verification.ts";

/** What becomes of a request, said after the trouble with the invite. */
export function requestWords(request: ThreadView["request"], name: string): string {
  switch (request) {
    case "asking":
      return `Kith asks ${name} to let you in as soon as their device is online.`;
    case "waiting":
      return `Or wait: ${name} has your request, and you can write to each other once they accept it.`;
    case "not-taken":
      return `${name} takes no requests now.`;
    case undefined:
      return "";
  }
}

/** What becomes of asking a member of a common group to be a contact. */
export function wishWords(request: NonNullable<ThreadView["request"]>, name: string): string {
  switch (request) {
    case "asking":
      return `Kith asks ${name} to be your contact as soon as their device is online. What you write waits here until they accept.`;
    case "waiting":
      return `${name} was asked to be your contact. What you write waits here until they accept.`;
    case "not-taken":
      return `${name} takes no requests now. Send them an invite instead.`;
  }
}

export const REQUESTS_EXPLAINED =
  "These people opened a link of yours that no longer lets anybody in, know you from a group, or want you in one and are none of your contacts. By asking they learn neither your address nor what you decide, until you accept. Names are their own choice: accept only whom you expect.";

/** What is asked, below the name of who asks. */
export function requestWishWords({ name, group }: Pick<RequestView, "name" | "group">): string {
  return group === undefined ? `${name} asks to be let in` : `${name} wants to add you to ${group}`;
}

/** `name` is what they call themselves, undefined where it is not to be seen. Kith speaks, so that no name can pass for it. */
export function requestNoticeWords(
  name: string | undefined,
  isToGroup: boolean,
): { readonly title: string; readonly body: string } {
  const who = name === undefined ? "Somebody" : `“${name}”`;
  const wish = isToGroup ? "wants to add you to a group" : "asks to be let in";
  return { title: "Kith", body: `${who} ${wish}. Open Requests to decide.` };
}

export function blockQuestion(name: string): string {
  return `Nothing ${name} sends reaches you any more, and to ${name} you are away. They are not told. You can unblock them here or in Settings.`;
}

export function blockedNotice(name: string): string {
  return `You blocked ${name}. Nothing comes from them or leaves for them until you unblock them.`;
}

export function newDeviceNotice(name: string, wasVerified: boolean): string {
  const lost = wasVerified ? ` So ${name} is not verified any more.` : "";
  return `${name} has a new device.${lost} Ask ${name} whether it is theirs, and verify when you meet.`;
}

export function forkNotice(name: string): string {
  return `Two devices claim to be ${name} and contradict each other: somebody may have copied ${name}’s keys. What you write stays here until you decide. Ask ${name} by other means first.`;
}

export function verifyIntroduction(name: string): string {
  return `When you are together: read the code on ${name}’s screen, and let ${name} read yours. Or compare these digits in a call: they are the same on both devices.`;
}

export function verifyNewsWords(news: VerifyNews, name: string): string {
  switch (news.kind) {
    case "matches":
      return news.isTold
        ? `This is ${name}’s code, and ${name}’s Kith was told. If it was on ${name}’s screen, press “Mark as verified”.`
        : `This is ${name}’s code. ${name}’s device could not be told, so let ${name} read your code too. Then press “Mark as verified”.`;
    case "was-read":
      return `${name}’s Kith has read your code. If it was ${name} in front of you, press “Mark as verified”.`;
    case "somebody-else":
      return `This code is not ${name}’s. Whoever shows it is not the one you write to here: do not mark this contact as verified.`;
    case "not-for-you":
      return `This code is for somebody else. Ask ${name} to open Details, Verify, in the conversation with you.`;
    case "own":
      return `This is your own code. Read the one on ${name}’s screen.`;
    case "no-code":
      return `This is no code of Kith. Ask ${name} to open Details, Verify, and read the code there.`;
    case "denied":
      return "The camera is not allowed here. Allow it in the browser’s settings for this page, or compare the digits.";
    case "no-camera":
      return "No camera was found. Paste the code instead, or compare the digits.";
    case "copied":
      return `Copied. It is good for one minute: let only ${name} have it, while you are together.`;
    case "not-copied":
      return `The browser does not allow copying here. Let ${name} read the code with the camera.`;
  }
}

/** Whether what happened speaks against this contact. */
export function isWarning(news: VerifyNews): boolean {
  return news.kind === "somebody-else";
}
