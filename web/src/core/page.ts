// What every page has: the link, its state, and the time that was told with it.
import { LitElement } from 'lit';
import { get, Link, now } from './link';
import { isStop, lastStop, lastOther, type Asked } from './sender';
import type { Command, State, You } from './state';
import { loadWords, taste } from './words';
import { left } from './when';

/** Light DOM: one style sheet a page, no style in a script, and a page that a test can read like any other. */
export abstract class Page extends LitElement {
  protected readonly link = new Link();
  protected you: You | null = null;
  private drawn = 0;
  override createRenderRoot(): HTMLElement { return this; }
  override connectedCallback(): void {
    super.connectedCallback();
    this.link.changed = () => this.requestUpdate();
    this.link.start();
    void this.who();
    // What is left is told in minutes: nothing on the page moves more often than that.
    setInterval(() => { if (now() - this.drawn > 5_000) this.requestUpdate(); }, 5_000);
  }
  /** The server refuses what somebody may not do; the page only does not offer it. */
  private async who(): Promise<void> {
    try { this.you = await get<You>('session'); } catch { return; }
    this.requestUpdate();
  }
  override updated(): void { this.drawn = now(); }

  protected get state(): State | null { return this.link.live.state; }
  protected get up(): boolean { return this.link.live.phase === 'up'; }
  protected get down(): boolean { return this.link.live.phase === 'down'; }
  protected get stop(): Asked | undefined { return lastStop(this.link.sender); }
  protected get other(): Asked | undefined { return lastOther(this.link.sender); }
  protected ask(command: Command): void { this.link.ask(command); }
  protected left(seconds: number): number { return left(seconds, this.link.live.told, now()); }
  protected may(what: string): boolean {
    return this.you?.role !== 'partner' || isStop({ do: what } as Command);
  }
}

/** A page begins when its words are there: nothing is shown that changes a moment later. */
export async function begin(name: string, page: CustomElementConstructor): Promise<void> {
  if (taste.theme !== 'auto') document.documentElement.dataset['theme'] = taste.theme;
  await loadWords();
  customElements.define(name, page);
}
