/**
 * The first step of every npm script, on whatever Node is there: installs when the lockfile changed, then runs the named file
 * on the Node of node_modules, which is new enough. Plain JavaScript of Node 18, no dependency.
 *
 *   node scripts/bootstrap.mjs FILE [ARGUMENT …]
 *   node scripts/bootstrap.mjs --stamp     remember that node_modules is up to date (npm's postinstall)
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const MODULES = join(ROOT, "node_modules");
const STAMP = join(MODULES, ".kith-installed.json");
const NODE = join(MODULES, "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const MIN_NODE_MAJOR = 24;
const PARENT_CHECK_MS = 1_000;

const [target, ...args] = process.argv.slice(2);
if (target === undefined) fail("usage: node scripts/bootstrap.mjs FILE [ARGUMENT …]");
if (target === "--stamp") {
  writeFileSync(STAMP, JSON.stringify(wantedState()));
} else {
  ensureInstalled();
  await run(resolve(ROOT, target), args);
}

function ensureInstalled() {
  const wanted = wantedState();
  const found = installedState();
  if (found.lock === wanted.lock && found.patches === wanted.patches && existsSync(NODE)) return;
  if (found.lock === wanted.lock && existsSync(NODE) && applyPatches()) {
    writeFileSync(STAMP, JSON.stringify(wanted));
    return;
  }
  console.error("Installing the packages of package-lock.json …");
  const npm = findNpm();
  const result = spawnSync(npm.command, [...npm.args, "ci", "--include=dev", "--no-audit", "--no-fund"], {
    cwd: ROOT,
    env: installEnvironment(),
    // The command's own output is an interface; what npm says is not part of it.
    stdio: ["ignore", 2, 2],
    shell: npm.args.length === 0 && process.platform === "win32",
  });
  if (result.error !== undefined) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) fail("npm ci failed, see above");
  if (!existsSync(NODE)) fail("the package `node` did not install its binary: install scripts must be allowed");
  writeFileSync(STAMP, JSON.stringify(wanted));
}

/** The npm that started this script, on the Node that runs it: the Node of node_modules is about to be replaced. */
function findNpm() {
  const file = process.env.npm_execpath ?? "";
  if (!/npm-cli\.[cm]?js$/.test(file)) return { command: "npm", args: [] };
  const node = process.env.npm_node_execpath ?? process.execPath;
  return { command: node.startsWith(MODULES) ? "node" : node, args: [file] };
}

/** Without what the outer `npm start` was told: its flags are not meant for the installation, and scripts must run. */
function installEnvironment() {
  const environment = {};
  const dropped =
    /^npm_(lifecycle|package|command|config_(ignore_scripts|omit|only|production|dry_run|global|port|host|prefix|local_prefix))/i;
  for (const [name, value] of Object.entries(process.env)) {
    if (!dropped.test(name) && name !== "NODE_ENV" && name !== "INIT_CWD") environment[name] = value;
  }
  environment.npm_config_ignore_scripts = "false";
  return environment;
}

function applyPatches() {
  const patcher = join(MODULES, "patch-package", "index.js");
  if (!existsSync(patcher)) return false;
  return spawnSync(NODE, [patcher, "--error-on-fail"], { cwd: ROOT, stdio: ["ignore", 2, 2] }).status === 0;
}

function wantedState() {
  const patches = join(ROOT, "patches");
  const files = existsSync(patches) ? readdirSync(patches) : [];
  return {
    lock: hash([join(ROOT, "package-lock.json")]),
    patches: hash(files.map((file) => join(patches, file))),
  };
}

function installedState() {
  try {
    return JSON.parse(readFileSync(STAMP, "utf8"));
  } catch {
    return {};
  }
}

function hash(files) {
  const sum = createHash("sha256");
  for (const file of files) sum.update(file.slice(ROOT.length)).update("\0").update(readFileSync(file)).update("\0");
  return sum.digest("hex");
}

async function run(file, fileArgs) {
  if (Number.parseInt(process.versions.node, 10) >= MIN_NODE_MAJOR) {
    watchParent(() => process.kill(process.pid, "SIGTERM"));
    process.argv = [process.execPath, file, ...fileArgs];
    await import(pathToFileURL(file).href);
    return;
  }
  const path = `${join(MODULES, ".bin")}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
  const child = spawn(NODE, [file, ...fileArgs], { stdio: "inherit", env: { ...process.env, PATH: path } });
  const stop = (signal) => child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal));
  watchParent(() => stop("SIGTERM"));
  child.on("error", (error) => fail(`could not start ${NODE}: ${error.message}`));
  child.on("exit", (status, signal) => process.exit(status ?? (signal === null ? 1 : 128)));
}

/** npm runs this in a shell, and either may be killed without passing anything on; nothing is to outlive the command. */
function watchParent(stop) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const ancestry = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const atStart = ancestry();
  setInterval(() => {
    if (ancestry() !== atStart) stop();
  }, PARENT_CHECK_MS).unref();
}

/** Parent of a process where the system tells (Linux), else nothing. */
function parentOf(pid) {
  try {
    // "pid (name) state ppid …": the name may hold spaces and parentheses.
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) \S+ /s, "")
      .split(" ", 1)[0];
  } catch {
    return undefined;
  }
}

function fail(reason) {
  console.error(`kith: ${reason}`);
  process.exit(1);
}
