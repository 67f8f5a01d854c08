/** Memory of the browser processes that this one started, as Linux tells it; elsewhere nothing is known. */
import { readdir, readFile } from "node:fs/promises";

const KB = 1024;

/** Processes that draw pages, in all browsers started from here. */
export async function rendererPids(): Promise<readonly number[]> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  await Promise.all(
    pids.map(async (pid) => {
      const parent = /^PPid:\s+(\d+)$/m.exec(await readProcess(pid, "status"))?.[1];
      if (parent !== undefined) parents.set(pid, Number(parent));
    }),
  );
  const isOurs = (pid: number | undefined): boolean => {
    for (let at = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === process.pid) return true;
    return false;
  };
  const ours = [...parents.keys()].filter(isOurs);
  const commands = await Promise.all(ours.map(async (pid) => readProcess(pid, "cmdline")));
  return ours.filter((_pid, index) => commands[index]?.includes("--type=renderer") === true);
}

/** What only this process holds, without mapped files; undefined when it is gone or the system does not say. */
export async function privateBytes(pid: number): Promise<number | undefined> {
  const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(await readProcess(pid, "status"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * KB;
}

async function readProcess(pid: number, file: string): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}
