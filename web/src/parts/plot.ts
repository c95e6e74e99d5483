// uPlot, loaded only on the page of the weeks. Its colours are the page's, read when it is made.
import uPlot from 'uplot';
import { dateWords, number } from '../core/when';
import { t, taste } from '../core/words';

export interface Series { label: string; values: (number | null)[]; colour: string; bars?: boolean; dash?: boolean; points?: boolean }

export function plot(into: HTMLElement, days: string[], series: Series[], ready: () => void): uPlot {
  const css = getComputedStyle(document.body);
  // A custom property with light-dark() is resolved only where it is used as a colour.
  const probe = into.appendChild(document.createElement('span'));
  const colour = (name: string): string => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const soft = colour('soft'), line = colour('line'), strokes = series.map(s => colour(s.colour));
  probe.remove();
  const font = `12px ${css.fontFamily || 'sans-serif'}`;
  const x = days.map(d => Date.parse(d + 'T12:00:00Z') / 1000);
  return new uPlot({
    width: into.clientWidth, height: 220, tzDate: at => uPlot.tzDate(new Date(at * 1000), 'UTC'), cursor: { y: false }, legend: { live: true },
    scales: { x: { range: (_u, min, max) => [min - 43_200, max + 43_200] }, y: { range: (_u, _min, max) => [0, Math.max(1, (max ?? 1) * 1.1)] } },
    axes: [
      { stroke: soft, font, grid: { show: false }, ticks: { stroke: line }, space: 70, values: (_u, at) => at.map(a => short(a)) },
      { stroke: soft, font, grid: { stroke: line, width: 1 }, ticks: { show: false }, size: 42, values: (_u, at) => at.map(a => number(a, taste)) },
    ],
    series: [{ label: t('night'), value: (_u, at) => (at == null ? '–' : dateWords(new Date(at * 1000).toISOString().slice(0, 10), taste, true)) },
      ...series.map((s, i): uPlot.Series => ({
        label: s.label, stroke: strokes[i]!, width: s.bars ? 0 : 2, spanGaps: false, value: (_u, v) => (v == null ? '–' : number(v, taste, 1)),
        ...(s.bars ? { fill: strokes[i]!, paths: uPlot.paths.bars!({ size: [0.7, 24] }), points: { show: false } } : { points: { show: s.points ?? true, size: 6, fill: strokes[i]! } }),
        ...(s.dash ? { dash: [6, 5] } : {}), ...(s.points && !s.bars ? { width: 0 } : {}),
      }))],
    hooks: { ready: [ready] },
  }, [x, ...series.map(s => s.values)] as uPlot.AlignedData, into);
}
const short = (at: number): string => new Date(at * 1000).toLocaleDateString(taste.lang === 'de' ? 'de-DE' : 'en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
