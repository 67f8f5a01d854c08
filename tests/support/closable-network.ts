/**
 * People between whom others have to carry: a page whose new connections can be made to find no way through its network, as between two
 * symmetric NATs, while those that are there stay; and waiting until a friend's device is known as the way around.
 */
import { expect } from "@playwright/test";
import type { Person } from "./person.ts";
import { readStoredRows } from "./stored-rows.ts";

const MEETING_MS = 40_000;

declare global {
  interface Window {
    isNetworkClosed?: boolean;
  }
}

/** A script of the page. */
export function withClosableNetwork(): void {
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(window.isNetworkClosed === true ? { ...configuration, iceTransportPolicy: "relay" } : configuration);
    }
  };
}

export async function closeNetwork(person: Person): Promise<void> {
  await person.page.evaluate(() => {
    window.isNetworkClosed = true;
  });
}

/** Until so many contacts have told this person through whose devices they can be reached. */
export async function untilHelped(person: Person, count: number): Promise<void> {
  const helped = async (): Promise<number> =>
    (await readStoredRows(person.page, "contacts")).filter(({ value }) =>
      value.reach?.some(({ helpers }) => helpers.length > 0),
    ).length;
  await expect.poll(helped, { timeout: MEETING_MS }).toBeGreaterThanOrEqual(count);
}

/** Ends every link with the contact whose conversation is open, and lets them meet anew. */
export async function loseEachOther(person: Person): Promise<void> {
  await person.page.getByRole("button", { name: "Details" }).click();
  await person.page.getByRole("button", { name: "Block" }).click();
  await person.page.getByRole("button", { name: "Block contact" }).click();
  await expect(person.connection).toHaveText("Away");
  await person.page.getByRole("dialog").getByRole("button", { name: "Unblock" }).click();
  await person.page.keyboard.press("Escape");
}
