// One night: the picture, why each thing happened or did not, before and after each session, and a table behind it.
import { html, nothing, type TemplateResult } from 'lit';
import { begin } from '../core/page';
import { api, get, Refused, root, wordsOf } from '../core/link';
import type { State } from '../core/state';
import { clock, dateWords, number, span } from '../core/when';
import { t, taste, type Key } from '../core/words';
import { DayPage } from '../parts/frame';
import { hereWords } from '../parts/here';
import * as lanes from '../parts/lanes';
import type { Picture } from '../parts/picture';

const drawing = import('../parts/picture');  // comes while the night is fetched

interface Pair { sleeper: string; before: number | null; after: number | null; before_measured_minutes: number; after_measured_minutes: number }
interface Session { routine: string; asked_by: string; begin: string; minutes: number; ended_by: string; movements_per_hour: Pair[] }
interface SleeperNight {
  sleeper: string; name: string; presence_known: boolean; in_bed_minutes: number; coverage_percent: number; movements_per_hour: number | null;
  episodes: number; replays: number; restless_minutes: number; no_figures_because: string | null;
}
interface Line { first: string; times: number; about: string; text: string }
interface Night {
  night: string; time_zone: string; empty: boolean; sleepers: SleeperNight[]; sessions: Session[]; devices: { device: string; name: string }[]; not_done: Line[]; faults: Line[]; lanes: lanes.LanesSaid;
}
interface Why { at: string; running: boolean; decisions: { at: string; about: string; outcome: string; why: string }[]; standpoints: { about: string; text: string }[] }

class NightPage extends DayPage {
  protected readonly name = 'nights';
  private night: Night | null = null;
  private nights: string[] = [];
  private rows: lanes.Row[] = [];
  private problem = '';
  private when: number | null = null;
  private why: Why | null = null;
  private whyProblem = '';
  private timer = 0;
  private table = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.load(/(\d{4}-\d\d-\d\d)$/.exec(location.pathname)?.[1]);
  }
  private async load(date: string | undefined): Promise<void> {
    try {
      await drawing;
      this.nights = (await get<{ night: string }[]>('nights')).map(n => n.night);
      const night = date ?? this.nights[0];
      if (!night) throw new Refused({ detail: t('no_nights') });
      this.night = await get<Night>('nights/' + night);
      const n = this.night, names = new Map([...n.sleepers.map(s => [s.sleeper, s.name] as const), ...n.devices.map(d => [d.device, d.name] as const)]);
      // A lamp is in no figure of the report: its name is in the state.
      for (const d of (await get<State>('state')).devices) if (!names.has(d.id)) names.set(d.id, d.name);
      this.rows = lanes.rowsOf(n.lanes, id => names.get(id) ?? id);
      document.title = 'Lull: ' + dateWords(night, taste);
    } catch (e) { this.problem = wordsOf(e); }
    this.requestUpdate();
  }
  private time(at: string | number): string { return clock(typeof at === 'string' ? Date.parse(at) : at, this.night!.time_zone, taste); }

  protected body(): TemplateResult {
    const n = this.night;
    if (!n) return html`<div class="lead"><h1>${this.problem || t('loading')}</h1></div>`;
    return html`
      <section class="lead"><h1>${dateWords(n.night, taste)}</h1>${this.pager(n)}</section>
      ${n.empty ? html`<p>${t('nothing_recorded')}</p>` : html`
        <section class="card">${n.sleepers.map(s => this.figures(s, n.sleepers.length > 1))}</section>
        <section class="card" aria-labelledby="picture"><div class="split"><h2 id="picture">${t('the_night')}</h2>
            <span><button aria-label=${t('zoom_in')} @click=${() => this.picture()?.zoom(1.6)}>+</button>
            <button aria-label=${t('zoom_out')} @click=${() => this.picture()?.zoom(1 / 1.6)}>−</button></span></div>
          <lull-picture .rows=${this.rows} .zone=${n.time_zone} .when=${this.when} @minute=${this.minute}></lull-picture>
          ${this.reason()}
        </section>
        <div class="cards">${this.sessions(n)}${this.lines('not_done', n.not_done)}${this.lines('faults', n.faults)}</div>
        <section class="card"><details @toggle=${(e: Event) => { this.table = (e.target as HTMLDetailsElement).open; this.requestUpdate(); }}>
          <summary>${t('as_table')}</summary>${this.table ? this.tables() : nothing}</details>
          <div class="row">${(['picture.png', 'picture.svg', 'data.csv'] as const).map(file => html`
            <a class="button" download="lull-${n.night}.${file.split('.')[1]}" href=${api(`nights/${n.night}/${file}?lang=${taste.lang}`).href}>${t('download', { what: file.split('.')[1]!.toUpperCase() })}</a>`)}</div></section>`}`;
  }
  private picture(): Picture | null { return this.querySelector<Picture>('lull-picture'); }
  private pager(n: Night): TemplateResult {
    const i = this.nights.indexOf(n.night), to = (night: string | undefined, words: string): TemplateResult | typeof nothing =>
      night ? html`<a class="button" href=${new URL('night/' + night, root).href}>${words}</a>` : nothing;
    return html`<div class="pager">${to(this.nights[i + 1], '‹ ' + t('before'))}
      <select aria-label=${t('choose_night')} @change=${(e: Event) => { location.href = new URL('night/' + (e.target as HTMLSelectElement).value, root).href; }}>
        ${this.nights.map(x => html`<option value=${x} ?selected=${x === n.night}>${dateWords(x, taste, true)}</option>`)}</select>
      ${i > 0 ? to(this.nights[i - 1], t('after_that') + ' ›') : nothing}</div>`;
  }
  private figures(s: SleeperNight, named: boolean): TemplateResult {
    const one = (key: Key, value: string): TemplateResult => html`<div><dt>${t(key)}</dt><dd>${value}</dd></div>`;
    return html`${named ? html`<h2>${s.name}</h2>` : nothing}<dl class="figures">
      ${one('figure_movement', s.movements_per_hour == null ? '–' : number(s.movements_per_hour, taste, 0))}
      ${one('figure_episodes', s.episodes || !s.no_figures_because ? number(s.episodes, taste) : '–')}
      ${one('figure_restless', s.restless_minutes || !s.no_figures_because ? span(s.restless_minutes * 60) ?? '0 min' : '–')}
      ${one('figure_replays', number(s.replays, taste))}${one('figure_bed', s.presence_known ? span(s.in_bed_minutes * 60) ?? '0 min' : '–')}
      ${one('figure_coverage', number(s.coverage_percent, taste) + ' %')}</dl>
      <small>${s.no_figures_because ? html`<span>${s.no_figures_because}</span>` : t('estimated')}</small>`;
  }

  private minute = (e: CustomEvent<number>): void => {
    this.when = e.detail;
    this.why = null;
    this.whyProblem = '';
    this.requestUpdate();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask_why(e.detail), 200);
  };
  private async ask_why(when: number): Promise<void> {
    try {
      const why = await get<Why>('why?at=' + encodeURIComponent(new Date(when).toISOString()), undefined, 60_000);
      if (when === this.when) this.why = why;
    } catch (e) { if (when === this.when) this.whyProblem = wordsOf(e); }
    this.requestUpdate();
  }
  private reason(): TemplateResult | typeof nothing {
    if (this.when === null) return nothing;
    const here = lanes.at(this.rows, this.when + 30_000), w = this.why;
    return html`<div role="region" aria-live="polite" aria-label=${t('why')}>
      <div class="split"><h3>${this.time(this.when)}</h3>
        <span><button aria-label=${t('minute_before')} @click=${() => this.picture()?.choose(this.when! - 60_000)}>‹</button>
        <button aria-label=${t('minute_after')} @click=${() => this.picture()?.choose(this.when! + 60_000)}>›</button></span></div>
      <p>${hereWords(here)}</p>
      <ul class="why">${here.filter(h => h.text && h.lane !== 'note' && h.lane !== 'play').map(h => html`<li><b>${h.name}</b>, ${this.time(h.from)}–${this.time(h.to)}: ${h.text}</li>`)}</ul>
      ${this.whyProblem ? html`<p class="bad-word">${this.whyProblem}</p>` : !w ? html`<p class="soft">${t('loading')}</p>` : html`
        <h3>${t('decided')}</h3>
        ${w.decisions.length ? html`<ul class="why rows">${w.decisions.map(d => html`<li><b>${this.time(d.at)} ${d.about}</b> <small>${t(('outcome_' + d.outcome) as Key)}</small><br>${d.why}</li>`)}</ul>`
          : html`<p>${t('decided_nothing')}</p>`}
        <details ?open=${!w.decisions.length}><summary>${t('how_it_stood')}</summary><ul class="why rows">${w.standpoints.map(s => html`<li><b>${s.about}</b>: ${s.text}</li>`)}</ul></details>`}
    </div>`;
  }

  private sessions(n: Night): TemplateResult {
    return html`<section class="card wide"><h2>${t('sessions')}</h2>${n.sessions.length ? html`<ul class="rows">${n.sessions.map(s => html`<li class="split">
      <div><b>${this.time(s.begin)} ${s.routine}</b>, ${span(s.minutes * 60) ?? ''}<br><small>${[s.asked_by ? t('asked_by', { who: s.asked_by }) : '', s.ended_by].filter(x => x).join('; ')}</small></div>
      <div>${s.movements_per_hour.map(p => this.pair(p))}</div></li>`)}</ul><small>${t('no_verdict')}</small>` : html`<p>${t('no_sessions')}</p>`}</section>`;
  }
  private pair(p: Pair): TemplateResult {
    if (p.before == null || p.after == null) return html`<small>${t('not_compared')}</small>`;
    const most = Math.max(p.before, p.after, 20), w = (v: number): number => 150 * v / most;
    return html`<svg class="pair" viewBox="0 0 200 34" aria-hidden="true"><rect class="fill-episode" y="2" width=${w(p.before)} height="13" rx="3"></rect>
      <rect class="fill-massage" y="19" width=${w(p.after)} height="13" rx="3"></rect></svg>
      <small>${t('before_after', { before: number(p.before, taste), after: number(p.after, taste) })}<br>${t('measured', { before: p.before_measured_minutes, after: p.after_measured_minutes })}</small>`;
  }
  private lines(title: Key, lines: Line[]): TemplateResult | typeof nothing {
    return lines.length ? html`<section class="card"><h2>${t(title)}</h2><ul class="rows">${lines.map(l => html`
      <li><b>${this.time(l.first)} ${l.about}</b>${l.times > 1 ? ` ×${l.times}` : ''}: ${l.text}</li>`)}</ul></section>` : nothing;
  }
  private tables(): TemplateResult {
    const spans = this.rows.flatMap(r => r.spans.map(s => ({ ...s, lane: r.lane, name: r.name }))).filter(s => s.value > 0 || s.lane === 'note').sort((a, b) => a.from - b.from);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('as_table')}><table><caption class="hidden">${t('the_night')}</caption>
      <thead><tr><th scope="col">${t('from')}</th><th scope="col">${t('to')}</th><th scope="col">${t('what')}</th><th scope="col">${t('level')}</th><th scope="col">${t('words')}</th></tr></thead>
      <tbody>${spans.map(s => html`<tr><td>${this.time(s.from)}</td><td>${s.finished ? this.time(s.to) : '?'}</td><td>${t(('lane_' + s.lane) as Key)}${s.name ? ': ' + s.name : ''}</td>
        <td>${['massage', 'heat', 'light', 'other'].includes(s.lane) ? Math.round(s.value) + ' %' : ''}</td><td>${s.text}</td></tr>`)}</tbody></table>
      <table><caption>${t('moves_quarter')}</caption><thead><tr><th scope="col">${t('from')}</th>${this.rows.filter(r => r.lane === 'movement').map(r => html`<th scope="col">${r.name}</th>`)}</tr></thead>
      <tbody>${this.quarters().map(q => html`<tr><td>${this.time(q.at)}</td>${q.sums.map(v => html`<td>${v === null ? t('moves_unknown') : v}</td>`)}</tr>`)}</tbody></table></div>`;
  }
  private quarters(): { at: number; sums: (number | null)[] }[] {
    const moves = this.rows.filter(r => r.lane === 'movement'), whole = lanes.wholeOf(moves), out = new Map<number, (number | null)[]>();
    for (let at = Math.floor(whole.from / 900_000) * 900_000; at < whole.to; at += 900_000) out.set(at, moves.map(() => null));
    moves.forEach((r, j) => r.from.forEach((from, i) => {
      const sums = out.get(Math.floor(from / 900_000) * 900_000);
      if (sums && !Number.isNaN(r.value[i]!)) sums[j] = (sums[j] ?? 0) + r.value[i]!;
    }));
    return [...out].map(([at, sums]) => ({ at, sums }));
  }
}
void begin('lull-night', NightPage);
