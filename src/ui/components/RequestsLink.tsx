/** The way to those who ask to be let in, while there are any. */
import { UserPlus } from "lucide";
import { useEffect, useMemo } from "preact/hooks";
import { createPeople } from "../../state/people.ts";
import type { LaterProps } from "../LazyDialogs.tsx";
import { Icon } from "./Icon.tsx";

export function RequestsLink({ app, ports }: LaterProps) {
  const model = useMemo(
    () => createPeople({ messenger: ports.messenger, open: app.openThread, onFailure: app.fail }),
    [ports],
  );
  useEffect(() => model.dispose, [model]);
  const count = model.requests.value.length;
  return (
    <div aria-live="polite">
      {count > 0 && (
        <a
          class="requests-link"
          href="#/"
          onClick={(event) => {
            event.preventDefault();
            app.openDialog("requests");
          }}
        >
          <Icon icon={UserPlus} />
          Requests ({count})
        </a>
      )}
    </div>
  );
}
