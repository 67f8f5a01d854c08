/** What kept the main thread of a page busy, by a trace of the browser itself. */
import type { CDPSession, Page } from "@playwright/test";

const CATEGORIES = ["toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "loading", "v8"];
const MICROSECONDS_PER_MS = 1_000;
const RUN_TASK = "RunTask";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of `dur`, how long the thread really had a processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly url?: string; readonly functionName?: string } };
}

export interface BusyTask {
  /** Processor time: a busy machine does not make a task longer. */
  readonly ms: number;
  readonly wallMs: number;
  /** Milliseconds since the first paint in this trace, or since its start. */
  readonly at: number;
  /** What took longest in it: "Layout 30 ms, EvaluateScript libp2p.js 20 ms". */
  readonly parts: string;
}

/** Tasks of the page's main thread while `work` runs, longest first; those before the first paint in it are left out. */
export async function traceTasks(page: Page, work: () => Promise<void>): Promise<readonly BusyTask[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: CATEGORIES },
  });
  await work();
  await endTrace(session);
  await session.detach();
  return tasksOf(events);
}

async function endTrace(session: CDPSession): Promise<void> {
  const complete = new Promise<void>((resolve) => session.once("Tracing.tracingComplete", () => resolve()));
  await session.send("Tracing.end");
  await complete;
}

function tasksOf(events: readonly TraceEvent[]): readonly BusyTask[] {
  const mains = events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const isMain = (event: TraceEvent): boolean => mains.some(({ pid, tid }) => pid === event.pid && tid === event.tid);
  const own = events.filter((event) => isMain(event) && event.ph === "X" && event.dur !== undefined);
  const tasks = own.filter(({ name }) => name === RUN_TASK);
  if (tasks.length === 0) throw new Error("The trace holds no task of a main thread");
  const paint = events.find(({ name }) => name === "firstContentfulPaint" || name === "firstPaint")?.ts;
  const start = paint ?? Math.min(...tasks.map(({ ts }) => ts));
  return tasks
    .filter(({ ts }) => ts >= start)
    .map((task) => ({
      ms: ms(cost(task)),
      wallMs: ms(task.dur ?? 0),
      at: ms(task.ts - start),
      parts: partsOf(task, own),
    }))
    .toSorted((a, b) => b.ms - a.ms);
}

function partsOf(task: TraceEvent, events: readonly TraceEvent[]): string {
  const end = task.ts + (task.dur ?? 0);
  return events
    .filter(
      (event) =>
        event !== task &&
        event.pid === task.pid &&
        event.tid === task.tid &&
        event.ts >= task.ts &&
        event.ts + (event.dur ?? 0) <= end &&
        cost(event) > cost(task) / 10,
    )
    .toSorted((a, b) => cost(b) - cost(a))
    .slice(0, 6)
    .map(({ name, dur, tdur, args }) => {
      const place = [args?.data?.functionName, args?.data?.url?.split("/").at(-1)].filter(Boolean).join(" ");
      return `${name}${place === "" ? "" : ` (${place})`} ${ms(tdur ?? dur ?? 0).toFixed(0)} ms`;
    })
    .join(", ");
}

function cost(event: TraceEvent): number {
  return event.tdur ?? event.dur ?? 0;
}

function ms(microseconds: number): number {
  return microseconds / MICROSECONDS_PER_MS;
}
