// Weeks of nights: movement, episodes, sessions and what came after them, each with what it rests on.
import { html, nothing, type TemplateResult } from 'lit';
import { begin } from '../core/page';
import { get, wordsOf } from '../core/link';
import { dateWords, nightBeside, number } from '../core/when';
import { t, taste, type Key } from '../core/words';
import { DayPage } from '../parts/frame';
import type { Series } from '../parts/plot';

interface Relief { compared: number; nights: number; nights_lower: number; before_per_hour: number | null; after_per_hour: number | null; enough_nights: boolean; nights_needed: number }
interface TrendNight {
  night: string; counts: boolean; coverage_percent: number; movements_per_hour: number | null; episodes: number; restless_minutes: number;
  replays: number; massage_minutes: number; heat_minutes: number; relief: Relief;
}
interface Sleeper { sleeper: string; name: string; nights: TrendNight[]; relief: Relief }
interface Trend { sleepers: Sleeper[] }

class Trends extends DayPage {
  protected readonly name = 'trends';
  private weeks = 8;
  private trend: Trend | null = null;
  private problem = '';

  override connectedCallback(): void { super.connectedCallback(); void this.load(); }
  private async load(): Promise<void> {
    try { this.trend = await get<Trend>('trends?weeks=' + this.weeks, undefined, 60_000); } catch (e) { this.problem = wordsOf(e); }
    this.requestUpdate();
    await this.updateComplete;
    await this.draw();
  }
  protected body(): TemplateResult {
    return html`<section class="lead"><h1>${t('trends_title')}</h1><p>${t('trends_lead')}</p>
      <div class="row"><label>${t('weeks')} <select @change=${(e: Event) => { this.weeks = Number((e.target as HTMLSelectElement).value); void this.load(); }}>
        ${[4, 8, 12, 26, 52].map(n => html`<option value=${n} ?selected=${n === this.weeks}>${n}</option>`)}</select></label></div></section>
      ${this.problem ? html`<p class="bad-word">${this.problem}</p>` : nothing}
      ${this.trend ? this.trend.sleepers.map(s => this.sleeper(s)) : html`<p>${t('loading')}</p>`}`;
  }
  private sleeper(s: Sleeper): TemplateResult {
    const r = s.relief;
    const figure = (key: Key): TemplateResult => html`<section class="card"><h3 id=${s.sleeper + key}>${t(key)}</h3><div class="plot" data-sleeper=${s.sleeper} data-plot=${key} role="img" aria-labelledby=${s.sleeper + key}></div></section>`;
    return html`<h2>${s.name}</h2>
      <p>${r.enough_nights && r.before_per_hour != null && r.after_per_hour != null
        ? t('trend_relief', { lower: r.nights_lower, nights: r.nights, before: number(r.before_per_hour, taste), after: number(r.after_per_hour, taste), n: r.compared })
        : t('trend_not_enough', { have: r.nights, need: r.nights_needed })}</p>
      <div class="cards plots">${figure('trend_movement')}${figure('trend_episodes')}${figure('trend_pairs')}${figure('trend_minutes')}${figure('trend_coverage')}</div>
      <section class="card"><details><summary>${t('as_table')}</summary><div class="scroll" tabindex="0" role="region" aria-label=${s.name}><table>
        <thead><tr><th scope="col">${t('night')}</th><th scope="col">${t('figure_movement')}</th><th scope="col">${t('figure_episodes')}</th><th scope="col">${t('figure_restless')}</th>
          <th scope="col">${t('figure_replays')}</th><th scope="col">${t('massage_min')}</th><th scope="col">${t('heat_min')}</th><th scope="col">${t('figure_coverage')}</th></tr></thead>
        <tbody>${[...s.nights].reverse().map(n => html`<tr><th scope="row">${dateWords(n.night, taste, true)}</th><td>${n.movements_per_hour == null ? '–' : number(n.movements_per_hour, taste, 1)}</td>
          <td>${n.counts || n.episodes ? n.episodes : '–'}</td><td>${n.counts ? number(n.restless_minutes, taste) : '–'}</td><td>${n.replays}</td><td>${number(n.massage_minutes, taste)}</td><td>${number(n.heat_minutes, taste)}</td><td>${number(n.coverage_percent, taste)} %</td></tr>`)}</tbody></table></div></details></section>`;
  }
  private async draw(): Promise<void> {
    if (!this.trend?.sleepers.some(s => s.nights.length)) return;
    const { plot } = await import('../parts/plot');
    for (const s of this.trend.sleepers) {
      const first = s.nights[0], last = s.nights[s.nights.length - 1];
      if (!first || !last) continue;
      const days: string[] = [];
      for (let d = first.night; d <= last.night; d = nightBeside(d, 1)) days.push(d);
      const of = new Map(s.nights.map(n => [n.night, n]));
      const values = (pick: (n: TrendNight) => number | null): (number | null)[] => days.map(d => { const n = of.get(d); return n ? pick(n) : null; });
      const all: Record<string, Series[]> = {
        trend_movement: [{ label: t('moves_hour'), values: values(n => (n.counts ? n.movements_per_hour : null)), colour: 'movement' }],
        trend_episodes: [{ label: t('figure_episodes'), values: values(n => (n.counts || n.episodes ? n.episodes : null)), colour: 'episode', bars: true }],
        trend_pairs: [{ label: t('before'), values: values(n => n.relief.before_per_hour), colour: 'episode', points: true }, { label: t('after_that'), values: values(n => n.relief.after_per_hour), colour: 'massage', points: true }],
        trend_minutes: [{ label: t('massage'), values: values(n => n.massage_minutes), colour: 'massage', bars: true }, { label: t('heat'), values: values(n => n.heat_minutes), colour: 'heat', points: true }],
        trend_coverage: [{ label: t('figure_coverage'), values: values(n => n.coverage_percent), colour: 'play', bars: true }],
      };
      for (const into of this.querySelectorAll<HTMLElement>(`.plot[data-sleeper="${CSS.escape(s.sleeper)}"]`)) {
        const key = into.dataset['plot']!;
        into.replaceChildren();
        const u = plot(into, days, all[key]!, () => into.toggleAttribute('data-drawn', true));
        new ResizeObserver(() => { if (into.clientWidth > 0 && into.clientWidth !== u.width) u.setSize({ width: into.clientWidth, height: 220 }); }).observe(into);
      }
    }
  }
}
void begin('lull-trends', Trends);
