/** Words about pairing without internet. */
import type { PairNews, PairStep } from "../../state/pairing.ts";

export function pairStepWords(step: PairStep): string {
  switch (step.kind) {
    case "choice":
      return "Side by side and on one network, such as the same Wi-Fi or a phone’s hotspot, two devices can be linked with no server at all: each reads a code off the other’s screen. The codes hold both devices’ addresses on that network, so show them to each other only.";
    case "making":
      return "Making a code…";
    case "offer":
      return "1 of 2: let them read this code. In their Kith: “New conversation”, “Pair without internet”, “Read their code”.";
    case "reading-offer":
      return "1 of 2: read the code on their screen.";
    case "reading-answer":
      return "2 of 2: read the code that their screen shows now.";
    case "answer":
      return `2 of 2: let ${step.name} read this code. Keep it open until you are linked.`;
    case "linking":
      return "Linking…";
  }
}

export function pairNewsWords(news: PairNews): string {
  switch (news) {
    case "no-code":
      return "This is no code for pairing. Read or copy it again, whole.";
    case "newer":
      return "This code is from a newer Kith. Update Kith on this device, then read it again.";
    case "own":
      return "This is your own code. Read the one on their screen.";
    case "expired":
      return "These codes are older than ten minutes. Begin again with new ones.";
    case "not-an-offer":
      return "This code is an answer. One of you presses “Show a code” first, and the other reads that one.";
    case "not-an-answer":
      return "This is a first code too. Let them read yours: the one that their screen shows then is the right one.";
    case "another-offer":
      return "This answers another code. Go back, and let them read the one on your screen.";
    case "no-network":
      return "This device is on no network. Join the same Wi-Fi, or turn on one device’s hotspot and join it with the other, then try again.";
    case "not-reached":
      return "The devices did not reach each other. Check that both are on the same network and that it lets devices talk to each other (guest networks often do not), then begin again.";
    case "denied":
      return "The camera is not allowed here. Allow it in the browser’s settings for this page, or paste the code.";
    case "no-camera":
      return "There is no camera to be used here. Paste the code instead.";
    case "copied":
      return "Copied.";
    case "not-copied":
      return "The code could not be copied. Let the other camera read it.";
  }
}
