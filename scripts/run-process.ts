/** Runs one program to its end, in its own process group, with a time limit. */
import { spawn } from "node:child_process";

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
}

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
  const stop = (): void => {
    endGroup(child.pid);
    process.exit(NO_STATUS);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const status = await new Promise<number>((resolve) => {
    child.on("error", (error) => {
      chunks.push(error.message);
      resolve(NO_STATUS);
    });
    child.on("close", (code) => resolve(code ?? NO_STATUS));
  });
  clearTimeout(timer);
  process.off("SIGINT", stop).off("SIGTERM", stop);
  // Whatever it left behind, such as a browser.
  endGroup(child.pid);
  return { status, output: chunks.join(""), seconds: (performance.now() - startedAt) / 1_000, isTimedOut };
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // The group is gone already.
  }
}
