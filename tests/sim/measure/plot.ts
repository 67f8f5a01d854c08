/** The headline figure as an SVG of its own, readable on light and on dark ground: how long messages take, side by side. */
import type { Circle } from "./circle.ts";
import { durationText } from "./figures.ts";
import type { Quantiles, Summary } from "./summary.ts";

const WIDTH = 880;
const LABEL_WIDTH = 150;
const RIGHT = 150;
const TOP = 118;
const ROW_HEIGHT = 40;
const PANEL_HEAD = 40;
const PANEL_GAP = 26;
const FOOT = 64;
const BAR = 9;
const AT_ONCE_MS = 2_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_MS = 3 * DAY_MS;
const TICKS: readonly (readonly [ms: number, text: string])[] = [
  [0, "at once"],
  [12 * HOUR_MS, "12 h"],
  [DAY_MS, "1 day"],
  [36 * HOUR_MS, "36 h"],
  [2 * DAY_MS, "2 days"],
  [60 * HOUR_MS, "60 h"],
  [MOST_MS, "3 days"],
];

const STYLE = `
    :root { color-scheme: light dark; }
    text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, sans-serif; fill: #1b1d1a; }
    .ground { fill: #ffffff; stroke: #e3e1db; }
    .title { font-size: 19px; font-weight: 650; }
    .head { font-size: 14px; font-weight: 650; }
    .quiet { fill: #5f635c; }
    .small { font-size: 12px; }
    .end { text-anchor: end; }
    .middle { text-anchor: middle; }
    .grid { stroke: #e3e1db; }
    .then { fill: #b9bab3; }
    .kith { fill: #0b8a7b; }
    .mark { fill: #ffffff; stroke-width: 2; }
    .then-mark { stroke: #83867d; }
    .then-text { fill: #5f635c; }
    .kith-mark { stroke: #0b6e63; }
    .kith-text { fill: #0b6e63; font-weight: 650; }
    @media (prefers-color-scheme: dark) {
      text { fill: #ecebe6; }
      .ground { fill: #1c1e1b; stroke: #33362f; }
      .quiet { fill: #a5a99f; }
      .grid { stroke: #33362f; }
      .then { fill: #5b5f56; }
      .kith { fill: #2f9e8e; }
      .mark { fill: #1c1e1b; }
      .then-mark { stroke: #a5a99f; }
      .then-text { fill: #a5a99f; }
      .kith-mark { stroke: #5fd3c3; }
      .kith-text { fill: #5fd3c3; }
    }`;

/** One panel for each share of the day, one row for each circle. */
export function plot(summaries: readonly Summary[]): string {
  const shares = [...new Set(summaries.map(({ share }) => share))].toSorted((a, b) => a - b);
  const rows = Math.max(...shares.map((share) => of(summaries, share).length));
  const panelHeight = PANEL_HEAD + rows * ROW_HEIGHT;
  const height = TOP + shares.length * panelHeight + (shares.length - 1) * PANEL_GAP + FOOT;
  const panels = shares.map((share, index) =>
    panel(of(summaries, share), share, TOP + index * (panelHeight + PANEL_GAP)),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title note">
  <title id="title">How long a message takes, with Kith and if the sender must be online too</title>
  <desc id="note">${note(shares.flatMap((share) => of(summaries, share)))}</desc>
  <style>${STYLE}
  </style>
  <rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="14" />
  <text class="title" x="24" y="38">How long a message takes to somebody who is seldom online</text>
  ${legend(24, 68)}
${panels.join("\n")}
${axis(TOP + shares.length * panelHeight + (shares.length - 1) * PANEL_GAP)}
</svg>
`;
}

function of(summaries: readonly Summary[], share: number): readonly Summary[] {
  return summaries
    .filter((summary) => summary.share === share && !isAlone(summary.circle))
    .toSorted((a, b) => rank(a.circle) - rank(b.circle));
}

/** Without couriers, both are online in any case: that is the comparison itself. */
function isAlone(circle: Circle): boolean {
  return circle.kind === "two" && circle.couriers === 0;
}

function rank(circle: Circle): number {
  return circle.kind === "two" ? circle.couriers : 100 + circle.members;
}

function panel(summaries: readonly Summary[], share: number, y: number): string {
  const rows = summaries.map((summary, index) => row(summary, y + PANEL_HEAD + index * ROW_HEIGHT));
  const hours = `${Number((share * 24).toFixed(1))} hours`;
  const [top, bottom] = [y + PANEL_HEAD - 8, y + PANEL_HEAD + summaries.length * ROW_HEIGHT];
  const grid = TICKS.map(
    ([ms]) => `  <line class="grid" x1="${x(ms)}" x2="${x(ms)}" y1="${top}" y2="${bottom}" />`,
  ).join("\n");
  return `${grid}
  <text class="head" x="24" y="${y + 18}">Everybody is online ${Math.round(share * 100)} % of the day <tspan class="quiet small" dx="6">${hours}</tspan></text>
${rows.join("\n")}`;
}

function row({ circle, bothOnline, kith }: Summary, y: number): string {
  return `  <text class="end" x="${LABEL_WIDTH - 14}" y="${y + 20}">${nameOf(circle)}</text>
${bar(bothOnline, y + 3, "then")}
${bar(kith, y + 3 + BAR + 5, "kith")}`;
}

/** From the median to the 95th percentile. */
function bar({ median, p95 }: Quantiles, y: number, kind: "then" | "kith"): string {
  const [from, to] = [x(median ?? MOST_MS), x(p95 ?? MOST_MS)];
  const text = `${timeText(median)} – ${timeText(p95)}`;
  return `  <rect class="${kind}" x="${from}" y="${y}" width="${Math.max(2, to - from)}" height="${BAR}" rx="${BAR / 2}" />
  <circle class="mark ${kind}-mark" cx="${from}" cy="${y + BAR / 2}" r="4.5" />
  <text class="small ${kind}-text" x="${to + 8}" y="${y + BAR}">${text}</text>`;
}

function legend(left: number, y: number): string {
  const item = (at: number, kind: "then" | "kith", text: string): string =>
    `<rect class="${kind}" x="${at}" y="${y - 9}" width="34" height="${BAR}" rx="${BAR / 2}" />
  <circle class="mark ${kind}-mark" cx="${at}" cy="${y - 4.5}" r="4.5" />
  <text x="${at + 44}" y="${y}">${text}</text>`;
  return `${item(left, "kith", "Kith")}
  ${item(left + 110, "then", "if the sender must be online too")}
  <text class="quiet small" x="${left}" y="${y + 22}">Each bar runs from the median (○) to the 95th percentile, which 5 of 100 exceed. Both for the same days of the same people.</text>`;
}

function axis(y: number): string {
  const ticks = TICKS.map(
    ([ms, text]) => `  <text class="quiet small middle" x="${x(ms)}" y="${y + 22}">${text}</text>`,
  ).join("\n");
  return `${ticks}
  <text class="quiet small end" x="${WIDTH - 24}" y="${y + 46}">from the moment the composer is clear until the message is on the other device</text>`;
}

function x(ms: number): number {
  return Number((LABEL_WIDTH + (Math.min(MOST_MS, ms) / MOST_MS) * (WIDTH - RIGHT - LABEL_WIDTH)).toFixed(1));
}

function nameOf(circle: Circle): string {
  if (circle.kind === "group") return `group of ${circle.members}`;
  return circle.couriers === 1 ? "1:1, 1 courier" : `1:1, ${circle.couriers} couriers`;
}

function timeText(ms: number | null): string {
  if (ms === null) return "more than 3 d";
  return ms < AT_ONCE_MS ? "at once" : durationText(ms);
}

function note(summaries: readonly Summary[]): string {
  return summaries
    .map(
      ({ circle, share, kith, bothOnline }) =>
        `${nameOf(circle)}, online ${Math.round(share * 100)} %: 95 of 100 within ${timeText(kith.p95)}, instead of ${timeText(bothOnline.p95)}.`,
    )
    .join(" ");
}
