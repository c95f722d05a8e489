import { expect, it } from 'vitest';
import { cost, seconds } from './amounts';

it.each([
  [0, 'Nothing'],
  [42, 'Under $0.0001'],
  [1_230, '$0.0012'],
  [250_000, '$0.25'],
  [12_340_000, '$12.34'],
])('%i millionths are %s', (micros, text) => expect(cost(micros)).toBe(text));

it.each([
  [40, '0.04 s'],
  [1_240, '1.2 s'],
  [45_400, '45 s'],
])('%i ms are %s', (ms, text) => expect(seconds(ms)).toBe(text));
