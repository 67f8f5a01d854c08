/** The whole screen. */
import { useSignalEffect } from "@preact/signals";
import type { AppModel } from "../state/app.ts";
import { ErrorBoundary } from "./components/ErrorBoundary.tsx";
import { LiveRegion } from "./components/LiveRegion.tsx";
import { TroubleBanner } from "./components/TroubleBanner.tsx";
import { UpdateBanner } from "./components/UpdateBanner.tsx";
import { ElsewhereScreen } from "./screens/ElsewhereScreen.tsx";
import { FailedScreen } from "./screens/FailedScreen.tsx";
import { FirstRunScreen } from "./screens/FirstRunScreen.tsx";
import { MainScreen } from "./screens/MainScreen.tsx";
import { StartingScreen } from "./screens/StartingScreen.tsx";

export function App({ app }: { readonly app: AppModel }) {
  useSignalEffect(() => {
    const unread = app.threads.unread.value;
    document.title = unread > 0 ? `(${unread}) Kith` : "Kith";
  });
  return (
    <ErrorBoundary onReload={app.reload} onError={app.report}>
      <div class="app">
        <TroubleBanner app={app} />
        <UpdateBanner app={app} />
        <Screen app={app} />
        <LiveRegion announcer={app.announcer} />
      </div>
    </ErrorBoundary>
  );
}

function Screen({ app }: { readonly app: AppModel }) {
  const phase = app.phase.value;
  switch (phase.kind) {
    case "starting":
      return <StartingScreen />;
    case "elsewhere":
      return <ElsewhereScreen onUseHere={app.useHere} />;
    case "first-run":
      return <FirstRunScreen app={app} />;
    case "ready":
      return <MainScreen app={app} />;
    case "failed":
      return <FailedScreen reason={phase.reason} unsent={phase.unsent} onReload={app.reload} />;
  }
}
