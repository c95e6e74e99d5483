// What there was at a minute, in words.
import { number } from '../core/when';
import { t, taste } from '../core/words';
import type { Here } from './lanes';

/** "in bed; 3 movements in this minute; Leg massage 24 %" */
export function hereWords(here: Here[]): string {
  const words = here.map(h => {
    if (h.lane === 'in_bed') return t('in_bed');
    if (h.lane === 'episode') return t('restless');
    if (h.lane === 'movement') return h.value === null ? t('moves_unknown') : t('moves_minute', { n: number(h.value, taste) });
    if (h.lane === 'note' || h.lane === 'play') return h.text;
    return `${h.name} ${Math.round(h.value ?? 0)} %`;
  });
  return words.join('; ') || t('nothing_here');
}
