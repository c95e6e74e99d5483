// Patches, times and words.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { merged } from '../src/core/patch';
import * as when from '../src/core/when';
import { fill } from '../src/core/words';
import en from '../src/words/en.json';
import de from '../src/words/de.json';

test('a merge patch as RFC 7396 has it', () => {
  const target = { a: 'b', c: { d: 'e', f: 'g' }, list: [1, 2] };
  expect(merged(target, { a: 'z', c: { f: null }, list: [3] })).toEqual({ a: 'z', c: { d: 'e' }, list: [3] });
  expect(target.c.f, 'the old one is not touched').toBe('g');
  expect(merged({ a: [1] }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  expect(merged({}, { a: { b: { c: null } } })).toEqual({ a: { b: {} } });
  expect(merged({ a: 1 }, [1])).toEqual([1]);
  const forged = merged({}, JSON.parse('{"__proto__": {"bad": 1}}')) as { bad?: number };
  expect(forged.bad, 'not by its own roots either').toBeUndefined();
  expect(({} as { bad?: number }).bad).toBeUndefined();
});

describe('times', () => {
  const en24 = { lang: 'en', hours: '24', unit: 'c' } as const, us = { lang: 'en', hours: '12', unit: 'f' } as const;
  const night = Date.parse('2026-11-22T00:14:00+01:00');
  test('are those of the home, wherever the phone is', () => {
    expect(when.clock(night, 'Europe/Berlin', en24)).toBe('00:14');
    expect(when.clock(night, 'Europe/Berlin', us)).toBe('12:14 am');
  });
  test('follow the clock change', () => {
    expect(when.clock(Date.parse('2026-10-25T00:30:00Z'), 'Europe/Berlin', en24)).toBe('02:30');
    expect(when.clock(Date.parse('2026-10-25T01:30:00Z'), 'Europe/Berlin', en24)).toBe('02:30');
  });
  test('what is left runs on from when it was told, and never below nothing', () => {
    expect(when.left(480, 1_000, 61_000)).toBe(420);
    expect(when.left(10, 0, 60_000)).toBe(0);
    expect(when.left(10, 5_000, 0), 'a clock that ran back').toBe(10);
    expect(when.minutesLeft(421)).toBe(8);
  });
  test('lengths and warmth', () => {
    expect([when.span(30), when.span(480), when.span(3_900)]).toEqual([null, '8 min', '1 h 05 min']);
    expect([when.degrees(37, en24), when.degrees(37, us)]).toEqual(['37 °C', '99 °F']);
    expect(when.nightBeside('2026-12-31', 1)).toBe('2027-01-01');
  });
});

describe('words', () => {
  const languages = { en, de } as Record<string, Record<string, string>>;
  const holes = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  test('one episode, two episodes', () => {
    expect(fill('one episode|{n} episodes', { n: 1 })).toBe('one episode');
    expect(fill('one episode|{n} episodes', { n: 2 })).toBe('2 episodes');
    expect(fill('one episode|{n} episodes', { n: '1' }), 'a number that was written already').toBe('one episode');
  });
  test('each file of words is one of these languages', () =>
    expect(readdirSync('src/words').sort()).toEqual(Object.keys(languages).map(l => l + '.json').sort()));
  test('no language lacks one, has one too many, or leaves a value out', () => {
    for (const [language, words] of Object.entries(languages)) {
      expect(Object.keys(words).sort(), language).toEqual(Object.keys(en).sort());
      for (const [key, text] of Object.entries(words)) {
        expect(text.trim(), `${language} ${key}`).not.toBe('');
        expect(holes(text), `${language} ${key}`).toEqual(holes((en as Record<string, string>)[key]!));
        expect(text.split('|').length, `${language} ${key}`).toBe((en as Record<string, string>)[key]!.split('|').length);
      }
    }
  });
  test('each word that a page asks for is there, and each word there is asked for', () => {
    const sources = ['core', 'pages', 'parts'].flatMap(d => readdirSync(`src/${d}`).filter(f => f.endsWith('.ts')).map(f => readFileSync(`src/${d}/${f}`, 'utf8'))).join('\n');
    const families = /^(off_|stop_|lane_|outcome_|status_|kind_|trend_)/;  // made from a word of the API
    for (const key of Object.keys(en)) if (!families.test(key)) expect(sources.includes(`'${key}'`), key).toBe(true);
  });
  test('no word claims to treat anything', () => {
    for (const words of Object.values(languages))
      expect(Object.values(words).join('\n')).not.toMatch(/\b(cure|heal|treats (?!nothing)|therapy|therapeutic|heilt|Heilung|Therapie|PLMI)\b/i);
  });
});
