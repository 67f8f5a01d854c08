/** A program of this project that serves in a namespace: killed as by a crash, and started again with the same arguments. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Namespace } from "./namespace.ts";

const ROOT = join(import.meta.dirname, "../..");
const START_LIMIT_MS = 60_000;

export interface ServerProgram {
  readonly machine: Namespace;
  /** A TypeScript file of this project. */
  readonly script: string;
  readonly args: readonly string[];
  /** The line that says it is ready. */
  readonly ready: RegExp;
}

export class LabServer {
  readonly #program: ServerProgram;
  #child: ChildProcess | undefined;

  constructor(program: ServerProgram) {
    this.#program = program;
  }

  /** Resolves with the first group of the line that says it is ready. */
  async start(): Promise<string> {
    const { machine, script, args, ready } = this.#program;
    const child = machine.spawn(process.execPath, join(ROOT, script), ...args);
    this.#child = child;
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error("a server of the lab has no output");
    const said: string[] = [];
    stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
    const signal = AbortSignal.timeout(START_LIMIT_MS);
    try {
      for await (const line of createInterface({ input: stdout, signal })) {
        const found = ready.exec(line)?.[1];
        if (found === undefined) continue;
        // Nobody reads on: what else it says must not fill the pipe.
        stdout.resume();
        return found;
      }
    } catch (cause) {
      throw new Error(`${script} is not ready: ${said.join("")}`, { cause });
    }
    throw new Error(`${script} did not start: ${said.join("")}`);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}
