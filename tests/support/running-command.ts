/** A command of this project as a real process: its lines, its exit, and a stop that leaves nothing behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LINE_LIMIT_MS = 60_000;

export interface ExitedCommand {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the first capture group (or the whole match) once standard output matches; rejects if the command ends first. */
  waitFor(pattern: RegExp): Promise<string>;
  readonly exited: Promise<ExitedCommand>;
  /** Sends the signal and resolves when the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<ExitedCommand>;
}

/** Runs a TypeScript file of this project, for example `scripts/relay.ts`, on this Node. */
export function startCommand(file: string, args: readonly string[]): RunningCommand {
  return startProgram(process.execPath, [file, ...args]);
}

function startProgram(program: string, args: readonly string[]): RunningCommand {
  const child = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  const changes = new EventTarget();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    changes.dispatchEvent(new Event("change"));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exited = once(child, "close").then((): ExitedCommand => ({ status: child.exitCode, stdout, stderr }));
  if (child.pid === undefined) throw new Error(`Could not start ${program}`);
  return {
    pid: child.pid,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    waitFor: async (pattern) => {
      const signal = AbortSignal.timeout(LINE_LIMIT_MS);
      const found = new Promise<string>((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout);
          if (match !== null) resolve(match[1] ?? match[0]);
        };
        changes.addEventListener("change", look);
        signal.addEventListener("abort", () =>
          reject(new Error(`Nothing like ${pattern.source} in: ${stdout}${stderr}`)),
        );
        look();
      });
      const early = exited.then(({ status }) => {
        throw new Error(`Ended with status ${status} before ${pattern.source}: ${stdout}${stderr}`);
      });
      return Promise.race([found, early]);
    },
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      return exited;
    },
  };
}
