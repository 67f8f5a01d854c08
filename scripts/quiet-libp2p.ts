/**
 * Vite plugin: takes out of libp2p what never does anything in Kith: lines for its log, which nobody reads (`silent-logger.ts`), and calls
 * on `metrics` and `onProgress`, which nobody sets, so that they would stop at their `?.`.
 */
import type { Plugin } from "vite";

/** A node of the syntax tree, as far as it matters here. */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const LIBP2P = /\/node_modules\/(?:@libp2p\/|libp2p\/)/;
const LOG_METHODS = new Set(["error", "trace"]);

export function quietLibp2p(): Plugin {
  return {
    name: "kith-quiet-libp2p",
    apply: "build",
    transform(code, id) {
      if (!LIBP2P.test(id.replaceAll("\\", "/"))) return null;
      return { code: withoutIdleCalls(code, this.parse(code)), map: null };
    },
  };
}

/** The same module without them. `program` is its syntax tree. */
export function withoutIdleCalls(code: string, program: object): string {
  let rest = 0;
  let kept = "";
  const replace = (node: SyntaxNode, by: string): void => {
    kept += code.slice(rest, node.start) + by;
    rest = node.end;
  };
  const visit = (node: SyntaxNode): void => {
    if (node.type === "ExpressionStatement" && isSyntaxNode(node["expression"]) && isIdle(node["expression"])) {
      replace(node, ";");
    } else if (isIdle(node)) {
      replace(node, "void 0");
    } else {
      childrenOf(node).forEach(visit);
    }
  };
  if (isSyntaxNode(program)) visit(program);
  return kept + code.slice(rest);
}

function isIdle(node: SyntaxNode): boolean {
  if (node.type === "ChainExpression")
    return isSyntaxNode(node["expression"]) && (stopsEarly(node["expression"]) || isIdle(node["expression"]));
  return node.type === "CallExpression" && isLog(node["callee"]);
}

/** `log(…)`, `this.log(…)`, `connection.log.error(…)`. */
function isLog(callee: unknown): boolean {
  if (!isSyntaxNode(callee)) return false;
  const name = nameOf(callee);
  // A logarithm is no log line.
  if (name === "log") return callee.type === "Identifier" || !isNamed(callee["object"], "Math");
  return (
    name !== undefined &&
    LOG_METHODS.has(name) &&
    callee.type === "MemberExpression" &&
    isNamed(callee["object"], "log")
  );
}

/** `metrics?.x`, `this.metrics?.y.z(…)`, `options.onProgress?.(…)`: an optional step right after one of the two names. */
function stopsEarly(node: SyntaxNode): boolean {
  const before =
    node.type === "CallExpression" ? node["callee"] : node.type === "MemberExpression" ? node["object"] : undefined;
  if (!isSyntaxNode(before)) return false;
  if (node["optional"] === true && (isNamed(before, "metrics") || isNamed(before, "onProgress"))) return true;
  return stopsEarly(before);
}

function isNamed(node: unknown, name: string): boolean {
  return isSyntaxNode(node) && nameOf(node) === name;
}

/** Of a variable, or the last of a path. */
function nameOf(node: SyntaxNode): string | undefined {
  const named = node.type === "MemberExpression" ? node["property"] : node;
  if (!isSyntaxNode(named) || (named.type !== "Identifier" && named.type !== "PrivateIdentifier")) return undefined;
  return typeof named["name"] === "string" ? named["name"] : undefined;
}

/** In the order of the text. */
function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  return Object.values(node)
    .flat()
    .filter(isSyntaxNode)
    .toSorted((a, b) => a.start - b.start);
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value && "end" in value;
}
