import { formatMillis } from '../duration';
import { plotScale } from './plot-scale';
import type { SequentialState } from './state';

const [width, height] = [640, 240];
const [left, right, top, bottom] = [48, 624, 16, 208];
const harmColour = '#c0392b';
const safeColour = '#1e8449';

/** Evidence over time as a stand-alone SVG image; it holds numbers only, no text from outside. */
export function plotSvg({ history }: Pick<SequentialState, 'history'>): string {
  const scale = plotScale(history);
  const x = (second: number) => round(left + scale.placeOf(second) * (right - left));
  const y = (log: number) => round(bottom - scale.heightOf(log) * (bottom - top));
  const line = (colour: string, part: 1 | 2) => {
    const drawn = history.points.map((point) => `${x(point[0])},${y(point[part])}`).join(' ');
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${drawn}"/>`;
  };
  const limits = scale.limits.map(([name, value, share], index) => {
    const at = round(bottom - share * (bottom - top));
    const colour = index === 0 ? harmColour : safeColour;
    return (
      `<line x1="${left}" x2="${right}" y1="${at}" y2="${at}" stroke="${colour}" stroke-dasharray="4 4"/>` +
      `<text x="${left - 6}" y="${at + 4}" text-anchor="end">${value}</text>` +
      `<text x="${right}" y="${at - 4}" text-anchor="end" fill="${colour}">${name}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12">`,
    '<title>Evidence over time</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<path d="M${left} ${top}V${bottom}H${right}" fill="none" stroke="#888"/>`,
    `<text x="${left - 6}" y="${y(0) + 4}" text-anchor="end">1</text>`,
    ...limits,
    line(safeColour, 2),
    line(harmColour, 1),
    `<text x="${left}" y="${bottom + 16}">0</text>`,
    `<text x="${right}" y="${bottom + 16}" text-anchor="end">${formatMillis(scale.lastSecond * 1000)}</text>`,
    `<text x="${left + 40}" y="${bottom + 16}" fill="${harmColour}">harm</text>`,
    `<text x="${left + 90}" y="${bottom + 16}" fill="${safeColour}">safety</text>`,
    '</svg>',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
