/** Reads and writes messages in a page's database, for tests of more messages than fingers can type. */
import type { Page } from "@playwright/test";
import { readStoredRows, writeStoredRows } from "./stored-rows.ts";

/** Puts `m0`, `m1`, … into the outbox of a conversation, as if they had been written while the other was away. Kith must not run in the page. */
export async function writeBacklog(page: Page, thread: string, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    table: "outbox" as const,
    key: [thread, index + 1],
    value: { id: index.toString(16).padStart(32, "0"), text: `m${index}`, writtenAt: Date.now() },
  }));
  await writeStoredRows(page, rows);
}

/** The texts of every message stored, in the order shown. */
export async function storedTexts(page: Page): Promise<readonly string[]> {
  const rows = await readStoredRows(page, "timeline");
  return rows.toSorted((a, b) => (String(a.key[1]) < String(b.key[1]) ? -1 : 1)).map(({ value }) => value.text);
}
