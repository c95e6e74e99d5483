// A routine as a picture: one line a track, how strong over the minutes.
import { html, svg, type TemplateResult } from 'lit';
import type { Routine } from '../core/state';
import { t } from '../core/words';

const kHigh = 34, kStep = 58, kLeft = 4, kWide = 300;

export function score(r: Routine, name: (device: string) => string): TemplateResult {
  const seconds = Math.max(60, r.minutes * 60), x = (s: number): number => kLeft + (kWide - 2 * kLeft) * Math.min(1, s / seconds);
  const tracks = r.score.filter(track => track.points?.length), said = r.score.filter(track => track.text);
  const height = tracks.length * kStep + 20;
  const every = r.minutes <= 12 ? 2 : r.minutes <= 40 ? 5 : 15;
  const marks = Array.from({ length: Math.floor(r.minutes / every) + 1 }, (_, i) => i * every);
  return html`<figure><svg class="score" viewBox="0 0 ${kWide} ${height}" role="img" aria-label=${`${r.name}: ${r.in_words}`}>
    ${marks.map(m => svg`<line class="tick" x1=${x(m * 60)} x2=${x(m * 60)} y1="0" y2=${height - 18}></line>
      <text x=${Math.min(Math.max(x(m * 60), 8), kWide - 10)} y=${height - 4} text-anchor="middle">${m}</text>`)}
    ${tracks.map((track, i) => {
      const y = i * kStep + 18, at = (v: number): number => y + kHigh - kHigh * Math.min(100, v) / 100;
      const points = track.points!.map(([s, v]) => `${x(s).toFixed(1)} ${at(v).toFixed(1)}`);
      const first = track.points![0], last = track.points![track.points!.length - 1];
      return svg`<text class="caption" x=${kLeft} y=${y - 5}>${name(track.device ?? '')}</text><rect class="ground" x=${kLeft} y=${y} width=${kWide - 2 * kLeft} height=${kHigh} rx="4"></rect>
        ${first && last ? svg`<path class="fill-${track.track}" d=${`M${x(first[0])} ${y + kHigh}L${points.join('L')}L${x(last[0]).toFixed(1)} ${y + kHigh}Z`}></path>` : ''}`;
    })}</svg><figcaption class="hidden">${t('minutes')}</figcaption>
    ${said.map(w => html`<small>${t('said_at', { minute: Math.round((w.at_s ?? 0) / 60) })} <span>“${w.text}”</span></small>`)}</figure>`;
}
