/**
 * Vite plugin: names in index.html, behind what the first paint needs, the modules that every start loads next. The browser fetches and compiles
 * them beside the first script instead of one after the other; none runs before it is imported.
 */
import { relative } from "node:path";
import type { HtmlTagDescriptor, Plugin } from "vite";

/** What of a built chunk matters here. */
export interface BuiltChunk {
  readonly type: "chunk";
  readonly fileName: string;
  /** The module it was made for, when it is imported as one. */
  readonly facadeModuleId: string | null;
  /** Files of the chunks it imports statically. */
  readonly imports: readonly string[];
  readonly isEntry: boolean;
}

type BuiltFile = BuiltChunk | { readonly type: "asset" };

/** `modules`: paths from the root of the project. */
export function loadEarly(modules: readonly string[]): Plugin {
  let root = ".";
  return {
    name: "kith-load-early",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) => earlyTags(bundle, root, modules),
    },
  };
}

/** One link for each chunk of these modules that the page's own script does not bring. @throws if a module has no chunk. */
export function earlyTags(
  bundle: Readonly<Record<string, BuiltFile>>,
  root: string,
  modules: readonly string[],
): HtmlTagDescriptor[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const chunkByFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const addTo = (found: Set<BuiltChunk>, chunk: BuiltChunk | undefined): void => {
    if (chunk === undefined || found.has(chunk)) return;
    found.add(chunk);
    for (const file of chunk.imports) addTo(found, chunkByFile.get(file));
  };
  const first = new Set<BuiltChunk>();
  for (const chunk of chunks) if (chunk.isEntry) addTo(first, chunk);
  const early = new Set<BuiltChunk>();
  for (const module of modules) {
    const chunk = chunks.find(
      ({ facadeModuleId: id }) => id !== null && relative(root, id).replaceAll("\\", "/") === module,
    );
    if (chunk === undefined) throw new Error(`${module} is no chunk of its own`);
    addTo(early, chunk);
  }
  return [...early]
    .filter((chunk) => !first.has(chunk))
    .map(({ fileName }) => ({
      tag: "link",
      attrs: { rel: "modulepreload", crossorigin: true, fetchpriority: "low", href: `./${fileName}` },
      injectTo: "head",
    }));
}
