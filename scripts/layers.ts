/**
 * Who may import whom, as data, and its translation into lint rules. A folder may import itself, what `imports` and `types`
 * name (paths from src/; a folder ends with "/"), and the packages it is the door to. Everything else is refused.
 */
import { posix } from "node:path";

interface Layer {
  /** Folder from src/; "" is src/ itself and "core" only the files directly in it. */
  readonly folder: string;
  readonly imports: readonly string[];
  /** May be imported for their types only. */
  readonly types?: readonly string[];
  /** Packages, as gitignore-style patterns. */
  readonly packages?: readonly string[];
  /** How many levels of folders below this one the rule reaches. */
  readonly depth?: number;
}

const VIEWS = ["core/views.ts", "core/relay-conditions.ts", "core/people-views.ts", "core/backup-views.ts"];
/** Ranks inside core: a folder imports lower ranks only. */
const CODEC = ["core/codec/", "core/clock.ts"];
const PORTS = [...CODEC, "core/store/", "core/transport/"];
const RANK_1 = [...PORTS, "core/crypto/"];
const RANK_3 = ["core/log/", "core/membership/", "core/epochs/"];
const RANK_4 = ["core/conversations/", "core/couriers/", "core/files/", "core/calls/"];
const CORE = [
  ...RANK_1,
  "core/vault/",
  ...RANK_3,
  "core/sync/",
  ...RANK_4,
  "core/backup/",
  ...VIEWS,
  "core/messenger.ts",
];

const LIBP2P = ["libp2p", "@libp2p/**", "@multiformats/**"];
const SIGNALS = ["@preact/signals", "preact", "preact/**"];

export const LAYERS: readonly Layer[] = [
  {
    folder: "core/codec",
    imports: CODEC,
    packages: ["multiformats/**"],
  },
  { folder: "core/crypto", imports: CODEC, packages: ["@noble/**"] },
  { folder: "core/store", imports: CODEC },
  { folder: "core/transport", imports: CODEC },
  { folder: "core/log", imports: RANK_1 },
  // Who is in a group follows from what is written, and from nothing else.
  { folder: "core/membership", imports: CODEC },
  // Who may read what: keys of conversations, as control entries say.
  { folder: "core/epochs", imports: [...RANK_1, "core/log/", "core/membership/"] },
  // Sync moves opaque signed entries, so that peers who may not read can still carry: no crypto.
  { folder: "core/sync", imports: [...PORTS, "core/log/"] },
  // What is said does not depend on how peers are reached: no transport.
  {
    folder: "core/conversations",
    imports: [...CODEC, "core/store/", "core/crypto/", ...RANK_3, "core/sync/", ...VIEWS],
  },
  // Parcels for contacts who are away: what conversations hold, sealed, left with others, and taken in again.
  {
    folder: "core/couriers",
    imports: [...CODEC, "core/store/", "core/crypto/", ...RANK_3, "core/sync/", "core/conversations/", ...VIEWS],
  },
  { folder: "core/vault", imports: RANK_1 },
  { folder: "core/files", imports: [...RANK_1, "core/log/", "core/sync/", ...VIEWS] },
  { folder: "core/calls", imports: [...RANK_1, "core/log/", "core/sync/", ...VIEWS] },
  // A profile in a file: what the store holds, and what of it makes another device.
  { folder: "core/backup", imports: [...RANK_1, "core/vault/", ...RANK_3, "core/conversations/"] },
  { folder: "core", imports: CORE, depth: 0 },

  { folder: "adapters/libp2p", imports: PORTS, packages: LIBP2P },
  { folder: "adapters/indexeddb", imports: PORTS, packages: ["idb"] },
  { folder: "adapters/memory", imports: PORTS },
  { folder: "adapters/media", imports: PORTS, packages: ["qr", "qr/**"] },
  {
    folder: "adapters/platform",
    imports: [...PORTS, "core/vault/ports.ts", "core/crypto/argon2.ts", "core/relay-conditions.ts"],
  },

  { folder: "state", imports: ["core/messenger.ts", ...VIEWS], types: [...PORTS, "core/vault/"], packages: SIGNALS },
  {
    folder: "ui",
    imports: ["state/"],
    types: [...VIEWS, "core/codec/ids.ts", "core/vault/"],
    packages: [...SIGNALS, "lucide", "lucide/**", "qr", "qr/**"],
  },
  { folder: "sw", imports: ["adapters/platform/worker-urls.ts"], packages: ["workbox-window"] },
  { folder: "relay", imports: [], packages: ["node:*", "node:*/**", "sirv", ...LIBP2P] },

  // main.tsx paints first and loads compose.ts later; compose.ts alone joins core and adapters.
  {
    folder: "",
    // The version that Settings and contacts are told.
    imports: ["core/", "adapters/", "state/", "ui/", "sw/", "compose.ts", "../package.json"],
    packages: ["preact"],
    depth: 0,
  },
];

const DEFAULT_DEPTH = 3;
const SRC = "/src";

export interface LayerOverride {
  readonly files: string[];
  readonly rules: { readonly "no-restricted-imports": ["error", { readonly patterns: RestrictedPattern[] }] };
}

type RestrictedPattern =
  | { readonly group: string[]; readonly message: string }
  | { readonly regex: string; readonly message: string; readonly allowTypeImports: true };

/** One lint override per folder and nesting level, since specifiers are relative to the file's own folder. */
export function layerOverrides(): LayerOverride[] {
  return LAYERS.flatMap((layer) =>
    Array.from({ length: (layer.depth ?? DEFAULT_DEPTH) + 1 }, (_, level) => override(layer, level)),
  );
}

function override(layer: Layer, level: number): LayerOverride {
  const from = posix.join(SRC, layer.folder, ...Array<string>(level).fill("nested"));
  const files = posix.join("**/src", layer.folder, ...Array<string>(level).fill("*"), "*.{ts,tsx}");
  const room = layer.folder === "" ? "src" : `src/${layer.folder}`;
  const allowed = [...specifiers(from, layer.imports), ...(layer.packages ?? [])];
  const types = specifiers(from, layer.types ?? []);
  const patterns: RestrictedPattern[] = [];
  if (types.length > 0) {
    patterns.push({
      // First, and not a group: what a group spares, no later pattern looks at.
      regex: `^(${types.map((type) => type.replaceAll(".", "\\.").replace("**", ".*")).join("|")})$`,
      message: `Layers: ${room} may import only types from here (scripts/layers.ts).`,
      allowTypeImports: true,
    });
  }
  patterns.push({
    // The last pattern that matches decides, as in a .gitignore.
    group: ["**", ...ownFolder(level), ...[...allowed, ...types].map((pattern) => `!${pattern}`)],
    message: `Layers: ${room} may not import this (scripts/layers.ts).`,
  });
  return { files: [files], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

/** Spares the layer's own files, for a file `level` folders below it, but not what lies above the layer. */
function ownFolder(level: number): string[] {
  const above = "../".repeat(level + 1);
  const own = Array.from({ length: level }, (_, ups) => `!${"../".repeat(ups + 1)}**`);
  return ["!./**", "./../**", ...own, `${above}**`];
}

/** How a file in the folder `from` writes imports of `targets`. */
function specifiers(from: string, targets: readonly string[]): string[] {
  return targets.map((target) => {
    const path = posix.relative(from, posix.join(SRC, target));
    const relative = path.startsWith(".") ? path : `./${path}`;
    return target.endsWith("/") ? `${relative}/**` : relative;
  });
}
