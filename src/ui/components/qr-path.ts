/** A QR code as one SVG path in units of its modules, with the quiet zone that scanners need. */
import encodeQR from "qr";

const QUIET_ZONE_MODULES = 4;

export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const modules = encodeQR(text, "raw", { ecc: "low", border: QUIET_ZONE_MODULES });
  const path = modules.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return { size: modules.length, path };
}
