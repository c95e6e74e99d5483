// A road to phones that fails is worth a word while there is still light.
import { expect, test } from 'vitest';
import { faultsOf } from '../src/core/faults';
import type { State } from '../src/core/state';

const home = (more: Partial<State>): State => ({ devices: [], preflight: null, home_assistant: null, ntfy: null, ...more } as unknown as State);
const failed = 'refused: it does not know the token';

test('where all is well nothing is said', () => expect(faultsOf(home({ ntfy: { state: 'not_tried', last_failure: null } }))).toEqual([]));
test('ntfy that takes no message is a fault', () =>
  expect(faultsOf(home({ ntfy: { state: 'refused', last_failure: failed } }))).toEqual([{ about: 'ntfy', text: failed, remedy: null, bad: true }]));
test('and none any more once it works again', () => expect(faultsOf(home({ ntfy: { state: 'working', last_failure: failed } }))).toEqual([]));
