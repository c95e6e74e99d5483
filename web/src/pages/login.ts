// Who is there? Needed everywhere but on the machine itself and inside Home Assistant.
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { begin } from '../core/page';
import { api, problemOf, root, spoken } from '../core/link';
import { t } from '../core/words';

class Login extends LitElement {
  private problem = '';
  private busy = false;
  override createRenderRoot(): HTMLElement { return this; }
  override connectedCallback(): void { super.connectedCallback(); document.title = 'Lull: ' + t('login'); }
  override render(): TemplateResult {
    return html`<main class="login"><form class="card" @submit=${this.submit}>
      <h1>Lull</h1><p class="soft">${t('login_lead')}</p>
      <label>${t('login_name')}<input name="name" autocomplete="username" autocapitalize="none" required autofocus></label>
      <label>${t('login_password')}<input name="password" type="password" autocomplete="current-password" required></label>
      <div role="alert">${this.problem ? html`<p class="bad-word">${this.problem}</p>` : nothing}</div>
      <button class="main" ?disabled=${this.busy}>${t('login')}</button></form></main>`;
  }
  private submit = async (e: SubmitEvent): Promise<void> => {
    e.preventDefault();
    const form = new FormData(e.target as HTMLFormElement);
    this.busy = true;
    this.problem = '';
    this.requestUpdate();
    try {
      const answer = await fetch(api('session'), {
        method: 'POST', headers: { ...spoken(), 'Content-Type': 'application/json' }, body: JSON.stringify({ user: form.get('name'), password: form.get('password') }),
      });
      if (answer.ok) return location.replace(safe(new URLSearchParams(location.search).get('to')));
      const problem = await problemOf(answer);
      this.problem = [problem.detail ?? problem.title, problem.remedy].filter(x => x).join(' ');
    } catch { this.problem = t('no_link'); }
    this.busy = false;
    this.requestUpdate();
  };
}
/** Only one of our own pages: a link must not send anybody elsewhere after the password. */
function safe(to: string | null): URL {
  return new URL(to && /^(bed|rules|trends|night\/[\d-]*)$/.test(to) ? to : '', root);
}
void begin('lull-login', Login);
