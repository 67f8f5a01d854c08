/** What was measured per rung, as people read it: medians, the smallest and the largest, and ratios of what was measured in the same rounds. */
import { format, median, summarise } from "../bench/statistics.ts";
import { FAR_ROUND_TRIP_MS, type RungName, type RungResult } from "./rungs.ts";

const HEAD = "| rung | line | what | Kith | bare WebRTC | Kith ÷ bare |";
const BESIDE: Readonly<Record<RungName, string>> = {
  direct: "direct, beside a direct one",
  relay: "through a relay, beside coturn over TCP",
  helper: "through a helper's tab, beside coturn over UDP",
};
const BYTES_PER_MB = 1e6;

export function rungTable(results: readonly RungResult[]): string {
  return [HEAD, "|---|---|---|---|---|---|", ...results.flatMap(rowsOf)].join("\n");
}

function rowsOf({ rung, isFar, kith, raw, load }: RungResult): readonly string[] {
  const line = `${isFar ? `${FAR_ROUND_TRIP_MS} ms` : "near"}, load ${load.toFixed(1)}`;
  const row = (what: string, own: readonly number[], bare: readonly number[], unit: string, digits: number): string => {
    const cells = [own, bare].map((samples) => (samples.length === 0 ? "–" : format(summarise(samples), unit, digits)));
    return `| ${[BESIDE[rung], line, what, ...cells, ratioOf(own, bare)].join(" | ")} |`;
  };
  const inRoundTrips = (samples: readonly number[]) => samples.map((ms) => ms / FAR_ROUND_TRIP_MS);
  const toMb = (samples: readonly number[]) => samples.map((bytes) => bytes / BYTES_PER_MB);
  return [
    row("set-up", kith.setUpMs, raw.setUpMs, "ms", 0),
    ...(isFar ? [row("in round trips", inRoundTrips(kith.setUpMs), inRoundTrips(raw.setUpMs), "", 1)] : []),
    ...(rung === "direct" ? [row("first link, a circuit", kith.firstLinkMs, raw.setUpMs, "ms", 0)] : []),
    row("message there and back", kith.roundTripMs, raw.roundTripMs, "ms", 1),
    ...(isFar ? [] : [row("throughput", toMb(kith.throughput), toMb(raw.throughput), "MB/s", 1)]),
  ];
}

/** Of each round for itself: what else the machine did then is in both. */
function ratioOf(own: readonly number[], bare: readonly number[]): string {
  const ratios = own.flatMap((value, index) => {
    const other = bare[index];
    return other === undefined ? [] : [value / other];
  });
  return ratios.length === 0
    ? "–"
    : `${median(ratios).toFixed(2)} (${summarise(ratios).min.toFixed(2)}–${summarise(ratios).max.toFixed(2)})`;
}
