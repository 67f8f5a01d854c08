/** Kith as an app, mentioned once there is somebody to write to. Settings has it always. */
import type { AppModel } from "../../state/app.ts";
import { INSTALL_BY_MENU } from "../text/words.ts";

export function InstallLine({ app: { install } }: { readonly app: AppModel }) {
  const offer = install.offer.value;
  if (offer === undefined || install.isDismissed.value) return null;
  return (
    <div class="banner banner-note">
      {offer === "menu" ? (
        <p>{INSTALL_BY_MENU}</p>
      ) : (
        <button type="button" class="text-button" onClick={install.install}>
          Install Kith
        </button>
      )}
      <button type="button" class="text-button" onClick={install.dismiss}>
        Hide
      </button>
    </div>
  );
}
