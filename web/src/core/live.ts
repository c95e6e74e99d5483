// The live connection as a pure machine: what happened and when goes in, what to do comes out. No socket, no clock.
import { merged } from './patch';
import type { State } from './state';

/** A browser does not see the server's pings; a server that is well writes a frame every 5 s. */
export const kSilence = 15_000;
/** An attempt that has not brought the state by then hangs. */
export const kOpens = 4_000;
/** For so long after the page was opened nothing is said about the link. */
const kPatience = 2_500;
const kAgain = [250, 500, 1_000, 2_000];

export interface Live {
  phase: 'first' | 'up' | 'down';
  seq: number | null;
  state: State | null;
  told: number;            // when something was last heard, on our own clock
  opened: number;          // when the page was
  attempt: number | null;  // when the connection of now was asked for
  again: number;           // otherwise: when to ask next
  tries: number;           // since the last frame
  clock: { at: number; told: number } | null;  // what time it was at the server, and when that was on our own clock
}
export interface Frame { seq?: number; state?: State; patch?: unknown; clock?: number }
export type News = { is: 'closed' } | { is: 'tick' } | { is: 'frame'; frame: Frame };
export type Deed = { do: 'connect'; since: number | null } | { do: 'close' };

export const begin = (now: number): Live =>
  ({ phase: 'first', seq: null, state: null, told: now, opened: now, attempt: null, again: now, tries: 0, clock: null });

export function step(live: Live, news: News, now: number): [Live, Deed[]] {
  if (news.is === 'frame') return heard(live, news.frame, now);
  if (news.is === 'closed') return [live.attempt === null ? live : lost(live, now), []];
  return tick(live, now);
}

const lost = (live: Live, now: number): Live => ({
  ...live, phase: 'down', attempt: null,
  again: now + (live.tries === 0 ? 0 : kAgain[Math.min(live.tries, kAgain.length) - 1]!),
});

function heard(live: Live, frame: Frame, now: number): [Live, Deed[]] {
  if (live.attempt === null) return [live, []];  // the last words of a connection that was given up
  if (typeof frame.clock === 'number') return [{ ...live, told: now, clock: { at: frame.clock, told: now } }, []];
  if (typeof frame.seq !== 'number') return [{ ...live, told: now }, []];  // the answer to a command
  const up: Live = { ...live, phase: 'up', told: now, tries: 0 };
  if (frame.state) return [{ ...up, seq: frame.seq, state: frame.state }, []];
  if (live.seq === null || !live.state) return missed(live, now);
  if (frame.patch === undefined) return frame.seq === live.seq ? [up, []] : missed(live, now);
  if (frame.seq <= live.seq) return [up, []];  // heard before the break
  if (frame.seq !== live.seq + 1) return missed(live, now);
  return [{ ...up, seq: frame.seq, state: merged(live.state, frame.patch) as State }, []];
}
/** A patch on the wrong state would be a lie: ask for what followed. */
const missed = (live: Live, now: number): [Live, Deed[]] => [lost(live, now), [{ do: 'close' }]];

/** What time it is at the server, as far as we know: a moment of now that was told long ago reads as one of then. */
export const serverTime = (live: Live, now: number): number | null =>
  (live.clock ? Math.round(live.clock.at + now - live.clock.told) : null);

function tick(live: Live, now: number): [Live, Deed[]] {
  const patient: Live = live.phase === 'first' && now - live.opened >= kPatience ? { ...live, phase: 'down' } : live;
  if (patient.attempt === null) {
    if (now < patient.again) return [patient, []];
    return [{ ...patient, attempt: now, tries: patient.tries + 1 }, [{ do: 'connect', since: patient.seq }]];
  }
  const hangs = patient.phase === 'up' ? now - patient.told >= kSilence : now - patient.attempt >= kOpens;
  return hangs ? [lost(patient, now), [{ do: 'close' }]] : [patient, []];
}
