// Commands on their way, as a pure machine. STOP goes first, on every way, until it is answered. Everything else is said
// once, now or never: a START that waited for the link would begin in the middle of somebody's sleep.
import type { Command, Problem } from './state';

/** A STOP without an answer is said again after this, each time on both ways. */
export const kStopAgain = 1_000;
/** Anything else without an answer by then is given up, and said to be. */
export const kAnswer = 4_000;
const kKeep = 6_000;  // how long an outcome stays to be read; after that the state alone tells whether STOP holds
const kKeepRefused = 60_000;

export type Stage = 'waits' | 'sent' | 'accepted' | 'refused' | 'lost';
export interface Asked {
  id: string; command: Command; asked: number; sent: number | null; tries: number;
  stage: Stage; ended: number | null; problem: Problem | null;
}
export interface Sender { link: boolean; next: number; asked: Asked[] }
export type News =
  | { is: 'asked'; command: Command } | { is: 'link'; up: boolean } | { is: 'tick' }
  | { is: 'answer'; id: string; accepted: boolean; problem?: Problem | undefined };
/** `live`: the WebSocket. `post`: a request of its own, for a WebSocket that only seems to be open. */
export type Deed = { do: 'send'; way: 'live' | 'post'; id: string; command: Command };

export const begin = (): Sender => ({ link: false, next: 1, asked: [] });
export const isStop = (command: Command): boolean => command.do === 'stop';
const begins = (command: Command): boolean =>
  command.do === 'play' || command.do === 'replay' || command.do === 'stronger' || command.do === 'extend' ||
  command.do === 'release' || (command.do === 'set' && command.level > 0);
export const open = (a: Asked): boolean => a.stage === 'waits' || a.stage === 'sent';
export const stopPending = (s: Sender): Asked | undefined => s.asked.find(a => isStop(a.command) && open(a));

export function step(s: Sender, news: News, now: number): [Sender, Deed[]] {
  if (news.is === 'asked') return ask(s, news.command, now);
  if (news.is === 'answer') return [answered(s, news, now), []];
  if (news.is === 'link') return link(s, news.up, now);
  return tick(s, now);
}

function ask(s: Sender, command: Command, now: number): [Sender, Deed[]] {
  const one: Asked = { id: `c${s.next}`, command, asked: now, sent: null, tries: 0, stage: 'waits', ended: null, problem: null };
  const next = s.next + 1;
  if (isStop(command)) {
    const pending = stopPending(s);
    if (pending) return say({ ...s }, pending.id, now);  // pressed again: said again, at once
    // Whatever was to begin and was not answered is over: it must not follow the STOP.
    const asked = s.asked.map(a => (open(a) && begins(a.command) ? end(a, 'lost', now) : a));
    return say({ ...s, next, asked: [one, ...asked] }, one.id, now);
  }
  if (!s.link || (stopPending(s) && begins(command)))
    return [{ ...s, next, asked: [end(one, 'lost', now), ...s.asked] }, []];
  const sent: Asked = { ...one, stage: 'sent', sent: now, tries: 1 };
  const before = command.do === 'release' ? s.asked.filter(a => !isStop(a.command)) : s.asked;
  return [{ ...s, next, asked: [sent, ...before] }, [{ do: 'send', way: 'live', id: one.id, command }]];
}

const end = (a: Asked, stage: Stage, now: number, problem: Problem | null = null): Asked => ({ ...a, stage, ended: now, problem });

/** A STOP, on every way there is. Said twice it is still one STOP. */
function say(s: Sender, id: string, now: number): [Sender, Deed[]] {
  const deeds: Deed[] = [];
  const asked = s.asked.map(a => {
    if (a.id !== id) return a;
    if (s.link) deeds.push({ do: 'send', way: 'live', id, command: a.command });
    if (!s.link || a.tries > 0) deeds.push({ do: 'send', way: 'post', id, command: a.command });
    return { ...a, stage: 'sent' as const, sent: now, tries: a.tries + 1 };
  });
  return [{ ...s, asked }, deeds];
}

function answered(s: Sender, news: { id: string; accepted: boolean; problem?: Problem | undefined }, now: number): Sender {
  const asked = s.asked.map(a => {
    if (a.id !== news.id || !open(a)) return a;
    return end(a, news.accepted ? 'accepted' : 'refused', now, news.problem ?? null);
  });
  return { ...s, asked };
}

function link(s: Sender, up: boolean, now: number): [Sender, Deed[]] {
  if (up === s.link) return [s, []];
  if (!up) {
    const asked = s.asked.map(a => (open(a) && !isStop(a.command) ? end(a, 'lost', now) : a));
    return [{ ...s, link: false, asked }, []];
  }
  const pending = stopPending(s);
  return pending ? say({ ...s, link: true }, pending.id, now) : [{ ...s, link: true }, []];
}

function tick(s: Sender, now: number): [Sender, Deed[]] {
  const asked = s.asked
    .filter(a => a.ended === null || now - a.ended < (a.stage === 'refused' && isStop(a.command) ? kKeepRefused : kKeep))
    .map(a => (open(a) && !isStop(a.command) && now - a.asked >= kAnswer ? end(a, 'lost', now) : a));
  const pending = asked.find(a => isStop(a.command) && open(a) && now - (a.sent ?? 0) >= kStopAgain);
  const changed = asked.length !== s.asked.length || asked.some((a, i) => a !== s.asked[i]);
  const kept = changed ? { ...s, asked } : s;
  return pending ? say(kept, pending.id, now) : [kept, []];
}

/** The last STOP, answered or not; older ones are of no use. */
export const lastStop = (s: Sender): Asked | undefined => s.asked.find(a => isStop(a.command));
/** What became of the last thing asked that is no STOP. */
export const lastOther = (s: Sender): Asked | undefined => s.asked.find(a => !isStop(a.command));
