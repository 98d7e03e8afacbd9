/** A plot as an SVG of its own, for light and dark pages: no library, no browser. */

export interface Series {
  readonly name: string;
  /** One of the style's classes: `a` or `b`. */
  readonly style: "a" | "b";
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Panel {
  readonly title: string;
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
}

export interface Plot {
  readonly title: string;
  readonly subtitle: string;
  readonly xLabel: string;
  /** Where the x axis says something. */
  readonly xTicks: readonly number[];
  /** A vertical line, and what it means. */
  readonly limit: { readonly x: number; readonly label: string };
  readonly panels: readonly Panel[];
}

const WIDTH = 1_080;
const HEIGHT = 430;
const TOP = 104;
const BOTTOM = 352;
const LEFT = 58;
const GAP = 78;
const RIGHT = 24;
/** Pixels that a label takes up above a line's end. */
const LABEL = 40;

const STYLE = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #57606a; }
  .title { font-size: 17px; font-weight: 600; fill: #1f2328; }
  .panel { font-size: 13px; font-weight: 600; fill: #1f2328; }
  .end { font-weight: 600; }
  .grid { stroke: #d8dee4; }
  .axis { stroke: #8c959f; }
  .limit { stroke: #8c959f; stroke-dasharray: 3 4; }
  .line { fill: none; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
  .paper { fill: #ffffff; }
  .a { stroke: #0969da; } text.a, circle.a { fill: #0969da; stroke: none; }
  .b { stroke: #bc4c00; } text.b, circle.b { fill: #bc4c00; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1; }
    .title, .panel { fill: #f0f6fc; }
    .grid { stroke: #2a313c; }
    .axis, .limit { stroke: #656c76; }
    .paper { fill: #0d1117; }
    .a { stroke: #4493f8; } text.a, circle.a { fill: #4493f8; }
    .b { stroke: #db8b50; } text.b, circle.b { fill: #db8b50; }
  }`;

/** The plot: panels side by side, both axes logarithmic. */
export function plotSvg(plot: Plot): string {
  const count = plot.panels.length;
  const width = (WIDTH - LEFT - RIGHT - GAP * (count - 1)) / count;
  const panels = plot.panels.map((panel, place) => drawPanel(plot, panel, LEFT + place * (width + GAP), width));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(plot.title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
    `<text class="title" x="20" y="32">${escape(plot.title)}</text>`,
    `<text x="20" y="53">${escape(plot.subtitle)}</text>`,
    ...panels,
    `<text x="${WIDTH / 2}" y="${HEIGHT - 34}" text-anchor="middle">${escape(plot.xLabel)}</text>`,
    ...legend(plot.panels[0]?.series ?? []),
    "</svg>\n",
  ].join("\n");
}

function legend(series: readonly Series[]): string[] {
  const each = 290;
  const start = (WIDTH - each * series.length) / 2 + 12;
  return series.map(({ name, style }, place) => {
    const x = round(start + place * each);
    return `<path class="line ${style}" d="M${x} ${HEIGHT - 16}h26"/><text x="${x + 34}" y="${HEIGHT - 12}">${escape(name)}</text>`;
  });
}

function drawPanel({ xTicks, limit }: Plot, { title, series, format }: Panel, left: number, width: number): string {
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  const ys = series.flatMap(({ points }) => points.map(([, y]) => y));
  const [lowest, highest] = [Math.floor(Math.log10(Math.min(...ys))), Math.ceil(Math.log10(Math.max(...ys)))];
  const toX = scale(Math.log10(Math.min(...xs)), Math.log10(Math.max(...xs)), left, left + width);
  const toY = scale(lowest, highest, BOTTOM, TOP);
  const parts = [`<text class="panel" x="${round(left)}" y="${TOP - 18}">${escape(title)}</text>`];
  for (let power = lowest; power <= highest; power++) {
    const y = toY(10 ** power);
    parts.push(`<path class="grid" d="M${round(left)} ${y}h${round(width)}"/>`);
    parts.push(`<text x="${round(left - 8)}" y="${y + 4}" text-anchor="end">${format(10 ** power)}</text>`);
  }
  for (const tick of xTicks) {
    parts.push(`<path class="axis" d="M${toX(tick)} ${BOTTOM}v4"/>`);
    parts.push(`<text x="${toX(tick)}" y="${BOTTOM + 19}" text-anchor="middle">${tick}</text>`);
  }
  parts.push(`<path class="axis" d="M${round(left)} ${BOTTOM}h${round(width)}"/>`);
  parts.push(`<path class="limit" d="M${toX(limit.x)} ${TOP}V${BOTTOM}"/>`);
  parts.push(`<text x="${toX(limit.x) - 5}" y="${BOTTOM - 8}" text-anchor="end">${escape(limit.label)}</text>`);
  const ends = series.map(({ points }) => toY(points.at(-1)?.[1] ?? 1));
  for (const { style, points } of series) {
    parts.push(`<path class="line ${style}" d="M${points.map(([x, y]) => `${toX(x)} ${toY(y)}`).join("L")}"/>`);
    const last = points.at(-1);
    if (last === undefined) continue;
    const [x, y] = [toX(last[0]), toY(last[1])];
    parts.push(`<circle class="${style}" cx="${x}" cy="${y}" r="3.5"/>`);
    // Where another line ends just above, below its own.
    const isBelow = ends.some((end) => end < y && y - end < LABEL);
    const place = round(isBelow ? y + 32 : y - 9);
    parts.push(`<text class="end ${style}" x="${x}" y="${place}" text-anchor="end">${format(last[1])}</text>`);
  }
  return parts.join("\n");
}

/** Places logarithms between two ends. */
const scale =
  (low: number, high: number, from: number, to: number) =>
  (value: number): number =>
    round(from + ((Math.log10(value) - low) / (high - low)) * (to - from));

const round = (value: number): number => Math.round(value * 10) / 10;

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
