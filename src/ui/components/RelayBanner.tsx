/** Tells, once, that this device helped others to reach each other, and how to end that. */
import { useEffect, useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { fireAndForget } from "../../state/fire-and-forget.ts";
import { createRelayChoice } from "../../state/relay-choice.ts";
import { FIRST_HELP } from "../text/relaying-words.ts";

export function RelayBanner({ app, ports }: { readonly app: AppModel; readonly ports: AppPorts }) {
  const model = useMemo(() => createRelayChoice(ports.messenger), []);
  useEffect(() => {
    fireAndForget(model.load(), app.fail);
    return model.dispose;
  }, [model]);
  if (!model.isNew.value) return null;
  return (
    <div class="banner banner-note banner-first" role="region" aria-label="Help for others">
      <p>{FIRST_HELP}</p>
      <span class="banner-actions">
        <button type="button" class="text-button" onClick={() => fireAndForget(model.noted(), app.fail)}>
          Keep helping
        </button>
        <button type="button" class="text-button" onClick={() => fireAndForget(model.choose("nobody"), app.fail)}>
          Turn off
        </button>
      </span>
    </div>
  );
}
