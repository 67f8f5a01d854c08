/** Runs the system's programs for the lab: quick ones to their end, with what they said in the error when they fail. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const LIMIT_MS = 20_000;
const execute = promisify(execFile);

/** What the program wrote to its standard output. Rejects when it fails, or takes more than 20 seconds. */
export async function command(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(program, args, { timeout: LIMIT_MS, killSignal: "SIGKILL" });
  return stdout;
}

/** The same, with a text on its standard input. */
export async function commandWithInput(input: string, program: string, ...args: readonly string[]): Promise<void> {
  const running = execute(program, args, { timeout: LIMIT_MS, killSignal: "SIGKILL" });
  running.child.stdin?.end(input);
  await running;
}
