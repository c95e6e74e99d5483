// What stands around every page of the day: the way to the others, STOP and its proof, the link, and a person's taste.
import { html, nothing, svg, type TemplateResult } from 'lit';
import { Page } from '../core/page';
import { api, login, root } from '../core/link';
import { proofOf, type Proof } from '../core/proof';
import { choose, t, taste, type Key } from '../core/words';

const kPages = [['home', ''], ['nights', 'night/'], ['rules', 'rules'], ['trends', 'trends'], ['bedside', 'bed']] as const;

export abstract class DayPage extends Page {
  protected abstract readonly name: 'home' | 'nights' | 'rules' | 'trends' | 'login';
  protected abstract body(): TemplateResult;

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = 'Lull: ' + t(this.name);
  }
  override render(): TemplateResult {
    const proof = proofOf(this.state, this.stop, this.up);
    return html`
      <a class="skip" href="#main">${t('skip')}</a>
      <header class="bar"><div>
        <a class="name" href=${root.href}>${mark}Lull</a>
        <nav aria-label="Lull">${kPages.map(([name, path]) => html`<a href=${new URL(path, root).href}
          aria-current=${name === this.name ? 'page' : nothing}>${t(name)}</a>`)}</nav>
        <button class="stop" @click=${() => this.ask({ do: 'stop' })}>STOP</button>
      </div></header>
      <main id="main" tabindex="-1">
        <div role="status">${this.linkNotice()}${this.proof(proof)}${this.saidNotice()}</div>
        ${this.body()}
      </main>
      <footer>${this.settings()}</footer>`;
  }
  private linkNotice(): TemplateResult | typeof nothing {
    return this.down ? html`<div class="notice bad"><b>${t('no_link')}</b><span>${t('no_link_more')}</span></div>` : nothing;
  }
  private proof(proof: Proof): TemplateResult | typeof nothing {
    if (proof.state === 'none') return nothing;
    const head = proof.state === 'asked' && !this.up ? t('stop_trying') : t(('stop_' + proof.state) as Key);
    return html`<div class="notice ${proof.state === 'proved' ? 'good' : 'bad'}">
      <div class="split"><b>STOP: ${head}</b>
        ${this.state?.stopped && this.up ? html`<button @click=${() => this.ask({ do: 'release' })}>${t('release')}</button>` : nothing}</div>
      <ul class="steps">${proof.steps.map(s => {
        const words = t(('off_' + s.stage) as Key);
        return html`<li data-device=${s.id} data-stage=${s.stage}>${s.name}: ${s.after !== null && s.after < 600 ? t('after', { what: words, n: s.after }) : words}</li>`;
      })}</ul></div>`;
  }
  private saidNotice(): TemplateResult | typeof nothing {
    const other = this.other;
    if (!other || (other.stage !== 'refused' && other.stage !== 'lost')) return nothing;
    return html`<div class="notice bad">${other.stage === 'lost' ? t('said_lost')
      : html`<b>${other.problem?.detail ?? t('said_refused')}</b><span>${other.problem?.remedy ?? ''}</span>`}</div>`;
  }
  private settings(): TemplateResult {
    const pick = (name: 'lang' | 'hours' | 'unit' | 'theme', label: string, of: [string, string][]): TemplateResult => html`
      <label>${label}<select @change=${(e: Event) => choose({ [name]: (e.target as HTMLSelectElement).value })}>
        ${of.map(([value, text]) => html`<option value=${value} ?selected=${taste[name] === value}>${text}</option>`)}</select></label>`;
    return html`<div class="row">
      ${pick('lang', t('language'), [['en', 'English'], ['de', 'Deutsch']])}
      ${pick('hours', t('clock'), [['24', '24 h'], ['12', '12 h']])}
      ${pick('unit', t('warmth'), [['c', '°C'], ['f', '°F']])}
      ${pick('theme', t('colours'), [['auto', t('auto')], ['light', t('bright')], ['dark', t('dark')]])}
      <span>${t('comfort')}</span>
      ${this.you?.user ? html`<button class="plain" @click=${() => void this.leave()}>${t('log_out', { name: this.you.user })}</button>` : nothing}</div>`;
  }
  private async leave(): Promise<void> {
    await fetch(api('session'), { method: 'DELETE' }).catch(() => null);
    login();
  }
  /** A key that cannot do anything now keeps its place and the focus. */
  protected button(text: string, act: () => void, can = true, kind = ''): TemplateResult {
    const works = can && this.up;
    return html`<button class=${kind} aria-disabled=${works ? 'false' : 'true'} @click=${() => { if (works) act(); }}>${text}</button>`;
  }
}
const mark = html`<svg viewBox="0 0 64 64" aria-hidden="true">${svg`<path d="M4 38c10 0 10-13 19-13s9 18 18 18 9-9 19-9" fill="none" stroke="currentColor" stroke-width="6" stroke-linecap="round"/>`}</svg>`;

/** How much of a dose is used. The words beside it say the same. */
export function meter(part: number, kind: string): TemplateResult {
  const width = 200 * Math.min(1, Math.max(0, part));
  return html`<svg class="meter" viewBox="0 0 200 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="all" width="200" height="8" rx="4"></rect><rect class="part ${kind}" width=${width} height="8" rx="4"></rect></svg>`;
}
