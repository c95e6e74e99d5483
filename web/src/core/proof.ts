// How far a STOP has come, device by device: asked, told, off by its word, off by its watts. Never more than was shown.
import { drives, type Device, type State } from './state';
import type { Asked } from './sender';

export type Stage = 'asked' | 'told' | 'word' | 'watts' | 'mains' | 'lost';
export interface Step { id: string; name: string; stage: Stage; after: number | null }
export interface Proof {
  state: 'none' | 'asked' | 'accepted' | 'word' | 'proved' | 'refused';
  steps: Step[];
}

/** `link`: what the state says is of now. While it is not, nothing counts as shown. */
export function proofOf(state: State | null, stop: Asked | undefined, link: boolean): Proof {
  const stopped = link && !!state?.stopped;
  if (!stop && !stopped) return { state: 'none', steps: [] };
  if (stop?.stage === 'refused') return { state: 'refused', steps: [] };
  const devices = (state?.devices ?? []).filter(drives);
  const latched = stopped && (!stop || stop.stage === 'accepted' || stop.stage === 'lost');
  if (!latched) return { state: stop?.stage === 'accepted' ? 'accepted' : 'asked', steps: devices.map(d => stepOf(d, 'asked')) };
  const steps = devices.map(d => stepOf(d, stageOf(d)));
  const shown = steps.every(s => s.stage === 'word' || s.stage === 'watts' || s.stage === 'mains');
  const proved = shown && devices.every(d => !measures(d) || d.off?.by !== 'word');
  return { state: proved ? 'proved' : shown ? 'word' : 'accepted', steps };
}
/** It tells its power, so its word alone is not the last that can be had. */
const measures = (d: Device): boolean => d.watts != null;

function stageOf(d: Device): Stage {
  if (d.off?.proved && d.off.by !== 'none') return d.off.by;
  return d.reachable ? 'told' : 'lost';
}
function stepOf(d: Device, stage: Stage): Step {
  const shown = stage === 'word' || stage === 'watts' || stage === 'mains';
  const after = shown && d.off?.asked_at && d.off.said_at
    ? Math.max(0, Math.round((Date.parse(d.off.said_at) - Date.parse(d.off.asked_at)) / 1000)) : null;
  return { id: d.id, name: d.name, stage, after };
}
