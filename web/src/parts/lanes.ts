// The night as geometry: rows, and what they are at a moment. Pure: data and a view go in, paths come out.

export interface SpanSaid {
  lane: string; sleeper: string | null; device: string | null; begin: string; end: string; value: number; finished: boolean; text: string;
}
/** `minutes`: [seconds since `begin` of the lanes, its length in seconds, movements or null where nobody could know]. */
export interface LanesSaid {
  begin: string | null; spans: SpanSaid[]; movement: { sleeper: string; minutes: [number, number, number | null][] }[];
}

export interface Span { from: number; to: number; value: number; text: string; finished: boolean }
/** `movement` rows have samples in three arrays: 33,000 of them must be drawn in a moment. */
export interface Row { key: string; lane: string; name: string; spans: Span[]; from: Float64Array; to: Float64Array; value: Float64Array; most: number }
export interface View { from: number; to: number }

const kOrder = ['in_bed', 'movement', 'episode', 'massage', 'heat', 'light', 'other', 'play', 'note'];
const kNone = new Float64Array(0);

export function rowsOf(said: LanesSaid, names: (id: string) => string): Row[] {
  const rows = new Map<string, Row>();
  const row = (lane: string, key: string, name: string): Row => {
    let r = rows.get(lane + key);
    if (!r) rows.set(lane + key, r = { key: lane + key, lane, name, spans: [], from: kNone, to: kNone, value: kNone, most: 1 });
    return r;
  };
  for (const s of said.spans) {
    const one = s.lane === 'play' || s.lane === 'note';  // all of them share a row
    const r = row(s.lane, one ? '' : (s.device ?? s.sleeper ?? ''), one ? '' : names(s.device ?? s.sleeper ?? ''));
    r.spans.push({ from: Date.parse(s.begin), to: Date.parse(s.end), value: s.value, text: s.text, finished: s.finished });
    if (s.lane === 'light' || s.lane === 'massage' || s.lane === 'heat' || s.lane === 'other') r.most = 100;
  }
  const begin = Date.parse(said.begin ?? '');
  for (const { sleeper, minutes } of said.movement) {
    const r = row('movement', sleeper, names(sleeper)), n = minutes.length;
    r.from = new Float64Array(n); r.to = new Float64Array(n); r.value = new Float64Array(n);
    minutes.forEach(([at, length, movements], i) => {
      r.from[i] = begin + 1000 * at; r.to[i] = r.from[i]! + 1000 * length;
      r.value[i] = movements ?? NaN;
      if (movements !== null && movements > r.most) r.most = movements;
    });
    r.most = Math.max(4, r.most);
  }
  return [...rows.values()].sort((a, b) => kOrder.indexOf(a.lane) - kOrder.indexOf(b.lane));
}
export function wholeOf(rows: Row[]): View {
  let from = Infinity, to = -Infinity;
  for (const r of rows) {
    for (const s of r.spans) { from = Math.min(from, s.from); to = Math.max(to, s.to); }
    if (r.from.length) { from = Math.min(from, r.from[0]!); to = Math.max(to, r.to[r.to.length - 1]!); }
  }
  return from < to ? { from, to } : { from: 0, to: 3_600_000 };
}

/** One path for what was counted, one for what nobody could know; never more points than columns of pixels. */
export function movementPaths(r: Row, view: View, width: number, height: number): { bars: string; unknown: string } {
  const columns = Math.max(1, Math.ceil(width));
  const most = new Float64Array(columns).fill(-1), blind = new Uint8Array(columns);
  const scale = columns / (view.to - view.from);
  for (let i = 0; i < r.from.length; ++i) {
    if (r.to[i]! <= view.from || r.from[i]! >= view.to) continue;
    const a = Math.max(0, Math.floor((r.from[i]! - view.from) * scale));
    const b = Math.min(columns, Math.max(a + 1, Math.ceil((r.to[i]! - view.from) * scale)));
    const v = r.value[i]!;
    for (let c = a; c < b; ++c) { if (Number.isNaN(v)) blind[c] = 1; else if (v > most[c]!) most[c] = v; }
  }
  let bars = '', unknown = '';
  for (let c = 0; c < columns;) {
    let end = c + 1;
    const v = most[c]!, b = blind[c]!;
    while (end < columns && most[end] === v && blind[end] === b) ++end;
    if (v > 0) bars += `M${c} ${height}V${(height - height * v / r.most).toFixed(1)}H${end}V${height}Z`;
    else if (v < 0 && b) unknown += `M${c} 0H${end}V${height}H${c}Z`;
    c = end;
  }
  return { bars, unknown };
}
export interface Bar { x: number; y: number; w: number; h: number; span: Span }
export function barsOf(r: Row, view: View, width: number, height: number): Bar[] {
  const scale = width / (view.to - view.from), out: Bar[] = [];
  for (const s of r.spans) {
    if (s.to < view.from || s.from > view.to || s.value <= 0 && r.lane !== 'note') continue;
    const x = Math.max(-2, (s.from - view.from) * scale), end = Math.min(width + 2, (s.to - view.from) * scale);
    const h = r.most === 100 ? Math.max(3, height * Math.min(100, s.value) / 100) : height;
    out.push({ x, y: height - h, w: Math.max(r.lane === 'note' ? 4 : 2, end - x), h, span: s });
  }
  return out;
}

/** Round hours, or quarters, five minutes, minutes, as many as have room. */
export function ticks(view: View, width: number, offset: number): number[] {
  const room = Math.max(2, Math.floor(width / 64)), out: number[] = [];
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360].map(m => m * 60_000).find(s => (view.to - view.from) / s <= room) ?? 21_600_000;
  for (let at = Math.ceil((view.from + offset) / step) * step - offset; at < view.to; at += step) out.push(at);
  return out;
}
export function zoomed(view: View, whole: View, factor: number, about: number): View {
  const length = Math.min(whole.to - whole.from, Math.max(10 * 60_000, (view.to - view.from) / factor));
  const part = (about - view.from) / (view.to - view.from);
  return moved({ from: about - part * length, to: about + (1 - part) * length }, whole, 0);
}
export function moved(view: View, whole: View, by: number): View {
  const length = view.to - view.from;
  const from = Math.min(Math.max(view.from + by, whole.from), whole.to - length);
  return { from, to: from + length };
}

export interface Here { lane: string; name: string; value: number | null; text: string; from: number; to: number }
/** What there was at this minute, in the order of the picture. A movement of null is one that nobody could know. */
export function at(rows: Row[], when: number): Here[] {
  const out: Here[] = [];
  for (const r of rows) {
    for (const s of r.spans) {
      const wide = r.lane === 'note' ? 60_000 : 0;
      if (s.value <= 0 && r.lane !== 'note') continue;
      if (s.from - wide <= when && when < s.to + wide) out.push({ lane: r.lane, name: r.name, value: s.value, text: s.text, from: s.from, to: s.to });
    }
    const i = sampleAt(r, when);
    if (i >= 0) out.push({ lane: r.lane, name: r.name, value: Number.isNaN(r.value[i]!) ? null : r.value[i]!, text: '', from: r.from[i]!, to: r.to[i]! });
  }
  return out;
}
function sampleAt(r: Row, when: number): number {
  let low = 0, high = r.from.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (when < r.from[middle]!) high = middle - 1; else if (when >= r.to[middle]!) low = middle + 1; else return middle;
  }
  return -1;
}
