// The link: nothing is believed that was not heard, and nothing is missed after a break.
import { describe, expect, test } from 'vitest';
import * as live from '../src/core/live';
import type { State } from '../src/core/state';

const state = (name: string): State => ({ at: name } as unknown as State);

/** A page with a link, and a clock that stands still until it is told. */
class Told {
  now = 0;
  is = live.begin(0);
  deeds: live.Deed[] = [];
  hears(news: live.News): this {
    const [next, deeds] = live.step(this.is, news, this.now);
    this.is = next;
    this.deeds = deeds;
    return this;
  }
  frame(frame: live.Frame): this { return this.hears({ is: 'frame', frame }); }
  passes(ms: number): this {
    for (const end = this.now + ms; this.now < end;) {
      this.now += 250;
      this.hears({ is: 'tick' });
      if (this.deeds.length) this.all.push(...this.deeds);
    }
    return this;
  }
  all: live.Deed[] = [];
}
const up = (): Told => new Told().hears({ is: 'tick' }).frame({ seq: 41, state: state('a') });

describe('the link', () => {
  test('connects at once and is up with the first state', () => {
    const page = new Told().hears({ is: 'tick' });
    expect(page.deeds).toEqual([{ do: 'connect', since: null }]);
    expect(page.is.phase).toBe('first');
    expect(page.frame({ seq: 41, state: state('a') }).is).toMatchObject({ phase: 'up', seq: 41 });
  });
  test('applies patches in order, and only once', () => {
    const page = up().frame({ seq: 42, patch: { at: 'b' } });
    expect(page.is.state!.at).toBe('b');
    expect(page.frame({ seq: 42, patch: { at: 'x' } }).is.state!.at, 'heard before').toBe('b');
  });
  test('asks for what it missed instead of patching the wrong state', () => {
    const page = up().frame({ seq: 43, patch: { at: 'c' } });
    expect(page.deeds).toEqual([{ do: 'close' }]);
    expect(page.is).toMatchObject({ phase: 'down', seq: 41, state: { at: 'a' } });
    page.all = [];
    expect(page.passes(500).all[0]).toEqual({ do: 'connect', since: 41 });
    expect(page.frame({ seq: 42, patch: { at: 'b' } }).frame({ seq: 43, patch: { at: 'c' } }).is).toMatchObject({ phase: 'up', state: { at: 'c' } });
  });
  test('a heartbeat that is ahead of what was heard is a gap too', () => {
    expect(up().frame({ seq: 41 }).is.phase).toBe('up');
    expect(up().frame({ seq: 42 }).is.phase).toBe('down');
  });
  test('is down at once when the socket closes, and never gives up', () => {
    const page = up().hears({ is: 'closed' });
    expect(page.is.phase).toBe('down');
    let connects = 0;
    for (let i = 0; i < 60; ++i) {
      page.all = [];
      page.passes(1_000);
      if (page.all.some(d => d.do === 'connect')) ++connects, page.hears({ is: 'closed' });
    }
    expect(connects, 'every two seconds or sooner').toBeGreaterThanOrEqual(20);
  });
  test('is down after 15 s of silence, though the socket seems to be open', () => {
    const page = up().passes(14_750);
    expect(page.is.phase).toBe('up');
    expect(page.passes(250).is.phase).toBe('down');
    expect(page.all).toContainEqual({ do: 'close' });
  });
  test('gives up an attempt that hangs', () => {
    const page = new Told().hears({ is: 'tick' }).passes(4_000);
    expect(page.all[0]).toEqual({ do: 'close' });
    expect(page.is.phase).toBe('down');
  });
  test('says nothing about the link in the first two seconds', () => {
    expect(new Told().hears({ is: 'tick' }).passes(2_000).is.phase).toBe('first');
    expect(new Told().hears({ is: 'tick' }).passes(2_500).is.phase).toBe('down');
  });
  test('the last words of a closed connection are not heard', () => {
    const page = up().hears({ is: 'closed' }).frame({ seq: 42, patch: { at: 'b' } });
    expect(page.is).toMatchObject({ phase: 'down', seq: 41, state: { at: 'a' } });
  });
  test('a change that comes twice is no reason to begin anew', () => {
    const page = up().frame({ seq: 42, patch: { at: 'b' } });
    expect(page.frame({ seq: 42, patch: { at: 'b' } }).deeds).toEqual([]);
    expect(page.is).toMatchObject({ phase: 'up', seq: 42 });
  });
  test('knows the time at the server, and never takes it for later than it is', () => {
    const page = up();
    expect(live.serverTime(page.is, page.now)).toBe(null);
    page.frame({ clock: 1_000_000 }).passes(2_000);
    expect(live.serverTime(page.is, page.now)).toBe(1_002_000);
    page.frame({ seq: 42, patch: { at: 'b' } });
    expect(live.serverTime(page.is, page.now), 'a change says nothing of the time').toBe(1_002_000);
    page.frame({ clock: 1_007_000 });
    expect(live.serverTime(page.is, page.now)).toBe(1_007_000);
  });
});
