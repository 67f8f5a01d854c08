/** Runs one program to its end, in its own process group, with a time limit. */
import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";

const NO_STATUS = 1;

export interface ProcessResult {
  readonly status: number;
  /** Standard output and error together; empty when they were shown. */
  readonly output: string;
  readonly seconds: number;
  readonly isTimedOut: boolean;
}

export interface ProcessOptions {
  readonly limitMs: number;
  /** Shown as it comes, instead of collected. */
  readonly isShown?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Takes only the processor time that nobody else wants. */
  readonly isInBackground?: boolean;
}

/** Leaders of the process groups that have not ended. */
const running = new Set<number | undefined>();

/** Never rejects: a program that cannot be started ends with a status other than 0. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  const startedAt = performance.now();
  const chunks: string[] = [];
  const child = spawn(command, args, {
    stdio: options.isShown === true ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.env },
    detached: true,
  });
  if (options.isInBackground === true) yieldToOthers(child.pid);
  const collect = (chunk: Buffer): void => {
    chunks.push(chunk.toString());
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  let isTimedOut = false;
  const timer = setTimeout(() => {
    isTimedOut = true;
    endGroup(child.pid);
  }, options.limitMs);
  if (running.size === 0) process.once("SIGINT", endAll).once("SIGTERM", endAll);
  running.add(child.pid);
  const status = await new Promise<number>((resolve) => {
    child.on("error", (error) => {
      chunks.push(error.message);
      resolve(NO_STATUS);
    });
    child.on("close", (code) => resolve(code ?? NO_STATUS));
  });
  clearTimeout(timer);
  running.delete(child.pid);
  if (running.size === 0) process.off("SIGINT", endAll).off("SIGTERM", endAll);
  // Whatever it left behind, such as a browser.
  endGroup(child.pid);
  return { status, output: chunks.join(""), seconds: (performance.now() - startedAt) / 1_000, isTimedOut };
}

/** What it starts later inherits this. */
function yieldToOthers(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already.
  }
}

function endAll(): void {
  for (const leader of running) endGroup(leader);
  process.exit(NO_STATUS);
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}
