/** What a piece of work takes of the processor, and what it leaves in memory. */
const MB = 1_000_000;

/** Processor time in milliseconds, which other programs of the machine hardly change. */
export async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Heap in use, after a collection where Node runs with --expose-gc. */
export function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / MB;
}
