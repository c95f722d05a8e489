import { expect, it } from 'vitest';
import { ago } from './time';

it('tells how long ago in words', () => {
  const now = new Date(2026, 5, 15, 12, 0);
  const at = (...date: [number, number, number, number, number]) => new Date(...date).toISOString();
  expect(ago(at(2026, 5, 15, 12, 0), now)).toBe('Just now');
  expect(ago(at(2026, 5, 15, 11, 30), now)).toBe('30 min ago');
  expect(ago(at(2026, 5, 15, 1, 0), now)).toBe('Today');
  expect(ago(at(2026, 5, 14, 23, 0), now)).toBe('Yesterday');
  expect(ago(at(2025, 5, 14, 23, 0), now)).toContain('2025');
});
