// The picture of the night: lanes over one time line. Pinch, wheel or keys zoom; a touch chooses a minute. To a screen
// reader it is a slider over the minutes that says what there was at each.
import { html, LitElement, nothing, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from 'lit';
import { clock } from '../core/when';
import { t, taste, type Key } from '../core/words';
import { hereWords } from './here';
import * as lanes from './lanes';

const kMinute = 60_000, kCaption = 17, kBar = 24, kGap = 9, kAxis = 24;
const kHeights: Record<string, number> = { movement: 46, episode: 14, note: 14, play: 14, in_bed: 14, light: 18 };

export class Picture extends LitElement {
  static override properties = { rows: { attribute: false }, zone: {}, when: { attribute: false } };
  declare rows: lanes.Row[];
  declare zone: string;
  declare when: number | null;
  drawn_ms = 0;  // how long the last drawing took, for the test that bounds it
  private view: lanes.View = { from: 0, to: 1 };
  private whole: lanes.View = { from: 0, to: 1 };
  private wide = 600;
  private fingers = new Map<number, { x: number; start: number }>();
  private moved = false;

  override createRenderRoot(): HTMLElement { return this; }
  override connectedCallback(): void {
    super.connectedCallback();
    new ResizeObserver(([e]) => { this.wide = Math.max(200, Math.floor(e!.contentRect.width)); this.requestUpdate(); }).observe(this);
  }
  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('rows')) this.view = this.whole = lanes.wholeOf(this.rows);
  }
  private height(r: lanes.Row): number { return kHeights[r.lane] ?? kBar; }

  override render(): TemplateResult {
    const began = performance.now();
    let y = kAxis;
    const rows = this.rows.map(r => {
      const drawn = this.row(r, y);
      y += kCaption + this.height(r) + kGap;
      return drawn;
    });
    const x = this.when === null ? null : this.x(this.when);
    const picture = html`
      ${this.when === null ? html`<p class="loupe hint soft">${t('touch_how')}</p>` : this.loupe(this.when)}
      <svg class="night" width=${this.wide} height=${y} viewBox="0 0 ${this.wide} ${y}" tabindex="0" role="slider"
        aria-label=${t('night_picture')} aria-valuemin="0" aria-valuemax=${Math.round((this.whole.to - this.whole.from) / kMinute)}
        aria-valuenow=${Math.round(((this.when ?? this.whole.from) - this.whole.from) / kMinute)} aria-valuetext=${this.words()}
        @keydown=${this.key} @wheel=${this.wheel} @pointerdown=${this.down} @pointermove=${this.move} @pointerup=${this.upped} @pointercancel=${this.gone}>
        <defs><pattern id="blind" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="6" class="fill-blind"></rect></pattern></defs>
        ${this.axis(y)}${rows}
        ${x !== null && x >= 0 && x <= this.wide ? svg`<line class="cursor" x1=${x} x2=${x} y1=${kAxis - 6} y2=${y}></line>` : nothing}
      </svg>`;
    this.drawn_ms = performance.now() - began;
    return picture;
  }
  private x(at: number): number { return (at - this.view.from) / (this.view.to - this.view.from) * this.wide; }
  private at(x: number): number { return this.view.from + x / this.wide * (this.view.to - this.view.from); }
  /** Ticks stand on the home's round hours, also where its offset is half an hour. */
  private offset(): number {
    const [h, m] = clock(this.view.from, this.zone, { lang: 'en', hours: '24', unit: 'c' }).split(':').map(Number);
    const local = (h! * 60 + m!) * kMinute, utc = Math.floor(this.view.from / kMinute) * kMinute % 86_400_000;
    return (local - utc + 86_400_000) % 86_400_000;
  }
  private axis(height: number): SVGTemplateResult[] {
    return lanes.ticks(this.view, this.wide, this.offset()).map(tick => {
      const x = this.x(tick);
      return svg`<line class="tick" x1=${x} x2=${x} y1=${kAxis - 4} y2=${height}></line>
        <text class="time" x=${Math.min(Math.max(x, 20), this.wide - 22)} y="14" text-anchor="middle">${clock(tick, this.zone, taste)}</text>`;
    });
  }
  private row(r: lanes.Row, y: number): SVGTemplateResult {
    const h = this.height(r), label = t(('lane_' + r.lane) as Key);
    const several = this.rows.filter(o => o.lane === r.lane).length > 1;
    const name = r.lane === 'massage' || r.lane === 'heat' || r.lane === 'light' || r.lane === 'other' ? r.name : several ? `${label}: ${r.name}` : label;
    return svg`<g transform="translate(0 ${y})">
      <text class="caption" x="0" y="12">${name}</text>
      <g transform="translate(0 ${kCaption})"><rect class="ground" width=${this.wide} height=${h} rx="4"></rect>${r.lane === 'movement' ? this.movement(r, h) : this.bars(r, h)}</g></g>`;
  }
  private movement(r: lanes.Row, h: number): SVGTemplateResult {
    const paths = lanes.movementPaths(r, this.view, this.wide, h);
    return svg`<path d=${paths.unknown} fill="url(#blind)"></path><path d=${paths.bars} class="fill-movement"></path>`;
  }
  private bars(r: lanes.Row, h: number): SVGTemplateResult[] {
    return lanes.barsOf(r, this.view, this.wide, h).map(b => svg`<rect class="fill-${r.lane}" x=${b.x} y=${b.y} width=${b.w} height=${b.h} rx="2"></rect>`);
  }
  /** The half hour around the chosen minute, each minute wide enough for a finger. */
  private loupe(when: number): TemplateResult {
    const first = Math.floor(when / kMinute) * kMinute - 7 * kMinute, cell = this.wide / 15;
    return html`<svg class="loupe minutes" width=${this.wide} height="64" viewBox="0 0 ${this.wide} 64" aria-hidden="true" @click=${(e: MouseEvent) => {
        this.choose(first + Math.floor((e.clientX - this.loupeLeft()) / cell) * kMinute);
      }}>
      ${Array.from({ length: 15 }, (_, i) => {
        const at = first + i * kMinute, here = lanes.at(this.rows, at + kMinute / 2);
        const moved = here.find(x => x.lane === 'movement'), chosen = i === 7;
        const rests = here.some(x => x.lane === 'episode'), runs = here.some(x => x.lane === 'massage'), warm = here.some(x => x.lane === 'heat');
        return svg`<g transform="translate(${i * cell} 0)"><rect class="cell ${chosen ? 'chosen' : ''}" x="1" width=${cell - 2} height="64" rx="6"></rect>
          ${moved && moved.value === null ? svg`<rect x="3" y="20" width=${cell - 6} height="26" fill="url(#blind)"></rect>` : nothing}
          ${moved?.value ? svg`<rect class="fill-movement" x=${cell * .25} y=${46 - Math.min(26, moved.value * 5)} width=${cell * .5} height=${Math.min(26, moved.value * 5)} rx="1"></rect>` : nothing}
          ${rests ? svg`<rect class="fill-episode" x="1" y="48" width=${cell - 2} height="4"></rect>` : nothing}
          ${runs ? svg`<rect class="fill-massage" x="1" y="53" width=${cell - 2} height="4"></rect>` : nothing}
          ${warm ? svg`<rect class="fill-heat" x="1" y="58" width=${cell - 2} height="4"></rect>` : nothing}
          ${chosen || i % 5 === 2 ? svg`<text class="time" x=${cell / 2} y="14" text-anchor="middle">${clock(at, this.zone, taste).replace(/ [ap]m/, '')}</text>` : nothing}</g>`;
      })}</svg>`;
  }
  private loupeLeft(): number { return this.querySelector('.minutes')!.getBoundingClientRect().left; }
  private words(): string {
    if (this.when === null) return t('night_how');
    return clock(this.when, this.zone, taste) + ': ' + hereWords(lanes.at(this.rows, this.when + kMinute / 2));
  }

  choose(when: number): void {
    this.when = Math.min(Math.max(Math.floor(when / kMinute) * kMinute, this.whole.from), this.whole.to - 1);
    if (this.when < this.view.from || this.when >= this.view.to) this.view = lanes.moved(this.view, this.whole, this.when - (this.view.from + this.view.to) / 2);
    this.dispatchEvent(new CustomEvent('minute', { detail: this.when }));
    this.requestUpdate();
  }
  zoom(factor: number, about = this.when ?? (this.view.from + this.view.to) / 2): void {
    this.view = lanes.zoomed(this.view, this.whole, factor, about);
    this.requestUpdate();
  }
  private key = (e: KeyboardEvent): void => {
    const now = this.when ?? this.view.from;
    const act: Record<string, () => void> = {
      ArrowRight: () => this.choose(now + kMinute), ArrowLeft: () => this.choose(now - kMinute),
      ArrowUp: () => this.choose(now + kMinute), ArrowDown: () => this.choose(now - kMinute),
      PageUp: () => this.choose(now + 15 * kMinute), PageDown: () => this.choose(now - 15 * kMinute),
      Home: () => this.choose(this.whole.from), End: () => this.choose(this.whole.to - kMinute),
      '+': () => this.zoom(1.6), '=': () => this.zoom(1.6), '-': () => this.zoom(1 / 1.6), '0': () => this.zoom(0.001),
    };
    if (e.ctrlKey || e.metaKey || e.altKey || !act[e.key]) return;
    e.preventDefault();
    act[e.key]!();
  };
  /** Wheel zooms; where it cannot zoom out any more, the page scrolls on as everywhere. */
  private wheel = (e: WheelEvent): void => {
    const all = this.view.to - this.view.from >= this.whole.to - this.whole.from;
    if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      if (all) return;
      this.view = lanes.moved(this.view, this.whole, e.deltaX / this.wide * (this.view.to - this.view.from));
    } else {
      if (e.deltaY > 0 && all) return;
      this.zoom(Math.exp(-e.deltaY / 300), this.at(this.local(e)));
    }
    e.preventDefault();
    this.requestUpdate();
  };
  private local(e: MouseEvent): number { return e.clientX - this.querySelector('.night')!.getBoundingClientRect().left; }
  private down = (e: PointerEvent): void => {
    const x = this.local(e);
    (e.currentTarget as Element).setPointerCapture(e.pointerId);
    this.fingers.set(e.pointerId, { x, start: x });
    if (this.fingers.size === 1) this.moved = false;
  };
  private move = (e: PointerEvent): void => {
    const finger = this.fingers.get(e.pointerId);
    if (!finger) return;
    const x = this.local(e), others = [...this.fingers.entries()].filter(([id]) => id !== e.pointerId);
    if (others.length) {
      const other = others[0]![1].x, before = Math.abs(finger.x - other), after = Math.abs(x - other);
      if (before > 10 && after > 10) this.zoom(after / before, this.at((x + other) / 2));
      this.moved = true;
    } else if (this.moved || Math.abs(x - finger.start) > 8) {
      this.moved = true;
      this.view = lanes.moved(this.view, this.whole, (finger.x - x) / this.wide * (this.view.to - this.view.from));
      this.requestUpdate();
    }
    finger.x = x;
  };
  private upped = (e: PointerEvent): void => {
    const tapped = this.fingers.has(e.pointerId) && !this.moved && this.fingers.size === 1;
    this.gone(e);
    if (tapped) this.choose(this.at(this.local(e)));
  };
  private gone = (e: PointerEvent): void => { this.fingers.delete(e.pointerId); };
}

customElements.define('lull-picture', Picture);
