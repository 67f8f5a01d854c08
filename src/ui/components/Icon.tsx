/** One of the kept icons. Decoration only: the control around it carries the name. */
import { h } from "preact";

/** The shape of an icon in the package `lucide`. */
export type IconNode = readonly (readonly [
  tag: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
])[];

export function Icon({ icon, class: extra = "" }: { readonly icon: IconNode; readonly class?: string }) {
  return (
    <svg class={`icon ${extra}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {icon.map(([tag, attributes], index) => h(tag, { ...attributes, key: index }))}
    </svg>
  );
}
