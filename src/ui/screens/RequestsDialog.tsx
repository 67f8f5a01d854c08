/** Those who ask to be let in or add to a group without being contacts, and what to do with each. */
import { useEffect, useMemo } from "preact/hooks";
import type { RequestView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createPeople, type PeopleModel } from "../../state/people.ts";
import { Avatar } from "../components/Avatar.tsx";
import { Dialog } from "../components/Dialog.tsx";
import { REQUESTS_EXPLAINED, requestWishWords } from "../text/people-words.ts";
import { formatMoment } from "../text/time.ts";

export interface RequestsDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
}

export function RequestsDialog({ app, ports }: RequestsDialogProps) {
  const model = useMemo(
    () => createPeople({ messenger: ports.messenger, open: app.openThread, onFailure: app.fail }),
    [],
  );
  useEffect(() => model.dispose, [model]);
  const requests = model.requests.value;
  return (
    <Dialog title="Requests" onClose={app.closeDialog}>
      <p class="quiet">{requests.length === 0 ? "Nobody waits for your decision." : REQUESTS_EXPLAINED}</p>
      <ul class="requests">
        {requests.map((request) => (
          <RequestRow key={request.id} request={request} model={model} now={app.now.value} />
        ))}
      </ul>
    </Dialog>
  );
}

function RequestRow({
  request,
  model,
  now,
}: {
  readonly request: RequestView;
  readonly model: PeopleModel;
  readonly now: number;
}) {
  const { id: key, account, name, tag, askedAt } = request;
  const id = `request-${key}`;
  return (
    <li class="request">
      <div class="person" id={id}>
        <Avatar id={account} name={name} />
        <div class="request-who">
          <bdi class="person-name">{name}</bdi> <span class="tag">{tag}</span>
          <p dir="auto">{requestWishWords(request)}</p>
          <p class="fine">{formatMoment(askedAt, now)}</p>
        </div>
      </div>
      <div class="request-actions">
        <button type="button" class="secondary" aria-describedby={id} onClick={() => model.accept(key)}>
          Accept
        </button>
        <button type="button" class="secondary" aria-describedby={id} onClick={() => model.deleteRequest(key)}>
          Delete
        </button>
        <button type="button" class="secondary danger" aria-describedby={id} onClick={() => model.blockRequest(key)}>
          Block
        </button>
      </div>
    </li>
  );
}
