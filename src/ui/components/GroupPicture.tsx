/** The picture of a group, over its initials, which stay where it cannot be shown. Decoration: the name stands beside it. */
import { useEffect, useMemo } from "preact/hooks";
import type { GroupThreadView } from "../../core/views.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createGroupPicture } from "../../state/group-picture.ts";
import type { AppModel } from "../../state/app.ts";
import type { LaterProps } from "../LazyDialogs.tsx";

export function GroupPicture({ app, ports, thread }: LaterProps) {
  if (thread?.kind !== "group" || thread.picture === undefined) return null;
  return <Shown key={thread.picture} app={app} ports={ports} thread={thread} />;
}

interface ShownProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
  readonly thread: GroupThreadView;
}

function Shown({ app, ports, thread }: ShownProps) {
  const model = useMemo(() => createGroupPicture(ports.messenger, thread.id, app.fail), []);
  useEffect(() => model.dispose, []);
  const url = model.url.value;
  return url === undefined ? null : <img class="group-picture" src={url} alt="" onError={model.drop} />;
}
