/**
 * A large group on a screen: the longest tasks of the main thread while the app starts and meets the group, and by what the person does in it. The
 * page is the app with its own core, store and vault; the other members are cores in this process (page-bridge.ts), some of them here.
 */
import { join } from "node:path";
import { build, type Plugin } from "vite";
import { ROOT_FOLDER } from "../../scripts/build-app.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import { CoreWorld, type CorePerson } from "../support/core-world.ts";
import { enterGroup } from "../support/group-people.ts";
import { type BusyTask, traceTasks } from "../support/main-thread.ts";
import type { Person } from "../support/person.ts";
import { ServedBuild } from "../support/served-build.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { World } from "../support/world.ts";
import { bringInWaves, contactsOf, type GroupSize } from "./member-growth.ts";
import { PageBridge } from "./page-bridge.ts";
import type { Figure } from "./statistics.ts";

const GROUP = "Many";
const BRIDGE = join(ROOT_FOLDER, "tests/bench/bridged-transport.ts");
const LONG_TASK_MS = 50;
const LONGEST_KEPT = 5;
/** The world's clock is moved faster than the page's while people come, and is set to the page's before they meet. */
const HEAD_START_MS = 3_600_000;
const SETTLE_MS = 15_000;

type Step = "meeting" | "opening" | "sending" | "receiving";

export interface GroupTasks extends GroupSize {
  /** Of the main thread, longest first. */
  readonly longest: Readonly<Record<Step, readonly BusyTask[]>>;
}

export async function measureGroupTasks(world: World, size: GroupSize): Promise<GroupTasks> {
  const { members, here, came = members } = size;
  const folder = await temporaryFolder();
  const cores = new CoreWorld({ suite: createSuite() });
  cores.clock.setWall(Date.now() - HEAD_START_MS);
  const bridge = new PageBridge(cores);
  let isOver = false;
  try {
    const served = await serveBridged(folder.path);
    world.atEnd(() => served.dispose());
    const founder = await cores.person("Founder");
    const others = await contactsOf(cores, founder, members - 2);
    const maple = await world.person("Maple", { appUrl: served.url });
    await bridge.install(maple.page.context());
    const moving = bridge.run(() => isOver);
    await befriend(maple, founder);
    isOver = true;
    await moving;
    await maple.page.goto("about:blank");
    await bridge.leave();

    const contacts = (await founder.messenger.threads()).flatMap((thread) =>
      thread.kind === "direct" ? [thread.contact.account] : [],
    );
    const made = await founder.messenger.groups.create(GROUP, contacts);
    if (made.kind !== "created") throw new Error(made.kind);
    const wave = await bringInWaves(cores, others.slice(0, came - 2), here - 1, GROUP);
    cores.clock.setWall(Date.now());
    isOver = false;
    const movingOn = bridge.run(() => isOver);
    const longest = await traceSteps(maple, wave);
    isOver = true;
    await movingOn;
    return { ...size, longest };
  } finally {
    isOver = true;
    await folder.remove();
  }
}

async function traceSteps(maple: Person, wave: readonly CorePerson[]): Promise<GroupTasks["longest"]> {
  const { page } = maple;
  const settled = (): Promise<void> => page.waitForTimeout(SETTLE_MS);
  const meeting = await traceTasks(page, async () => {
    await maple.open();
    await page.getByRole("link", { name: new RegExp(`^${GROUP}`) }).waitFor();
    await settled();
  });
  const opening = await traceTasks(page, async () => {
    await enterGroup(maple, GROUP);
    await page.waitForTimeout(1_000);
  });
  const sending = await traceTasks(page, async () => {
    await maple.send("from the screen");
    await settled();
  });
  const receiving = await traceTasks(page, async () => {
    await wave[0]?.send(GROUP, "to the screen");
    await maple.log.getByText("to the screen").waitFor();
    await settled();
  });
  const most = (tasks: readonly BusyTask[]): readonly BusyTask[] => tasks.slice(0, LONGEST_KEPT);
  return { meeting: most(meeting), opening: most(opening), sending: most(sending), receiving: most(receiving) };
}

export function groupTaskRows({ members, here, came = members, longest }: GroupTasks): readonly Figure[] {
  return Object.entries(longest).map(([step, tasks]): Figure => {
    const over = tasks.filter(({ ms }) => ms > LONG_TASK_MS);
    return [
      `group of ${members}${came < members ? `, of whom ${came} came` : ""}, ${here} here, ${step}: longest tasks of the main thread, aim ≤ ${LONG_TASK_MS} ms`,
      `${tasks.map(({ ms }) => ms.toFixed(0)).join(", ")} ms${over.map(({ parts }) => `; ${parts}`).join("")}`,
    ];
  });
}

async function befriend(maple: Person, founder: CorePerson): Promise<void> {
  const { link } = await founder.messenger.createInvite({ uses: 1, days: 1 });
  await maple.open();
  // An invite is read when the page starts.
  const url = new URL(new URL(link).hash, maple.page.url()).href;
  await maple.page.goto("about:blank");
  await maple.open(url);
  await maple.start();
  await maple.page.getByRole("heading", { level: 2, name: founder.name }).waitFor();
  await maple.page
    .getByRole("status", { name: "Connection" })
    .filter({ hasText: "Direct" })
    .waitFor({ timeout: 60_000 });
}

async function serveBridged(folder: string): Promise<ServedBuild> {
  process.env["NODE_ENV"] = "production";
  const bridged: Plugin = {
    name: "bridged transport",
    enforce: "pre",
    resolveId: (source, importer) =>
      source.endsWith("/libp2p/libp2p-transport.ts") && importer?.endsWith("/src/compose.ts") === true
        ? BRIDGE
        : undefined,
  };
  await build({
    root: ROOT_FOLDER,
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true },
    plugins: [bridged],
  });
  return ServedBuild.start([], folder);
}
