/** The field for the name of a group. */
import type { GroupTrouble } from "../../state/group-trouble.ts";
import { groupTroubleWords } from "../text/group-words.ts";

export interface GroupNameFieldProps {
  readonly name: string;
  readonly trouble: GroupTrouble | undefined;
  readonly placeholder?: string;
  readonly onType: (name: string) => void;
  readonly onDone?: () => void;
}

export function GroupNameField({ name, trouble, placeholder, onType, onDone }: GroupNameFieldProps) {
  return (
    <div class="field">
      <label for="group-name">Group name</label>
      <input
        id="group-name"
        type="text"
        dir="auto"
        autoComplete="off"
        placeholder={placeholder}
        value={name}
        aria-invalid={trouble !== undefined}
        aria-describedby={trouble === undefined ? undefined : "group-name-trouble"}
        onInput={(event) => onType(event.currentTarget.value)}
        onBlur={onDone}
      />
      {trouble !== undefined && (
        <p id="group-name-trouble" class="field-trouble" role="alert">
          {groupTroubleWords(trouble)}
        </p>
      )}
    </div>
  );
}
