import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let folder: string;
let findings: readonly string[];

/** File, and a line that its layer must not hold. */
const FORBIDDEN: readonly (readonly [string, string])[] = [
  ["src/core/codec/a.ts", 'import "../crypto/suite.ts";'],
  ["src/core/codec/a.ts", 'import "libp2p";'],
  ["src/core/store/a.ts", 'import "../transport/transport.ts";'],
  ["src/core/crypto/a.ts", 'import "../log/append.ts";'],
  ["src/core/log/a.ts", 'import "../sync/session.ts";'],
  ["src/core/membership/a.ts", 'import "../crypto/suite.ts";'],
  ["src/core/log/a.ts", 'import "../membership/evaluate.ts";'],
  ["src/core/log/a.ts", 'import "@noble/hashes/sha2.js";'],
  ["src/core/sync/a.ts", 'import "../crypto/suite.ts";'],
  ["src/core/sync/a.ts", 'import type { Contact } from "../conversations/contact.ts";'],
  ["src/core/sync/a.ts", 'export * from "../../adapters/memory/memory-store.ts";'],
  ["src/core/sync/a.ts", 'export const load = async () => import("../crypto/suite.ts");'],
  ["src/core/sync/deeper/a.ts", 'import "../../crypto/suite.ts";'],
  ["src/core/sync/a.ts", 'import "./../crypto/suite.ts";'],
  ["src/ui/screens/a.tsx", 'import type { Entry } from "../../core/log/entry.ts";'],
  ["src/core/conversations/a.ts", 'import "../transport/transport.ts";'],
  ["src/core/conversations/a.ts", 'import "../messenger.ts";'],
  ["src/core/messenger.ts", 'import "../adapters/indexeddb/open.ts";'],
  ["src/core/messenger.ts", 'import "preact";'],
  ["src/core/messenger.ts", 'import "node:fs";'],
  ["src/adapters/libp2p/a.ts", 'import "../indexeddb/open.ts";'],
  ["src/adapters/libp2p/a.ts", 'import "../../state/app.ts";'],
  ["src/adapters/libp2p/a.ts", 'import "../../core/messenger.ts";'],
  ["src/adapters/libp2p/a.ts", 'import "idb";'],
  ["src/adapters/indexeddb/a.ts", 'import "@libp2p/crypto";'],
  ["src/adapters/memory/a.ts", 'import "../../ui/App.tsx";'],
  ["src/state/a.ts", 'import "../ui/App.tsx";'],
  ["src/state/a.ts", 'import "../adapters/libp2p/node.ts";'],
  ["src/state/a.ts", 'import { append } from "../core/log/append.ts";'],
  ["src/ui/a.tsx", 'import { idle } from "../core/views.ts";'],
  ["src/ui/screens/a.tsx", 'import "../../core/messenger.ts";'],
  ["src/ui/screens/a.tsx", 'import "../../adapters/platform/clock.ts";'],
  ["src/ui/a.tsx", 'import "workbox-window";'],
  ["src/sw/a.ts", 'import "preact";'],
  ["src/relay/a.ts", 'import "../core/clock.ts";'],
  ["src/main.tsx", 'import "libp2p";'],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ["src/core/codec/a.ts", 'import "multiformats/bases/base64";'],
  ["src/core/crypto/a.ts", 'import "@noble/hashes/sha2.js";'],
  ["src/core/crypto/a.ts", 'import "../codec/bytes.ts";'],
  ["src/core/membership/a.ts", 'import "../codec/bytes.ts";'],
  ["src/core/epochs/a.ts", 'import "../membership/evaluate.ts";'],
  ["src/core/sync/a.ts", 'import "../log/append.ts";'],
  ["src/core/sync/a.ts", 'import "../clock.ts";'],
  ["src/core/sync/deeper/a.ts", 'import "../session.ts";'],
  ["src/core/sync/deeper/a.ts", 'import "../../log/append.ts";'],
  ["src/core/conversations/a.ts", 'import "../sync/session.ts";'],
  ["src/core/messenger.ts", 'import "./conversations/contact.ts";'],
  ["src/adapters/libp2p/a.ts", 'import "@libp2p/webrtc";'],
  ["src/adapters/libp2p/a.ts", 'import "../../core/transport/transport.ts";'],
  ["src/adapters/indexeddb/a.ts", 'import "idb";'],
  ["src/state/a.ts", 'import "@preact/signals";'],
  ["src/state/a.ts", 'import type { Path } from "../core/transport/transport.ts";'],
  ["src/ui/a.tsx", 'import type { ProfileView } from "../core/views.ts";'],
  ["src/ui/screens/a.tsx", 'import "../components/Button.tsx";'],
  ["src/ui/screens/a.tsx", 'import "../../state/app.ts";'],
  ["src/relay/a.ts", 'import "node:fs/promises";'],
  ["src/compose.ts", 'import "./adapters/indexeddb/open.ts";'],
];

/** One file per case: a number before the extension keeps them apart. */
const numbered = ([file]: readonly [string, string], group: string, index: number): string =>
  file.replace(/(\.tsx?)$/, `-${group}-${index}$1`);

/** Runs the project's own rules over a tree that holds only the cases. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kith-layers-"));
  cpSync(join(ROOT, "oxlint.config.ts"), join(folder, "oxlint.config.ts"));
  cpSync(join(ROOT, "scripts", "layers.ts"), join(folder, "scripts", "layers.ts"));
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  for (const [group, cases] of Object.entries({ forbidden: FORBIDDEN, allowed: ALLOWED })) {
    for (const [index, line] of cases.entries()) {
      const path = join(folder, numbered(line, group, index));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${line[1]}\n`);
    }
  }
  const result = spawnSync(join(ROOT, "node_modules", ".bin", "oxlint"), ["--format", "unix", "src"], {
    cwd: folder,
    encoding: "utf8",
  });
  findings = result.stdout.split("\n").filter((line) => line.includes("eslint(no-restricted-imports)"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the layer rules", () => {
  it.each(FORBIDDEN.map((line, index) => ({ from: line[0], line: line[1], file: numbered(line, "forbidden", index) })))(
    "refuse in $from: $line",
    ({ file }) => {
      expect(findings.filter((finding) => finding.startsWith(`${file}:`))).not.toEqual([]);
    },
  );

  it.each(ALLOWED.map((line, index) => ({ from: line[0], line: line[1], file: numbered(line, "allowed", index) })))(
    "allow in $from: $line",
    ({ file }) => {
      expect(findings.filter((finding) => finding.startsWith(`${file}:`))).toEqual([]);
    },
  );
});
