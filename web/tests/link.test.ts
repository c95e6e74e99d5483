// What is said of a failure. Without a file of words each is its key.
import { expect, test } from 'vitest';
import { Refused, wordsOf } from '../src/core/link';

test('a failure is called by its name', () => {
  expect(wordsOf(new Refused({ detail: 'No such night.' }))).toBe('No such night.');
  expect(wordsOf(new TypeError('fetch failed'))).toBe('no_link');
  expect(wordsOf(new DOMException('signal timed out', 'TimeoutError')), 'Lull is there, and slow').toBe('too_long');
  expect(wordsOf(new SyntaxError('Unexpected token <')), 'what answered was not Lull').toBe('went_wrong');
  expect(wordsOf('?')).toBe('went_wrong');
});
