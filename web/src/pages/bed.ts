// The bedside: one touch in the dark. STOP never leaves its place; what it answers is the proof, device by device.
import { html, nothing, type TemplateResult } from 'lit';
import { begin, Page } from '../core/page';
import { root } from '../core/link';
import { proofOf, type Proof, type Step } from '../core/proof';
import { open } from '../core/sender';
import type { Command, Play } from '../core/state';
import { minutesLeft } from '../core/when';
import { t, type Key } from '../core/words';

const kMarks: Record<Step['stage'], string> = { asked: '·', told: '·', lost: '?', word: '✓', mains: '✓', watts: '✓' };

class Bed extends Page {
  private releasing = false;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Lull: ' + t('bed');
    addEventListener('keydown', e => { if (e.key === 'Escape' && !e.repeat) this.ask({ do: 'stop' }); });
  }
  override firstUpdated(): void { this.querySelector<HTMLElement>('.stop')?.focus({ preventScroll: true }); }

  override render(): TemplateResult {
    const proof = proofOf(this.state, this.stop, this.up);
    return html`<main>
      <div class="above" tabindex="-1">
        <header><span>${this.head()}</span><a href=${root.href}>${t('day_pages')}</a></header>
        ${proof.state === 'none' ? html`${this.now()}${this.keys()}` : this.proof(proof)}
      </div>
      <button class="stop" @pointerdown=${this.stopNow} @click=${this.stopClick} aria-describedby="answer">
        <b>STOP</b><span id="answer">${this.answer(proof)}</span>
      </button>
      <div class="hidden" role="alert">${proof.state === 'none' ? (this.down ? t('no_link') : '') : this.answer(proof)}</div></main>`;
  }
  private head(): string {
    if (this.down) return t('no_link');
    if (!this.state) return t('connecting');
    if (this.state.stopped) return t('stopped');
    if (!this.state.ready) return t('not_ready');
    return this.state.not_tonight ? t('not_tonight_is') : 'Lull';
  }

  private pressed = false;
  private stopNow = (e: PointerEvent): void => {  // on touch, not on release: a hand that slides off has meant it too
    if (e.button !== 0) return;
    this.pressed = true;
    this.releasing = false;
    this.ask({ do: 'stop' });
  };
  private stopClick = (): void => {
    if (!this.pressed) this.ask({ do: 'stop' });  // a key, or a screen reader
    this.pressed = false;
  };
  private answer(proof: Proof): string {
    if (proof.state === 'none') return t('stop_all');
    if (proof.state === 'refused') return t('stop_refused');
    if (proof.state === 'asked') return this.up ? t('stop_asked') : t('stop_trying');
    return t(('stop_' + proof.state) as Key);
  }

  private now(): TemplateResult {
    const other = this.other;
    const said = other && this.said(other.stage, other.command);
    const plays = this.state?.plays ?? [];
    return html`<section class="now" aria-live="polite">
      ${this.down ? html`<p class="big">${t('no_link_more')}</p>`
        : plays.length ? plays.slice(0, 2).map(p => this.playing(p))
        : html`<h1>${this.state ? this.quiet() : ''}</h1>`}
      ${said ? html`<p>${said}</p>` : nothing}
    </section>`;
  }
  private quiet(): string {
    const on = this.state!.devices.filter(d => d.on && (d.kind.startsWith('massage') || d.kind.startsWith('heat')));
    return on.length ? on.map(d => t('is_on', { name: d.name })).join(', ') : t('all_quiet');
  }
  private playing(p: Play): TemplateResult {
    const minutes = minutesLeft(this.left(p.left_s));
    const left = p.paused ? t('paused') : minutes <= 1 ? t('last_minute') : t('minutes_left', { n: minutes });
    return html`<h1>${p.step || p.name}</h1><p class="big">${left}</p>`;
  }
  private said(stage: string, command: Command): string | null {
    if (stage === 'sent' || stage === 'waits') return t('said_sent');
    if (stage === 'accepted') return command.do === 'release' ? null : t('said_accepted');
    if (stage === 'lost') return t('said_lost');
    return this.other?.problem?.code === 'too_late' ? t('said_too_late') : this.other?.problem?.detail ?? t('said_refused');
  }

  private keys(): TemplateResult {
    const playing = (this.state?.plays.length ?? 0) > 0 || !!this.state?.devices.some(d => d.on && d.kind.startsWith('massage'));
    const not = this.state?.not_tonight ?? false;
    return html`<div class="keys" role="group" aria-label=${t('massage')}>
      ${this.key('relief', { do: 'replay' }, true, 'wide')}
      ${this.key('softer', { do: 'softer' }, playing)}${this.key('stronger', { do: 'stronger' }, playing)}
      ${this.key('ten_more', { do: 'extend', minutes: 10 }, playing)}
      ${this.key(not ? 'tonight_again' : 'not_tonight', { do: 'not_tonight', on: !not }, true, '', not)}
    </div>`;
  }
  /** Never disabled outright: a key that cannot do anything says so when it is pressed, and keeps the focus. */
  private key(name: Key, command: Command, useful: boolean, kind = '', pressed: boolean | null = null): TemplateResult {
    const can = this.up && useful && this.may(command.do);
    return html`<button class=${kind} data-do=${command.do} aria-disabled=${can ? 'false' : 'true'}
      aria-pressed=${pressed ?? nothing} @click=${() => { if (can && !this.busy(command)) this.ask(command); }}>${t(name)}</button>`;
  }
  private busy(command: Command): boolean {
    return this.other !== undefined && open(this.other) && this.other.command.do === command.do;
  }

  private proof(proof: Proof): TemplateResult {
    const problem = this.stop?.problem;
    return html`
      <section class="now">
        ${proof.state === 'refused' ? html`<p class="big">${problem?.detail ?? ''}</p><p>${problem?.remedy ?? ''}</p>` : nothing}
        <ul class="steps">${proof.steps.map(s => html`<li data-device=${s.id} data-stage=${s.stage}>
          <span class="mark" aria-hidden="true">${kMarks[s.stage]}</span>
          <span>${s.name}<small>${this.stage(s)}</small></span></li>`)}</ul>
      </section>
      <div class="keys">${this.release(proof)}</div>`;
  }
  private stage(s: Step): string {
    const words = t(('off_' + s.stage) as Key);
    return s.after !== null && s.after < 600 ? t('after', { what: words, n: s.after }) : words;
  }
  /** In two steps, and nothing begins by it: only STOP's latch is lifted. */
  private release(proof: Proof): TemplateResult | typeof nothing {
    if (!this.state?.stopped || proof.state === 'asked' || !this.up) return nothing;
    if (!this.releasing)
      return html`<button class="wide" data-do="ask-release" @click=${() => { this.releasing = true; this.requestUpdate(); }}>${t('release')}</button>`;
    return html`
      <button data-do="keep" @click=${() => { this.releasing = false; this.requestUpdate(); }}>${t('keep_stopped')}</button>
      <button data-do="release" @click=${() => { this.releasing = false; this.ask({ do: 'release' }); }}>${t('release_yes')}</button>`;
  }
}
void begin('lull-bed', Bed);
