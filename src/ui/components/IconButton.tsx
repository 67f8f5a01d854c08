/** A round button with an icon, its name and nothing else. */
import { Icon, type IconNode } from "./Icon.tsx";

export interface IconButtonProps {
  readonly icon: IconNode;
  readonly label: string;
  readonly onClick: () => void;
  readonly class?: string;
}

export function IconButton({ icon, label, onClick, class: extra = "" }: IconButtonProps) {
  return (
    <button type="button" class={`icon-button ${extra}`} aria-label={label} title={label} onClick={onClick}>
      <Icon icon={icon} />
    </button>
  );
}
