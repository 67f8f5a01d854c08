/** The life of a command that serves until it is told to stop. */
import { CommandError, messageOf } from "./command-error.ts";

const STOP_LIMIT_MS = 5_000;
const STATUS_BAD_USE = 2;

/** Something that was started and can be stopped. */
export interface Running {
  stop(): Promise<void>;
}

/**
 * Starts `work` and stops it on SIGINT, SIGTERM or SIGHUP. Exit status 0 after a stop, 2 after a CommandError (one line on
 * stderr), 1 after anything else.
 */
export async function runCommand(name: string, work: () => Promise<Running>): Promise<void> {
  const stopRequested = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      // Stays registered: a terminal and npm may both deliver the same signal.
      process.on(signal, () => resolve());
    }
  });
  try {
    const running = await work();
    await stopRequested;
    // A peer that does not answer must not keep the process.
    setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
    await running.stop();
    process.exit(0);
  } catch (error) {
    if (error instanceof CommandError) {
      process.stderr.write(`kith ${name}: ${error.message}\n`);
      process.exit(STATUS_BAD_USE);
    }
    process.stderr.write(`kith ${name}: ${error instanceof Error ? error.stack : messageOf(error)}\n`);
    process.exit(1);
  }
}

/** Stops in the reverse order of starting. */
export function together(...parts: readonly Running[]): Running {
  return {
    async stop() {
      for (const part of parts.toReversed()) await part.stop();
    },
  };
}
