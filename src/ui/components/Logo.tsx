/** Two people’s circles, one filled by the other. */
export function Logo({ size }: { readonly size: "small" | "large" }) {
  return (
    <svg class={`logo logo-${size}`} viewBox="0 0 56 56" aria-hidden="true" focusable="false">
      <circle class="logo-filled" cx="20" cy="28" r="15" />
      <circle class="logo-open" cx="38" cy="28" r="13" />
    </svg>
  );
}
