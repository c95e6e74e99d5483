// What the server tells: the snapshot of /api/v1/state, and what else the pages read. Unknown is null, never a guess.

export type OffBy = 'none' | 'word' | 'mains' | 'watts';

export interface Finding { code: string; refuses: boolean; text: string; remedy: string | null }

export interface Device {
  id: string; name: string; kind: string; for: string | null; actuator: boolean;
  on: boolean | null; level: number | null; wanted: number | null;
  off: { proved: boolean; by: OffBy; text: string; asked_at: string | null; said_at: string | null } | null;
  reachable: boolean; faulty: boolean; tripped: boolean;
  refusal: string | null; why: string | null;
  surface_celsius: number | null; watts: number | null;
  used_tonight_s: number | null; left_tonight_s: number | null;
  owner: string | null; hand: boolean; program?: string | null; programs?: string[];
  findings?: Finding[]; battery_percent: number | null; limits?: string;
}
export interface Dose { used_s: number; left_s: number }
export interface Sleeper {
  id: string; name: string; in_bed: boolean | null; restless: boolean | null;
  movements_per_hour: number | null;
  episodes_tonight: number | null; replays_tonight: number | null; heat: Dose | null; massage: Dose | null; back_off: BackOff | null;
}
/** Whether replays are weaker or rarer than chosen, why, and until when. */
export interface BackOff {
  state: 'off' | 'as_chosen' | 'weaker' | 'further_apart' | 'weaker_and_further_apart';
  level_percent_of_chosen: number; times_as_far_apart: number; why: string | null; until: string | null;
}
export interface HomeAssistant { state: string; why: string | null; advice: string | null }
export interface Ntfy { state: string; last_failure: string | null }
export interface Play {
  routine: string; name: string; door: string; step: string; step_left_s: number; left_s: number; paused: boolean;
}
/** A line of a score: a device over the time, or words that are said at a moment. */
export interface Track { track: string; device: string | null; points?: [number, number][]; at_s?: number; text?: string }
export interface Routine {
  id: string; name: string; in_words: string; minutes: number; heat: boolean; gentle?: boolean; on: boolean; on_tonight: boolean; score: Track[];
}
export interface Rule {
  name: string; on: boolean; on_tonight: boolean; in_words: string; next: string | null; next_text: string | null;
}
export interface Check { about: string; state: string; text: string; remedy: string | null }
export interface LastNight {
  sleeper: string; night: string; movements_per_hour: number | null; episodes: number | null; replays: number | null;
  in_bed_minutes: number | null; coverage_percent: number | null; before_per_hour: number | null; after_per_hour: number | null;
}
export interface You { user: string | null; role: string }
export interface State {
  at: string; install: string; version: string;
  home: { name: string; time_zone: string };
  night: string; status: string; status_why: string;
  stopped: boolean; leaving: boolean; ready: boolean; not_tonight: boolean; night_replay: boolean;
  devices: Device[]; sleepers: Sleeper[]; plays: Play[]; routines: Routine[]; rules: Rule[];
  plan: string[]; preflight: { ready: boolean | null; checks: Check[] } | null;
  last_night: LastNight[]; held: number; home_assistant: HomeAssistant | null; ntfy: Ntfy | null;
}

export type Command =
  | { do: 'stop' | 'release' | 'stop_massage' | 'replay' | 'softer' | 'stronger' }
  | { do: 'play' | 'stop_play'; routine: string }
  | { do: 'extend'; minutes: number }
  | { do: 'set'; device: string; level: number; minutes?: number }
  | { do: 'not_tonight' | 'night_replay'; on: boolean }
  | { do: 'allow'; rule: string; on: boolean; tonight?: boolean } | { do: 'allow'; routine: string; on: boolean; tonight?: boolean };

export interface Problem { code?: string; title?: string; detail?: string; remedy?: string }

/** A device that this page must see off after a STOP. */
export const drives = (device: Device): boolean => device.kind.startsWith('massage') || device.kind.startsWith('heat');
export const isHeat = (device: Device): boolean => device.kind.startsWith('heat');
