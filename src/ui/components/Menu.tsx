/** What can be done with one of many things. Arrow keys move, Escape, Tab and a press elsewhere close it; focus returns to its button. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { LaterProps } from "../LazyDialogs.tsx";

export interface MenuItem {
  readonly label: string;
  readonly onChoose: () => void;
}

export interface MenuProps {
  readonly label: string;
  readonly button: HTMLElement;
  readonly items: readonly MenuItem[];
  readonly onClose: (how: "return-focus" | "leave") => void;
}

const EDGE_PX = 8;

export function Menu({ label: name, button, items, onClose }: MenuProps) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = element.current;
    if (menu === null) return undefined;
    place(menu, button);
    buttonsOf(menu)[0]?.focus({ preventScroll: true });
    const closeOutside = (event: Event): void => {
      if (event.target instanceof Node && !menu.contains(event.target) && !button.contains(event.target))
        onClose("leave");
    };
    const closeOnResize = (): void => onClose("return-focus");
    document.addEventListener("pointerdown", closeOutside);
    window.addEventListener("resize", closeOnResize);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
      window.removeEventListener("resize", closeOnResize);
    };
  }, [button]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = element.current === null ? [] : buttonsOf(element.current);
    const at = buttons.findIndex((candidate) => candidate === document.activeElement);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % buttons.length,
      ArrowUp: (at - 1 + buttons.length) % buttons.length,
      Home: 0,
      End: buttons.length - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) buttons[next]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") onClose("return-focus");
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={element} class="menu" role="menu" aria-label={name} onKeyDown={onKeyDown}>
      {items.map(({ label, onChoose }) => (
        <button
          key={label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            onClose("return-focus");
            onChoose();
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** For the part of the screen that is there before menus are. */
export function LaterMenu({ menu }: LaterProps) {
  return menu === undefined ? null : <Menu {...menu} />;
}

function buttonsOf(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
}

/** Below its button, above it where there is no room, and never beyond the edge of the screen. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const hasRoomBelow = at.bottom + size.height + EDGE_PX < window.innerHeight;
  const top = hasRoomBelow ? at.bottom : Math.max(EDGE_PX, at.top - size.height);
  const centre = at.left + at.width / 2 - size.width / 2;
  const left = Math.min(Math.max(EDGE_PX, centre), window.innerWidth - size.width - EDGE_PX);
  menu.style.setProperty("top", `${top}px`);
  menu.style.setProperty("left", `${left}px`);
}
