/** Whether this machine can hold the lab: Linux, root, network namespaces and the programs that shape them. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runProcess } from "../../scripts/run-process.ts";
import { command } from "./command.ts";

const APT_UPDATE_LIMIT_MS = 60_000;
const APT_INSTALL_LIMIT_MS = 120_000;
/** By program: the package of Debian that brings it. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: "iproute2",
  nft: "nftables",
  conntrack: "conntrack",
  sysctl: "procps",
};

/** Why the lab cannot run here, in words; undefined when it can. Installs what is missing where a package manager does. */
export async function reasonAgainstLab(): Promise<string | undefined> {
  if (process.platform !== "linux") return "network namespaces are a thing of Linux";
  if (process.getuid?.() !== 0) return "only root may make network namespaces";
  if (missing().length > 0) await install(missing().map((program) => PACKAGES[program] ?? program));
  const still = missing();
  if (still.length > 0) return `the programs are missing: ${still.join(", ")}`;
  const name = `kith-try-${process.pid}`;
  try {
    await command("ip", "netns", "add", name);
  } catch (error) {
    return `no network namespace can be made: ${String(error)}`;
  }
  try {
    const rules =
      "add table ip t; add chain ip t c { type nat hook postrouting priority srcnat; }; add rule ip t c masquerade";
    await command("ip", "netns", "exec", name, "nft", rules);
    return undefined;
  } catch (error) {
    return `this kernel has no packet rules for namespaces: ${String(error)}`;
  } finally {
    await command("ip", "netns", "delete", name);
  }
}

function missing(): readonly string[] {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return Object.keys(PACKAGES).filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
}

async function install(packages: readonly string[]): Promise<void> {
  console.log(`Installing for the lab: ${packages.join(", ")} …`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runProcess("apt-get", ["update"], { limitMs: APT_UPDATE_LIMIT_MS, env });
  const args = ["install", "-y", "--no-install-recommends", ...packages];
  await runProcess("apt-get", args, { limitMs: APT_INSTALL_LIMIT_MS, env });
}
