// Home: what is on and until when, who is in bed, what tonight will bring, and what is wrong.
import { html, nothing, type TemplateResult } from 'lit';
import { faultsOf } from '../core/faults';
import { begin } from '../core/page';
import { root } from '../core/link';
import { drives, isHeat, type Device, type LastNight, type Routine, type Sleeper, type State } from '../core/state';
import { clock, degrees, minutesLeft, number, span } from '../core/when';
import { t, taste, type Key } from '../core/words';
import { DayPage, meter } from '../parts/frame';

class Home extends DayPage {
  protected readonly name = 'home';
  private warm: Routine | null = null;  // asked for, and not yet said yes to

  protected body(): TemplateResult {
    const s = this.state;
    if (!s) return html`<div class="lead"><h1>${this.down ? t('no_link') : t('connecting')}</h1></div>`;
    const faults = faultsOf(s);
    return html`
      ${this.lead(s)}
      ${faults.length ? html`<section class="notice ${faults.some(f => f.bad) ? 'bad' : ''}" aria-labelledby="faults"><h2 id="faults">${t('look_at')}</h2>
        <ul class="rows">${faults.map(f => html`<li><b>${f.about}:</b> ${f.text}${f.remedy ? html`<br><span class="soft">${f.remedy}</span>` : nothing}</li>`)}</ul></section>` : nothing}
      <div class="columns">${s.sleepers.map(p => this.person(p))}${this.last(s)}${this.tonight(s)}${this.begin(s)}</div>
      ${this.devices(s)}${this.dialog()}`;
  }
  private zone(): string { return this.state!.home.time_zone; }

  private lead(s: State): TemplateResult {
    const play = s.plays[0];
    if (!play) {
      const on = s.devices.filter(d => d.on && drives(d));
      return html`<section class="lead"><h1>${s.stopped ? t('stopped') : on.length ? on.map(d => t('is_on', { name: d.name })).join(', ') : !s.ready ? t('not_ready') : t('all_quiet')}</h1>
        <p>${s.status_why}</p></section>`;
    }
    const left = this.left(play.left_s), minutes = minutesLeft(left);
    const until = clock(Date.parse(s.at) + 1000 * play.left_s, this.zone(), taste);
    return html`<section class="lead">
      <h1>${play.name}: ${play.paused ? t('paused') : minutes <= 1 ? t('last_minute') : t('minutes_left', { n: minutes })}</h1>
      <p>${play.step && play.step !== play.name ? play.step + ', ' : ''}${t('until', { time: until })}. ${t('asked_by', { who: play.door })}</p>
      <div class="row">
        ${this.button(t('softer'), () => this.ask({ do: 'softer' }), this.may('softer'))}
        ${this.button(t('stronger'), () => this.ask({ do: 'stronger' }), this.may('stronger'))}
        ${this.button(t('ten_more'), () => this.ask({ do: 'extend', minutes: 10 }), this.may('extend'))}
        ${this.button(t('end_this'), () => this.ask({ do: 'stop_play', routine: play.routine }), this.may('stop_play'))}
      </div></section>`;
  }
  private begin(s: State): TemplateResult {
    const can = !s.stopped && s.ready && this.may('play');
    return html`<section class="card"><h2>${t('begin')}</h2><ul class="rows">${s.routines.map(r => html`<li class="split">
      <div><b>${r.name}</b><br><small>${r.in_words}</small></div>
      ${this.button(t('begin_it'), () => { if (r.heat) this.sure(r); else this.ask({ do: 'play', routine: r.id }); },
                    can && !s.plays.some(p => p.routine === r.id))}</li>`)}</ul></section>`;
  }
  /** Nothing warms by one touch. */
  private sure(r: Routine): void {
    this.warm = r;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector('dialog')?.showModal());
  }
  private dialog(): TemplateResult {
    const close = (): void => this.querySelector('dialog')?.close();
    return html`<dialog aria-labelledby="warm">${this.warm ? html`
      <div class="card"><h2 id="warm">${t('warm_sure', { name: this.warm.name })}</h2><p>${t('warm_more')}</p>
      <div class="row"><button @click=${close} autofocus>${t('no')}</button>
        <button class="main" data-do="warm" @click=${() => { this.ask({ do: 'play', routine: this.warm!.id }); close(); }}>${t('warm_yes')}</button></div></div>` : nothing}</dialog>`;
  }
  private tonight(s: State): TemplateResult {
    const checks = s.preflight?.checks ?? [], bad = checks.filter(c => c.state !== 'fine');
    return html`<section class="card"><div class="split"><h2>${t('tonight')}</h2>
        <span class=${s.preflight?.ready === true ? 'good-word' : s.preflight?.ready === false ? 'bad-word' : 'soft'}>
          ${s.preflight?.ready == null ? t('not_looked') : s.preflight.ready ? t('all_ready') : t('not_all_ready', { n: bad.length })}</span></div>
      ${s.not_tonight ? html`<p>${t('not_tonight_more')}</p>` : html`<ul class="rows">${s.plan.length ? s.plan.map(p => html`<li>${p}</li>`) : html`<li>${t('no_plan')}</li>`}</ul>`}
      <div class="row">${this.button(s.not_tonight ? t('tonight_again') : t('not_tonight'), () => this.ask({ do: 'not_tonight', on: !s.not_tonight }), this.may('not_tonight'))}</div>
    </section>`;
  }
  private person(p: Sleeper): TemplateResult {
    const where = p.in_bed == null ? t('bed_unknown') : p.in_bed ? t('in_bed') : t('out_of_bed');
    const moves = p.movements_per_hour == null ? nothing : html`<small>${t('moves', { n: number(p.movements_per_hour, taste) })}</small>`;
    const dose = (kind: Key, of: Sleeper['heat'], color: string): TemplateResult | typeof nothing => !of || of.used_s + of.left_s <= 0 ? nothing : html`<div>
      <div class="split"><span>${t(kind)}</span><small>${t('dose', { used: Math.round(of.used_s / 60), left: Math.floor(of.left_s / 60) })}</small></div>
      ${meter(of.used_s / (of.used_s + of.left_s), color)}</div>`;
    return html`<section class="card"><div class="split"><h2>${p.name}</h2><span>${where}</span></div>
      <div class="split"><span class=${p.restless ? 'bad-word' : ''}>${p.restless == null ? t('restless_unknown') : p.restless ? t('restless') : t('calm')}</span>${moves}</div>
      <p class="soft">${[p.episodes_tonight == null ? null : t('episodes', { n: p.episodes_tonight }), p.replays_tonight == null ? null : t('replays', { n: p.replays_tonight })].filter(x => x).join(', ')}</p>
      ${p.back_off && p.back_off.level_percent_of_chosen < 100 || (p.back_off?.times_as_far_apart ?? 1) > 1 ? html`<p class="soft"><b>${t('held_back')}</b>: <span>${[p.back_off!.why, p.back_off!.until].filter(x => x).join('; ')}</span></p>` : nothing}
      ${dose('massage_dose', p.massage, '')}${dose('heat_dose', p.heat, 'heat')}</section>`;
  }
  private last(s: State): TemplateResult {
    const name = (id: string): string => (s.sleepers.length > 1 ? (s.sleepers.find(p => p.id === id)?.name ?? id) + ': ' : '');
    const line = (n: LastNight): string => name(n.sleeper) + [
      n.episodes == null ? null : t('last_episodes', { n: n.episodes }), n.replays == null ? null : t('replays', { n: n.replays }),
      n.movements_per_hour == null ? t('last_unmeasured') : t('moves', { n: number(n.movements_per_hour, taste) }),
      n.before_per_hour == null || n.after_per_hour == null ? null : t('last_pair', { before: number(n.before_per_hour, taste), after: number(n.after_per_hour, taste) }),
    ].filter(x => x).join(', ') + '.';
    const night = s.last_night[0]?.night;
    return html`<section class="card"><h2>${t('last_night')}</h2>
      ${s.last_night.length ? html`<ul class="rows">${s.last_night.map(n => html`<li>${line(n)}</li>`)}</ul>` : html`<p class="soft">${t('no_last_night')}</p>`}
      <div class="row"><a class="button" href=${new URL('night/' + (night ?? ''), root).href}>${t('see_night')}</a></div></section>`;
  }
  private devices(s: State): TemplateResult {
    return html`<section class="card"><h2>${t('devices')}</h2><ul class="rows">${s.devices.filter(d => d.on != null || drives(d)).map(d => this.device(d))}
      ${s.devices.filter(d => !d.actuator).map(d => this.sensor(d))}</ul></section>`;
  }
  /** What is only heard, with what it cannot tell. */
  private sensor(d: Device): TemplateResult {
    return html`<li class="split"><div><b>${d.name}</b>${d.limits ? html`<br><small>${d.limits}</small>` : nothing}</div>
      <span>${!d.reachable ? t('sensor_lost') : d.battery_percent != null ? t('battery', { n: Math.round(d.battery_percent) }) : t('in_reach')}</span></li>`;
  }
  private device(d: Device): TemplateResult {
    const is = !d.reachable ? t('off_lost') : d.on ? (d.level != null ? t('on_at', { n: Math.round(d.level) }) : t('on'))
      : d.on == null ? t('unknown') : drives(d) && d.off ? t(('off_' + (d.off.by === 'none' ? 'told' : d.off.by)) as Key) : t('off');
    const more = [d.owner, d.surface_celsius != null ? degrees(d.surface_celsius, taste) : null, d.watts != null ? `${number(d.watts, taste)} W` : null,
      d.left_tonight_s != null && drives(d) ? t('left_tonight', { time: span(d.left_tonight_s) ?? '0 min' }) : null].filter(x => x);
    return html`<li class="split"><div><b>${d.name}</b>${d.on && drives(d) ? html` <button class="plain" @click=${() => this.ask({ do: 'set', device: d.id, level: 0 })}>${t('off_now', { name: d.name })}</button>` : nothing}
      <br><small>${more.join(' · ')}</small></div><span class=${d.on && isHeat(d) ? 'bad-word' : ''}>${is}</span></li>`;
  }
}
void begin('lull-home', Home);
