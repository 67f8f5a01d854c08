/** A change of a group as it is shown. */
import type { GroupChangeView } from "../views.ts";
import type { TimelineRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { safeGroupName } from "./names.ts";
import { shownNameOf } from "./shown-names.ts";

/** With names as they are known now. */
export function changeView(core: CoreContext, row: TimelineRow): GroupChangeView | undefined {
  const { change, author } = row;
  if (change === undefined) return undefined;
  const { kind, subject, name } = change;
  return {
    kind,
    by: shownNameOf(core, author),
    ...(subject === undefined ? {} : { subject: shownNameOf(core, subject) }),
    ...(name === undefined ? {} : { name: safeGroupName(name) }),
  };
}
