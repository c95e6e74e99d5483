// Rules and routines in plain words: what may happen, what it would be like, and what a change would have done.
import { html, nothing, type TemplateResult } from 'lit';
import { begin } from '../core/page';
import { get, wordsOf } from '../core/link';
import type { Rule, State } from '../core/state';
import { dateWords, number } from '../core/when';
import { t, taste } from '../core/words';
import { DayPage } from '../parts/frame';
import { score } from '../parts/score';

interface NightOf { sessions: unknown[] | number; episodes: unknown[] | number; massage_minutes: number; heat_minutes: number; refusals: number }
interface Backtest { nights: { night: string; would: NightOf; was: NightOf | null }[]; remarks: string[] }
const count = (of: unknown[] | number): number => (Array.isArray(of) ? of.length : of);

class Rules extends DayPage {
  protected readonly name = 'rules';
  private chosen = new Map<string, boolean>();
  private nights = 14;
  private result: Backtest | null = null;
  private running = false;
  private problem = '';

  protected body(): TemplateResult {
    const s = this.state;
    if (!s) return html`<div class="lead"><h1>${this.down ? t('no_link') : t('connecting')}</h1></div>`;
    return html`
      <section class="lead"><h1>${t('rules_title')}</h1><p>${t('rules_lead')}</p></section>
      ${s.not_tonight ? html`<div class="notice">${t('not_tonight_more')}</div>` : nothing}
      <div class="cards">${s.rules.map(r => this.rule(s, r))}</div>
      ${this.backtest(s)}
      <h2>${t('routines')}</h2>
      <div class="cards">${s.routines.map(r => html`<section class="card" data-routine=${r.id}><div class="split"><h3>${r.name}</h3><span class="state">${this.is(s, r)}</span></div>
        <p>${r.in_words}</p>${r.on && r.on_tonight ? nothing : html`<small>${t('routine_off_more')}</small>`}
        ${score(r, id => s.devices.find(d => d.id === id)?.name ?? id)}${this.switches({ routine: r.id }, r)}</section>`)}</div>`;
  }
  private rule(s: State, r: Rule): TemplateResult {
    return html`<section class="card" data-rule=${r.name}><div class="split"><h2>${r.name}</h2><span class="state">${this.is(s, r)}</span></div>
      <p class=${r.on ? '' : 'off-rule'}>${r.in_words}</p>
      ${r.next_text ? html`<small>${r.next_text}</small>` : nothing}${this.switches({ rule: r.name }, r)}</section>`;
  }
  private is(s: State, of: { on: boolean; on_tonight: boolean }): string {
    return !of.on ? t('rule_off') : !of.on_tonight || s.not_tonight ? t('rule_not_tonight') : t('rule_on');
  }
  /** Off for tonight or for good, and on again, of whatever of the two it is. */
  private switches(what: { rule: string } | { routine: string }, of: { on: boolean; on_tonight: boolean }): TemplateResult {
    const to = (on: boolean, tonight: boolean) => () => this.ask({ do: 'allow', ...what, on, ...(tonight ? { tonight } : {}) });
    const may = this.may('allow');
    return html`<div class="row">${of.on && of.on_tonight
      ? html`${this.button(t('rule_tonight_off'), to(false, true), may)}${this.button(t('rule_turn_off'), to(false, false), may)}`
      : this.button(t('rule_turn_on'), to(true, of.on), may)}</div>`;
  }

  private backtest(s: State): TemplateResult {
    return html`<section class="card" aria-labelledby="backtest"><h2 id="backtest">${t('backtest')}</h2><p class="soft">${t('backtest_lead')}</p>
      <fieldset class="checks"><legend class="hidden">${t('rules_title')}</legend>${s.rules.map(r => html`<label><input type="checkbox" .checked=${this.chosen.get(r.name) ?? r.on}
        @change=${(e: Event) => { this.chosen.set(r.name, (e.target as HTMLInputElement).checked); }}>${r.name}</label>`)}</fieldset>
      <div class="row"><label>${t('backtest_nights')} <select @change=${(e: Event) => { this.nights = Number((e.target as HTMLSelectElement).value); }}>
          ${[3, 7, 14, 30].map(n => html`<option value=${n} ?selected=${n === this.nights}>${n}</option>`)}</select></label>
        ${this.button(this.running ? t('running') : t('backtest_run'), () => void this.run(s), !this.running, 'main')}</div>
      <div role="status">${this.problem ? html`<p class="bad-word">${this.problem}</p>` : nothing}${this.result ? this.table(this.result) : nothing}</div></section>`;
  }
  private async run(s: State): Promise<void> {
    this.running = true;
    this.problem = '';
    this.requestUpdate();
    try {
      const rules = Object.fromEntries(s.rules.map(r => [r.name, this.chosen.get(r.name) ?? r.on]));
      this.result = await get<Backtest>('backtest', { nights: this.nights, rules }, 120_000);
    } catch (e) { this.problem = wordsOf(e); }
    this.running = false;
    this.requestUpdate();
  }
  private table(b: Backtest): TemplateResult {
    const cell = (would: number, was: number | undefined): TemplateResult => html`<td class="would">${number(would, taste)}${was === undefined ? '' : html` <small>(${number(was, taste)})</small>`}</td>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="backtest"><table><thead><tr><th scope="col">${t('night')}</th><th scope="col">${t('sessions')}</th>
        <th scope="col">${t('massage_min')}</th><th scope="col">${t('heat_min')}</th><th scope="col">${t('figure_episodes')}</th><th scope="col">${t('not_done')}</th></tr></thead>
      <tbody>${b.nights.map(n => html`<tr><th scope="row">${dateWords(n.night, taste, true)}</th>${cell(count(n.would.sessions), n.was ? count(n.was.sessions) : undefined)}
        ${cell(n.would.massage_minutes, n.was?.massage_minutes)}${cell(n.would.heat_minutes, n.was?.heat_minutes)}
        ${cell(count(n.would.episodes), n.was ? count(n.was.episodes) : undefined)}${cell(n.would.refusals, n.was?.refusals)}</tr>`)}</tbody></table></div>
      <p><small>${t('backtest_note')}</small></p>${(b.remarks ?? []).map(r => html`<p><small>${r}</small></p>`)}`;
  }
}
void begin('lull-rules', Rules);
