/** Names of a run's namespaces, and what runs that were killed left behind under such names. */
import { existsSync } from "node:fs";
import { command } from "./command.ts";

const OF_A_RUN = /^kith-(\d+)-/;

let labs = 0;

/** Of one lab of this process: no other has it. */
export function runPrefix(): string {
  labs += 1;
  return `kith-${process.pid}-${labs}`;
}

/** Deletes the namespaces of runs whose process is gone. */
export async function deleteLeftovers(): Promise<void> {
  const listed = await command("ip", "netns", "list");
  for (const [name = ""] of listed.split("\n").map((line) => line.split(" "))) {
    const pid = OF_A_RUN.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    // Another run may be tidying up as well.
    await command("ip", "netns", "delete", name).catch(() => undefined);
  }
}
