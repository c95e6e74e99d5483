// What the page says of a STOP: never more than was shown.
import { expect, test } from 'vitest';
import { proofOf } from '../src/core/proof';
import type { Asked, Stage } from '../src/core/sender';
import type { Device, OffBy, State } from '../src/core/state';

const pad = (by: OffBy, watts: number | null = null, reachable = true): Device =>
  ({ id: 'pad', name: 'Leg massage', kind: 'massage', reachable, watts,
     off: { proved: by !== 'none', by, text: '', asked_at: '2026-11-22T02:00:00+01:00', said_at: by === 'none' ? null : '2026-11-22T02:00:03+01:00' } } as Device);
const home = (stopped: boolean, ...devices: Device[]): State => ({ stopped, devices } as State);
const stop = (stage: Stage): Asked => ({ id: 'c1', command: { do: 'stop' }, asked: 0, sent: 0, tries: 1, stage, ended: null, problem: null });

test('nothing asked, nothing said', () => expect(proofOf(home(false, pad('watts')), undefined, true).state).toBe('none'));
test('a pad that is off already proves nothing before Lull has answered', () => {
  expect(proofOf(home(false, pad('watts')), stop('sent'), true)).toMatchObject({ state: 'asked', steps: [{ stage: 'asked' }] });
  expect(proofOf(home(false, pad('watts')), stop('accepted'), true).state).toBe('accepted');
});
test('it is asked, told, off by its word, off by its watts', () => {
  expect(proofOf(home(true, pad('none', 20)), stop('accepted'), true)).toMatchObject({ state: 'accepted', steps: [{ stage: 'told', after: null }] });
  expect(proofOf(home(true, pad('word', 20)), stop('accepted'), true)).toMatchObject({ state: 'word', steps: [{ stage: 'word', after: 3 }] });
  expect(proofOf(home(true, pad('watts', 0)), stop('accepted'), true)).toMatchObject({ state: 'proved', steps: [{ stage: 'watts', after: 3 }] });
});
test('the word is all there is of a pad that does not measure', () =>
  expect(proofOf(home(true, pad('word')), stop('accepted'), true).state).toBe('proved'));
test('one device that is not off is enough to wait', () =>
  expect(proofOf(home(true, pad('watts', 0), pad('none')), stop('accepted'), true).state).toBe('accepted'));
test('a device out of reach is said to be', () =>
  expect(proofOf(home(true, pad('none', null, false)), stop('accepted'), true).steps[0]!.stage).toBe('lost'));
test('an old state shows nothing while the link is down', () =>
  expect(proofOf(home(true, pad('watts', 0)), stop('sent'), false)).toMatchObject({ state: 'asked', steps: [{ stage: 'asked' }] }));
test('nor does it after Lull had heard the STOP, and then the link broke', () => {
  expect(proofOf(home(true, pad('watts', 0)), stop('accepted'), false)).toMatchObject({ state: 'accepted', steps: [{ stage: 'asked' }] });
  expect(proofOf(home(true, pad('watts', 0)), undefined, false)).toEqual({ state: 'none', steps: [] });
});
test('a STOP that is latched already proves nothing of the one that is still on its way', () =>
  expect(proofOf(home(true, pad('watts', 0)), stop('sent'), true)).toMatchObject({ state: 'asked', steps: [{ stage: 'asked' }] }));
test('a STOP from another door is shown too', () =>
  expect(proofOf(home(true, pad('watts', 0)), undefined, true).state).toBe('proved'));
