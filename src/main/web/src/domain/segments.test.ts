import { describe, expect, it } from 'vitest';
import { inTextOrder, nextInSegment, segmentAt, segments, type Marked } from './segments';

const mark = (id: string, start_offset: number, end_offset: number, day = 1): Marked => ({
  id,
  start_offset,
  end_offset,
  created_at: `2026-01-0${day}T00:00:00Z`,
});

const shape = (highlights: Marked[], length = 100) =>
  segments(highlights, length).map(
    (s) => `${s.start}-${s.end}:${s.highlights.map((h) => h.id).join('')}`,
  );

describe('segments', () => {
  it('cut overlaps so that each stretch has one top highlight, the newest', () => {
    expect(shape([mark('a', 0, 10, 1), mark('b', 5, 15, 2)])).toEqual([
      '0-5:a',
      '5-10:ba',
      '10-15:b',
    ]);
    expect(shape([mark('a', 0, 10, 2), mark('b', 5, 15, 1)])).toEqual([
      '0-5:a',
      '5-10:ab',
      '10-15:b',
    ]);
  });

  it('put the smaller id on top where the instants are equal', () => {
    expect(shape([mark('b', 0, 4), mark('a', 0, 4)])).toEqual(['0-4:ab']);
  });

  it('leave gaps unpainted and touching ranges apart', () => {
    expect(shape([mark('a', 0, 2), mark('b', 2, 4), mark('c', 6, 8)])).toEqual([
      '0-2:a',
      '2-4:b',
      '6-8:c',
    ]);
  });

  it('skip ranges that do not fit the text', () => {
    expect(
      shape([mark('a', 4, 4), mark('b', -1, 3), mark('c', 2, 11), mark('d', 9, 10)], 10),
    ).toEqual(['9-10:d']);
  });

  it('find the one under a click and cycle through it', () => {
    const all = segments([mark('a', 0, 10, 1), mark('b', 5, 15, 2)], 20);
    const middle = segmentAt(all, 9)!;
    expect(segmentAt(all, 15)).toBeUndefined();
    expect(nextInSegment(middle, undefined).id).toBe('b');
    expect(nextInSegment(middle, 'b').id).toBe('a');
    expect(nextInSegment(middle, 'a').id).toBe('b');
  });

  it('cover every offset exactly as the highlights do', () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
    for (let round = 0; round < 200; round++) {
      const all = Array.from({ length: 6 }, (_, i) => {
        const start = random(30);
        return mark(String(i), start, start + 1 + random(10), 1 + random(3));
      });
      const cut = segments(all, 40);
      for (let offset = 0; offset < 40; offset++) {
        const expected = all
          .filter((h) => h.start_offset <= offset && offset < h.end_offset)
          .map((h) => h.id);
        expect(new Set(segmentAt(cut, offset)?.highlights.map((h) => h.id))).toEqual(
          new Set(expected),
        );
      }
    }
  });
});

describe('inTextOrder', () => {
  it('sorts by start, then end, then age', () => {
    const sorted = [mark('c', 3, 9), mark('b', 3, 5, 2), mark('a', 3, 5, 1), mark('d', 0, 50)].sort(
      inTextOrder,
    );
    expect(sorted.map((h) => h.id).join('')).toBe('dabc');
  });
});
