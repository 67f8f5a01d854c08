/** Offers to protect this device, once there is something to protect. */
import { useEffect, useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createProtection } from "../../state/protection.ts";
import { UNPROTECTED } from "../text/vault-words.ts";

export function ProtectBanner({ app, ports }: { readonly app: AppModel; readonly ports: AppPorts }) {
  const model = useMemo(() => createProtection(ports, app.fail), []);
  useEffect(() => model.dispose, [model]);
  if (!model.isOffered.value || app.threads.list.value.length === 0) return null;
  return (
    <div class="banner banner-warn banner-first" role="region" aria-label="Protection">
      <p>{UNPROTECTED}</p>
      <span class="banner-actions">
        <button type="button" class="text-button" onClick={() => app.openDialog("protect")}>
          Protect this device
        </button>
        <button type="button" class="text-button" onClick={model.putOff}>
          Not now
        </button>
      </span>
    </div>
  );
}
