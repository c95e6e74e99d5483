// What does not work, with its remedy: of devices, of the look before the night, of the roads to phones.
import type { State } from './state';

export interface Fault { about: string; text: string; remedy: string | null; bad: boolean }

export function faultsOf(s: State): Fault[] {
  const faults: Fault[] = [];
  for (const d of s.devices) {
    if (d.faulty || d.tripped) faults.push({ about: d.name, text: d.why ?? '', remedy: null, bad: true });
    for (const f of d.findings ?? []) faults.push({ about: d.name, text: f.text, remedy: f.remedy, bad: f.refuses });
  }
  for (const c of s.preflight?.checks ?? []) if (c.state !== 'fine') faults.push({ about: c.about, text: c.text, remedy: c.remedy, bad: true });
  const ha = s.home_assistant;
  if (ha && (ha.why || ha.advice)) faults.push({ about: 'Home Assistant', text: ha.why ?? ha.advice ?? '', remedy: ha.why ? ha.advice : null, bad: !!ha.why });
  if (s.ntfy?.last_failure && s.ntfy.state !== 'working') faults.push({ about: 'ntfy', text: s.ntfy.last_failure, remedy: null, bad: true });
  return faults.filter((f, i) => faults.findIndex(g => g.about === f.about && g.text === f.text) === i);
}
