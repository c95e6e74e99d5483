// Times and measures in words: the home's own time zone, 12 or 24 hours, Celsius or Fahrenheit. The moment is an argument.

export interface Taste { lang: 'en' | 'de'; hours: '12' | '24'; unit: 'c' | 'f' }

const formats = new Map<string, Intl.DateTimeFormat>();
function format(lang: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = lang + zone + JSON.stringify(options);
  let f = formats.get(key);
  if (!f) formats.set(key, f = new Intl.DateTimeFormat(lang, { ...options, timeZone: zone }));
  return f;
}
const locale = (taste: Taste): string => (taste.lang === 'de' ? 'de-DE' : taste.hours === '12' ? 'en-US' : 'en-GB');

/** "02:14" or "2:14 am" */
export function clock(at: number, zone: string, taste: Taste, secs = false): string {
  const twelve = taste.hours === '12';
  const text = format(twelve ? 'en-US' : 'en-GB', zone, {
    hour: twelve ? 'numeric' : '2-digit', minute: '2-digit', ...(secs ? { second: '2-digit' } : {}),
    hourCycle: twelve ? 'h12' : 'h23',
  }).format(at);
  return text.replace(/\u202f/g, ' ').replace('AM', 'am').replace('PM', 'pm');
}
/** "Saturday, 21 November", of the date of a night's evening */
export function dateWords(night: string, taste: Taste, short = false): string {
  const at = Date.parse(night + 'T12:00:00Z');
  if (Number.isNaN(at)) return night;
  return format(locale({ ...taste, hours: '24' }), 'UTC', {
    weekday: short ? 'short' : 'long', day: 'numeric', month: short ? 'short' : 'long',
  }).format(at);
}
/** "1 h 05 min", "8 min", "under a minute" is for the caller to say: null */
export function span(seconds: number): string | null {
  if (!(seconds >= 60)) return null;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
/** What is left, counted on from when it was told. Rounded up: nobody is promised an end that is too early. */
export function left(told_s: number, told: number, now: number): number {
  return Math.max(0, told_s - Math.max(0, now - told) / 1000);
}
export const minutesLeft = (seconds: number): number => Math.ceil(seconds / 60);

export function degrees(celsius: number, taste: Taste): string {
  return taste.unit === 'f' ? `${Math.round(celsius * 1.8 + 32)} °F` : `${Math.round(celsius)} °C`;
}
export function number(value: number, taste: Taste, digits = 0): string {
  return value.toLocaleString(taste.lang === 'de' ? 'de-DE' : 'en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
/** The day after, or before; nights are named by their evening. */
export function nightBeside(night: string, days: number): string {
  return new Date(Date.parse(night + 'T12:00:00Z') + days * 86_400_000).toISOString().slice(0, 10);
}
