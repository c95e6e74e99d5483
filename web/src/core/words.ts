// The words of the pages, in the person's language. One file a language; a test holds them alike.
import type en from '../words/en.json';
import type { Taste } from './when';

export type Key = keyof typeof en;
type Words = Record<Key, string>;

const kKey = 'lull-taste';
const locale = typeof navigator === 'undefined' ? 'en' : navigator.language;

/** What this person chose on this device; else what the browser prefers. */
function chosen(): Taste & { theme: 'auto' | 'light' | 'dark' } {
  let kept: Partial<Taste & { theme: 'auto' | 'light' | 'dark' }> = {};
  try { kept = JSON.parse(localStorage.getItem(kKey) ?? '{}') as typeof kept; } catch { /* as if nothing was kept */ }
  const american = /-(US|BS|BZ|KY|PW)$/.test(locale);
  const twelve = Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 === true;
  return {
    lang: kept.lang ?? (locale.startsWith('de') ? 'de' : 'en'), hours: kept.hours ?? (twelve ? '12' : '24'),
    unit: kept.unit ?? (american ? 'f' : 'c'), theme: kept.theme ?? 'auto',
  };
}
export const taste = chosen();
export function choose(change: Partial<typeof taste>): void {
  localStorage.setItem(kKey, JSON.stringify({ ...taste, ...change }));
  location.reload();
}

let words = {} as Words;
export async function loadWords(): Promise<void> {
  words = (taste.lang === 'de' ? await import('../words/de.json') : await import('../words/en.json')).default;
  document.documentElement.lang = taste.lang;
}

/** "one episode|{n} episodes": the first for exactly one. */
export function fill(text: string, values: Record<string, string | number>): string {
  const forms = text.split('|');
  const form = forms.length > 1 && String(values.n) !== '1' ? forms[1]! : forms[0]!;
  return form.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
export const t = (key: Key, values: Record<string, string | number> = {}): string => fill(words[key] ?? key, values);
