// Commands: a STOP is said until it is answered, anything else now or never.
import { describe, expect, test } from 'vitest';
import * as sender from '../src/core/sender';
import type { Command } from '../src/core/state';

class Person {
  now = 0;
  is = sender.begin();
  sent: sender.Deed[] = [];
  hears(news: sender.News): this {
    const [next, deeds] = sender.step(this.is, news, this.now);
    this.is = next;
    this.sent.push(...deeds);
    return this;
  }
  asks(command: Command): this { return this.hears({ is: 'asked', command }); }
  link(up: boolean): this { return this.hears({ is: 'link', up }); }
  passes(ms: number): this {
    for (const end = this.now + ms; this.now < end;) { this.now += 250; this.hears({ is: 'tick' }); }
    return this;
  }
  get words(): string[] { return this.sent.map(d => `${d.command.do} ${d.way}`); }
}
const at_home = (): Person => new Person().link(true);

describe('STOP', () => {
  test('leaves at once by the live link', () => {
    expect(at_home().asks({ do: 'stop' }).words).toEqual(['stop live']);
  });
  test('is said again each second, on both ways, until it is answered', () => {
    const person = at_home().asks({ do: 'stop' }).passes(2_000);
    expect(person.words).toEqual(['stop live', 'stop live', 'stop post', 'stop live', 'stop post']);
    person.hears({ is: 'answer', id: 'c1', accepted: true }).passes(5_000);
    expect(person.words.length, 'answered').toBe(5);
  });
  test('tries without a link too, for minutes, and goes first when it is back', () => {
    const person = new Person().asks({ do: 'stop' }).passes(180_000);
    expect(person.words.every(w => w === 'stop post')).toBe(true);
    expect(person.sent.length).toBeGreaterThan(170);
    person.sent = [];
    expect(person.link(true).words[0]).toBe('stop live');
  });
  test('pressed again is said again, and stays one STOP', () => {
    const person = at_home().asks({ do: 'stop' }).asks({ do: 'stop' });
    expect(person.is.asked.length).toBe(1);
    expect(person.words).toEqual(['stop live', 'stop live', 'stop post']);
  });
  test('ends what was to begin and was not answered', () => {
    const person = at_home().asks({ do: 'replay' }).asks({ do: 'stop' });
    expect(person.is.asked.map(a => [a.command.do, a.stage])).toEqual([['stop', 'sent'], ['replay', 'lost']]);
    expect(person.asks({ do: 'play', routine: 'wind-down' }).words, 'nothing begins while it waits').toEqual(['replay live', 'stop live']);
  });
  test('an answer of somebody else does not count', () => {
    const person = at_home().asks({ do: 'stop' }).hears({ is: 'answer', id: 'c9', accepted: true });
    expect(sender.stopPending(person.is)).toBeDefined();
  });
  test('that was refused is not said again, and stays to be read', () => {
    const person = at_home().asks({ do: 'stop' }).hears({ is: 'answer', id: 'c1', accepted: false, problem: { detail: 'sign in' } });
    person.sent = [];
    expect(person.passes(30_000).sent).toEqual([]);
    expect(sender.lastStop(person.is)!.stage).toBe('refused');
  });
});
describe('anything else', () => {
  test('is never sent late', () => {
    for (const command of [{ do: 'replay' }, { do: 'play', routine: 'x' }, { do: 'set', device: 'pad', level: 40 }] as Command[]) {
      const person = new Person().asks(command);
      expect(person.is.asked[0]!.stage).toBe('lost');
      expect(person.passes(1_000).link(true).passes(60_000).sent).toEqual([]);
    }
  });
  test('is given up after four seconds, and when the link breaks', () => {
    expect(at_home().asks({ do: 'softer' }).passes(4_000).is.asked[0]!.stage).toBe('lost');
    const person = at_home().asks({ do: 'softer' }).link(false);
    expect(person.is.asked[0]!.stage).toBe('lost');
    person.sent = [];
    expect(person.link(true).passes(5_000).sent).toEqual([]);
  });
  test('its outcome is forgotten in a while', () => {
    const person = at_home().asks({ do: 'softer' }).hears({ is: 'answer', id: 'c1', accepted: true });
    expect(person.passes(5_000).is.asked.length).toBe(1);
    expect(person.passes(2_000).is.asked.length).toBe(0);
  });
  test('a release ends what is shown of the STOP before it', () => {
    const person = at_home().asks({ do: 'stop' }).hears({ is: 'answer', id: 'c1', accepted: true }).asks({ do: 'release' });
    expect(sender.lastStop(person.is)).toBeUndefined();
  });
});
