/** The start: what this browser can do, the first paint, then everything else. */
import { render } from "preact";
import { createAppModel } from "./state/app.ts";
import { missingFeatures } from "./state/feature-check.ts";
import { App } from "./ui/App.tsx";
import { CannotRunScreen } from "./ui/screens/CannotRunScreen.tsx";
import "./ui/styles/index.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
root.replaceChildren();

const missing = missingFeatures(globalThis);
if (missing.length > 0) render(<CannotRunScreen missing={missing} />, root);
else {
  const app = createAppModel(
    window,
    async () => (await import("./compose.ts")).createApp(),
    "serviceWorker" in navigator ? async () => (await import("./sw/bridge.ts")).registerWorker() : undefined,
  );
  app.start();
  render(<App app={app} />, root);
}
